#pragma once

#include <mcp/json/parse.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/call.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/legacy/call_slots.hpp>
#include <mcp/server/legacy/session.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/server/options.hpp>
#include <mcp/server/registry.hpp>
#include <mcp/server/request_view.hpp>

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

inline mcp::json parse(std::string_view text) {
    auto parsed = mcp::parse_json(text);
    if (!parsed)
        throw std::runtime_error("not JSON: " + parsed.error().what() + ": " + std::string(text));
    return std::move(*parsed);
}

/// What is at a path of member names and indices, as JSON text; empty if there is nothing.
inline std::string at(const mcp::json& value, std::string_view path) {
    boost::system::error_code ec;
    const auto* found = value.find_pointer({path.data(), path.size()}, ec);
    return found ? mcp::encode(*found) : std::string();
}

/// One request on its way, and all that came back.
class exchange final : public mcp::message_sink {
public:
    void send(std::string message) override {
        std::function<void(const mcp::json&)> act;
        const mcp::json value = parse(message);
        {
            std::lock_guard lock(mutex_);
            messages_.push_back(value);
            if (done_)
                ADD_FAILURE() << "sent after the end: " << message;
            act = on_message;
        }
        if (act)
            act(value);
    }
    void finish(std::string response, mcp::reply_status status) override {
        std::lock_guard lock(mutex_);
        EXPECT_FALSE(done_) << "finished twice";
        done_ = true;
        status_ = status;
        text_ = std::move(response);
        if (!text_.empty())
            value_ = parse(text_);
    }
    void close_stream() override { ++closed_; }

    bool done() const {
        std::lock_guard lock(mutex_);
        return done_;
    }
    mcp::reply_status status() const { return status_; }
    const std::string& text() const { return text_; }
    const mcp::json& value() const { return value_; }
    const std::vector<mcp::json>& messages() const { return messages_; }
    int closed() const { return closed_; }

    /// What is at a path of the result or of the error, as JSON text.
    std::string result(std::string_view path = "") const {
        return at(value_, "/result" + std::string(path));
    }
    int code() const {
        const std::string found = at(value_, "/error/code");
        return found.empty() ? 0 : std::stoi(found);
    }
    std::string error() const { return at(value_, "/error/message"); }
    /// The text of the first content block.
    std::string words() const {
        const auto* found =
            value_.if_object() ? value_.find_pointer("/result/content/0/text", ec_) : nullptr;
        return found && found->is_string() ? std::string(found->get_string()) : std::string();
    }
    bool is_error() const { return result("/isError") == "true"; }

    std::function<void(const mcp::json&)> on_message;

private:
    mutable std::mutex mutex_;
    mutable boost::system::error_code ec_;
    bool done_ = false;
    int closed_ = 0;
    mcp::reply_status status_{};
    std::string text_;
    mcp::json value_;
    std::vector<mcp::json> messages_;
};

/// A client of one server and one revision, without a wire in between.
class peer {
public:
    static constexpr std::string_view all_capabilities =
        R"({"elicitation":{"form":{},"url":{}},"sampling":{"tools":{}},"roots":{}})";

    explicit peer(mcp::any_server& server, mcp::revision r = mcp::latest,
                  std::string_view capabilities = all_capabilities)
        : server_(server)
        , revision_(r)
        , capabilities_(capabilities) {
        if (mcp::is_legacy(r)) {
            mcp::legacy::handshake with;
            with.revision = r;
            with.client = mcp::implementation("tester", "1");
            with.capabilities = *mcp::read_client_capabilities(parse(capabilities));
            session = std::make_shared<mcp::legacy::session>("s-1", std::move(with));
        }
    }

    /// Blocking handlers come back to the loop: they end before it does.
    ~peer() { server_.environment().join_pool(); }
    peer(const peer&) = delete;
    peer& operator=(const peer&) = delete;

    asio::io_context loop{1};
    std::shared_ptr<mcp::legacy::session> session;
    /// Further members of `_meta`, as `"a":1,"b":2`.
    std::string meta;
    /// What the client's side of the legacy wire answers to a request of the server: the text of
    /// the `result`, or of the `error` if it starts with `!`.
    std::function<std::string(const mcp::json& request)> answers;
    mcp::http::path_params path;
    std::shared_ptr<const mcp::principal> who; ///< null without an auth backend

    /// Starts a request; what is immediate is done when this returns.
    std::shared_ptr<exchange> start(std::string_view method, std::string_view params = "{}") {
        auto to = std::make_shared<exchange>();
        to->on_message = [this](const mcp::json& message) { reply(message); };
        mcp::json request = parse(R"({"jsonrpc":"2.0","id":)" + std::to_string(++ids_) + "}");
        request.as_object()["method"] = std::string(method);
        auto& given = request.as_object()["params"] = parse(params);
        if (given.is_object() && !given.as_object().contains("_meta"))
            given.as_object()["_meta"] = parse(meta_text());
        const auto message = mcp::jsonrpc::read_message(request);
        if (!message)
            throw std::runtime_error(message.error().message);
        const mcp::catalog_pin offers = server_.offers();
        mcp::request_view view(*message, revision_, *offers);
        view.sink = to.get();
        view.session = session;
        view.principal = who;
        view.path = &path;
        mcp::context ctx = mcp::detail::context_access::make(server_.environment(), view);
        std::string text;
        mcp::server_response out{text};
        auto later = server_.answer(ctx, out);
        if (!later) {
            to->finish(std::move(text), out.status);
            return to;
        }
        EXPECT_EQ(text, "");
        std::unique_ptr<mcp::call_place> place;
        if (session)
            place = std::make_unique<mcp::legacy::call_slot>(session->take_slot(message->id, 100));
        call =
            std::make_shared<mcp::async_call>(server_, view, std::move(*later), std::move(place));
        call->start(loop.get_executor(), to);
        return to;
    }

    /// Runs the loop until the exchange is done; the deadline only turns a hang into a failure.
    void run(const std::shared_ptr<exchange>& until) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (!until->done() && std::chrono::steady_clock::now() < deadline) {
            loop.restart();
            loop.run_one_for(std::chrono::seconds(1));
        }
        if (!until->done())
            throw std::runtime_error("the request hangs");
        settle();
    }

    /// Runs what is ready.
    void settle() {
        loop.restart();
        loop.poll();
    }

    std::shared_ptr<exchange> ask(std::string_view method, std::string_view params = "{}") {
        auto made = start(method, params);
        run(made);
        return made;
    }

    /// Calls a tool.
    std::shared_ptr<exchange> tool(std::string_view name, std::string_view arguments = "{}",
                                   std::string_view more = "") {
        return ask("tools/call", tool_params(name, arguments, more));
    }
    std::shared_ptr<exchange> start_tool(std::string_view name, std::string_view arguments = "{}",
                                         std::string_view more = "") {
        return start("tools/call", tool_params(name, arguments, more));
    }

    /// The last call that could not be answered at once.
    std::shared_ptr<mcp::async_call> call;

private:
    static std::string tool_params(std::string_view name, std::string_view arguments,
                                   std::string_view more) {
        return R"({"name":")" + std::string(name) + R"(","arguments":)" + std::string(arguments) +
               std::string(more) + "}";
    }

    std::string meta_text() const {
        std::string text = "{";
        if (mcp::is_modern(revision_))
            text += R"("io.modelcontextprotocol/protocolVersion":")" +
                    std::string(mcp::to_string(revision_)) +
                    R"(","io.modelcontextprotocol/clientInfo":{"name":"tester","version":"1"},)" +
                    R"("io.modelcontextprotocol/clientCapabilities":)" + capabilities_;
        if (!meta.empty())
            text += (text.size() > 1 ? "," : "") + meta;
        return text + "}";
    }

    void reply(const mcp::json& message) {
        const auto read = mcp::jsonrpc::read_message(message);
        if (!read || read->kind != mcp::jsonrpc::message_kind::request)
            return;
        if (!answers)
            return;
        const std::string what = answers(message);
        const bool failed = what.starts_with('!');
        std::string text = R"({"jsonrpc":"2.0","id":)" + std::string(read->id.text());
        text += failed ? R"(,"error":)" + what.substr(1) : R"(,"result":)" + what;
        auto deliver = [s = session, text = text + "}"] {
            const mcp::json value = parse(text);
            EXPECT_TRUE(s->receive(*mcp::jsonrpc::read_message(value)));
        };
        asio::post(loop, deliver);
    }

    mcp::any_server& server_;
    mcp::revision revision_;
    std::string capabilities_;
    int ids_ = 0;
};

/// A server's log, kept.
class kept_log {
public:
    explicit kept_log(mcp::any_server& server) {
        server.options().log = [this](mcp::log_level, std::string_view line) {
            std::lock_guard lock(mutex_);
            text_.append(line).append("\n");
        };
    }
    std::string text() const {
        std::lock_guard lock(mutex_);
        return text_;
    }
    bool has(std::string_view what) const { return text().find(what) != std::string::npos; }

private:
    mutable std::mutex mutex_;
    std::string text_;
};

inline constexpr std::array revisions = mcp::all_revisions;

} // namespace test
