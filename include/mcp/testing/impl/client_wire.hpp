// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/initialize.hpp>
#include <mcp/protocol/input_required.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/pagination.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/testing/client.hpp>
#include <mcp/transport/message_peer.hpp>
#include <mcp/version.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::testing {

/// The wire of a client: its event loop, the peer that serves it, and the messages of both.
class client::impl {
public:
    using clock = std::chrono::steady_clock;

    impl(any_server& server, client_options given)
        : options(std::move(given))
        , peer_(std::make_shared<message_peer>(server, io_.get_executor(), peer_of(options))) {
        asio::co_spawn(io_, collect(peer_, &inbox_), asio::detached);
    }
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;
    ~impl() {
        peer_->close();
        io_.restart();
        io_.poll();
    }

    /// Sends a request and returns its result. Sends it again with the answers to the questions of
    /// a modern server.
    json request(std::string_view method, json_object params) {
        const clock::time_point end = clock::now() + options.timeout;
        begin(end);
        for (;;) {
            const std::int64_t id = send(method, params);
            json result = result_of(id, named(method, params), end);
            if (!is_modern(options.revision) || !is_input_required(result))
                return result;
            answer_all(result, params);
        }
    }

    void listen(const subscription_filter& filter) {
        const clock::time_point end = clock::now() + options.timeout;
        begin(end);
        json_object params;
        if (!is_modern(options.revision)) {
            for (const std::string& uri : filter.resource_subscriptions) {
                params["uri"] = uri;
                request("resources/subscribe", params);
            }
            return;
        }
        std::string text;
        json_writer w(text);
        write(w, filter);
        params["notifications"] = parse(text);
        const std::string method = "subscriptions/listen";
        constexpr std::string_view begun = "notifications/subscriptions/acknowledged";
        const std::int64_t id = send(method, params);
        wait([&] { return responses_.contains(id) || find(begun) != notifications.end(); }, end,
             method);
        if (responses_.contains(id))
            result_of(id, method, end);
        else
            notifications.erase(find(begun));
    }

    notification next(std::string_view method) {
        const clock::time_point end = clock::now() + options.timeout;
        begin(end);
        wait([&] { return find(method) != notifications.end(); }, end, std::string(method));
        const auto found = find(method);
        notification taken = std::move(*found);
        notifications.erase(found);
        return taken;
    }

    template <class Definition>
    std::vector<Definition>
    all_pages(std::string_view method, std::string_view member,
              mcp::result<Definition, decode_error> (*read_one)(json_view, std::string_view)) {
        std::vector<Definition> all;
        json_object params;
        for (;;) {
            const json result = request(method, params);
            auto page = read_page<Definition>(result, member, read_one);
            if (!page)
                misfit(method, member, page.error().what(), encode(result));
            std::move(page->items.begin(), page->items.end(), std::back_inserter(all));
            if (!page->next_cursor)
                return all;
            params["cursor"] = *page->next_cursor;
        }
    }

    const client_options options;
    std::vector<notification> notifications;
    std::vector<progress_update> progress;
    std::vector<log_message> log;
    std::vector<detail::elicit_answer> elicit;
    std::vector<detail::sample_answer> sample;
    std::size_t elicited = 0; ///< number of elicitations since the answers were set
    std::size_t sampled = 0;
    std::vector<root> roots;

    static json parse(std::string_view text) {
        auto value = parse_json(text);
        if (!value)
            throw client_failure("this is not JSON: " + value.error().what() + ": " +
                                 std::string(text));
        return *std::move(value);
    }

private:
    /// Returns the method and what it is called for, such as `tools/call add`.
    static std::string named(std::string_view method, const json_object& params) {
        std::string text(method);
        for (const char* key : {"name", "uri"})
            if (const json* what = params.if_contains(key); what && what->is_string())
                text.append(" ").append(json_view(*what).get_string());
        return text;
    }

    static peer_options peer_of(const client_options& options) {
        peer_options peer;
        if (options.principal)
            peer.principal = std::make_shared<principal>(*options.principal);
        return peer;
    }

    /// Moves the messages of the server into the inbox, on the event loop.
    static asio::awaitable<void> collect(std::shared_ptr<message_peer> peer,
                                         std::deque<std::string>* inbox) {
        std::string message;
        bool more = true;
        while (more) {
            while (peer->output().try_pop(message))
                inbox->push_back(std::move(message));
            more = co_await peer->output().wait();
        }
    }

    /// Begins the session of a legacy client.
    void begin(clock::time_point end) {
        if (std::exchange(begun_, true) || is_modern(options.revision))
            return;
        initialize_params hello;
        hello.protocol_version = to_string(options.revision);
        hello.capabilities = options.capabilities;
        hello.client_info = implementation("mcp::testing::client", MCP_VERSION_STRING);
        std::string text;
        json_writer w(text);
        write(w, hello, options.revision);
        const std::int64_t id = ++last_id_;
        std::string message;
        jsonrpc::write_request(message, jsonrpc::id(id), "initialize", text);
        peer_->receive(message);
        const json agreed = result_of(id, "initialize", end);
        message.clear();
        jsonrpc::write_notification(message, "notifications/initialized");
        peer_->receive(message);
        if (json_view(agreed).find("capabilities").find("logging"))
            request("logging/setLevel", {{"level", to_string(options.level)}});
    }

    std::int64_t send(std::string_view method, const json_object& params) {
        const std::int64_t id = ++last_id_;
        std::string text;
        json_writer w(text);
        w.begin_object();
        for (const auto& [name, value] : params)
            if (name != "_meta")
                w.member(name, value);
        w.key("_meta");
        w.begin_object();
        w.member(meta_key::progress_token, id);
        if (is_modern(options.revision))
            write_modern_meta(w);
        if (const json* given = params.if_contains("_meta"); given && given->is_object())
            for (const auto& [name, value] : given->get_object())
                w.member(name, value);
        w.end_object();
        w.end_object();
        std::string message;
        jsonrpc::write_request(message, jsonrpc::id(id), method, text);
        peer_->receive(message);
        return id;
    }

    void write_modern_meta(json_writer& w) const {
        w.member(meta_key::protocol_version, to_string(options.revision));
        w.key(meta_key::client_info);
        write(w, implementation("mcp::testing::client", MCP_VERSION_STRING), options.revision);
        w.key(meta_key::client_capabilities);
        write(w, options.capabilities, options.revision);
        w.member(meta_key::log_level, to_string(options.level));
    }

    /// Waits for the response to a request.
    json result_of(std::int64_t id, const std::string& what, clock::time_point end) {
        try {
            wait([&] { return responses_.contains(id); }, end, what);
        } catch (...) {
            std::string message;
            jsonrpc::write_notification(message, "notifications/cancelled",
                                        R"({"requestId":)" + std::to_string(id) + "}");
            peer_->receive(message);
            io_.restart();
            io_.poll();
            throw;
        }
        const json response = std::move(responses_.extract(id).mapped());
        const auto message = jsonrpc::read_message(response);
        if (message->kind == jsonrpc::message_kind::error)
            throw protocol_error(message->error);
        return message->result.to_json();
    }

    /// Runs the event loop until `done()`. Throws after the deadline.
    template <class Done>
    void wait(Done done, clock::time_point end, const std::string& what) {
        for (;;) {
            while (!inbox_.empty()) {
                const std::string message = std::move(inbox_.front());
                inbox_.pop_front();
                take(parse(message));
            }
            if (done())
                return;
            io_.restart();
            if (io_.run_one_until(end) == 0 && inbox_.empty())
                throw client_failure(what + ": nothing has come within " +
                                     std::to_string(options.timeout.count()) + " ms");
        }
    }

    void take(json value) {
        const auto message = jsonrpc::read_message(value);
        if (!message)
            throw client_failure("the server has sent what is no message: " + encode(value));
        switch (message->kind) {
        case jsonrpc::message_kind::notification:
            return take_notification(*message);
        case jsonrpc::message_kind::request:
            return answer(*message);
        case jsonrpc::message_kind::result:
        case jsonrpc::message_kind::error:
            if (const auto id = json_view(value).find("id"); id && id.to_int64())
                responses_.insert_or_assign(*id.to_int64(), std::move(value));
        }
    }

    void take_notification(const jsonrpc::message& message) {
        if (message.method == "notifications/progress") {
            if (auto read = read_progress(message.params))
                return progress.push_back(std::move(read->second));
        } else if (message.method == "notifications/message") {
            if (auto read = read_log_message(message.params))
                return log.push_back(*std::move(read));
        }
        notifications.push_back(
            {std::string(message.method), message.params ? message.params.to_json() : json()});
    }

    /// Answers a question of a legacy server. If the test has no answer, the server gets an error,
    /// so that its handler ends.
    void answer(const jsonrpc::message& question) {
        std::string out;
        try {
            jsonrpc::write_response(out, question.id, answer_to(question.method, question.params));
        } catch (const std::exception& failure) {
            out.clear();
            jsonrpc::write_error(out, question.id, {jsonrpc::errc::internal_error, failure.what()});
            peer_->receive(out);
            throw;
        }
        peer_->receive(out);
    }

    /// Adds the answers to all questions of a modern server to the request.
    void answer_all(const json& result, json_object& params) {
        const auto asked = read_input_required(result);
        if (!asked)
            misfit("", input_required_type, asked.error().what(), encode(result));
        json_object answers;
        for (const input_request& each : asked->requests) {
            const json question = each.params.empty() ? json(json_object()) : parse(each.params);
            answers[each.key] = parse(answer_to(each.method, question));
        }
        params["inputResponses"] = std::move(answers);
        if (asked->request_state)
            params["requestState"] = *asked->request_state;
    }

    std::string answer_to(std::string_view method, json_view params) {
        std::string out;
        json_writer w(out);
        if (method == elicit_method) {
            const auto asked = read_elicitation_params(params);
            if (!asked)
                misfit("", method, asked.error().what(), encode(params));
            out = next_of(elicit, elicited, "on_elicit", params)(*asked);
        } else if (method == sampling_method) {
            const auto asked = read_sampling_params(params);
            if (!asked)
                misfit("", method, asked.error().what(), encode(params));
            write(w, next_of(sample, sampled, "on_sample", params)(*asked), options.revision);
        } else if (method == roots_method) {
            write_roots(w, roots);
        } else if (method == "ping") {
            out = "{}";
        } else {
            throw client_failure("the server asks for " + std::string(method));
        }
        return out;
    }

    template <class Answer>
    static Answer& next_of(std::vector<Answer>& answers, std::size_t& asked, const char* member,
                           json_view question) {
        if (answers.empty())
            throw client_failure(std::string("the handler asks and the test has no answer, see ") +
                                 member + ": " + encode(question));
        return answers[std::min(asked++, answers.size() - 1)];
    }

    std::vector<notification>::iterator find(std::string_view method) {
        return std::find_if(notifications.begin(), notifications.end(),
                            [&](const notification& each) { return each.method == method; });
    }

    std::deque<std::string> inbox_;
    asio::io_context io_{1};
    std::shared_ptr<message_peer> peer_;
    std::map<std::int64_t, json> responses_;
    std::int64_t last_id_ = 0;
    bool begun_ = false;
};

} // namespace mcp::testing
