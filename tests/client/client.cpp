// SPDX-License-Identifier: MIT
#include <mcp/client/client.hpp>

#include <mcp/json/encode.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include "support/scripted_client.hpp"
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace client_test {

using namespace mcp::test;

const std::string discovered =
    R"({"jsonrpc":"2.0","id":$id,"result":{"resultType":"complete","supportedVersions":["2026-07-28"],)"
    R"("capabilities":{"tools":{}},"ttlMs":0,"cacheScope":"private"}})";

std::string initialized(const std::string& revision) {
    return R"({"jsonrpc":"2.0","id":$id,"result":{"protocolVersion":")" + revision +
           R"(","capabilities":{"tools":{},"logging":{}},"serverInfo":{"name":"s","version":"1"}}})";
}

TEST(client, agrees_on_a_revision) {
    using answers = std::map<std::string, std::vector<std::string>>;
    const std::string initialize_and = "initialize agreed 2025-11-25 notifications/initialized";
    const struct {
        const char* name;
        std::optional<mcp::revision> pin;
        answers says;
        std::string log;
        std::string failure;
    } table[] = {
        {"modern",
         {},
         {{"server/discover", {discovered}}},
         "open server/discover agreed 2026-07-28",
         ""},
        {"unknown method",
         {},
         {{"server/discover", {error(-32601)}}, {"initialize", {initialized("2025-11-25")}}},
         "open server/discover " + initialize_and,
         ""},
        {"older",
         {},
         {{"server/discover", {error(-32600)}}, {"initialize", {initialized("2024-11-05")}}},
         "open server/discover initialize agreed 2024-11-05 notifications/initialized",
         ""},
        {"unknown revision",
         {},
         {{"server/discover", {error(-32601)}}, {"initialize", {initialized("2023-01-01")}}},
         "open server/discover initialize",
         "transport_error: scripted: bad result of initialize: "},
        {"only modern revisions to come",
         {},
         {{"server/discover",
           {error(-32022, R"({"supported":["2027-01-01"],"requested":"2026-07-28"})")}},
          {"initialize", {error(-32601)}}},
         "open server/discover initialize",
         "protocol_error -32601: no"},
        {"pinned legacy",
         mcp::revision::v2025_06_18,
         {{"initialize", {initialized("2025-06-18")}}},
         "open initialize agreed 2025-06-18 notifications/initialized",
         ""},
        {"pinned legacy, other answer",
         mcp::revision::v2025_06_18,
         {{"initialize", {initialized("2025-03-26")}}},
         "open initialize",
         "transport_error: scripted: the server does not support revision 2025-06-18, it answers "
         "with 2025-03-26"},
        {"pinned modern, refused",
         mcp::revision::v2026_07_28,
         {{"server/discover", {error(-32601)}}},
         "open server/discover",
         "protocol_error -32601: no"},
    };
    for (const auto& each : table) {
        const auto server = server_of(each.says);
        mcp::client client({.revision = each.pin});
        const std::string failure = run(connect(client, server));
        EXPECT_EQ(server->methods(), each.log) << each.name;
        EXPECT_TRUE(failure.starts_with(each.failure)) << each.name << ": " << failure;
        EXPECT_EQ(failure.empty(), each.failure.empty()) << each.name << ": " << failure;
        EXPECT_EQ(client.connected(), each.failure.empty()) << each.name;
    }
}

asio::awaitable<void> connect_twice(mcp::client& client, std::shared_ptr<scripted_server> server,
                                    std::shared_ptr<scripted_server> then) {
    co_await connect(client, std::move(server));
    co_await client.close();
    co_await connect(client, std::move(then));
}

TEST(client, remembers_a_legacy_server) {
    const auto legacy = [](const char* initialize) {
        return server_of({{"server/discover", {error(-32601)}}, {"initialize", {initialize}}});
    };
    const std::string hello = initialized("2025-11-25");
    const auto first = legacy(hello.c_str());
    const auto second = legacy(hello.c_str());
    mcp::client client;
    EXPECT_EQ(run(connect_twice(client, first, second)), "");
    EXPECT_EQ(second->methods(), "open initialize agreed 2025-11-25 notifications/initialized");

    // The server has been replaced by a modern one.
    const auto modern =
        server_of({{"server/discover", {discovered}}, {"initialize", {error(-32601)}}});
    EXPECT_EQ(run(connect_twice(client, first, modern)), "");
    EXPECT_EQ(modern->methods(), "open initialize server/discover agreed 2026-07-28");
}

asio::awaitable<void> call_add(mcp::client& client, std::shared_ptr<scripted_server> server,
                               int& sum) {
    co_await connect(client, server);
    sum = co_await client.call<int>("add", {{"a", 2}, {"b", 3}});
}

TEST(client, three_kinds_of_errors) {
    const struct {
        std::string answer;
        std::string failure;
        int sum;
    } table[] = {
        {result(R"({"resultType":"complete","content":[],"structuredContent":5})"), "", 5},
        {result(R"({"content":[{"type":"text","text":"5"}]})"), "", 5},
        {result(R"({"content":[{"type":"text","text":"no"}],"isError":true})"), "tool_error: no",
         0},
        {error(-32602), "protocol_error -32602: no", 0},
        {result(R"({"content":[{"type":"text","text":"five"}]})"),
         "transport_error: the result of tools/call add does not have the expected type", 0},
        {result(R"({"content":7})"),
         "transport_error: the result of tools/call add does not have the expected type", 0},
        {result(R"({"resultType":"task"})"),
         "transport_error: scripted: the result of tools/call add has a resultType", 0},
    };
    for (const bool streams : {false, true})
        for (const auto& each : table) {
            const auto server = server_of(
                {{"server/discover", {discovered}}, {"tools/call", {each.answer}}}, streams);
            mcp::client client({.name = "test", .version = "2"});
            int sum = 0;
            const std::string failure = run(call_add(client, server, sum));
            EXPECT_TRUE(failure.starts_with(each.failure)) << failure;
            EXPECT_EQ(failure.empty(), each.failure.empty()) << failure;
            EXPECT_EQ(sum, each.sum);
            EXPECT_EQ(mcp::encode(server->sent.back().at("params")),
                      R"({"name":"add","arguments":{"a":2,"b":3},"_meta":{)"
                      R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                      R"("io.modelcontextprotocol/clientInfo":{"name":"test","version":"2"},)"
                      R"("io.modelcontextprotocol/clientCapabilities":{}}})");
        }
}

} // namespace client_test
