#include <mcp/transport/legacy/handshake.hpp>

#include <mcp/server/server.hpp>

#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <string>
#include <string_view>

namespace handshake_test {

TEST(handshake, agrees_on_a_legacy_revision) {
    const auto agreed = [](std::string_view version) {
        const auto params = test::parse(
            R"({"protocolVersion":")" + std::string(version) +
            R"(","capabilities":{"roots":{},"elicitation":{}},"clientInfo":{"name":"c",)"
            R"("version":"2"}})");
        auto got = mcp::legacy::read_handshake(&params.get_object());
        EXPECT_TRUE(got) << version;
        EXPECT_EQ(got->client.name, "c");
        EXPECT_TRUE(got->capabilities.roots);
        EXPECT_EQ(got->capabilities.elicitation_form, mcp::has_elicitation(got->revision))
            << "an older revision has no such request";
        return got->revision;
    };
    for (const auto r : mcp::all_revisions)
        EXPECT_EQ(agreed(mcp::to_string(r)), mcp::is_legacy(r) ? r : mcp::latest_legacy);
    EXPECT_EQ(agreed("1999-01-01"), mcp::latest_legacy);
}

TEST(handshake, malformed_ones_are_refused) {
    for (const std::string_view wrong :
         {"{}",
          R"({"protocolVersion":7,"capabilities":{},"clientInfo":{"name":"c","version":"2"}})",
          R"({"protocolVersion":"2025-11-25","capabilities":[1],"clientInfo":{"name":"c",)"
          R"("version":"2"}})"}) {
        const auto params = test::parse(wrong);
        const auto got = mcp::legacy::read_handshake(&params.get_object());
        ASSERT_FALSE(got) << wrong;
        EXPECT_EQ(got.error().code, -32602);
    }
    EXPECT_FALSE(mcp::legacy::read_handshake(nullptr));
}

TEST(handshake, says_what_the_server_can_do) {
    mcp::server server(mcp::server_info{.name = "s", .version = "1", .instructions = "Be kind"});
    server.tool<"t">("", [] { return 1; });
    std::string out;
    mcp::legacy::write_handshake(out, server, mcp::jsonrpc::id(1), mcp::revision::v2025_03_26);
    const auto got = test::parse(out);
    EXPECT_EQ(test::at(got, "/result/protocolVersion"), R"("2025-03-26")");
    EXPECT_EQ(test::at(got, "/result/serverInfo/name"), R"("s")");
    EXPECT_EQ(test::at(got, "/result/instructions"), R"("Be kind")");
    EXPECT_EQ(test::at(got, "/result/capabilities/tools/listChanged"), "true");
}

TEST(handshake, what_is_kept_of_a_client_is_bounded) {
    const auto reads = [](std::string_view info, std::string_view capabilities) {
        const auto params = test::parse(
            R"({"protocolVersion":"2025-11-25","clientInfo":{"name":"c","version":"2")" +
            std::string(info) + R"(},"capabilities":)" + std::string(capabilities) + "}");
        const auto got = mcp::legacy::read_handshake(&params.get_object(), 1'000);
        return got ? std::string() : got.error().message;
    };
    const std::string large = '"' + std::string(1'000, 'x') + '"';
    EXPECT_EQ(reads("", "{}"), "");
    EXPECT_EQ(reads(R"(,"title":)" + large, "{}"),
              "params.clientInfo and params.capabilities have 1037 and 2 bytes; together at most "
              "1000 are allowed");
    EXPECT_NE(reads(R"(,"icons":[{"src":)" + large + "}]", "{}"), "");
    EXPECT_NE(reads("", R"({"experimental":{"a":{"b":)" + large + "}}}"), "");
    EXPECT_EQ(reads(R"(,"more":)" + large, R"({"more":)" + large + "}"), "") << "is not kept";
    EXPECT_EQ(reads("", R"({"extensions":{"a":{"b":)" + large + "}}}"), "")
        << "nor is what the revision does not know";
}

} // namespace handshake_test
