// The section of docs/types.md on types that do not compile, from the pairs of tests/compile.
#include <gtest/gtest.h>

#include "schema/types_page.hpp"
#include <sstream>
#include <string>
#include <string_view>

namespace {

struct refusal {
    std::string sentence;
    std::string code;
};

/// Reads the sentence that a pair begins with, and what its rejected half declares.
refusal read_pair(std::string_view name) {
    const std::string pair = std::string(name) + ".cpp";
    std::istringstream lines(types_page::read_file(types_page::root / "tests" / "compile" / pair));
    refusal read;
    bool in_sentence = true;
    bool skip = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("constexpr auto") || line.starts_with("int main"))
            break; // the code that uses the type
        if (line.starts_with("//")) {
            in_sentence = in_sentence && line != "//";
            if (in_sentence)
                read.sentence += line.substr(read.sentence.empty() ? 3 : 2);
        } else if (line == "#ifdef ACCEPT") {
            skip = true;
        } else if (line == "#else" || line == "#endif") {
            skip = false;
        } else if (!skip && !line.starts_with('#') && !line.empty()) {
            read.code += line + "\n";
        }
    }
    return read;
}

TEST(types_page, refused_while_compiling) {
    constexpr std::string_view pairs[] = {
        "server/text_view_member",
        "server/text_pointer",
        "server/span",
        "server/const_member",
        "schema/unsupported_type",
        "schema/map_key",
        "schema/nameless_enum",
        "json/unreadable_defaults",
        "server/multimap",
        "reflect/base_class",
        "reflect/unnamed_flag",
        "reflect/equal_json_names",
        "reflect/anonymous_union",
        "reflect/bit_fields",
        "reflect/reference_member",
        "reflect/attribute_does_not_fit",
        "reflect/describe_unknown_member",
        "reflect/range_beyond_type",
        "reflect/matching_back_reference",
        "schema/elicitation_nested",
    };
    std::string text;
    for (const std::string_view each : pairs) {
        const refusal read = read_pair(each);
        text += text.empty() ? "" : "\n";
        text += "```cpp skip\n" + read.code +
                "```\n\n> error: " + types_page::plain(read.sentence) + "\n";
    }
    types_page::show_section("Refused while compiling", text);
}

} // namespace
