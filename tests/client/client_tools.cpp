// SPDX-License-Identifier: MIT
#include <mcp/client/client.hpp>
#include <mcp/json/value.hpp>

#include <asio/awaitable.hpp>
#include <gtest/gtest.h>

#include "support/scripted_client.hpp"
#include <memory>
#include <string>
#include <vector>

namespace client_tools_test {

using namespace mcp::test;

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& each : texts)
        all.append(all.empty() ? "" : "; ").append(each);
    return all;
}

std::string tool(const std::string& name, const std::string& properties,
                 const std::string& more = "") {
    return R"({"name":")" + name + R"(","inputSchema":{"type":"object","properties":)" +
           properties + "}" + more + "}";
}

const std::string mirrored = R"({"region":{"type":"string","x-mcp-header":"Region"},)"
                             R"("days":{"type":"integer","x-mcp-header":"Days"}})";

std::string list_of(const std::string& tools) {
    return result(R"({"resultType":"complete","tools":[)" + tools +
                  R"(],"ttlMs":0,"cacheScope":"private"})");
}

const std::string fine = result(R"({"resultType":"complete","content":[]})");

struct outcome {
    std::string names;
    std::vector<std::string> faults{};
};

asio::awaitable<void> list_and_call(mcp::client& client, std::shared_ptr<scripted_server> server,
                                    bool list, std::string name, mcp::json arguments,
                                    outcome& out) {
    client.on_fault([&out](const std::string& why) { out.faults.push_back(why); });
    co_await connect(client, server);
    if (list) {
        const auto tools = co_await client.tools();
        for (const mcp::tool_info& each : tools)
            out.names += each.name + " ";
    }
    co_await client.call(name, arguments);
    co_await client.close();
}

answer_table modern_or_legacy(bool modern, answer_table more) {
    more["server/discover"] = {modern ? discovered() : error(-32601)};
    more["initialize"] = {initialized()};
    return more;
}

TEST(client_tools, arguments_become_headers) {
    const std::string bad = tool("bad", R"({"a":{"type":"number","x-mcp-header":"A"}})");
    const struct {
        const char* name;
        bool modern;
        bool streams;
        bool list;
        mcp::json arguments;
        std::string names;
        std::string fields;
        std::size_t faults;
    } table[] = {
        {"listed",
         true,
         true,
         true,
         {{"region", "Zürich"}, {"days", 3}},
         "get ",
         "Mcp-Param-Region: Zürich; Mcp-Param-Days: 3",
         1},
        {"null and absent", true, true, true, {{"region", nullptr}}, "get ", "", 1},
        {"wrong type", true, true, true, {{"days", "three"}}, "get ", "", 1},
        {"not listed", true, true, false, {{"region", "EU"}}, "", "", 0},
        {"no streams", true, false, true, {{"region", "EU"}}, "get bad ", "", 0},
        {"legacy", false, true, true, {{"region", "EU"}}, "get bad ", "", 0},
    };
    for (const auto& each : table) {
        const auto server = server_of(
            modern_or_legacy(each.modern,
                             {{"tools/list", {list_of(tool("get", mirrored) + "," + bad)}},
                              {"tools/call", {fine}}}),
            each.streams);
        mcp::client client;
        outcome out;
        EXPECT_EQ(run(list_and_call(client, server, each.list, "get", each.arguments, out)), "")
            << each.name;
        EXPECT_EQ(out.names, each.names) << each.name;
        EXPECT_EQ(joined(server->fields), each.fields) << each.name;
        EXPECT_EQ(out.faults.size(), each.faults) << each.name;
    }
}

// The tool may have changed since it was listed, or not have been listed at all.
TEST(client_tools, lists_the_tools_after_a_mismatch_of_headers) {
    const std::string other = R"({"region":{"type":"string","x-mcp-header":"Zone"}})";
    const struct {
        const char* name;
        bool list;
        std::string properties;
        std::size_t refusals;
        std::string log;
        std::string fields;
        std::string failure;
    } table[] = {
        {"not listed", false, mirrored, 1, "tools/call tools/list tools/call",
         "Mcp-Param-Region: EU", ""},
        {"changed", true, other, 1, "tools/list tools/call tools/list tools/call",
         "Mcp-Param-Region: EU; Mcp-Param-Zone: EU", ""},
        {"of another cause", false, "{}", 1, "tools/call tools/list", "",
         "protocol_error -32020: no"},
        {"again", false, mirrored, 2, "tools/call tools/list tools/call", "Mcp-Param-Region: EU",
         "protocol_error -32020: no"},
    };
    for (const auto& each : table) {
        const auto server = std::make_shared<scripted_server>();
        server->streams = true;
        std::size_t lists = each.list ? 0 : 1;
        std::size_t refusals = each.refusals;
        server->answer = [&](const mcp::json& message) -> std::vector<std::string> {
            const std::string method(mcp::json_view(message).find("method").get_string());
            if (method == "server/discover")
                return {discovered()};
            if (method == "tools/list")
                return {list_of(tool("get", lists++ == 0 ? mirrored : each.properties))};
            return {refusals-- > 0 ? error(-32020) : fine};
        };
        mcp::client client;
        outcome out;
        const mcp::json arguments{{"region", "EU"}};
        EXPECT_EQ(run(list_and_call(client, server, each.list, "get", arguments, out)),
                  each.failure)
            << each.name;
        EXPECT_TRUE(
            server->methods().starts_with("open server/discover agreed 2026-07-28 " + each.log))
            << each.name << ": " << server->methods();
        EXPECT_EQ(joined(server->fields), each.fields) << each.name;
    }
}

TEST(client_tools, results_are_checked) {
    const std::string sum =
        R"(,"outputSchema":{"type":"object","properties":{"sum":{"type":"integer"}},"required":["sum"]})";
    const std::string remote = R"(,"outputSchema":{"$ref":"https://schemas.example.com/sum.json"})";
    const auto says = [](const std::string& members) {
        return result(R"({"resultType":"complete","content":[])" + members + "}");
    };
    const struct {
        const char* name;
        std::string schema;
        std::string result;
        bool checked;
        bool listed;
        std::string failure;
        std::size_t faults;
    } table[] = {
        {"fits", sum, says(R"(,"structuredContent":{"sum":5})"), true, true, "", 0},
        {"wrong type", sum, says(R"(,"structuredContent":{"sum":"5"})"), true, true,
         "transport_error: scripted: bad result of tools/call get: it does not conform to the "
         "outputSchema: structuredContent.sum: expected integer, got string",
         0},
        {"missing member", sum, says(R"(,"structuredContent":{})"), true, true,
         "transport_error: scripted: bad result of tools/call get: it does not conform to the "
         "outputSchema: structuredContent",
         0},
        {"nothing", sum, says(""), true, true,
         "transport_error: scripted: bad result of tools/call get: it has no structuredContent", 0},
        {"failure of the tool", sum, says(R"(,"isError":true)"), true, true, "", 0},
        {"not checked", sum, says(""), false, true, "", 0},
        {"not listed", sum, says(""), true, false, "", 0},
        {"schema elsewhere", remote, says(R"(,"structuredContent":{"sum":"5"})"), true, true, "",
         1},
        {"no schema", "", says(R"(,"structuredContent":{"sum":"5"})"), true, true, "", 0},
    };
    for (const bool modern : {true, false})
        for (const auto& each : table) {
            const auto server = server_of(
                modern_or_legacy(modern, {{"tools/list", {list_of(tool("get", "{}", each.schema))}},
                                          {"tools/call", {each.result}}}));
            mcp::client client({.check_results = each.checked});
            outcome out;
            const std::string failure =
                run(list_and_call(client, server, each.listed, "get", mcp::json_object(), out));
            EXPECT_TRUE(failure.starts_with(each.failure)) << each.name << ": " << failure;
            EXPECT_EQ(failure.empty(), each.failure.empty()) << each.name << ": " << failure;
            EXPECT_EQ(out.faults.size(), each.faults) << each.name << joined(out.faults);
        }
}

} // namespace client_tools_test
