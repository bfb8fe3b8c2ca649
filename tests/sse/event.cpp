#include <mcp/sse/event.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

namespace {

using namespace std::string_view_literals;
using mcp::sse::event;

std::string text(const event& e) {
    std::string out;
    mcp::sse::append_event(out, e);
    return out;
}

std::string comment(std::string_view c) {
    std::string out;
    mcp::sse::append_comment(out, c);
    return out;
}

TEST(event, writes_its_fields) {
    EXPECT_EQ(text({.data = "{}"}), "data: {}\n\n");
    EXPECT_EQ(text({.data = "a", .id = "7", .name = "message"}),
              "event: message\nid: 7\ndata: a\n\n");
    EXPECT_EQ(text({.data = "", .id = "0", .retry = std::chrono::milliseconds(500)}),
              "id: 0\nretry: 500\ndata: \n\n");
}

TEST(event, data_of_several_lines) {
    EXPECT_EQ(text({.data = "a\nb\rc\r\nd"}), "data: a\ndata: b\ndata: c\ndata: d\n\n");
    EXPECT_EQ(text({.data = "a\n"}), "data: a\ndata: \n\n");
    EXPECT_EQ(text({.data = "\r\n\n"}), "data: \ndata: \ndata: \n\n");
}

TEST(event, nothing_breaks_out_of_its_field) {
    EXPECT_EQ(text({.data = "x", .id = "1\ndata: y", .name = "a\r\n\r\nb"}),
              "event: ab\nid: 1data: y\ndata: x\n\n");
    EXPECT_EQ(text({.data = "x", .id = "1\0002"sv}), "id: 12\ndata: x\n\n");
    EXPECT_EQ(comment("a\n\ndata: b"), ": adata: b\n\n");
}

TEST(event, comment) {
    EXPECT_EQ(comment(""), ":\n\n");
    EXPECT_EQ(comment("keep-alive"), ": keep-alive\n\n");
}

} // namespace
