#include <mcp/protocol/initialize.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <string>

namespace {

using mcp::revision;

TEST(initialize, agrees_on_what_both_know) {
    const std::pair<const char*, revision> table[] = {
        {"2024-11-05", revision::v2024_11_05}, {"2025-03-26", revision::v2025_03_26},
        {"2025-06-18", revision::v2025_06_18}, {"2025-11-25", revision::v2025_11_25},
        {"2026-07-28", revision::v2025_11_25}, {"1999-01-01", revision::v2025_11_25},
        {"2099-01-01", revision::v2025_11_25}, {"", revision::v2025_11_25},
    };
    for (const auto& [requested, expected] : table) {
        EXPECT_EQ(mcp::negotiate_legacy(requested), expected) << requested;
    }
}

TEST(initialize, reads_params) {
    const auto params = wire::parsed(R"({"protocolVersion":"2025-06-18",
        "capabilities":{"roots":{"listChanged":true},"sampling":{},"elicitation":{}},
        "clientInfo":{"name":"ExampleClient","title":"Example","version":"1.0.0"}})");
    const auto read = mcp::read_initialize_params(params.if_object());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->protocol_version, "2025-06-18");
    EXPECT_TRUE(read->capabilities.roots_list_changed);
    EXPECT_TRUE(read->capabilities.elicitation_form);
    EXPECT_EQ(read->client_info.title, "Example");
    EXPECT_EQ(mcp::json(wire::parsed(wire::written(*read, revision::v2025_06_18))), params);
}

TEST(initialize, refuses_params) {
    const std::pair<const char*, const char*> table[] = {
        {"{}", "protocolVersion is missing"},
        {R"({"protocolVersion":1})", "protocolVersion: expected string, got number"},
        {R"({"protocolVersion":"x"})", "capabilities is missing"},
        {R"({"protocolVersion":"x","capabilities":{}})", "clientInfo is missing"},
        {R"({"protocolVersion":"x","capabilities":{},"clientInfo":{"name":"n"}})",
         "clientInfo.version is missing"},
    };
    for (const auto& [text, expected] : table) {
        const auto params = wire::parsed(text);
        const auto read = mcp::read_initialize_params(params.if_object());
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().what(), expected);
    }
}

TEST(initialize, answers_in_the_words_of_the_revision) {
    mcp::initialize_result result;
    result.capabilities.tools = true;
    result.capabilities.completions = true;
    result.server_info = {"s", "1"};
    result.server_info.title = "S";
    result.server_info.description = "d";
    result.instructions = "i";
    const std::pair<revision, const char*> table[] = {
        {revision::v2024_11_05, R"({"protocolVersion":"2024-11-05","capabilities":{"tools":{}},)"
                                R"("serverInfo":{"name":"s","version":"1"},"instructions":"i"})"},
        {revision::v2025_03_26,
         R"({"protocolVersion":"2025-03-26","capabilities":{"completions":{},"tools":{}},)"
         R"("serverInfo":{"name":"s","version":"1"},"instructions":"i"})"},
        {revision::v2025_06_18,
         R"({"protocolVersion":"2025-06-18","capabilities":{"completions":{},"tools":{}},)"
         R"("serverInfo":{"name":"s","title":"S","version":"1"},"instructions":"i"})"},
        {revision::v2025_11_25,
         R"({"protocolVersion":"2025-11-25","capabilities":{"completions":{},"tools":{}},)"
         R"("serverInfo":{"name":"s","title":"S","version":"1","description":"d"},)"
         R"("instructions":"i"})"},
    };
    for (const auto& [agreed, expected] : table) {
        result.protocol_version = agreed;
        EXPECT_EQ(wire::written(result), expected);
        const auto back = mcp::read_initialize_result(wire::parsed(expected));
        ASSERT_TRUE(back);
        EXPECT_EQ(wire::written(*back), expected);
    }
}

TEST(initialize, a_client_refuses_what_it_cannot_speak) {
    for (const char* version : {"2026-07-28", "1999-01-01", ""}) {
        const auto read = mcp::read_initialize_result(wire::parsed(
            std::string{R"({"capabilities":{},"serverInfo":{"name":"s","version":"1"},)"} +
            R"("protocolVersion":")" + version + "\"}"));
        ASSERT_FALSE(read) << version;
        EXPECT_EQ(read.error().path, "protocolVersion");
    }
}

} // namespace
