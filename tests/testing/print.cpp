#include <mcp/testing/print.hpp>

#include <mcp/protocol/completion.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/elicitation.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/prompts.hpp>
#include <mcp/protocol/resources.hpp>
#include <mcp/protocol/tools.hpp>

#include <gtest/gtest.h>

namespace print_test {

using ::testing::PrintToString;

TEST(print, values_are_shown_as_clients_get_them) {
    EXPECT_EQ(PrintToString(mcp::content("hi")), R"({"type":"text","text":"hi"})");
    EXPECT_EQ(
        PrintToString(mcp::tool_result::error("no")),
        R"({"resultType":"complete","content":[{"type":"text","text":"no"}],"isError":true})");
    EXPECT_EQ(PrintToString(mcp::resource_contents("a://b", "text/plain", std::string("x"))),
              R"({"uri":"a://b","mimeType":"text/plain","text":"x"})");
    EXPECT_EQ(PrintToString(mcp::prompt_definition("review", "Review")),
              R"({"name":"review","description":"Review"})");
    EXPECT_EQ(PrintToString(mcp::log_message(mcp::log_level::info, "1")),
              R"({"level":"info","data":1})");
}

TEST(print, enumerators_are_shown_by_name) {
    EXPECT_EQ(PrintToString(mcp::revision::v2025_11_25), "2025-11-25");
    EXPECT_EQ(PrintToString(mcp::log_level::warning), "warning");
    EXPECT_EQ(PrintToString(mcp::elicit_action::decline), "decline");
}

} // namespace print_test
