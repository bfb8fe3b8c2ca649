#include <mcp/server/handler_fault.hpp>

#include <mcp/server/server.hpp>

#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace handler_fault_test {

namespace d = mcp::detail;

template <class F, class Fault, mcp::fixed_string... Names>
constexpr bool tool = std::is_same_v<d::handler_fault<d::tool_policy, F*, Names...>, Fault>;
template <class F, class Fault, mcp::fixed_string... Names>
constexpr bool prompt = std::is_same_v<d::handler_fault<d::prompt_policy, F*, Names...>, Fault>;

TEST(handler_fault, is_the_first_of_a_tool) {
    EXPECT_TRUE((tool<int(int, mcp::context&), d::no_fault, "a">));
    EXPECT_TRUE((tool<std::string(std::string_view), d::no_fault, "a">));
    EXPECT_TRUE((tool<void(const mcp::context*), d::context_by_value<const mcp::context*>>));
    EXPECT_TRUE((tool<int(int), d::unnamed_parameters<int>>));
    EXPECT_TRUE((tool<int(int), d::wrong_number_of_names<int>, "a", "b">));
    EXPECT_TRUE((tool<int(int&), d::mutable_reference<mcp::arg<"a", int&>>, "a">));
    EXPECT_TRUE((tool<int(int*), d::pointer_form<int*, mcp::arg<"a", int*>>, "a">));
    EXPECT_TRUE((tool<std::future<int>(), d::foreign_awaitable<std::future<int>>>));
    EXPECT_TRUE((tool<int*(), d::pointer_form<int*>>));
    using text = mcp::arg<"a", std::string_view>;
    EXPECT_TRUE((tool<int(const text&), d::no_fault>));
    EXPECT_TRUE((tool<asio::awaitable<int>(const text&), d::reference_in_coroutine<const text&>>));
}

TEST(handler_fault, is_the_first_of_a_prompt) {
    EXPECT_TRUE((prompt<std::string(std::optional<std::string_view>), d::no_fault, "a">));
    EXPECT_TRUE((prompt<int(), d::prompt_result_type<int>>));
    using list = std::vector<int>;
    EXPECT_TRUE(
        (prompt<std::string(list), d::prompt_argument_type<list, mcp::arg<"a", list>>, "a">));
}

std::string join(std::string_view first, std::optional<std::string_view> last) {
    return std::string(first) + '/' + std::string(last.value_or("none"));
}

asio::awaitable<std::string> later(mcp::arg<"text", std::string_view> text) {
    co_return std::string(*text);
}

TEST(handler_fault, is_no_text_view_because_the_library_keeps_the_text) {
    mcp::server<> server{"text", "1"};
    server.tool<join, "first", "last">("Joins");
    server.tool<later>("Returns its text");
    server.tool<"waits">("Waits", mcp::blocking([](mcp::arg<"text", std::string_view> text) {
                             return std::string(*text);
                         }));
    server.prompt<join, "first", "last">("Joins");
    server.resource<"text://{first}">("Text", [](std::string_view first) { return first; });
    server.complete<"join", "first">(
        [](std::string_view typed) { return std::vector<std::string>{std::string(typed) + '!'}; });
    // Without unknown arguments, the call has a copy of the others that ends before the handler.
    server.options().unknown_arguments = mcp::unknown_arguments::ignore;
    test::peer peer(server);
    const std::string text(100, 'x');
    const std::string quoted = '"' + text + "\\u0041\"";
    EXPECT_EQ(peer.tool("join", R"({"first":"a\"b"})")->words(), "a\"b/none");
    EXPECT_EQ(peer.tool("join", R"({"more":1,"last":"z","first":)" + quoted + "}")->words(),
              text + "A/z");
    EXPECT_EQ(peer.tool("later", R"({"more":1,"text":)" + quoted + "}")->words(), text + "A");
    EXPECT_EQ(peer.tool("waits", R"({"more":1,"text":)" + quoted + "}")->words(), text + "A");
    EXPECT_EQ(peer.ask("prompts/get", R"({"name":"join","arguments":{"first":)" + quoted + "}}")
                  ->result("/messages/0/content/text"),
              '"' + text + "A/none\"");
    EXPECT_EQ(peer.ask("resources/read", R"({"uri":"text://)" + text + R"("})")
                  ->result("/contents/0/text"),
              '"' + text + '"');
}

} // namespace handler_fault_test
