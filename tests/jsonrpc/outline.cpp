#include <mcp/jsonrpc/outline.hpp>

#include <mcp/json/encode.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace outline_test {

std::string outline(std::string_view text, std::size_t piece) {
    mcp::jsonrpc::outline_scanner scanner;
    while (!text.empty()) {
        scanner.feed(text.substr(0, piece));
        text.remove_prefix(std::min(piece, text.size()));
    }
    return mcp::encode(scanner.take());
}

TEST(outline, has_the_id_and_the_method_of_what_is_no_json) {
    const std::string deep = std::string(1000, '[') + std::string(1000, ']');
    const std::string call = R"({"id":1,"method":"m"})";
    const struct {
        std::string text;
        std::string expected;
    } table[] = {
        // what a strict reader refuses inside of the message
        {R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"a":"\ud83d"}})", call},
        {R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1,"a":2}})", call},
        {R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1e400}})", call},
        {R"({"jsonrpc":"2.0","id":1,"method":"m","params":)" + deep + "}", call},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"a\":\"\xFF\"}}", call},
        {R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"a":NaN}})", call},
        {R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"a":01,}})", call},
        {R"({"params":{"id":9,"s":"}\",{\"id\":8","a":NaN},"method":"m","jsonrpc":"2.0","id":1})",
         call},
        {R"( { "\u0069d" : 1 , "method" : "m" , "x" : [ NaN ] } )", call},
        {"\xEF\xBB\xBF" + call + "}", call},
        {R"({"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"method":"m"})", call},
        {R"({"id":"a\"}","method":"m","x":NaN})", R"({"id":"a\"}","method":"m"})"},
        {R"({"id":1,"method":"m",})", call},
        {R"({"id":1,"method":"m"}{"id":2,"method":"n"})", call},
        // cut
        {R"({"id":1,"method":"m","params":{"a":"b)", call},
        {R"({"id":1,"method":"m)", "null"},
        {R"({"id":1)", "null"},
        {R"({"id":1,)", "null"},
        {R"({"method":"m","params":{"a":"b)", "null"},
        {R"({"id":1,"result":{},"x":)", R"({"id":1,"result":true})"},
        {R"({"id":1,"result":{)", "null"},
        // responses and notifications
        {R"({"jsonrpc":"2.0","id":1,"result":{"a":NaN}})", R"({"id":1,"result":true})"},
        {R"({"jsonrpc":"2.0","error":NaN})", R"({"result":true})"},
        {R"({"jsonrpc":"2.0","method":"notifications/x","params":{"a":NaN}})",
         R"({"method":"notifications/x"})"},
        {R"({"id":null,"method":"notifications/x","a":NaN})",
         R"({"id":null,"method":"notifications/x"})"},
        // ids that cannot be read
        {R"({"id":1,"id":2,"method":"m"})", R"({"id":null,"method":"m"})"},
        {R"({"id":1,"id":1,"method":"m","id":1})", R"({"id":null,"method":"m"})"},
        {R"({"id":1e400,"method":"m"})", R"({"id":null,"method":"m"})"},
        {R"({"id":"\ud83d","method":"m"})", R"({"id":null,"method":"m"})"},
        {R"({"id":")" + std::string(2000, 'x') + R"(","method":"m"})",
         R"({"id":null,"method":"m"})"},
        {R"({"id":1,"method":"\ud83d"})", R"({"id":1,"method":""})"},
        // no object
        {"", "null"},
        {"nonsense", "null"},
        {R"([{"id":1,"method":"m"}])", "null"},
        {R"("{\"id\":1}")", "null"},
        {R"({id:1,"method":"m"})", "null"},
    };
    for (const auto& [text, expected] : table)
        for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, text.size() + 1})
            EXPECT_EQ(outline(text, piece), expected) << text.substr(0, 100) << " by " << piece;
}

} // namespace outline_test
