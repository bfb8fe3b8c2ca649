// SPDX-License-Identifier: MIT
#include <mcp/client/http_transport.hpp>

#include <mcp/client/transport_error.hpp>
#include <mcp/http/client_channel.hpp>

#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <http/scripted_peer.hpp>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using mcp::http_options;
using mcp::http_transport;
using mcp::outgoing_request;
using mcp::revision;
using mcp::send_result;
using mcp::transport_error;
using mcp::transport_failure;
using test::conversation;
using test::run_on;
using test::scripted_peer;

/// Collects the messages of one request.
struct collected : mcp::request_receiver {
    std::vector<std::string> messages{};

    void receive(std::string message) override { messages.push_back(std::move(message)); }
    bool done() const noexcept override {
        return !messages.empty() && messages.back().find("\"id\":1") != std::string::npos;
    }
    std::string text() const {
        std::string out;
        for (const std::string& each : messages)
            out += each + "\n";
        return out;
    }
};

struct connection : mcp::message_receiver {
    std::vector<std::string> messages{};
    std::string end{};

    void receive(std::string message) override { messages.push_back(std::move(message)); }
    void closed(std::exception_ptr why) override {
        try {
            std::rethrow_exception(why);
        } catch (const transport_error& failure) {
            end = failure.what();
        }
    }
};

std::string http(std::string_view status, std::string_view fields, std::string_view body) {
    return "HTTP/1.1 " + std::string(status) + "\r\n" + std::string(fields) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}
std::string json(std::string_view body, std::string_view fields = {}) {
    return http("200 OK", "Content-Type: application/json\r\n" + std::string(fields), body);
}
std::string events(std::string_view body, std::string_view fields = {}) {
    return http("200 OK", "Content-Type: text/event-stream\r\n" + std::string(fields), body);
}

const std::string ask = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";
const std::string answer = R"({"jsonrpc":"2.0","id":1,"result":{}})";

outgoing_request request(std::string_view method, revision under = mcp::latest) {
    outgoing_request out;
    out.method = method;
    out.body = ask;
    out.revision = under;
    return out;
}

/// A response that the server does not end: it waits for the client to leave.
const std::string endless = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

/// A server that gives its responses in order, over any number of connections, and keeps a line for
/// each request. A response without Content-Length is endless; an empty one closes the connection.
class player {
public:
    explicit player(std::vector<std::string> responses)
        : responses_(std::move(responses))
        , peer_(std::vector<scripted_peer::script>(responses_.size() + 1,
                                                   [this](conversation& with) { play(with); })) {}

    std::string url() const { return peer_.url("/mcp"); }

    /// Waits for the end of the connections. Returns the lines.
    std::string heard() {
        peer_.finish();
        return heard_;
    }

    std::size_t requests() {
        const std::lock_guard lock(mutex_);
        return next_;
    }

private:
    void play(conversation& with) {
        while (true) {
            const std::string request = with.read_request();
            if (request.empty())
                return;
            std::string response;
            {
                const std::lock_guard lock(mutex_);
                heard_ += line(request);
                if (next_ == responses_.size())
                    return;
                response = responses_[next_++];
            }
            with.send(response);
            if (response.find("Content-Length") == std::string::npos) {
                if (!response.empty())
                    with.client_leaves();
                return;
            }
        }
    }

    static std::string line(std::string_view request) {
        std::string out(request.substr(0, request.find(" HTTP")));
        for (const std::string_view name : {"Mcp-Session-Id", "Last-Event-ID", "Authorization"})
            if (const auto at = request.find("\r\n" + std::string(name) + ": "); at != request.npos)
                out.append(" ").append(request.substr(at + 2, request.find('\r', at + 2) - at - 2));
        return out + "\n";
    }

    std::vector<std::string> responses_;
    std::mutex mutex_;
    std::string heard_;
    std::size_t next_ = 0;
    scripted_peer peer_;
};

/// An opened transport, and the receiver of its connection.
struct client {
    explicit client(const std::string& url, http_options options = {})
        : transport(std::make_unique<http_transport>(url, std::move(options))) {
        run_on(loop, open(*transport, to));
    }

    static asio::awaitable<bool> open(http_transport& with, connection& into) {
        co_await with.open(into);
        co_return true;
    }

    /// Sends a request. Says what came of it: messages, then the failure.
    std::string send(outgoing_request what) {
        collected messages;
        try {
            const send_result result = run_on(loop, transport->send(std::move(what), messages));
            return messages.text() + (result == send_result::later ? "later" : "");
        } catch (const transport_error& failure) {
            return messages.text() + text_of(failure);
        }
    }
    std::string send(std::string_view method, revision under = mcp::latest) {
        return send(request(method, under));
    }

    static std::string text_of(const transport_error& failure) {
        const std::string text = failure.what();
        return std::to_string(static_cast<int>(failure.why())) + " " +
               std::to_string(failure.status()) + " " + text.substr(text.find("/mcp: ") + 6);
    }

    /// Runs the loop until something holds.
    template <class Condition>
    void run_until(Condition holds) {
        loop.restart();
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (!holds() && std::chrono::steady_clock::now() < deadline)
            loop.run_one_for(5ms);
        EXPECT_TRUE(holds());
    }

    asio::io_context loop;
    connection to;
    std::unique_ptr<http_transport> transport;
};

TEST(http_transport, posts_requests_of_both_eras) {
    outgoing_request call = request("tools/call");
    call.name = "grüße";
    call.parameters = {{"Mcp-Param-Region", "eu west"}, {"Mcp-Param-Note", " x"}};
    const std::string start = "Accept: application/json, text/event-stream\r\n"
                              "Content-Type: application/json\r\nX-Key: k\r\n";
    const struct {
        outgoing_request request;
        std::string fields;
    } rows[] = {
        {request("tools/list"), "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/list\r\n"},
        {call, "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\n"
               "Mcp-Name: =?base64?Z3LDvMOfZQ==?=\r\nMcp-Param-Region: eu west\r\n"
               "Mcp-Param-Note: =?base64?IHg=?=\r\n"},
        {request("initialize", revision::v2025_11_25), ""},
        {request("tools/list", revision::v2025_11_25),
         "Mcp-Session-Id: s-1\r\nMCP-Protocol-Version: 2025-11-25\r\n"},
        {request("tools/list", revision::v2025_03_26), "Mcp-Session-Id: s-1\r\n"},
        {request("initialize", revision::v2025_03_26), ""},
    };
    std::vector<std::string> heard;
    scripted_peer peer({[&](conversation& with) {
        for (std::size_t i = 0; i < std::size(rows); ++i) {
            heard.push_back(with.read_request());
            with.send(json(answer, "Mcp-Session-Id: s-1\r\n"));
        }
    }});
    http_options options;
    options.headers = {{"X-Key", "k"}};
    options.user_agent = "";
    client with(peer.url("/mcp"), options);
    for (const auto& row : rows)
        EXPECT_EQ(with.send(row.request), answer + "\n");
    peer.finish();
    for (std::size_t i = 0; i < std::size(rows); ++i)
        EXPECT_EQ(heard[i], "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(peer.port()) +
                                "\r\n" + start + rows[i].fields +
                                "Content-Length: " + std::to_string(ask.size()) + "\r\n\r\n" + ask);
}

TEST(http_transport, delivers_what_the_server_says_or_names_its_fault) {
    const std::string note = R"({"jsonrpc":"2.0","method":"notifications/progress"})";
    const std::string refused = R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"x"}})";
    const struct {
        std::string response;
        std::string outcome;
    } rows[] = {
        {json(answer), answer + "\n"},
        {events("data: " + note + "\n\ndata: " + answer + "\n\n"), note + "\n" + answer + "\n"},
        {events("event: other\ndata: no\n\ndata: " + answer + "\n\n"), answer + "\n"},
        {http("404 Not Found", "Content-Type: application/json\r\n", refused), refused + "\n"},
        {http("200 OK", "Content-Type: text/html; charset=utf-8\r\n", "<p>"),
         "3 200 tools/list: the response is text/html; charset=utf-8, neither JSON nor server-sent "
         "events"},
        {json("x", "Content-Encoding: gzip\r\n"),
         "3 200 tools/list: the response is compressed, which the client did not ask for"},
        {http("202 Accepted", "", ""),
         "3 202 tools/list: the server took the request for a notification (status 202)"},
        {http("200 OK", "", ""), "3 200 tools/list: the response has no body"},
        {http("503 Service Unavailable", "Content-Type: text/plain\r\n", "too\x01 busy\r\nsecret"),
         "5 503 tools/list: the server responded with status 503 Service Unavailable: too busy"},
        {http("500 No", "Content-Type: text/html\r\n", "<p>"),
         "5 500 tools/list: the server responded with status 500 Internal Server Error"},
        {http("401 No", "WWW-Authenticate: Bearer\r\n", ""),
         "6 401 tools/list: the server responded with status 401 Unauthorized"},
        {events("data: " + note + "\n\n"),
         note + "\n1 0 tools/list: the stream ended before the response"},
        {http("307 Go", "Location: http://127.0.0.2/mcp\r\n", ""),
         "5 307 tools/list: the server redirects to another origin, http://127.0.0.2, which the "
         "client does not follow"},
        {json(std::string(3000, ' ')), "4 0 tools/list: the response is too large"},
        {events("data: " + std::string(3000, 'x')), "4 0 tools/list: an event is too large"},
    };
    for (const auto& row : rows) {
        player server({row.response});
        http_options options;
        options.message_bytes = 2000;
        client with(server.url(), options);
        EXPECT_EQ(with.send("tools/list"), row.outcome);
    }
}

/// Gives a token, and a new one for each challenge.
struct tokens : mcp::authorizer {
    int challenges = 0;

    asio::awaitable<std::string> authorization(std::string) override {
        co_return challenges == 0 ? "" : "Bearer t" + std::to_string(challenges);
    }
    asio::awaitable<bool> challenged(mcp::authorization_challenge challenge) override {
        EXPECT_EQ(challenge.used, challenges == 0 ? "" : "Bearer t" + std::to_string(challenges));
        EXPECT_EQ(challenge.authenticate.size(), 1U);
        ++challenges;
        co_return true;
    }
};

TEST(http_transport, repeats_what_is_redirected_challenged_or_cut_short) {
    const auto legacy = revision::v2025_11_25;
    const std::string prime = events("id: 1\nretry: 1\ndata:\n\n");
    const std::string nothing = events("");
    const std::string done = events("data: " + answer + "\n\n");
    const auto redirect = [](std::string_view to) {
        return http("307 Go", "Location: " + std::string(to) + "\r\n", "");
    };
    const std::string unauthorized = http("401 No", "WWW-Authenticate: Bearer\r\n", "");
    const std::string scope =
        http("403 No", "WWW-Authenticate: Bearer error=\"insufficient_scope\"\r\n", "");
    const struct {
        std::string_view name;
        revision under;
        std::vector<std::string> responses;
        std::string outcome;
        std::string heard;
    } rows[] = {
        {"resumed", legacy, {prime, done}, answer + "\n", "POST /mcp\nGET /mcp Last-Event-ID: 1\n"},
        {"resumed twice",
         legacy,
         {prime, http("503 No", "", ""), events("id: 2\ndata: {}\n\n"), "", done},
         "{}\n" + answer + "\n",
         "POST /mcp\nGET /mcp Last-Event-ID: 1\nGET /mcp Last-Event-ID: 1\n"
         "GET /mcp Last-Event-ID: 2\nGET /mcp Last-Event-ID: 2\n"},
        {"resumed in vain",
         legacy,
         {prime, nothing, nothing},
         "1 0 tools/list: the stream ended before the response",
         "POST /mcp\nGET /mcp Last-Event-ID: 1\nGET /mcp Last-Event-ID: 1\n"},
        {"resumption refused",
         legacy,
         {prime, http("405 No", "", "")},
         "5 405 tools/list: the server responded with status 405 Method Not Allowed",
         "POST /mcp\nGET /mcp Last-Event-ID: 1\n"},
        {"nothing to resume",
         legacy,
         {events("retry: 1\ndata: {}\n\n")},
         "{}\n1 0 tools/list: the stream ended before the response",
         "POST /mcp\n"},
        {"modern streams do not resume",
         mcp::latest,
         {prime},
         "1 0 tools/list: the stream ended before the response",
         "POST /mcp\n"},
        {"redirected",
         mcp::latest,
         {redirect("/a?b#c"), redirect("d"), json(answer)},
         answer + "\n",
         "POST /mcp\nPOST /a?b\nPOST /d\n"},
        {"redirected too often",
         mcp::latest,
         {redirect("/mcp"), redirect("/mcp"), redirect("/mcp")},
         "5 307 tools/list: the server redirects too often",
         "POST /mcp\nPOST /mcp\nPOST /mcp\n"},
        {"redirected to nothing",
         mcp::latest,
         {redirect("ftp://a/b")},
         "5 307 tools/list: the server redirects to no valid URL",
         "POST /mcp\n"},
        {"authorized",
         mcp::latest,
         {unauthorized, json(answer)},
         answer + "\n",
         "POST /mcp\nPOST /mcp Authorization: Bearer t1\n"},
        {"stepped up",
         mcp::latest,
         {unauthorized, scope, json(answer)},
         answer + "\n",
         "POST /mcp\nPOST /mcp Authorization: Bearer t1\nPOST /mcp Authorization: Bearer t2\n"},
        {"forbidden",
         mcp::latest,
         {http("403 No", "", "")},
         "5 403 tools/list: the server responded with status 403 Forbidden",
         "POST /mcp\n"},
        {"never authorized",
         mcp::latest,
         {unauthorized, unauthorized, unauthorized, unauthorized},
         "6 401 tools/list: the server responded with status 401 Unauthorized",
         "POST /mcp\nPOST /mcp Authorization: Bearer t1\nPOST /mcp Authorization: Bearer t2\n"
         "POST /mcp Authorization: Bearer t3\n"},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        player server(row.responses);
        http_options options;
        options.reconnects = 2;
        options.redirects = 2;
        options.authorization = std::make_shared<tokens>();
        client with(server.url(), options);
        EXPECT_EQ(with.send("tools/list", row.under), row.outcome);
        with.transport.reset();
        EXPECT_EQ(server.heard(), row.heard);
    }
}

TEST(http_transport, reads_the_stream_of_a_session_and_ends_it) {
    player server({json(answer, "Mcp-Session-Id: s\r\n"),
                   events("id: a\nretry: 1\ndata: 1\n\ndata: 2\n\n"), http("503 No", "", ""),
                   events("data: 3\n\n"), http("404 No", "Content-Type: text/html\r\n", ""),
                   http("202 Accepted", "", ""), http("405 No", "", "")});
    client with(server.url());
    EXPECT_EQ(with.send("initialize", revision::v2025_11_25), answer + "\n");
    with.transport->agreed(revision::v2025_11_25, true);
    with.run_until([&] { return server.requests() == 5; });
    EXPECT_EQ(with.to.messages, (std::vector<std::string>{"1", "2", "3"}));
    const auto end = [](http_transport& transport) -> asio::awaitable<bool> {
        co_await transport.notify("{}", revision::v2025_11_25);
        co_await transport.close();
        co_await transport.close();
        co_return true;
    };
    run_on(with.loop, end(*with.transport));
    with.transport.reset();
    EXPECT_EQ(server.heard(), "POST /mcp\nGET /mcp Mcp-Session-Id: s\n"
                              "GET /mcp Mcp-Session-Id: s Last-Event-ID: a\n"
                              "GET /mcp Mcp-Session-Id: s Last-Event-ID: a\n"
                              "GET /mcp Mcp-Session-Id: s Last-Event-ID: a\n"
                              "POST /mcp Mcp-Session-Id: s\nDELETE /mcp Mcp-Session-Id: s\n");
}

TEST(http_transport, says_that_a_session_has_ended) {
    player server({json(answer, "Mcp-Session-Id: s\r\n"),
                   http("404 No", "Content-Type: application/json\r\n", "{}"), json(answer),
                   json(answer, "Mcp-Session-Id: a b\r\n")});
    client with(server.url());
    const auto legacy = revision::v2025_11_25;
    EXPECT_EQ(with.send("initialize", legacy), answer + "\n");
    EXPECT_EQ(with.send("ping", legacy),
              "7 404 ping: the server does not know the session (any more)");
    EXPECT_EQ(with.send("ping", legacy), answer + "\n");
    EXPECT_EQ(with.send("initialize", legacy),
              "3 0 initialize: the session id of the server is not valid");
    with.transport.reset();
    EXPECT_EQ(server.heard(),
              "POST /mcp\nPOST /mcp Mcp-Session-Id: s\nPOST /mcp Mcp-Session-Id: s\nPOST /mcp\n");
}

TEST(http_transport, falls_back_to_http_sse) {
    const std::string refused = http("405 No", "", "");
    const std::string other = http("404 No", "Content-Type: text/plain\r\n", "no such page");
    const std::string stream = endless + "event: endpoint\ndata: /m?id=1\n\ndata: hi\n\n";
    const std::string taken = http("202 Accepted", "", "");
    const std::string error = R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"x"}})";
    const struct {
        mcp::http_kind kind;
        std::vector<std::string> responses;
        std::string outcome;
        std::string heard;
    } rows[] = {
        {{}, {refused, stream, taken}, "later", "POST /mcp\nGET /mcp\nPOST /m?id=1\n"},
        {mcp::http_kind::sse, {stream, taken}, "later", "GET /mcp\nPOST /m?id=1\n"},
        {mcp::http_kind::streamable,
         {refused},
         "5 405 initialize: the server responded with status 405 Method Not Allowed",
         "POST /mcp\n"},
        {{},
         {other, refused},
         "5 404 initialize: the server responded with status 404 Not Found: no such page",
         "POST /mcp\nGET /mcp\n"},
        {{},
         {other, json("{}")},
         "5 404 initialize: the server responded with status 404 Not Found: no such page",
         "POST /mcp\nGET /mcp\n"},
        {{},
         {other, events("data: {}\n\n")},
         "5 404 initialize: the server responded with status 404 Not Found: no such page",
         "POST /mcp\nGET /mcp\n"},
        {{},
         {other, endless + "event: endpoint\ndata: http://b/m\n\n"},
         "3 0 initialize: the endpoint that the server names for messages is no URL of its own",
         "POST /mcp\nGET /mcp\n"},
        {{},
         {other, endless + ": nothing comes\n"},
         "5 404 initialize: the server responded with status 404 Not Found: no such page",
         "POST /mcp\nGET /mcp\n"},
        {{},
         {http("400 No", "Content-Type: application/json\r\n", error)},
         error + "\n",
         "POST /mcp\n"},
        {{},
         {http("400 No", "Content-Type: application/json\r\n", R"({"id":null,"error":{}})")},
         R"({"id":null,"error":{}})"
         "\n5 400 initialize: the server responded with status 400 Bad Request: "
         R"({"id":null,"error":{}})",
         "POST /mcp\n"},
        {mcp::http_kind::sse,
         {refused},
         "0 0 initialize: the URL has no stream of events",
         "GET /mcp\n"},
        {mcp::http_kind::sse,
         {stream, other},
         "5 404 initialize: the server responded with status 404 Not Found: no such page",
         "GET /mcp\nPOST /m?id=1\n"},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(row.outcome);
        player server(row.responses);
        http_options options;
        options.kind = row.kind;
        options.connect_timeout = 100ms;
        client with(server.url(), options);
        EXPECT_EQ(with.send("initialize", revision::v2025_11_25), row.outcome);
        if (row.outcome == "later") {
            with.run_until([&] { return !with.to.messages.empty(); });
            EXPECT_EQ(with.to.messages, std::vector<std::string>{"hi"});
            EXPECT_FALSE(with.transport->has_streams());
        }
        with.transport.reset();
        with.loop.poll();
        EXPECT_EQ(server.heard(), row.heard);
    }
}

TEST(http_transport, says_that_the_stream_of_http_sse_has_ended) {
    player server({events("event: endpoint\ndata: /mcp\n\n"), http("202 Accepted", "", "")});
    http_options options;
    options.kind = mcp::http_kind::sse;
    client with(server.url(), options);
    with.send("initialize"); // while the stream ends
    with.run_until([&] { return !with.to.end.empty(); });
    EXPECT_EQ(with.to.end, server.url() + ": the stream: it has ended");
    EXPECT_EQ(with.send("ping"), "1 0 ping: the stream of the server has ended");
}

TEST(http_transport, ends_with_the_connection_wherever_it_is_cut) {
    const std::string whole[] = {
        json(answer),
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        "a\r\ndata: {}\n\n\r\n2d\r\ndata: " +
            answer + "\n\n\r\n0\r\n\r\n",
    };
    for (const std::string& response : whole) {
        std::atomic<std::size_t> length = 0;
        const auto cut = [&](conversation& with) {
            with.read_request();
            with.send(std::string_view(response).substr(0, length));
        };
        scripted_peer peer(std::vector<scripted_peer::script>(response.size() + 1, cut));
        http_options options;
        mcp::http::client_options one_each;
        one_each.idle_per_origin = 0;
        options.client.emplace(one_each);
        client with(peer.url("/mcp"), options);
        for (; length <= response.size(); ++length) {
            const std::string outcome = with.send("tools/call");
            const bool is_whole = outcome.ends_with(answer + "\n");
            const bool is_cut = outcome.starts_with("1 0 ") || outcome.starts_with("{}\n1 0 ");
            EXPECT_TRUE(is_whole || is_cut) << length << ": " << outcome;
            EXPECT_EQ(is_whole, length >= response.find(answer) + answer.size() +
                                              (&response == whole ? 0 : 2))
                << length;
        }
    }
}

/// A `send` under way, which a test cancels.
struct pending {
    pending(client& with, outgoing_request what) {
        asio::co_spawn(with.loop, with.transport->send(std::move(what), messages),
                       asio::bind_cancellation_slot(
                           signal.slot(), [this](std::exception_ptr failure, send_result) {
                               is_over = true;
                               end = failure;
                           }));
    }
    std::string why() const {
        try {
            if (end)
                std::rethrow_exception(end);
        } catch (const transport_error& failure) {
            return client::text_of(failure);
        } catch (const std::system_error& failure) {
            return failure.code() == asio::error::operation_aborted ? "aborted" : failure.what();
        }
        return messages.text();
    }

    collected messages{};
    asio::cancellation_signal signal{};
    std::exception_ptr end{};
    bool is_over = false;
};

TEST(http_transport, is_cancelled_at_any_point) {
    const auto legacy = revision::v2025_11_25;
    const struct {
        std::string_view place;
        std::string response;
        bool ends; // when the transport is destroyed
    } rows[] = {
        {"before the head", "HTTP/1.1 200 OK\r\n", false},
        {"in a JSON body", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{", true},
        {"in a stream", endless + "data: {}\n\n", true},
    };
    for (const auto& row : rows)
        for (const bool by_signal : {true, false}) {
            SCOPED_TRACE(row.place);
            player server({row.response});
            client with(server.url());
            pending call(with, request("tools/list", legacy));
            with.run_until([&] { return server.requests() == 1; });
            with.loop.run_for(5ms);
            EXPECT_FALSE(call.is_over);
            if (by_signal)
                call.signal.emit(asio::cancellation_type::terminal);
            else
                with.transport.reset();
            if (by_signal || row.ends) {
                with.run_until([&] { return call.is_over; });
                EXPECT_TRUE(by_signal ? call.why() == "aborted" : call.why().starts_with("1 0 "))
                    << call.why();
                server.heard(); // the client has left
            } else {
                call.signal.emit(asio::cancellation_type::terminal);
                with.run_until([&] { return call.is_over; });
            }
        }
}

TEST(http_transport, leaves_nothing_behind_when_its_event_loop_ends) {
    const auto legacy = revision::v2025_11_25;
    player server({json(answer, "Mcp-Session-Id: s\r\n"), endless, endless});
    auto with = std::make_unique<client>(server.url());
    EXPECT_EQ(with->send("initialize", legacy), answer + "\n");
    with->transport->agreed(legacy, true);
    pending call(*with, request("tools/list", legacy));
    with->run_until([&] { return server.requests() == 3; });
    with.reset();
    EXPECT_FALSE(call.is_over);
}

TEST(http_transport, survives_a_flood) {
    std::string flood;
    for (int i = 0; i < 20'000; ++i)
        flood += "data: {}\n\n";
    player server({endless + flood + "data: " + answer + "\n\n" + flood, json(answer)});
    client with(server.url());
    pending call(with, request("tools/list"));
    with.run_until([&] { return call.is_over; });
    EXPECT_EQ(call.messages.messages.size(), 20'001U);
    EXPECT_EQ(with.send("tools/list"), answer + "\n");
}

TEST(http_transport, refuses_what_it_cannot_use) {
    const struct {
        std::string_view url;
        std::string_view sentence;
    } rows[] = {
        {"mcp",
         "HTTP: connect: the URL must be http or https, in ASCII, without user and password"},
        {"http://user:secret@a/", "HTTP: connect: the URL must be http or https, in ASCII, without "
                                  "user and password"},
        {"https://a/mcp?key=secret", "https://a/mcp: connect: https needs TLS: include "
                                     "<mcp/http/tls.hpp> in a file of the program (CMake: "
                                     "asio-mcp::tls)"},
    };
    // Another test may include <mcp/http/tls.hpp>.
    const auto tls = std::exchange(mcp::http::detail::make_tls, nullptr);
    for (const auto& row : rows) {
        try {
            client with{std::string(row.url)};
            ADD_FAILURE() << row.url;
        } catch (const transport_error& failure) {
            EXPECT_EQ(failure.what(), row.sentence);
        }
    }
    mcp::http::detail::make_tls = tls;
    http_options options;
    options.headers = {{"X-Key", "a\r\nb"}};
    EXPECT_THROW(http_transport("http://a/", options), std::invalid_argument);
}

} // namespace
