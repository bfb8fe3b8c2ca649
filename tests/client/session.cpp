// SPDX-License-Identifier: MIT
// A client of a legacy server over HTTP that forgets its session.
#include <mcp/async/sleep_for.hpp>
#include <mcp/client/client.hpp>
#include <mcp/client/http_transport.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/revision.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/this_coro.hpp>
#include <gtest/gtest.h>

#include "support/scripted_client.hpp"
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <http/scripted_peer.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace session_test {

using mcp::test::failure_text;
using test::conversation;
using test::run_on;
using test::scripted_peer;

std::string http(std::string_view status, std::string_view fields, std::string_view body) {
    return "HTTP/1.1 " + std::string(status) + "\r\n" + std::string(fields) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

/// A server of 2025-11-25 that wants a session id with each request but `initialize`, and
/// `notifications/initialized` before other requests.
class strict_server {
public:
    std::string url() { return peer_.url("/mcp"); }

    /// Forgets the session.
    void forget() {
        const std::lock_guard lock(mutex_);
        session_ = "none";
    }

    /// Refuses the next handshake.
    void refuse() {
        const std::lock_guard lock(mutex_);
        refuses_ = true;
    }

    /// Answers nothing of a method until `release`.
    void hold(std::string method) {
        const std::lock_guard lock(mutex_);
        held_ = std::move(method);
    }
    void release() {
        const std::lock_guard lock(mutex_);
        held_.clear();
        released_.notify_all();
    }

    /// Whether a request waits for `release`.
    bool holds() {
        const std::lock_guard lock(mutex_);
        return waiting_ > 0;
    }

    /// Returns the methods and the statuses, in order.
    std::string heard() {
        peer_.finish();
        return heard_;
    }

private:
    void play(conversation& with) {
        for (std::string request = with.read_request(); !request.empty();
             request = with.read_request()) {
            const std::string response = respond(request);
            with.send(response);
            if (response.find("Content-Length") == std::string::npos)
                return;
        }
    }

    std::string respond(const std::string& request) {
        std::string method(request.substr(0, request.find(' ')));
        std::string id;
        if (const auto message =
                mcp::parse_json(std::string_view(request).substr(request.find("\r\n\r\n") + 4))) {
            const mcp::json_view members(*message);
            method = members.find("method").if_string().value_or("");
            if (const auto number = members.find("id"))
                id = std::to_string(number.get_int64());
        }
        std::unique_lock lock(mutex_);
        if (method == held_) {
            ++waiting_;
            released_.wait(lock, [&] { return held_ != method; });
            --waiting_;
        }
        std::string response = answer(request, method, id);
        heard_ += method + " " + response.substr(9, 3) + "\n";
        return response;
    }

    std::string answer(const std::string& request, const std::string& method,
                       const std::string& id) {
        if (method == "initialize" && std::exchange(refuses_, false))
            return http("503 Service Unavailable", "", "");
        const std::string result =
            "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" +
            (method == "initialize"
                 ? R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{}},)"
                   R"("serverInfo":{"name":"s","version":"1"}})"
                 : "{\"content\":[]}") +
            "}";
        if (method == "initialize") {
            session_ = "s" + std::to_string(++sessions_);
            ready_ = false;
            return http("200 OK",
                        "Content-Type: application/json\r\nMcp-Session-Id: " + session_ + "\r\n",
                        result);
        }
        const auto at = request.find("\r\nMcp-Session-Id: ");
        if (at == request.npos)
            return http("400 Bad Request", "", "");
        if (request.compare(at + 18, session_.size() + 1, session_ + "\r") != 0)
            return http("404 Not Found", "", "");
        if (id.empty()) {
            ready_ = ready_ || method == "notifications/initialized";
            return http("202 Accepted", "", "");
        }
        if (!ready_)
            return http("400 Bad Request", "", "");
        if (method == "tools/call") { // its stream ends too early
            session_ = "none";
            return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                   "id: a\nretry: 1\ndata:\n\n";
        }
        return http("200 OK", "Content-Type: application/json\r\n", result);
    }

    std::mutex mutex_;
    std::condition_variable released_;
    std::string held_;
    std::string heard_;
    std::string session_ = "none";
    std::size_t sessions_ = 0;
    std::size_t waiting_ = 0;
    bool refuses_ = false;
    bool ready_ = false;
    scripted_peer peer_{
        std::vector<scripted_peer::script>(20, [this](conversation& with) { play(with); })};
};

asio::awaitable<void> ping(mcp::client& client, std::string& failure) {
    failure = "none";
    try {
        co_await client.ping();
        failure.clear();
    } catch (...) {
        failure = failure_text(std::current_exception());
    }
}

void begin_ping(const asio::any_io_executor& executor, mcp::client& client, std::string& failure) {
    asio::co_spawn(executor, ping(client, failure), [](std::exception_ptr) {});
}

asio::awaitable<void> end_of(const std::string& failure) {
    while (failure == "none")
        co_await mcp::sleep_for(std::chrono::milliseconds(1));
}

asio::awaitable<void> held(strict_server& server) {
    while (!server.holds())
        co_await mcp::sleep_for(std::chrono::milliseconds(1));
}

using script = std::function<asio::awaitable<std::string>(mcp::client&, strict_server&)>;

asio::awaitable<bool> play(script steps, mcp::client& client, strict_server& server,
                           std::string& outcome) {
    mcp::http_options options;
    options.reconnect_delay = std::chrono::milliseconds(1);
    co_await client.connect(server.url(), options);
    outcome = co_await steps(client, server);
    co_return true;
}

asio::awaitable<std::string> notification_first(mcp::client& client, strict_server& server) {
    server.forget();
    std::string out;
    try {
        co_await client.notify("notifications/roots/list_changed");
    } catch (...) {
        out = failure_text(std::current_exception());
    }
    out = out.empty() ? "heard nothing; " : "";
    std::string failure;
    co_await ping(client, failure);
    co_return out + failure;
}

asio::awaitable<std::string> handshake_fails_first(mcp::client& client, strict_server& server) {
    server.forget();
    server.refuse();
    std::string first;
    std::string second;
    co_await ping(client, first);
    co_await ping(client, second);
    co_return (first.empty() ? "succeeds; " : "fails; ") + second +
        (client.server().capabilities.tools ? "" : "; its capabilities are forgotten");
}

/// The answer to one of two requests comes when there is a new session already.
asio::awaitable<std::string> late_refusal(mcp::client& client, strict_server& server) {
    const auto executor = co_await asio::this_coro::executor;
    std::string late;
    std::string early;
    server.forget();
    server.hold("ping");
    begin_ping(executor, client, late);
    co_await held(server);
    server.hold("");
    co_await ping(client, early);
    server.release();
    co_await end_of(late);
    std::string then;
    co_await ping(client, then);
    co_return early + late + then;
}

asio::awaitable<std::string> in_the_middle(mcp::client& client, strict_server& server,
                                           std::string of) {
    const auto executor = co_await asio::this_coro::executor;
    std::string first;
    std::string second;
    server.forget();
    server.hold(std::move(of));
    begin_ping(executor, client, first);
    co_await held(server);
    begin_ping(executor, client, second);
    co_await mcp::sleep_for(std::chrono::milliseconds(10)); // a request too early would fail
    server.release();
    co_await end_of(first);
    co_await end_of(second);
    co_return first + second;
}

asio::awaitable<std::string> in_the_handshake(mcp::client& client, strict_server& server) {
    return in_the_middle(client, server, "initialize");
}
asio::awaitable<std::string> before_its_end(mcp::client& client, strict_server& server) {
    return in_the_middle(client, server, "notifications/initialized");
}

/// Nobody knows whether the tool has run.
asio::awaitable<std::string> in_a_call(mcp::client& client, strict_server&) {
    try {
        co_await client.call("pay");
    } catch (...) {
        co_return failure_text(std::current_exception());
    }
    co_return "";
}

TEST(session, is_begun_anew_whatever_hears_of_its_end) {
    const std::string hello = "initialize 200\nnotifications/initialized 202\n";
    const struct {
        const char* name;
        script steps;
        std::string outcome;
        std::string heard;
    } table[] = {
        {"a notification", notification_first, "",
         "notifications/roots/list_changed 404\nping 404\n" + hello + "ping 200\n"},
        {"the handshake fails first", handshake_fails_first, "fails; ",
         "ping 404\ninitialize 503\nping 404\n" + hello + "ping 200\n"},
        {"a late refusal", late_refusal, "", ""},
        {"a request during the handshake", in_the_handshake, "", ""},
        {"a request before its end", before_its_end, "",
         "ping 404\n" + hello + "ping 200\nping 200\n"},
        {"a call", in_a_call,
         "transport_error: http://127.0.0.1:PORT/mcp: tools/call: the server responded with status "
         "404 Not Found",
         "tools/call 200\nGET 404\n"},
    };
    for (const auto& each : table) {
        SCOPED_TRACE(each.name);
        strict_server server;
        asio::io_context loop;
        std::string outcome;
        {
            mcp::client_options options;
            options.revision = mcp::revision::v2025_11_25;
            options.listen = false;
            mcp::client client(options);
            run_on(loop, play(each.steps, client, server, outcome));
        }
        loop.restart();
        loop.run_for(std::chrono::milliseconds(10));
        if (const auto at = outcome.find("127.0.0.1:"); at != outcome.npos)
            outcome.replace(at + 10, outcome.find('/', at) - at - 10, "PORT");
        EXPECT_EQ(outcome, each.outcome);
        const std::string heard = server.heard();
        EXPECT_TRUE(each.heard.empty() || heard == hello + each.heard) << heard;
    }
}

} // namespace session_test
