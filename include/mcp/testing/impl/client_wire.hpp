// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/http/message.hpp>
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
#include <mcp/testing/impl/client_exchange.hpp>
#include <mcp/testing/impl/client_questions.hpp>
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
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::testing::detail {

/// The wire of a client: its event loop, the peer that serves it, and the messages of both.
class client_wire {
public:
    using clock = std::chrono::steady_clock;
    using exchange_ptr = std::shared_ptr<exchange>;

    client_wire(any_server& server, client_options given)
        : options(std::move(given))
        , peer_(std::make_shared<message_peer>(server, io_.get_executor(), peer_of(options))) {
        asio::co_spawn(io_, collect(peer_, &inbox_), asio::detached);
    }
    client_wire(const client_wire&) = delete;
    client_wire& operator=(const client_wire&) = delete;
    ~client_wire() {
        peer_->close();
        io_.restart();
        io_.poll();
    }

    /// Sends a request and returns its result, after all rounds of questions.
    json request(std::string_view method, json_object params) {
        return result_of(start(method, std::move(params)));
    }

    /// Sends a request, and runs what can run at once.
    exchange_ptr start(std::string_view method, json_object params) {
        begin(deadline());
        auto made = std::make_shared<exchange>();
        made->method = method;
        made->params = std::move(params);
        send(made);
        poll();
        return made;
    }

    /// Waits for the end of a request.
    json result_of(const exchange_ptr& of) { return result_of(of, deadline()); }

    /// Cancels a request, unless it has ended.
    void cancel(exchange& of) {
        if (of.done())
            return;
        of.failure = std::make_exception_ptr(client_failure(of.name() + ": was cancelled"));
        under_way_.erase(of.id);
        std::string message;
        jsonrpc::write_notification(message, "notifications/cancelled",
                                    R"({"requestId":)" + std::to_string(of.id) + "}");
        peer_->receive(message);
        io_.restart();
        io_.poll();
    }

    progress_update next_progress(exchange& of) {
        const auto news = [&of] { return of.told < of.progress.size() || of.done(); };
        wait(news, deadline(), of.name());
        if (of.told == of.progress.size())
            throw client_failure(of.name() + ": has ended without further progress");
        return of.progress[of.told++];
    }

    /// Runs what can run without waiting.
    void poll() {
        do {
            take_all();
            io_.restart();
        } while (io_.poll() != 0 || !inbox_.empty());
    }

    void listen(const subscription_filter& filter) {
        const clock::time_point end = deadline();
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
        constexpr std::string_view begun = "notifications/subscriptions/acknowledged";
        const exchange_ptr stream = start("subscriptions/listen", std::move(params));
        wait([&] { return stream->done() || find(begun) != notifications.end(); }, end,
             stream->method);
        if (stream->done())
            result_of(stream);
        else
            notifications.erase(find(begun));
    }

    notification next(std::string_view method) {
        const clock::time_point end = deadline();
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
    answer_book answers;

    static json parse(std::string_view text) {
        auto value = parse_json(text);
        if (!value)
            throw client_failure("this is not JSON: " + value.error().what() + ": " +
                                 std::string(text));
        return *std::move(value);
    }

private:
    clock::time_point deadline() const { return clock::now() + options.timeout; }

    static peer_options peer_of(const client_options& options) {
        peer_options peer;
        if (options.principal)
            peer.principal = std::make_shared<principal>(*options.principal);
        if (!options.path.empty()) {
            const auto path = std::make_shared<http::path_params>();
            for (const auto& [name, value] : options.path)
                path->add(name, value);
            peer.path = path;
        }
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
        const auto first = std::make_shared<exchange>();
        first->method = "initialize";
        send(first, text);
        const json agreed = result_of(first, end);
        std::string message;
        jsonrpc::write_notification(message, "notifications/initialized");
        peer_->receive(message);
        if (json_view(agreed).find("capabilities").find("logging"))
            request("logging/setLevel", {{"level", to_string(options.level)}});
    }

    /// Sends a request, or its next round.
    void send(const exchange_ptr& of) {
        std::string text;
        json_writer w(text);
        w.begin_object();
        for (const auto& [name, value] : of->params)
            if (name != "_meta")
                w.member(name, value);
        w.key("_meta");
        w.begin_object();
        w.member(meta_key::progress_token, last_id_ + 1);
        if (is_modern(options.revision))
            write_modern_meta(w);
        if (const json* given = of->params.if_contains("_meta"); given && given->is_object())
            for (const auto& [name, value] : given->get_object())
                w.member(name, value);
        w.end_object();
        w.end_object();
        send(of, text);
    }
    void send(const exchange_ptr& of, std::string_view params) {
        of->id = ++last_id_;
        under_way_[of->id] = of;
        std::string message;
        jsonrpc::write_request(message, jsonrpc::id(of->id), of->method, params);
        peer_->receive(message);
    }

    void write_modern_meta(json_writer& w) const {
        w.member(meta_key::protocol_version, to_string(options.revision));
        w.key(meta_key::client_info);
        write(w, implementation("mcp::testing::client", MCP_VERSION_STRING), options.revision);
        w.key(meta_key::client_capabilities);
        write(w, options.capabilities, options.revision);
        w.member(meta_key::log_level, to_string(options.level));
    }

    json result_of(const exchange_ptr& of, clock::time_point end) {
        try {
            wait([&] { return of->done(); }, end, of->name());
        } catch (...) {
            cancel(*of);
            throw;
        }
        if (of->failure)
            std::rethrow_exception(of->failure);
        return *of->result;
    }

    /// Runs the event loop until `done()`. Throws after the deadline.
    template <class Done>
    void wait(Done done, clock::time_point end, const std::string& what) {
        for (;;) {
            take_all();
            if (done())
                return;
            io_.restart();
            if (io_.run_one_until(end) == 0 && inbox_.empty())
                throw client_failure(what + ": nothing has come within " +
                                     std::to_string(options.timeout.count()) + " ms");
        }
    }

    void take_all() {
        while (!inbox_.empty()) {
            const std::string message = std::move(inbox_.front());
            inbox_.pop_front();
            take(parse(message));
        }
    }

    void take(const json& value) {
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
                if (auto of = under_way_.extract(*id.to_int64()))
                    take_response(of.mapped(), *message);
        }
    }

    /// Ends a request, or sends it again with the answers to the questions of a modern server.
    void take_response(const exchange_ptr& of, const jsonrpc::message& response) {
        try {
            if (response.kind == jsonrpc::message_kind::error)
                throw protocol_error(response.error);
            json result = response.result.to_json();
            if (is_modern(options.revision) && is_input_required(result)) {
                answer_all(result, of->params);
                send(of);
            } else {
                of->result = std::move(result);
            }
        } catch (...) {
            of->failure = std::current_exception();
        }
    }

    void take_notification(const jsonrpc::message& message) {
        if (message.method == "notifications/progress") {
            if (auto read = read_progress(message.params)) {
                for (const auto& [id, of] : under_way_)
                    if (jsonrpc::id(id) == read->first)
                        of->progress.push_back(read->second);
                return progress.push_back(std::move(read->second));
            }
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
            jsonrpc::write_response(
                out, question.id,
                answers.answer_to(question.method, question.params, options.revision));
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
        json_object given;
        for (const input_request& each : asked->requests) {
            const json question = each.params.empty() ? json(json_object()) : parse(each.params);
            given[each.key] = parse(answers.answer_to(each.method, question, options.revision));
        }
        params["inputResponses"] = std::move(given);
        if (asked->request_state)
            params["requestState"] = *asked->request_state;
    }

    std::vector<notification>::iterator find(std::string_view method) {
        return std::find_if(notifications.begin(), notifications.end(),
                            [&](const notification& each) { return each.method == method; });
    }

    std::deque<std::string> inbox_;
    asio::io_context io_{1};
    std::shared_ptr<message_peer> peer_;
    std::map<std::int64_t, exchange_ptr> under_way_; ///< by id
    std::int64_t last_id_ = 0;
    bool begun_ = false;
};

} // namespace mcp::testing::detail
