#include <mcp/transport/inbound.hpp>

#include <mcp/json/parse.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/message.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace inbound_test {

using mcp::era;

constexpr std::string_view key = R"("io.modelcontextprotocol/protocolVersion":)";

mcp::json message(std::string_view method, std::string_view claim = {}) {
    std::string text = R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + '"';
    if (!claim.empty())
        text.append(R"(,"params":{"_meta":{)").append(key).append(claim) += "}}";
    return *mcp::parse_json(text + "}");
}

era of(const mcp::json& value, std::optional<std::string_view> header = {}) {
    return mcp::era_of(value, header);
}

TEST(inbound, the_claim_decides) {
    for (const char* claim : {R"("2026-07-28")", R"("2025-11-25")", R"("x")", "7"}) {
        SCOPED_TRACE(claim);
        EXPECT_TRUE(mcp::claims_modern(message("tools/list", claim)));
        EXPECT_EQ(of(message("tools/list", claim)), era::modern);
        EXPECT_EQ(of(message("tools/list", claim), "2025-11-25"), era::modern);
    }
}

TEST(inbound, then_the_header) {
    for (const char* claim : {"", "null"}) { // a null claim is none
        const mcp::json plain = message("tools/list", claim);
        EXPECT_EQ(of(plain), era::legacy);
        EXPECT_EQ(of(plain, "2025-11-25"), era::legacy);
        EXPECT_EQ(of(plain, "2024-11-05"), era::legacy);
        EXPECT_EQ(of(plain, "2026-07-28"), era::modern);
        EXPECT_EQ(of(plain, "2099-01-01"), era::modern);
        EXPECT_EQ(of(plain, ""), era::modern);
    }
}

TEST(inbound, a_handshake_is_modern_only_with_a_modern_claim) {
    EXPECT_EQ(of(message("initialize")), era::legacy);
    EXPECT_EQ(of(message("initialize"), "2026-07-28"), era::legacy);
    EXPECT_EQ(of(message("initialize"), "nonsense"), era::legacy);
    EXPECT_EQ(of(message("initialize", R"("2025-11-25")")), era::legacy);
    EXPECT_EQ(of(message("initialize", R"("nonsense")")), era::legacy);
    EXPECT_EQ(of(message("initialize", "7")), era::legacy);
    EXPECT_EQ(of(message("initialize", R"("2026-07-28")")), era::modern);
}

TEST(inbound, a_refused_handshake_names_the_revisions_served) {
    const auto refuse = [](const mcp::json& message) {
        return mcp::refuse_handshake(*mcp::jsonrpc::read_message(message));
    };
    const auto plain = mcp::parse_json(
        R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}})");
    const auto refusal = refuse(*plain);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->code, -32022);
    EXPECT_EQ(refusal->data, R"({"supported":["2026-07-28"],"requested":"2025-11-25"})");
    EXPECT_TRUE(refuse(message("initialize")));
    EXPECT_FALSE(refuse(message("initialize", R"("2026-07-28")")));
    EXPECT_FALSE(refuse(message("tools/list")));
}

TEST(inbound, what_is_no_call_is_legacy) {
    for (const char* text :
         {R"({"jsonrpc":"2.0","id":1,"result":{}})",
          R"({"jsonrpc":"2.0","id":1,"method":null,"result":{}})", "[]", "7", "null", "{}"}) {
        SCOPED_TRACE(text);
        EXPECT_EQ(of(*mcp::parse_json(text)), era::legacy);
        EXPECT_EQ(of(*mcp::parse_json(text), "2026-07-28"), era::legacy);
    }
}

TEST(inbound, a_claim_is_looked_for_in_one_place) {
    for (const char* text :
         {R"({"method":"a","_meta":{K"2026-07-28"}})", R"({"method":"a","params":{K"2026-07-28"}})",
          R"({"method":"a","params":[{"_meta":{K"2026-07-28"}}]})",
          R"({"method":"a","params":{"_meta":[{K"2026-07-28"}]}})",
          R"({"method":"a","params":{"_meta":"2026-07-28"}})"}) {
        SCOPED_TRACE(text);
        std::string json = text;
        if (const auto at = json.find('K'); at != json.npos)
            json.replace(at, 1, key);
        EXPECT_EQ(of(*mcp::parse_json(json)), era::legacy);
    }
}

} // namespace inbound_test
