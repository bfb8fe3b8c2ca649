// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace mcp::reflect::detail {

// Sets of characters that ECMAScript and RE2 define differently, as the text between [ and ].

/// `\s` [ECMA-262 §22.2.2.9, WhiteSpace and LineTerminator].
inline constexpr std::string_view white_space =
    "\\x09-\\x0D\\x20\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}"
    "\\x{3000}\\x{FEFF}";
inline constexpr std::string_view not_white_space =
    "\\x00-\\x08\\x0E-\\x1F\\x21-\\x{9F}\\x{A1}-\\x{167F}\\x{1681}-\\x{1FFF}\\x{200B}-\\x{2027}"
    "\\x{202A}-\\x{202E}\\x{2030}-\\x{205E}\\x{2060}-\\x{2FFF}\\x{3001}-\\x{FEFE}"
    "\\x{FF00}-\\x{10FFFF}";

// Whole classes, with their brackets.

/// `.` [ECMA-262 §22.2.2.7]: all characters except line terminators.
inline constexpr std::string_view not_line_end = "[^\\x0A\\x0D\\x{2028}\\x{2029}]";
inline constexpr std::string_view any_character = "[\\x00-\\x{10FFFF}]";
inline constexpr std::string_view no_character = "[^\\x00-\\x{10FFFF}]";

/// A general category of Unicode, in a spelling of ECMAScript and in that of RE2.
struct category {
    std::string_view name;
    std::string_view set;
    std::string_view complement;
};

#define MCP_CATEGORY(name, letters) {name, "\\p{" letters "}", "\\P{" letters "}"}

inline constexpr category categories[] = {
    MCP_CATEGORY("Letter", "L"),
    MCP_CATEGORY("Uppercase_Letter", "Lu"),
    MCP_CATEGORY("Lowercase_Letter", "Ll"),
    MCP_CATEGORY("Titlecase_Letter", "Lt"),
    MCP_CATEGORY("Modifier_Letter", "Lm"),
    MCP_CATEGORY("Other_Letter", "Lo"),
    MCP_CATEGORY("Mark", "M"),
    MCP_CATEGORY("Combining_Mark", "M"),
    MCP_CATEGORY("Nonspacing_Mark", "Mn"),
    MCP_CATEGORY("Spacing_Mark", "Mc"),
    MCP_CATEGORY("Enclosing_Mark", "Me"),
    MCP_CATEGORY("Number", "N"),
    MCP_CATEGORY("Decimal_Number", "Nd"),
    MCP_CATEGORY("digit", "Nd"),
    MCP_CATEGORY("Letter_Number", "Nl"),
    MCP_CATEGORY("Other_Number", "No"),
    MCP_CATEGORY("Punctuation", "P"),
    MCP_CATEGORY("punct", "P"),
    MCP_CATEGORY("Connector_Punctuation", "Pc"),
    MCP_CATEGORY("Dash_Punctuation", "Pd"),
    MCP_CATEGORY("Open_Punctuation", "Ps"),
    MCP_CATEGORY("Close_Punctuation", "Pe"),
    MCP_CATEGORY("Initial_Punctuation", "Pi"),
    MCP_CATEGORY("Final_Punctuation", "Pf"),
    MCP_CATEGORY("Other_Punctuation", "Po"),
    MCP_CATEGORY("Symbol", "S"),
    MCP_CATEGORY("Math_Symbol", "Sm"),
    MCP_CATEGORY("Currency_Symbol", "Sc"),
    MCP_CATEGORY("Modifier_Symbol", "Sk"),
    MCP_CATEGORY("Other_Symbol", "So"),
    MCP_CATEGORY("Separator", "Z"),
    MCP_CATEGORY("Space_Separator", "Zs"),
    MCP_CATEGORY("Line_Separator", "Zl"),
    MCP_CATEGORY("Paragraph_Separator", "Zp"),
    MCP_CATEGORY("Control", "Cc"),
    MCP_CATEGORY("cntrl", "Cc"),
    MCP_CATEGORY("Format", "Cf"),
    MCP_CATEGORY("Private_Use", "Co"),
    {"ASCII", "\\x00-\\x7F", "\\x{80}-\\x{10FFFF}"},
    {"Any", "\\x00-\\x{10FFFF}", {}},
};

#undef MCP_CATEGORY

/// Finds `\p{name}`, or `\P{name}`; `closed` is the name with its closing brace. The result is
/// `set` followed by `end`. RE2 checks the names of scripts, since it knows those of its Unicode
/// version.
[[nodiscard]] constexpr bool find_property(std::string_view closed, bool negated,
                                           std::string_view& set, std::string_view& end) {
    for (const std::string_view prefix : {"Script=", "sc="}) {
        if (!closed.starts_with(prefix))
            continue;
        set = negated ? "\\P{" : "\\p{";
        end = closed.substr(prefix.size());
        const std::string_view name = end.substr(0, end.size() - 1);
        return !name.empty() &&
               name.find_first_not_of("abcdefghijklmnopqrstuvwxyz"
                                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string_view::npos;
    }
    std::string_view name = closed.substr(0, closed.size() - 1);
    for (const std::string_view prefix : {"General_Category=", "gc="})
        if (name.starts_with(prefix))
            name.remove_prefix(prefix.size());
    for (const category& each : categories) {
        const std::string_view letters = each.set.substr(3, each.set.size() - 4);
        if (name != each.name && (each.set[1] != 'p' || name != letters))
            continue;
        set = negated ? each.complement : each.set;
        return !set.empty();
    }
    return false;
}

} // namespace mcp::reflect::detail
