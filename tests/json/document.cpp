#include <mcp/json/document.hpp>

#include <mcp/json/encode.hpp>
#include <mcp/json/writer.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <support/heap_bytes.hpp>

namespace {

TEST(document, reads_one_text_after_another) {
    mcp::json_document document;
    for (int i = 0; i < 100; ++i) {
        const std::string text = R"({"id":)" + std::to_string(i) + R"(,"text":")" +
                                 std::string(static_cast<std::size_t>(i) * 100, 'x') + R"("})";
        ASSERT_FALSE(document.read(text));
        EXPECT_EQ(document.root().find("id").get_int64(), i);
        EXPECT_EQ(document.root().find("text").get_string().size(),
                  static_cast<std::size_t>(i) * 100);
        const auto error = document.read(text.substr(0, text.size() - 1));
        ASSERT_TRUE(error);
        EXPECT_EQ(error->offset, text.size() - 1);
        EXPECT_FALSE(document.root());
    }
}

TEST(document, a_copy_needs_neither_text_nor_document) {
    std::string text = R"(["before",{"a":"some text","b":["esc\naped","\\"]},"after\t"])";
    mcp::json_document part;
    {
        mcp::json_document document;
        ASSERT_FALSE(document.read(text));
        part = mcp::json_document::copy(*++document.root().elements().begin());
    }
    text.assign(text.size(), '?');
    EXPECT_EQ(mcp::encode(part.root().to_json()), R"({"a":"some text","b":["esc\naped","\\"]})");
    const mcp::json_document again = mcp::json_document::copy(part.root().find("b"));
    EXPECT_EQ(mcp::encode(again.root().to_json()), R"(["esc\naped","\\"])");
    EXPECT_FALSE(mcp::json_document::copy({}).root());
}

TEST(document, is_empty_after_clear) {
    mcp::json_document document;
    EXPECT_FALSE(document.root());
    ASSERT_FALSE(document.read("[1]"));
    document.clear();
    EXPECT_FALSE(document.root());
}

TEST(document, keeps_its_limits) {
    mcp::json_document document{{.depth = 1}};
    EXPECT_TRUE(document.read("[[]]"));
    EXPECT_FALSE(document.read("[]"));
}

TEST(document, large_texts_leave_nothing_behind) {
    constexpr std::size_t size = 1024 * 1024;
    const auto repeated = [](std::string_view part) {
        std::string text = "[";
        while (text.size() + part.size() < size) {
            text.append(text.size() > 1 ? "," : "").append(part);
        }
        return text + "]";
    };
    std::string keys = "{";
    for (int i = 0; i < 20'000; ++i) {
        keys.append(i ? ",\"\\u0041" : "\"\\u0041").append(std::to_string(i)).append("\":1");
    }
    const std::string texts[] = {
        repeated("1"),
        repeated("[]"),
        repeated("{}"),
        repeated("{\"k\":\"v\"}"),
        "\"" + std::string(size, 'x') + "\"",
        keys + "}",
        std::string(60, '[') + repeated("1"), // fails at its end
    };
    mcp::json_document document{{.object_members = 1'000'000}};
    const test::heap_growth growth;
    for (const std::string& text : texts) {
        (void)document.read(text);
        document.clear();
        EXPECT_LT(growth.bytes(), 100'000U) << text.substr(0, 20);
        EXPECT_FALSE(document.read("[1]"));
    }
}

TEST(document, may_replace_unpaired_surrogates) {
    const struct {
        std::string_view text;
        std::string_view read;
    } table[] = {
        {R"("\ud83d")", "\"\xEF\xBF\xBD\""},
        {R"("cut \ud83d")", "\"cut \xEF\xBF\xBD\""},
        {R"("\ude00!")", "\"\xEF\xBF\xBD!\""},
        {R"("\ud83d\ud83d")", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {R"("\ud83d\ud83d\ude00")", "\"\xEF\xBF\xBD\xF0\x9F\x98\x80\""},
        {R"("\ud83d\u0041")", "\"\xEF\xBF\xBD"
                              "A\""},
        {R"("\ud83d\n")", "\"\xEF\xBF\xBD\\n\""},
        {R"("\ud83d\ude00")", "\"\xF0\x9F\x98\x80\""},
        {R"({"\ud83d":1})", "{\"\xEF\xBF\xBD\":1}"},
        {R"({"\ud83d":1,"\ud83e":2})",
         "the key \"\xEF\xBF\xBD\" appears twice in one object at byte 12"},
        {R"("\ud83d\u00")", "expected four hexadecimal digits after \\u at byte 9"},
        {"\"\xED\xA0\xBD\"", "a string is not valid UTF-8 at byte 1"},
    };
    mcp::json_document document({}, mcp::unpaired_surrogates::replace);
    for (const auto& [text, read] : table) {
        const auto error = document.read(text);
        std::string out;
        if (!error)
            mcp::json_writer{out}.value(document.root());
        EXPECT_EQ(error ? error->what() : out, read) << text;
    }
    EXPECT_TRUE(mcp::json_document().read(R"("\ud83d")"));
}

} // namespace
