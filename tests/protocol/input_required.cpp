#include <mcp/protocol/input_required.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <string>
#include <string_view>

namespace {

using mcp::input_required;

TEST(input_required, writes_requests_and_state) {
    input_required ask;
    ask.requests = {{"user_name", "elicitation/create", R"({"message":"m"})"},
                    {"client_roots", "roots/list"}};
    ask.request_state = "opaque";
    const char* const text = R"({"resultType":"input_required","inputRequests":{"user_name":)"
                             R"({"method":"elicitation/create","params":{"message":"m"}},)"
                             R"("client_roots":{"method":"roots/list"}},"requestState":"opaque"})";
    EXPECT_EQ(wire::written(ask), text);

    const auto value = wire::parsed(text);
    EXPECT_TRUE(mcp::is_input_required(value));
    EXPECT_EQ(wire::written(mcp::read_input_required(value).value()), text);
}

TEST(input_required, that_answers_a_tool_call_has_an_empty_content) {
    input_required ask({{"roots-1", "roots/list", "{}"}});
    ask.of_tool = true;
    const std::string text =
        R"({"resultType":"input_required","inputRequests":{"roots-1":{"method":"roots/list",)"
        R"("params":{}}},"content":[]})";
    EXPECT_EQ(wire::written(ask), text);
    EXPECT_EQ(mcp::read_input_required(wire::parsed(text)).value().requests[0].params, "{}");
}

TEST(input_required, state_alone_is_enough) {
    input_required wait;
    wait.request_state = "";
    EXPECT_EQ(wire::written(wait, std::string_view{R"({"name":"s"})"}),
              R"({"resultType":"input_required","_meta":{"io.modelcontextprotocol/serverInfo":)"
              R"({"name":"s"}},"requestState":""})");
    const auto read =
        mcp::read_input_required(wire::parsed(R"({"requestState":"s","inputRequests":{}})"));
    EXPECT_EQ(read.value().request_state, "s");
    EXPECT_TRUE(read.value().requests.empty());
}

TEST(input_required, refuses) {
    for (const char* bad :
         {"{}", "[]", R"({"inputRequests":[1]})", R"({"inputRequests":{"a":{}}})",
          R"({"inputRequests":{"a":{"method":"m","params":[1]}}})", R"({"requestState":1})"}) {
        EXPECT_FALSE(mcp::read_input_required(wire::parsed(bad))) << bad;
    }
    EXPECT_FALSE(mcp::is_input_required(wire::parsed("{}")));
    EXPECT_FALSE(mcp::is_input_required(wire::parsed(R"({"resultType":"complete"})")));
    EXPECT_FALSE(mcp::is_input_required(wire::parsed("null")));
}

TEST(input_required, reads_the_retry) {
    const auto params = wire::parsed(
        R"({"name":"t","inputResponses":{"a":{"action":"accept"}},"requestState":"s\u0000é"})");
    const auto retry = mcp::read_input_retry(params.if_object());
    ASSERT_TRUE(retry);
    ASSERT_TRUE(retry->find("a"));
    EXPECT_FALSE(retry->find("b"));
    EXPECT_EQ(retry->request_state, std::string_view("s\0\xC3\xA9", 4));

    const auto first = wire::parsed(R"({"name":"t"})");
    const auto none = mcp::read_input_retry(first.if_object());
    ASSERT_TRUE(none);
    EXPECT_FALSE(none->responses);
    EXPECT_EQ(none->request_state, std::nullopt);
    EXPECT_FALSE(none->find("a"));

    for (const char* bad : {R"({"inputResponses":[1]})", R"({"requestState":{}})"}) {
        const auto value = wire::parsed(bad);
        EXPECT_FALSE(mcp::read_input_retry(value.if_object())) << bad;
    }
}

} // namespace
