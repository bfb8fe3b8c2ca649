// SPDX-License-Identifier: MIT
#include <mcp/client/http_transport.hpp>

#include <mcp/client/transport_error.hpp>

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <http/scripted_peer.hpp>
#include <memory>
#include <string>
#include <string_view>
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
    std::exception_ptr end{};

    void receive(std::string message) override { messages.push_back(std::move(message)); }
    void closed(std::exception_ptr why) override { end = why; }
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

/// Says what an awaitable gave, or why it failed.
std::string outcome(asio::io_context& loop, http_transport& with, outgoing_request what,
                    collected& to) {
    try {
        const send_result result = run_on(loop, with.send(std::move(what), to));
        return to.text() + (result == send_result::later ? "later" : "");
    } catch (const transport_error& failure) {
        const std::string text = failure.what();
        const auto place = text.find("/mcp: ");
        return to.text() + std::to_string(static_cast<int>(failure.why())) + " " +
               std::to_string(failure.status()) + " " + text.substr(place + 6);
    }
}

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
    asio::io_context loop;
    connection to;
    http_options options;
    options.headers = {{"X-Key", "k"}};
    options.user_agent = "";
    http_transport transport(peer.url("/mcp"), options);
    run_on(loop, [](auto& with, auto& into) -> asio::awaitable<bool> {
        co_await with.open(into);
        co_return true;
    }(transport, to));
    for (const auto& row : rows) {
        collected messages;
        EXPECT_EQ(outcome(loop, transport, row.request, messages), answer + "\n");
    }
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
        scripted_peer peer({[&](conversation& with) {
            with.read_request();
            with.send(row.response);
        }});
        asio::io_context loop;
        connection to;
        http_options options;
        options.message_bytes = 2000;
        http_transport transport(peer.url("/mcp"), options);
        run_on(loop, [](auto& with, auto& into) -> asio::awaitable<bool> {
            co_await with.open(into);
            co_return true;
        }(transport, to));
        collected messages;
        EXPECT_EQ(outcome(loop, transport, request("tools/list"), messages), row.outcome);
    }
}

} // namespace
