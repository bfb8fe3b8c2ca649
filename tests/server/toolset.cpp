#include <mcp/server/toolset.hpp>

#include <mcp/server/server.hpp>

#include <gtest/gtest.h>

#include "server/peer.hpp"

namespace toolset_test {

int add(int a, int b) {
    return a + b;
}

struct range {
    int from = 0, to = 0;
};

int width(range r) {
    return r.to - r.from;
}

constexpr auto tools = mcp::toolset(mcp::tool<add, "a", "b">("Add", mcp::read_only, "Adder"),
                                    mcp::tool<width>("Width"));

static_assert(tools.size == 2);
static_assert(tools.names[0] == "add" && tools.names[1] == "width");

TEST(toolset, is_served) {
    mcp::server server("test", "1");
    server.toolset(tools);
    test::peer client(server);
    EXPECT_EQ(client.tool("add", R"({"a":1,"b":2})")->words(), "3");
    EXPECT_EQ(client.tool("width", R"({"from":1,"to":5})")->words(), "4");
    const auto list = client.ask("tools/list");
    EXPECT_EQ(list->result("/tools/0/title"), R"("Adder")");
    EXPECT_EQ(list->result("/tools/0/annotations/readOnlyHint"), "true");
    EXPECT_EQ(list->result("/tools/1/description"), R"("Width")");
}

} // namespace toolset_test
