#pragma once

#include <mcp/reflect/constraints.hpp>

#include <cstddef>
#include <map>
#include <regex>
#include <string>
#include <string_view>

namespace mcp {
namespace reflect::detail {

/// The matcher of libstdc++ that follows all states at once, where there is one: trying one after
/// the other takes exponential time on patterns such as "(a+)+$".
#if defined(__GLIBCXX__)
inline constexpr auto pattern_options = std::regex::ECMAScript | std::regex_constants::__polynomial;
#else
inline constexpr auto pattern_options = std::regex::ECMAScript;
#endif

/// Longer text matches nothing: matching takes time and stack by its length.
inline constexpr std::size_t max_matched_length = 4096;

/// The code points of UTF-8 text, so that "." is a character and not a byte.
[[nodiscard]] inline std::wstring code_points_of(std::string_view text) {
    std::wstring out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80 || byte >= 0xC0)
            out.push_back(static_cast<wchar_t>(byte < 0x80   ? byte
                                               : byte < 0xE0 ? byte & 0x1FU
                                               : byte < 0xF0 ? byte & 0x0FU
                                                             : byte & 0x07U));
        else if (!out.empty())
            out.back() = static_cast<wchar_t>((static_cast<unsigned long>(out.back()) << 6U) |
                                              (byte & 0x3FU));
    }
    return out;
}

[[nodiscard]] inline bool contains_match(std::string_view text, const std::wregex& expression) {
    return text.size() <= max_matched_length && std::regex_search(code_points_of(text), expression);
}

/// The compiled form of an expression of the program, kept for the life of the thread.
[[nodiscard]] inline const std::wregex& compiled(std::string_view expression) {
    thread_local std::map<std::string, std::wregex, std::less<>> known;
    const auto found = known.find(expression);
    if (found != known.end())
        return found->second;
    return known
        .emplace(std::string{expression}, std::wregex{code_points_of(expression), pattern_options})
        .first->second;
}

} // namespace reflect::detail

/// A string contains a match of this ECMAScript expression; anchor it with `^…$` to mean the whole.
/// An attribute of `describe`. Strings beyond 4096 bytes do not match. An expression that is none
/// throws `std::regex_error` at the first check.
struct pattern {
    std::string_view expression;

    [[nodiscard]] bool admits(std::string_view text) const {
        return reflect::detail::contains_match(text, reflect::detail::compiled(expression));
    }

    [[nodiscard]] std::string expectation() const {
        return "text that matches " + std::string{expression};
    }
};

/// Strings that contain a match of `Expression`, as `pattern` says.
template <fixed_string Expression>
struct pattern_rule {
    using value_type = std::string;
    static constexpr std::string_view expression = Expression;

    [[nodiscard]] static bool admits(const std::string& text) {
        return pattern{expression}.admits(text);
    }

    [[nodiscard]] static std::string expectation() { return pattern{expression}.expectation(); }
};

/// `matching<"^[a-z]+$">`
template <fixed_string Expression>
using matching = constrained<pattern_rule<Expression>>;

} // namespace mcp
