#include <mcp/server/result_writer.hpp>

#include <mcp/http/message.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/id.hpp>

#include <gtest/gtest.h>

#include <memory>
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

TEST(result_writer, a_shared_text_is_left_to_the_transport) {
    const auto list = std::make_shared<const std::string>("[1]");
    const auto fill = [&](mcp::http::shared_text* shared) {
        std::string out;
        mcp::result_writer w(out, id, mcp::latest_legacy, "{}", shared);
        w.json().member("n", 1);
        w.share("list", list);
        w.json().member("m", 2);
        w.finish();
        return out;
    };
    mcp::http::response r;
    EXPECT_EQ(fill(nullptr), R"({"jsonrpc":"2.0","id":7,"result":{"n":1,"list":[1],"m":2}})");
    r.body = fill(&r.shared);
    EXPECT_EQ(r.body, R"({"jsonrpc":"2.0","id":7,"result":{"n":1,"list":,"m":2}})");
    EXPECT_EQ(r.shared.text, list);
    r.complete_body();
    EXPECT_EQ(r.body, fill(nullptr));
}

TEST(result_writer, a_result_that_is_taken_back_shares_nothing) {
    const auto list = std::make_shared<const std::string>("[1]");
    void (*const ends[])(mcp::result_writer&) = {
        [](mcp::result_writer& w) { w.discard(); }, [](mcp::result_writer& w) { w.restart(); },
        [](mcp::result_writer& w) { w.fail({-32602, "no"}); },
        [](mcp::result_writer& w) { w.whole(); }};
    for (const auto& end : ends) {
        std::string out;
        mcp::http::shared_text shared;
        mcp::result_writer w(out, id, mcp::latest, "{}", &shared);
        w.share("list", list);
        end(w);
        EXPECT_EQ(shared.text, nullptr);
        EXPECT_EQ(shared.at, 0U);
    }
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
