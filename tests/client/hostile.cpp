// SPDX-License-Identifier: MIT
// A client in front of servers that lie, in this process and in a process of their own.
#include <mcp/async/sleep_for.hpp>
#include <mcp/client/child_process.hpp>
#include <mcp/client/client.hpp>
#include <mcp/client/connection_transport.hpp>
#include <mcp/client/transport_error.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/transport/impl/line_connection.hpp>
#include <mcp/transport/memory.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include "support/hostile_server.hpp"
#include <chrono>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hostile_test {

using mcp::test::hostile_server;
using mcp::test::trick;
using namespace std::chrono_literals;

struct row {
    const char* name;
    trick plays;
    std::string outcome;       ///< how the outcome of the request concerned begins
    std::string beside = "ok"; ///< the outcome of a call beside it
    bool legacy = false;
};

std::string result(const std::string& value) {
    return R"({"jsonrpc":"2.0","id":$id,"result":)" + value + "}";
}

const std::string ok =
    result(R"({"resultType":"complete","content":[{"type":"text","text":"ok"}]})");
const std::string ask = R"("resultType":"input_required","requestState":"$n")";

/// A result without its last bracket, or with too many levels.
std::string deep(std::size_t levels) {
    return result(R"({"content":)" + std::string(levels, '[') + std::string(levels, ']') + "}");
}

const std::vector<row>& rows() {
    const std::string call = "tools/call";
    const std::string page = R"({"resultType":"complete","tools":[],"nextCursor":)";
    static const std::vector<row> all{
        // Responses
        {"never", {call, {}}, "timeout"},
        {"to nobody", {call, {R"({"jsonrpc":"2.0","id":999,"result":{}})"}}, "timeout"},
        {"id as text", {call, {R"({"jsonrpc":"2.0","id":"$id","result":{}})"}}, "timeout"},
        {"id null",
         {call, {R"({"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}})"}},
         "timeout"},
        {"twice", {call, {ok, ok}}, "ok"},
        {"a batch", {call, {"[" + ok + "," + ok + ",5]"}}, "ok"},
        {"no members", {call, {result("5")}}, "bad_message"},
        {"wrong type", {call, {result(R"({"content":{"type":"text"}})")}}, "bad_message"},
        {"result and error",
         {call, {R"({"jsonrpc":"2.0","id":$id,"result":{},"error":{"code":1,"message":"x"}})"}},
         "bad_message"},
        {"error as text", {call, {R"({"jsonrpc":"2.0","id":$id,"error":"no"})"}}, "bad_message"},
        {"error",
         {call, {R"({"jsonrpc":"2.0","id":$id,"error":{"code":-32603,"message":"no"}})"}},
         "protocol -32603"},
        {"other version", {call, {R"({"jsonrpc":"1.0","id":$id,"result":{}})"}}, "bad_message"},
        {"unknown kind of result", {call, {result(R"({"resultType":"odd"})")}}, "bad_message"},
        {"not JSON", {call, {"<html>", "{\"jsonrpc\""}}, "timeout"},
        {"cut off", {call, {R"({"jsonrpc":"2.0","id":$id,"result":{"content":[)"}}, "timeout"},
        {"too deep", {call, {deep(3000)}}, "bad_message"},
        {"a member twice", {call, {result(R"({"content":[],"content":[]})")}}, "bad_message"},
        {"bad UTF-8", {call, {result("{\"content\":[],\"x\":\"\xff\"}")}}, "bad_message"},
        {"large",
         {call,
          {result(R"({"content":[{"type":"text","text":")" + std::string(2'000'000, 'x') +
                  "\"}]}")}},
         "xxxx"},
        {"asks for ever", {call, {result("{" + ask + "}")}}, "bad_message"},
        {"asks nonsense",
         {call, {result("{" + ask + R"(,"inputRequests":{"a":{"method":"rm","params":{}}}})")}},
         "protocol -32"},
        // Lists
        {"another page for ever", {"tools/list", {result(page + "\"$n\"}")}}, "bad_message"},
        {"the same page for ever", {"tools/list", {result(page + "\"x\"}")}}, "bad_message"},
        {"a cursor of a wrong type", {"tools/list", {result(page + "5}")}}, "bad_message"},
        {"tools of a wrong type", {"tools/list", {result(R"({"tools":[5]})")}}, "bad_message"},
        // What nobody has asked for
        {"flood of notifications",
         {call,
          {R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":$n}})",
           R"({"jsonrpc":"2.0","method":"notifications/message","params":[]})",
           R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":5})",
           R"({"jsonrpc":"2.0","method":"notifications/cancelled"})",
           R"({"jsonrpc":"2.0","method":7})"},
          false,
          true,
          2000},
         "ok"},
        {"flood of requests",
         {call, {R"({"jsonrpc":"2.0","id":$n,"method":"roots/list"})"}, false, true, 2000},
         "ok",
         "ok",
         true},
        {"requests of another era",
         {call, {R"({"jsonrpc":"2.0","id":1,"method":"roots/list"})"}, false, true},
         "ok"},
        {"requests during the handshake",
         {"initialize", {R"({"jsonrpc":"2.0","id":"a","method":"roots/list"})"}, false, true},
         "ok",
         "ok",
         true},
        // The beginning and the end
        {"handshake of a wrong type",
         {"initialize", {result(R"({"protocolVersion":7})")}},
         "bad_message",
         "",
         true},
        {"unknown revision",
         {"initialize",
          {result(R"({"protocolVersion":"1999-01-01","capabilities":{},)"
                  R"("serverInfo":{"name":"x","version":"1"}})")}},
         "bad_message",
         "",
         true},
        {"closes", {call, {}, true}, "closed", "closed"},
        {"closes at the handshake", {"initialize", {}, true}, "closed", "", true},
        {"answers and closes", {call, {ok}, true}, "ok", "closed"},
    };
    return all;
}

constexpr auto number = "MCP_TEST_TRICK";

/// This test is the program of a server if it is started with the number of a trick.
TEST(hostile_child, plays_a_trick) {
    const char* chosen = std::getenv(number);
    if (!chosen)
        return;
    asio::io_context io(1);
    mcp::detail::line_connection wire(io.get_executor(), mcp::detail::private_copy(0),
                                      mcp::detail::private_copy(1), 1'000'000);
    hostile_server server(rows().at(std::stoul(chosen)).plays);
    asio::co_spawn(io, server.serve(wire), asio::detached);
    io.run();
    std::_Exit(0);
}

std::string text_of(const std::exception_ptr& failure) {
    constexpr const char* names[] = {"not_connected", "closed", "timeout", "bad_message",
                                     "too_large"};
    try {
        std::rethrow_exception(failure);
    } catch (const mcp::transport_error& e) {
        return names[static_cast<int>(e.why())] + std::string(" ") + e.what();
    } catch (const mcp::protocol_error& e) {
        return "protocol " + std::to_string(e.error().code) + " " + e.what();
    } catch (const std::exception& e) {
        return std::string("other ") + e.what();
    }
}

asio::awaitable<void> call(mcp::client& client, std::string tool, std::chrono::milliseconds timeout,
                           std::string& outcome) {
    mcp::call_options options;
    options.timeout = timeout;
    const mcp::json_object none;
    try {
        outcome = co_await client.call<std::string>(tool, none, options);
    } catch (...) {
        outcome = text_of(std::current_exception());
    }
}

struct outcomes {
    std::string concerned;
    std::string beside;
};

/// Makes the request that the trick is played on, and a call beside it.
asio::awaitable<void> use(std::unique_ptr<mcp::client_transport> transport, const row& by,
                          asio::io_context& io, outcomes& got) {
    mcp::client_options options;
    if (by.legacy)
        options.revision = mcp::latest_legacy;
    mcp::client client(options);
    client.on_roots(std::vector<mcp::root>());
    try {
        co_await client.connect(std::move(transport));
    } catch (...) {
        got.concerned = text_of(std::current_exception());
        co_return;
    }
    auto concerned = call(client, "echo", by.outcome == "timeout" ? 100ms : 20s, got.concerned);
    if (by.plays.at == "tools/list")
        try {
            co_await client.tools();
        } catch (...) {
            got.concerned = text_of(std::current_exception());
        }
    if (got.concerned.empty()) {
        bool done = false;
        auto ended = [&](std::exception_ptr) { done = true; };
        asio::co_spawn(io, std::move(concerned), ended);
        co_await call(client, "honest", 60s, got.beside);
        while (!done)
            co_await mcp::sleep_for(1ms);
    } else {
        co_await call(client, "honest", 60s, got.beside);
    }
    co_await client.close();
}

outcomes outcome_of(const row& by, std::unique_ptr<mcp::client_transport> transport,
                    asio::io_context& io) {
    outcomes got;
    std::exception_ptr failure;
    auto ended = [&](std::exception_ptr e) { failure = e; };
    asio::co_spawn(io, use(std::move(transport), by, io, got), ended);
    io.run(); // nothing is left to do afterwards
    if (failure)
        got.concerned = text_of(failure);
    return got;
}

void expect(const row& by, const outcomes& got) {
    EXPECT_TRUE(got.concerned.starts_with(by.outcome)) << got.concerned.substr(0, 300);
    if (by.outcome == "timeout" || by.outcome == "bad_message") {
        EXPECT_GT(got.concerned.size(), by.outcome.size() + 20);
    }
    EXPECT_TRUE(got.beside.starts_with(by.beside)) << got.beside.substr(0, 300);
}

TEST(hostile, servers_harm_only_the_request_concerned) {
    for (const row& each : rows()) {
        SCOPED_TRACE(each.name);
        asio::io_context io(1);
        mcp::memory_pair pair;
        hostile_server server(each.plays);
        asio::co_spawn(io, server.serve(pair.second), asio::detached);
        auto transport =
            std::make_unique<mcp::connection_transport>(std::move(pair.first), "hostile");
        expect(each, outcome_of(each, std::move(transport), io));
        if (std::string(each.name) == "requests during the handshake") {
            EXPECT_EQ(server.heard.size(), 1u);
            EXPECT_NE(server.heard.at(0).find("-32600"), std::string::npos);
        }
        if (std::string(each.name) == "flood of requests") {
            EXPECT_GE(server.heard.size(), 1000u); // the rest had no time until the end
        }
    }
}

TEST(hostile, processes_harm_only_the_request_concerned) {
    for (const row& each : rows()) {
        SCOPED_TRACE(each.name);
        asio::io_context io(1);
        mcp::child_process program("/proc/self/exe", {"--gtest_filter=hostile_child.*"});
        program.environment = {{number, std::to_string(&each - rows().data())}};
        program.errors = mcp::child_errors::discard;
        expect(each, outcome_of(each, std::make_unique<mcp::child_transport>(program), io));
    }
}

} // namespace hostile_test
