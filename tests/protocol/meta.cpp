#include <mcp/protocol/meta.hpp>

#include <mcp/json/writer.hpp>
#include <mcp/protocol/implementation.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <string>

namespace {

using mcp::revision;

constexpr const char* modern = R"({"_meta":{
    "progressToken":"p",
    "io.modelcontextprotocol/protocolVersion":"2026-07-28",
    "io.modelcontextprotocol/clientInfo":{"name":"c","version":"1"},
    "io.modelcontextprotocol/clientCapabilities":{"sampling":{}},
    "io.modelcontextprotocol/logLevel":"warning",
    "traceparent":"00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01",
    "tracestate":"s","baggage":"b","com.example/own":1}})";

TEST(meta, reads_a_modern_request) {
    const auto params = wire::parsed(modern);
    const auto read = mcp::read_request_meta(params.if_object());
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->is_modern());
    EXPECT_EQ(read->protocol_version, "2026-07-28");
    ASSERT_TRUE(read->client_info);
    EXPECT_EQ(mcp::read_implementation(read->client_info).value().name, "c");
    ASSERT_TRUE(read->client_capabilities);
    EXPECT_TRUE(read->client_capabilities->sampling);
    EXPECT_EQ(read->log_level, mcp::log_level::warning);
    EXPECT_EQ(read->progress_token.text(), "\"p\"");
    EXPECT_EQ(read->trace_parent, "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01");
    EXPECT_EQ(read->trace_state, "s");
    EXPECT_EQ(read->baggage, "b");
    EXPECT_TRUE(read->object.find("com.example/own"));
    EXPECT_FALSE(mcp::check_modern_meta(*read));
}

TEST(meta, reads_a_legacy_request) {
    const auto params = wire::parsed(R"({"_meta":{"progressToken":5}})");
    const auto read = mcp::read_request_meta(params.if_object());
    ASSERT_TRUE(read);
    EXPECT_FALSE(read->is_modern());
    EXPECT_EQ(read->progress_token.text(), "5");
}

TEST(meta, may_be_absent) {
    const auto empty = wire::parsed(R"({"name":"x"})");
    const auto null = wire::parsed(R"({"_meta":null})");
    const auto nulls = wire::parsed(
        R"({"_meta":{"progressToken":null,"io.modelcontextprotocol/protocolVersion":null,
            "io.modelcontextprotocol/clientCapabilities":null,"traceparent":null,
            "io.modelcontextprotocol/clientInfo":null,"io.modelcontextprotocol/logLevel":null}})");
    const auto array = wire::parsed(R"({"_meta":[]})");
    for (const mcp::json_object* params :
         {static_cast<const mcp::json_object*>(nullptr), empty.if_object(), null.if_object(),
          nulls.if_object(), array.if_object()}) {
        const auto read = mcp::read_request_meta(params);
        ASSERT_TRUE(read);
        EXPECT_FALSE(read->client_info);
        EXPECT_FALSE(read->client_capabilities || read->log_level || read->progress_token);
        EXPECT_FALSE(read->is_modern());
    }
}

TEST(meta, names_what_a_modern_request_lacks) {
    const std::pair<const char*, const char*> table[] = {
        {R"({})", "params._meta lacks io.modelcontextprotocol/protocolVersion "
                  "io.modelcontextprotocol/clientCapabilities"},
        {R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}})",
         "params._meta lacks io.modelcontextprotocol/clientCapabilities"},
        {R"({"_meta":{"io.modelcontextprotocol/clientCapabilities":{}}})",
         "params._meta lacks io.modelcontextprotocol/protocolVersion"},
    };
    for (const auto& [text, expected] : table) {
        const auto params = wire::parsed(text);
        const auto error = mcp::check_modern_meta(*mcp::read_request_meta(params.if_object()));
        ASSERT_TRUE(error) << text;
        EXPECT_EQ(error->code, -32602);
        EXPECT_EQ(error->message, expected);
    }
}

TEST(meta, refuses_wrong_types) {
    const char* const table[] = {
        R"({"_meta":[1]})",
        R"({"_meta":{"progressToken":{}}})",
        R"({"_meta":{"io.modelcontextprotocol/protocolVersion":20260728}})",
        R"({"_meta":{"io.modelcontextprotocol/clientCapabilities":[1]}})",
        R"({"_meta":{"io.modelcontextprotocol/clientInfo":"me"}})",
        R"({"_meta":{"io.modelcontextprotocol/logLevel":"loud"}})",
        R"({"_meta":{"traceparent":1}})",
    };
    for (const char* text : table) {
        const auto params = wire::parsed(text);
        EXPECT_FALSE(mcp::read_request_meta(params.if_object())) << text;
    }
}

TEST(meta, round_trip) {
    const auto params = wire::parsed(modern);
    const auto read = mcp::read_request_meta(params.if_object());
    ASSERT_TRUE(read);
    const std::string text = R"({"_meta":)" + wire::written(*read) + "}";
    const auto again = wire::parsed(text);
    auto expected = params.at("_meta").as_object();
    expected.erase("com.example/own");
    EXPECT_EQ(again.at("_meta").as_object(), expected);
}

TEST(meta, results_by_revision) {
    wire::expect_each({"{}", "{}", "{}", "{}",
                       R"({"resultType":"complete","_meta":)"
                       R"({"io.modelcontextprotocol/serverInfo":{"name":"s"}}})"},
                      [](revision r) {
                          std::string out;
                          mcp::json_writer w{out};
                          mcp::write_empty_result(w, r, R"({"name":"s"})");
                          return out;
                      });
}

TEST(meta, results_carry_the_handlers_own) {
    mcp::json_object own;
    own["com.example/x"] = 1;
    own["io.modelcontextprotocol/serverInfo"] = "not this";
    wire::expect_each(
        {R"({"_meta":{"com.example/x":1,"io.modelcontextprotocol/serverInfo":"not this"}})",
         nullptr, nullptr, nullptr,
         R"({"resultType":"t","_meta":{"io.modelcontextprotocol/serverInfo":{},)"
         R"("com.example/x":1}})"},
        [&](revision r) {
            std::string out;
            mcp::json_writer w{out};
            mcp::begin_result(w, r, "{}", own, "t");
            w.end_object();
            return out;
        });
}

TEST(meta, knows_reserved_keys) {
    for (const char* reserved :
         {"progressToken", "traceparent", "tracestate", "baggage", "io.modelcontextprotocol/x",
          "dev.mcp/", "org.modelcontextprotocol.api/x", "com.mcp.tools/x"}) {
        EXPECT_TRUE(mcp::is_reserved_meta_key(reserved)) << reserved;
    }
    for (const char* free : {"", "x", "com.example/x", "com.example.mcp/x", "mcp/x", "a.b/mcp",
                             "com.mcptools/x", "ProgressToken"}) {
        EXPECT_FALSE(mcp::is_reserved_meta_key(free)) << free;
    }
}

} // namespace
