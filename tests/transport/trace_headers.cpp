#include <mcp/transport/trace_headers.hpp>

#include <mcp/http/message.hpp>
#include <mcp/protocol/trace_context.hpp>

#include <gtest/gtest.h>

#include <string_view>

namespace trace_headers_test {

constexpr std::string_view good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(trace_headers, are_read_whatever_their_case) {
    mcp::http::fields headers;
    EXPECT_TRUE(mcp::read_trace_headers(headers).empty());
    headers.add("TraceParent", good);
    headers.add("tracestate", "a=1");
    EXPECT_EQ(mcp::read_trace_headers(headers).parent, good);
    EXPECT_EQ(mcp::read_trace_headers(headers).state, "a=1");
}

TEST(trace_headers, that_are_not_well_formed_or_not_alone_count_as_none) {
    mcp::http::fields malformed;
    malformed.add("traceparent", "00-0-0-0");
    EXPECT_TRUE(mcp::read_trace_headers(malformed).empty());
    mcp::http::fields twice;
    twice.add("traceparent", good);
    twice.add("traceparent", good);
    EXPECT_TRUE(mcp::read_trace_headers(twice).empty());
    mcp::http::fields states;
    states.add("traceparent", good);
    states.add("tracestate", "a=1");
    states.add("tracestate", "b=2");
    EXPECT_EQ(mcp::read_trace_headers(states).parent, good);
    EXPECT_EQ(mcp::read_trace_headers(states).state, "");
    mcp::http::fields alone;
    alone.add("tracestate", "a=1");
    EXPECT_EQ(mcp::read_trace_headers(alone).state, "");
}

} // namespace trace_headers_test
