#include <mcp/transport/impl/line_splitter.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace line_splitter_test {

using lines = std::vector<std::string>;

lines split(std::string_view text, std::size_t piece, std::size_t limit = 100) {
    mcp::line_splitter splitter(limit);
    lines found;
    std::string line;
    while (!text.empty()) {
        const auto size = std::min(piece, text.size());
        splitter.feed(text.substr(0, size));
        text.remove_prefix(size);
        while (splitter.next(line))
            found.push_back(line);
    }
    if (splitter.rest(line))
        found.push_back(line);
    return found;
}

TEST(line_splitter, splits_whatever_the_pieces) {
    const struct {
        std::string_view text;
        lines expected;
    } table[] = {
        {"", {}},
        {"\n", {}},
        {"a\nb\n", {"a", "b"}},
        {"a\r\nb\r\n", {"a", "b"}},
        {"a\n\n \t\r\nb", {"a", "b"}},
        {"a", {"a"}},
        {"\xEF\xBB\xBF{}\n[]\n", {"{}", "[]"}},
        {"\xEF\xBB\xBF\n1\n", {"1"}},
        {"1\n\xEF\xBB\xBF", {"1", "\xEF\xBB\xBF"}},
        {"a\rb\n", {"a\rb"}},
        {" a \n", {" a "}},
    };
    for (const auto& [text, expected] : table)
        for (std::size_t piece = 1; piece <= text.size() + 1; ++piece)
            EXPECT_EQ(split(text, piece), expected) << text << " by " << piece;
}

TEST(line_splitter, of_a_long_message_comes_the_outline) {
    const std::string call =
        R"({"method":"m","params":{"x":")" + std::string(500, 'x') + R"("},"id":7})";
    const struct {
        std::string text;
        std::string outline; ///< without the blanks after it
    } table[] = {
        {call, R"({"id":7,"method":"m"})"},
        {"\xEF\xBB\xBF" + call, R"({"id":7,"method":"m"})"},
        {R"({"result":")" + std::string(500, 'x') + R"(","id":7})", R"({"id":7,"result":true})"},
        {"[" + call + "]", ("[" + call).substr(0, 105)},
    };
    for (const auto& [text, outline] : table)
        for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1000}}) {
            const lines found = split(text + "\r\n{}\n" + call, piece);
            ASSERT_EQ(found.size(), 3U);
            EXPECT_GT(found[0].size(), 100U);
            EXPECT_EQ(found[0].substr(0, found[0].find_last_not_of(' ') + 1), outline) << piece;
            EXPECT_EQ(found[1], "{}");
            EXPECT_TRUE(found[2].starts_with(R"({"id":7,"method":"m"})"));
        }
}

TEST(line_splitter, of_a_long_line_comes_the_beginning) {
    for (std::size_t piece = 1; piece <= 12; ++piece) {
        EXPECT_EQ(split("1234\n12345678\n12345", piece, 4), (lines{"1234", "123456", "12345"}));
        EXPECT_EQ(split("1234\r\n1234\r5\n1234\r\r\n", piece, 4),
                  (lines{"1234", "1234\r5", "1234\r"}));
        EXPECT_EQ(split("    \n     \n", piece, 4), (lines{"     "}));
    }
}

} // namespace line_splitter_test
