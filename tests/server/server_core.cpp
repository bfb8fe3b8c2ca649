#include <mcp/server/server_core.hpp>

#include <mcp/protocol/revision.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/health.hpp>
#include <mcp/server/options.hpp>
#include <mcp/server/registry.hpp>

#include <gtest/gtest.h>

#include <string>

namespace server_core_test {

TEST(server_core, has_the_description_the_settings_and_the_entries) {
    mcp::any_server server(mcp::server_info("test", "1"));
    mcp::server_core& core = server;
    core.options().page_size = 7;
    EXPECT_EQ(server.options().page_size, 7U);
    for (const mcp::revision r : mcp::all_revisions)
        EXPECT_EQ(core.info_text(r), R"({"name":"test","version":"1"})");
    EXPECT_TRUE((*core.offers())->tools.empty());
    server.tool<"t">("", [] { return 1; });
    EXPECT_FALSE((*core.offers())->tools.empty());
    EXPECT_TRUE(core.health().parts.empty());
}

} // namespace server_core_test
