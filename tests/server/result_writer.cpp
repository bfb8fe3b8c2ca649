#include <mcp/server/result_writer.hpp>

#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/id.hpp>

#include <gtest/gtest.h>

#include <string>

namespace result_writer_test {

const mcp::jsonrpc::id id(7);

std::string written(mcp::revision r, void (*fill)(mcp::result_writer&)) {
    std::string out = "before ";
    mcp::result_writer w(out, id, r, R"({"name":"s"})");
    fill(w);
    w.finish();
    return out.substr(7);
}

TEST(result_writer, writes_the_envelope_of_each_era) {
    const auto fill = [](mcp::result_writer& w) { w.json().member("n", 1); };
    EXPECT_EQ(written(mcp::latest_legacy, fill), R"({"jsonrpc":"2.0","id":7,"result":{"n":1}})");
    EXPECT_EQ(written(mcp::latest, fill),
              R"({"jsonrpc":"2.0","id":7,"result":{"n":1,"resultType":"complete","_meta":)"
              R"({"io.modelcontextprotocol/serverInfo":{"name":"s"}}}})");
}

TEST(result_writer, what_was_written_can_be_taken_back) {
    EXPECT_EQ(written(mcp::latest_legacy,
                      [](mcp::result_writer& w) {
                          w.json().key("half");
                          w.json().begin_array();
                          w.meta({{"k", 1}});
                          w.restart();
                          w.json().member("n", 2);
                      }),
              R"({"jsonrpc":"2.0","id":7,"result":{"n":2}})");
    EXPECT_EQ(written(mcp::latest_legacy,
                      [](mcp::result_writer& w) {
                          w.json().member("half", 1);
                          w.whole().raw(R"({"all":3})");
                      }),
              R"({"jsonrpc":"2.0","id":7,"result":{"all":3}})");
    EXPECT_EQ(written(mcp::latest_legacy,
                      [](mcp::result_writer& w) {
                          w.whole().raw(R"({"half)");
                          w.restart();
                          w.meta({{"k", 1}});
                      }),
              R"({"jsonrpc":"2.0","id":7,"result":{"_meta":{"k":1}}})");
}

TEST(result_writer, an_error_replaces_all) {
    std::string out = "before ";
    mcp::result_writer w(out, id, mcp::latest, "{}");
    w.json().member("half", 1);
    w.fail({-32602, "no"});
    EXPECT_EQ(out, R"(before {"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"no"}})");
    w.discard();
    EXPECT_EQ(out, "before ");
}

} // namespace result_writer_test
