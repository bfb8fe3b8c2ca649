#include <mcp/jsonrpc/message.hpp>

#include <mcp/json/encode.hpp>
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
    ASSERT_TRUE(read->params);
    EXPECT_EQ(read->params.find("x").to_int64(), 1);
    EXPECT_FALSE(read->result);
}

TEST(message, request_without_params) {
    const auto text = parsed(R"({"method":"ping","id":0,"jsonrpc":"2.0"})");
    const auto read = read_message(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->kind, message_kind::request);
    EXPECT_EQ(read->id.text(), "0");
    EXPECT_FALSE(read->params);
}

TEST(message, notification) {
    const auto text = parsed(R"({"jsonrpc":"2.0","method":"n","params":{},"extra":[1]})");
    const auto read = read_message(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->kind, message_kind::notification);
    EXPECT_FALSE(read->id);
    EXPECT_TRUE(read->params);
}

TEST(message, result) {
    const auto text = parsed(R"({"jsonrpc":"2.0","id":7,"result":null})");
    const auto read = read_message(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->kind, message_kind::result);
    EXPECT_EQ(read->id.text(), "7");
    ASSERT_TRUE(read->result);
    EXPECT_TRUE(read->result.is_null());
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
        R"({"jsonrpc":"2.0","method":"m","params":[1]})",
        R"({"jsonrpc":"2.0","method":"m","params":[null]})",
        R"({"jsonrpc":"2.0","method":"m","params":"p"})",
        R"({"jsonrpc":"2.0","method":"m","id":1,"result":{}})",
        R"({"jsonrpc":"2.0","method":"m","id":1,"error":{}})",
        R"({"jsonrpc":"2.0","id":1,"error":null})",
        R"({"jsonrpc":"2.0","method":null,"id":1,"error":null})",
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

/// What a message was read as: its kind, id, and what it carries.
std::string described(std::string_view text) {
    const auto value = parsed(text);
    const auto read = read_message(value);
    if (!read)
        return "refused: " + read.error().message;
    const std::string id{read->id.text()};
    switch (read->kind) {
    case message_kind::request:
        return "request " + id + (read->params ? " with params" : "");
    case message_kind::notification:
        return std::string("notification") + (read->params ? " with params" : "");
    case message_kind::result:
        return "result " + id + (read->result.is_null() ? " null" : "");
    case message_kind::error:
        return "error " + id + ' ' + std::to_string(read->error.code) + read->error.data;
    }
    return {};
}

TEST(message, a_null_member_beside_its_partner_is_absent) {
    const struct {
        const char* text;
        const char* read;
    } table[] = {
        {R"({"jsonrpc":"2.0","id":1,"result":{},"error":null})", "result 1"},
        {R"({"jsonrpc":"2.0","id":1,"result":null,"error":null})", "result 1 null"},
        {R"({"jsonrpc":"2.0","id":1,"result":null,"error":{"code":-1,"message":""}})",
         "error 1 -1"},
        {R"({"jsonrpc":"2.0","id":1,"method":null,"params":null,"result":{},"error":null})",
         "result 1"},
        {R"({"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"","data":null}})", "error 1 -1"},
        {R"({"jsonrpc":"2.0","id":1,"error":{"code":-1.0,"message":""}})", "error 1 -1"},
        {R"({"jsonrpc":"2.0","id":1,"method":"m","params":null,"result":null,"error":null})",
         "request 1"},
        {R"({"jsonrpc":"2.0","id":1,"method":"m","params":[]})", "request 1 with params"},
        {R"({"jsonrpc":"2.0","method":"m","params":null})", "notification"},
        {R"({"jsonrpc":"2.0","id":null,"method":"notifications/x","params":null})", "notification"},
        {R"({"jsonrpc":"2.0","id":null,"method":"tools/list"})",
         "refused: id must be a string or an integer"},
        {R"({"jsonrpc":"2.0","id":1,"method":"notifications/x"})", "request 1"},
    };
    for (const auto& [text, read] : table)
        EXPECT_EQ(described(text), read) << text;
}

TEST(message, what_becomes_of_a_refused_one) {
    const struct {
        const char* text;
        bool answered;
        const char* id;     ///< under which it is answered
        const char* failed; ///< the response that it stands for
    } table[] = {
        {"7", true, "", "none"},
        {"null", true, "", "none"},
        {"[]", true, "", "none"},
        {R"({"id":5,"method":1})", true, "5", "none"},
        {R"({"id":"x","method":"m","params":7})", true, "\"x\"", "none"},
        {R"({"id":5,"method":"m","result":{}})", true, "5", "none"},
        {R"({"id":null,"method":"m"})", true, "", "none"},
        {R"({"id":[1],"method":"m"})", true, "", "none"},
        {R"({"method":"m","params":7})", false, "", "none"},
        {R"({"id":null,"method":"notifications/x","params":7})", false, "", "none"},
        {"{}", true, "", "none"},
        {R"({"foo":"boo"})", true, "", "none"},
        {R"({"id":5})", false, "", "error 5 -32600"},
        {R"({"id":5,"result":{},"error":{}})", false, "", "error 5 -32600"},
        {R"({"id":"x","method":null,"error":"no"})", false, "", "error \"x\" -32600"},
        {R"({"result":{}})", false, "", "none"},
        {R"({"id":null,"result":{}})", false, "", "none"},
        {R"({"id":[1],"result":{}})", false, "", "none"},
    };
    for (const auto& [text, answered, id, failed] : table) {
        const auto value = parsed(text);
        EXPECT_EQ(mcp::jsonrpc::is_answered(value), answered) << text;
        EXPECT_EQ(mcp::jsonrpc::readable_id(value).text(), id) << text;
        const auto stands_for = mcp::jsonrpc::failed_response(value, {-32600, "why"});
        EXPECT_EQ(stands_for ? described(mcp::encode(*stands_for)) : "none", failed) << text;
    }
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

TEST(message, the_data_of_an_error_may_be_deep) {
    const std::string data = std::string(100, '[') + std::string(100, ']');
    std::string out;
    mcp::jsonrpc::write_error(out, id{1}, {5, "no", data});
    EXPECT_NE(out.find(R"("data":)" + data + '}'), std::string::npos) << out;
}

TEST(message, reads_what_it_writes) {
    std::string out;
    mcp::jsonrpc::write_error(out, id{1}, {5, "no", "{\"a\":"});
    EXPECT_EQ(out,
              R"({"jsonrpc":"2.0","id":1,"error":{"code":5,"message":"no","data":"{\"a\":"}})");
    out.clear();
    mcp::jsonrpc::write_error(out, id{std::string_view{"\n"}}, {5, "\xE4\xB8\x96", "[null]"});
    const auto value = parsed(out);
    const auto read = read_message(value);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->id, id{std::string_view{"\n"}});
    EXPECT_EQ(read->error, (error{5, "\xE4\xB8\x96", "[null]"}));
}

} // namespace
