#include <mcp/protocol/trace_context.hpp>

#include <mcp/json/parse.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

constexpr std::string_view good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
static_assert(mcp::is_trace_parent(good));

TEST(trace_context, knows_what_is_well_formed) {
    const auto with = [](std::size_t at, std::string_view what) {
        return std::string(good).replace(at, what.size(), what);
    };
    const std::string cases[] = {"",
                                 std::string(good.substr(0, 54)),
                                 std::string(good) + "-",
                                 std::string(good) + "-more",
                                 with(0, "ff"),
                                 with(0, "0G"),
                                 with(3, std::string(32, '0')),
                                 with(36, std::string(16, '0')),
                                 with(3, "4BF9"),
                                 with(2, "_"),
                                 with(35, "0"),
                                 with(52, "0"),
                                 with(53, "0\n"),
                                 "cc" + std::string(good.substr(2)) + "x",
                                 "cc" + std::string(good.substr(2)) + "-\n",
                                 "cc" + std::string(good.substr(2)) + "-" + std::string(500, 'a')};
    for (const std::string& bad : cases)
        EXPECT_FALSE(mcp::is_trace_parent(bad)) << bad;
    EXPECT_TRUE(mcp::is_trace_parent(with(53, "ff")));
    EXPECT_TRUE(mcp::is_trace_parent("cc" + std::string(good.substr(2))));
    EXPECT_TRUE(mcp::is_trace_parent("cc" + std::string(good.substr(2)) + "-more"));
}

TEST(trace_context, names_its_parts) {
    const auto made = mcp::make_trace_context(good, "a=1,b=2");
    EXPECT_EQ(made.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
    EXPECT_EQ(made.span_id(), "00f067aa0ba902b7");
    EXPECT_EQ(made.state, "a=1,b=2");
    EXPECT_FALSE(made.empty());
    const mcp::trace_context none;
    EXPECT_EQ(none.trace_id(), "");
    EXPECT_EQ(none.span_id(), "");
    EXPECT_TRUE(none.empty());
}

TEST(trace_context, a_state_stands_with_its_parent_only) {
    EXPECT_EQ(mcp::make_trace_context("x", "a=1").state, "");
    EXPECT_EQ(mcp::make_trace_context(good, "a=\n").state, "");
    EXPECT_EQ(mcp::make_trace_context(good, std::string(513, 'a')).state, "");
    EXPECT_EQ(mcp::make_trace_context(good, "a=\n").parent, good);
}

TEST(trace_context, is_read_from_meta) {
    const auto read = [](const std::string& text) {
        static mcp::json value;
        value = *mcp::parse_json(text);
        return mcp::read_trace_context(value.if_object());
    };
    const std::string parent = R"("traceparent":")" + std::string(good) + '"';
    EXPECT_EQ(read("{" + parent + R"(,"tracestate":"a=1"})").parent, good);
    EXPECT_EQ(read("{" + parent + R"(,"tracestate":"a=1"})").state, "a=1");
    EXPECT_EQ(read("{" + parent + R"(,"tracestate":7})").state, "");
    EXPECT_TRUE(read(R"({"traceparent":7})").empty());
    EXPECT_TRUE(read(R"({"traceparent":"x"})").empty());
    EXPECT_TRUE(read(R"({"tracestate":"a=1"})").state.empty());
    EXPECT_TRUE(mcp::read_trace_context(nullptr).empty());
}

} // namespace
