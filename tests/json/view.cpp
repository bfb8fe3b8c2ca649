#include <mcp/json/view.hpp>

#include <mcp/json/document.hpp>
#include <mcp/json/member.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::string written(mcp::json_view view) {
    std::string text;
    mcp::json_writer{text}.value(view);
    return text;
}

/// The text as a value of a document, as a `json`, and as a value of a copy.
struct sources {
    explicit sources(std::string_view text) {
        EXPECT_FALSE(document.read(text));
        tree = *mcp::parse_json(text);
        copy = mcp::json_document::copy(document.root());
        of_tree = mcp::json_document::copy(tree);
    }

    std::vector<mcp::json_view> all() const {
        return {document.root(), tree, copy.root(), of_tree.root()};
    }

    mcp::json_document document;
    mcp::json tree;
    mcp::json_document copy;
    mcp::json_document of_tree;
};

constexpr std::string_view texts[] = {
    "null",
    "true",
    "false",
    "0",
    "-7",
    "9223372036854775807",
    "18446744073709551615",
    "1.5",
    R"("")",
    R"("plain")",
    R"("esc\"aped\n")",
    "[]",
    "{}",
    R"([1,[2,[3]],{"a":[4]},"x\ty"])",
    R"({"a":1,"b\n":{"c":[],"d":{}},"e":"f","g":null})",
};

TEST(view, shows_the_same_of_every_source) {
    for (const std::string_view text : texts) {
        const sources all(text);
        for (const mcp::json_view view : all.all()) {
            EXPECT_TRUE(view) << text;
            EXPECT_EQ(written(view), written(all.tree)) << text;
            EXPECT_EQ(view.to_json(), all.tree) << text;
            EXPECT_EQ(view.kind(), all.tree.kind()) << text;
            EXPECT_EQ(mcp::kind_name(view), mcp::kind_name(all.tree)) << text;
        }
    }
}

TEST(view, finds_members) {
    const sources all(R"({"a":1,"b\n":{"c":[5]},"ab":"x","n":null,"e":[]})");
    for (const mcp::json_view view : all.all()) {
        EXPECT_EQ(view.size(), 5u);
        EXPECT_EQ(view.find("a").get_int64(), 1);
        EXPECT_EQ(written(view.find("b\n").find("c")), "[5]");
        EXPECT_EQ(view.find("ab").if_string(), "x");
        EXPECT_FALSE(view.find("a").if_string());
        EXPECT_FALSE(view.find("x"));
        EXPECT_FALSE(view.find("x").find("y"));
        EXPECT_FALSE(view.find("a").find("y"));
        EXPECT_FALSE(view.find("x").if_string());
        EXPECT_TRUE(view.find("n").is_null());
        EXPECT_FALSE(mcp::find_member(view, "n"));
        EXPECT_EQ(mcp::find_members(view.find("e")).size(), 0u);
        EXPECT_FALSE(mcp::find_members(view.find("a")));
        EXPECT_FALSE(mcp::find_members(view.find("x")));
        std::string names;
        for (const auto& [name, value] : view.members()) {
            names += name;
        }
        EXPECT_EQ(names, "ab\nabne");
    }
}

TEST(view, has_the_members_of_an_object_alone) {
    const mcp::json tree = {{"a", 1}};
    const mcp::json_view view = &tree.get_object();
    EXPECT_TRUE(view.is_object());
    EXPECT_EQ(view.size(), 1u);
    EXPECT_EQ(view.find("a").get_int64(), 1);
    EXPECT_EQ(written(view), R"({"a":1})");
    EXPECT_EQ(view.to_json(), tree);
    EXPECT_EQ(written(mcp::json_document::copy(view).root()), R"({"a":1})");
    EXPECT_FALSE(mcp::json_view(static_cast<const mcp::json_object*>(nullptr)));
}

TEST(view, has_no_members_if_it_is_absent_or_no_object) {
    const mcp::json number = 5;
    for (const mcp::json_view view : {mcp::json_view(), mcp::json_view(number)}) {
        EXPECT_EQ(view.members().begin(), view.members().end());
    }
}

struct whole {
    std::string_view text;
    std::optional<std::int64_t> expected;
};

constexpr whole wholes[] = {
    {"3", 3},
    {"3.0", 3},
    {"3.5", std::nullopt},
    {"-9223372036854775808", INT64_MIN},
    {"9223372036854775807", INT64_MAX},
    {"9223372036854775808", std::nullopt},
    {"1e300", std::nullopt},
    {"\"3\"", std::nullopt},
    {"null", std::nullopt},
    {"true", std::nullopt},
};

TEST(view, converts_numbers) {
    for (const auto& [text, expected] : wholes) {
        const sources all(text);
        for (const mcp::json_view view : all.all()) {
            EXPECT_EQ(view.to_int64(), expected) << text;
        }
    }
    EXPECT_EQ(sources("18446744073709551615").document.root().to_double(), 18446744073709551615.0);
    EXPECT_EQ(sources("-2").document.root().to_double(), -2.0);
}

TEST(view, has_the_name_of_its_kind) {
    const mcp::json list{nullptr, true, 1, 2.5, "text", mcp::json_array{}, mcp::json_object{}};
    std::vector<std::string_view> names;
    for (const mcp::json& each : list.get_array()) {
        names.push_back(mcp::kind_name(each));
    }
    EXPECT_EQ(names, (std::vector<std::string_view>{"null", "boolean", "number", "number", "string",
                                                    "array", "object"}));
}

} // namespace
