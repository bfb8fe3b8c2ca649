#include <mcp/protocol/discover.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace {

TEST(discover, writes_the_example_of_the_specification) {
    mcp::discover_result result;
    result.supported_versions = mcp::modern_versions();
    result.capabilities.tools = true;
    result.capabilities.resources = true;
    result.instructions = "Use it.";
    result.caching =
        mcp::cache_policy{std::chrono::milliseconds{3600000}, mcp::cache_scope::public_};
    wire::expect_same_json(
        wire::written(result, mcp::latest,
                      std::string_view{R"({"name":"ExampleServer","version":"1.0.0"})"}),
        R"({"resultType":"complete","supportedVersions":["2026-07-28"],
            "capabilities":{"tools":{},"resources":{}},
            "_meta":{"io.modelcontextprotocol/serverInfo":
                {"name":"ExampleServer","version":"1.0.0"}},
            "instructions":"Use it.","ttlMs":3600000,"cacheScope":"public"})");
}

TEST(discover, modern_versions_are_not_legacy_ones) {
    EXPECT_EQ(mcp::modern_versions(), (std::vector<std::string>{"2026-07-28"}));
}

TEST(discover, round_trip) {
    const char* const text =
        R"({"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":)"
        R"({"name":"s","version":"1"}},"supportedVersions":["2026-07-28","2099-01-01"],)"
        R"("capabilities":{},"ttlMs":5,"cacheScope":"private"})";
    const auto read = mcp::read_discover_result(wire::parsed(text));
    ASSERT_TRUE(read);
    ASSERT_TRUE(read->server_info);
    EXPECT_EQ(read->server_info->name, "s");
    EXPECT_EQ(wire::written(*read, mcp::latest, std::string_view{R"({"name":"s","version":"1"})"}),
              text);
}

TEST(discover, refuses) {
    for (const char* bad : {"{}", R"({"supportedVersions":[]})", R"({"capabilities":{}})",
                            R"({"supportedVersions":[1],"capabilities":{}})",
                            R"({"supportedVersions":[],"capabilities":{},"_meta":
                                {"io.modelcontextprotocol/serverInfo":{}}})"}) {
        EXPECT_FALSE(mcp::read_discover_result(wire::parsed(bad))) << bad;
    }
}

} // namespace
