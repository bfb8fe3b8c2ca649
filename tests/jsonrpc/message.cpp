#include <mcp/jsonrpc/message.hpp>

#include <mcp/json/parse.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

using mcp::jsonrpc::error;
using mcp::jsonrpc::id;
using mcp::jsonrpc::message_kind;
using mcp::jsonrpc::read_message;
using mcp::jsonrpc::unknown_id;

mcp::json parsed(std::string_view text) {
    return mcp::parse_json(text).value();
}

TEST(message, request) {
    const auto text = parsed(R"({"jsonrpc":"2.0","id":"a","method":"m","params":{"x":1}})");
    const auto read = read_message(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->kind, message_kind::request);
    EXPECT_EQ(read->id.text(), "\"a\"");
    EXPECT_EQ(read->method, "m");
    ASSERT_NE(read->params, nullptr);
    EXPECT_EQ(read->params->at("x"), 1);
    EXPECT_EQ(read->result, nullptr);
}

TEST(message, request_without_params) {
    const auto text = parsed(R"({"method":"ping","id":0,"jsonrpc":"2.0"})");
    const auto read = read_message(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->kind, message_kind::request);
    EXPECT_EQ(read->id.text(), "0");
    EXPECT_EQ(read->params, nullptr);
}

TEST(message, notification) {
    const auto text = parsed(R"({"jsonrpc":"2.0","method":"n","params":{},"extra":[1]})");
    const auto read = read_message(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->kind, message_kind::notification);
    EXPECT_FALSE(read->id);
    EXPECT_NE(read->params, nullptr);
}

TEST(message, result) {
    const auto text = parsed(R"({"jsonrpc":"2.0","id":7,"result":null})");
    const auto read = read_message(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->kind, message_kind::result);
    EXPECT_EQ(read->id.text(), "7");
    ASSERT_NE(read->result, nullptr);
    EXPECT_TRUE(read->result->is_null());
}

TEST(message, error) {
    const auto text = parsed(
        R"({"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"no","data":{"a":[1]}}})");
    const auto read = read_message(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->kind, message_kind::error);
    EXPECT_EQ(read->id.text(), "7");
    EXPECT_EQ(read->error, (error{-32601, "no", R"({"a":[1]})"}));
}

TEST(message, error_may_lack_an_id) {
    for (const char* text : {R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"no"}})",
                             R"({"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":""}})"}) {
        const auto value = parsed(text);
        const auto read = read_message(value);
        ASSERT_TRUE(read) << text;
        EXPECT_EQ(read->kind, message_kind::error);
        EXPECT_FALSE(read->id);
    }
}

TEST(message, refuses_what_is_none) {
    const char* const table[] = {
        "1",
        "null",
        "\"text\"",
        "[]",
        R"([{"jsonrpc":"2.0","method":"m"}])",
        "{}",
        R"({"jsonrpc":"2.0"})",
        R"({"jsonrpc":"2.0","id":1})",
        R"({"method":"m"})",
        R"({"jsonrpc":"1.0","method":"m"})",
        R"({"jsonrpc":2.0,"method":"m"})",
        R"({"jsonrpc":"2.0","method":1})",
        R"({"jsonrpc":"2.0","method":null,"id":1})",
        R"({"jsonrpc":"2.0","method":"m","id":null})",
        R"({"jsonrpc":"2.0","method":"m","id":1.5})",
        R"({"jsonrpc":"2.0","method":"m","id":true})",
        R"({"jsonrpc":"2.0","method":"m","id":{}})",
        R"({"jsonrpc":"2.0","method":"m","params":[]})",
        R"({"jsonrpc":"2.0","method":"m","params":null})",
        R"({"jsonrpc":"2.0","method":"m","params":"p"})",
        R"({"jsonrpc":"2.0","method":"m","id":1,"result":{}})",
        R"({"jsonrpc":"2.0","method":"m","id":1,"error":{}})",
        R"({"jsonrpc":"2.0","result":{}})",
        R"({"jsonrpc":"2.0","id":null,"result":{}})",
        R"({"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":""}})",
        R"({"jsonrpc":"2.0","id":1,"error":"no"})",
        R"({"jsonrpc":"2.0","id":1,"error":{}})",
        R"({"jsonrpc":"2.0","id":1,"error":{"code":1}})",
        R"({"jsonrpc":"2.0","id":1,"error":{"code":"1","message":""}})",
        R"({"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":""}})",
        R"({"jsonrpc":"2.0","id":1,"error":{"code":99999999999,"message":""}})",
        R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":2}})",
        R"({"jsonrpc":"2.0","id":true,"error":{"code":1,"message":""}})",
    };
    for (const char* text : table) {
        const auto value = parsed(text);
        const auto read = read_message(value);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().code, mcp::jsonrpc::errc::invalid_request) << text;
        EXPECT_FALSE(read.error().message.empty()) << text;
    }
}

TEST(message, finds_the_id_of_a_refused_one) {
    const auto id_of = [](const char* text) {
        return std::string{mcp::jsonrpc::readable_id(parsed(text)).text()};
    };
    EXPECT_EQ(id_of(R"({"id":5,"method":1})"), "5");
    EXPECT_EQ(id_of(R"({"id":"x"})"), "\"x\"");
    EXPECT_EQ(id_of(R"({"id":null})"), "");
    EXPECT_EQ(id_of(R"({"id":[1]})"), "");
    EXPECT_EQ(id_of("{}"), "");
    EXPECT_EQ(id_of("[]"), "");
}

TEST(message, writes) {
    std::string out;
    mcp::jsonrpc::write_response(out, id{1}, R"({"a":2})");
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","id":1,"result":{"a":2}})");

    out = "before";
    mcp::jsonrpc::begin_response(out, id{std::string_view{"x"}});
    out += "{}";
    mcp::jsonrpc::end_response(out);
    EXPECT_EQ(out, R"(before{"jsonrpc":"2.0","id":"x","result":{}})");

    out.clear();
    mcp::jsonrpc::write_request(out, id{3}, "roots/list");
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","id":3,"method":"roots/list"})");

    out.clear();
    mcp::jsonrpc::write_notification(out, "n\"", R"({"p":1})");
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","method":"n\"","params":{"p":1}})");
}

TEST(message, writes_errors) {
    const error no{-32601, "no\n", R"({"why":"x"})"};
    const auto written = [](const id& request, const error& why, unknown_id rule) {
        std::string out;
        mcp::jsonrpc::write_error(out, request, why, rule);
        return out;
    };
    EXPECT_EQ(
        written(id{1}, no, unknown_id::omitted),
        R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no\n","data":{"why":"x"}}})");
    EXPECT_EQ(written(id{1}, {-1, "a"}, unknown_id::null),
              R"({"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"a"}})");
    EXPECT_EQ(written(id{}, {-1, "a"}, unknown_id::null),
              R"({"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"a"}})");
    EXPECT_EQ(written(id{}, {-1, "a"}, unknown_id::omitted),
              R"({"jsonrpc":"2.0","error":{"code":-1,"message":"a"}})");
}

TEST(message, reads_what_it_writes) {
    std::string out;
    mcp::jsonrpc::write_error(out, id{std::string_view{"\n"}}, {5, "\xE4\xB8\x96", "[null]"});
    const auto value = parsed(out);
    const auto read = read_message(value);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->id, id{std::string_view{"\n"}});
    EXPECT_EQ(read->error, (error{5, "\xE4\xB8\x96", "[null]"}));
}

} // namespace
