#include <mcp/sse/parser.hpp>

#include <mcp/sse/event.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace std::string_view_literals;

std::vector<std::string> read(std::string_view bytes, std::size_t step) {
    mcp::sse::parser parser;
    std::vector<std::string> out;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        parser.feed(bytes.substr(at, step));
        while (const auto e = parser.next()) {
            out.push_back(e->name + "|" + e->data + "|" + e->last_event_id);
        }
    }
    return out;
}

struct row {
    std::string_view bytes;
    std::vector<std::string> expected;
};

const row rows[] = {
    {"data: a\n\n", {"message|a|"}},
    {"data:a\n\n", {"message|a|"}},
    {"data:  a\n\n", {"message| a|"}},
    {"data\n\n", {"message||"}},
    {"data: a\r\n\r\ndata: b\r\rdata: c\n\n", {"message|a|", "message|b|", "message|c|"}},
    {"data: a\r\ndata: b\rdata: c\n\r\n", {"message|a\nb\nc|"}},
    {"data\ndata\n\n", {"message|\n|"}},
    {"event: add\ndata: 1\n\ndata: 2\n\n", {"add|1|", "message|2|"}},
    {"id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", {"message|a|1", "message|b|1", "message|c|"}},
    {"id: 7\nretry: 10\n\ndata: a\n\n", {"message|a|7"}},
    {"id: a\0b\ndata: x\n\n"sv, {"message|x|"}},
    {"event: x\n\ndata: a\n\n", {"message|a|"}},
    {": comment\n\n:\n\ndata: a\n: inside\n\n", {"message|a|"}},
    {"unknown: x\ndata: a\nDATA: b\n\n", {"message|a|"}},
    {"\xEF\xBB\xBF"
     "data: a\n\n",
     {"message|a|"}},
    {"\xEF\xBB\xBF\xEF\xBB\xBF"
     "data: a\n\n",
     {}},
    {"data: {\"a\":1}\n", {}},
    {"\n\n\r\n\r", {}},
    {"", {}},
};

TEST(parser, reads_events_whatever_the_split) {
    for (const row& r : rows) {
        for (std::size_t step = 1; step <= r.bytes.size() + 1; ++step) {
            EXPECT_EQ(read(r.bytes, step), r.expected) << r.bytes << " by " << step;
        }
    }
}

TEST(parser, remembers_for_the_reconnect) {
    mcp::sse::parser parser;
    parser.feed("id: 7\nretry: 1500\ndata:\n\nretry: soon\nretry: -1\nid: 8\n\n");
    EXPECT_TRUE(parser.next());
    EXPECT_FALSE(parser.next());
    EXPECT_EQ(parser.last_event_id(), "8");
    EXPECT_EQ(parser.retry(), std::chrono::milliseconds(1500));
}

TEST(parser, ends_a_stream_that_never_ends_its_event) {
    mcp::sse::parser line(100);
    line.feed("data: " + std::string(200, 'x'));
    EXPECT_FALSE(line.next());
    EXPECT_TRUE(line.failed());
    mcp::sse::parser lines(100);
    for (int i = 0; i < 30 && !lines.failed(); ++i) {
        lines.feed("data: 12345\n");
        EXPECT_FALSE(lines.next());
    }
    EXPECT_TRUE(lines.failed());
    lines.feed("\n\n");
    EXPECT_FALSE(lines.next());
}

TEST(parser, reads_what_is_written) {
    for (const std::string_view data : {"", "a", "a\nb", "\n\n", "{\"x\": [1, 2]}", " lead", ":"}) {
        std::string bytes;
        mcp::sse::append_comment(bytes, "hello");
        mcp::sse::append_event(bytes, {.data = data, .id = "x-1", .name = "n"});
        EXPECT_EQ(read(bytes, 3), std::vector<std::string>{"n|" + std::string(data) + "|x-1"});
    }
}

} // namespace
