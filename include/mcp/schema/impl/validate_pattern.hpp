#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <locale>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace mcp::schema::validation {

/// The code points of UTF-8 text, one element each where wchar_t is wide enough, so that "." and
/// "[ä]" mean characters and not bytes.
inline std::wstring to_wide(std::string_view text) {
    std::wstring out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        std::uint32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
        for (std::size_t i = 1; i < length && at + i < text.size(); ++i) {
            point = (point << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
        }
        at += length;
        if (sizeof(wchar_t) == 2 && point >= 0x10000) {
            out.push_back(static_cast<wchar_t>(0xD7C0 + (point >> 10)));
            point = 0xDC00 + (point & 0x3FF);
        }
        out.push_back(static_cast<wchar_t>(point));
    }
    return out;
}

/// About how many states a matcher for `pattern` has: repetition in braces multiplies what stands
/// before it. Generous; only the order of magnitude counts.
inline std::size_t pattern_states(std::string_view pattern) {
    constexpr std::size_t most = 1'000'000'000;
    std::vector<std::size_t> outer;
    std::size_t sum = 0;
    std::size_t last = 0;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const char c = pattern[at];
        if (c == '(') {
            outer.push_back(sum);
            sum = last = 0;
        } else if (c == ')' && !outer.empty()) {
            last = sum + 1;
            sum = std::min(most, outer.back() + last);
            outer.pop_back();
        } else if (c == '{') {
            std::size_t times = 0;
            std::size_t number = 0;
            for (++at; at < pattern.size() && pattern[at] != '}'; ++at) {
                const bool digit = pattern[at] >= '0' && pattern[at] <= '9';
                number = digit ? std::min(most,
                                          number * 10 + static_cast<std::size_t>(pattern[at] - '0'))
                               : 0;
                times = std::max(times, number);
            }
            sum = std::min(most, sum + std::min(most, last) * std::min(most, times));
        } else {
            at += c == '\\' ? 1 : 0;
            last = 1;
            sum = std::min(most, sum + 1);
        }
    }
    return sum;
}

/// A regular expression of a schema [JSON Schema 2020-12 core §6.4]: ECMAScript, not anchored.
///
/// std::regex matches by trying, which takes exponential time on patterns such as "(a+)+$" and a
/// stack frame per character. So the library's matcher by states is used where there is one
/// (libstdc++), and the sizes of pattern and text are bounded everywhere.
class compiled_pattern {
public:
    static constexpr std::size_t max_states = 4'000;
    static constexpr std::size_t max_text = 4'096;

    /// nullopt for what the matcher does not understand (look-behind, \p{...}) or is too large.
    static std::optional<compiled_pattern> compile(std::string_view pattern) {
        if (pattern_states(pattern) > max_states) {
            return std::nullopt;
        }
        try {
            compiled_pattern compiled;
            compiled.expression_.imbue(std::locale::classic());
            compiled.expression_.assign(to_wide(pattern), options);
            return compiled;
        } catch (const std::regex_error&) {
            return std::nullopt;
        }
    }

    /// nullopt if the text is too long to look at.
    std::optional<bool> matches(std::string_view text) const {
        if (text.size() > max_text) {
            return std::nullopt;
        }
        try {
            return std::regex_search(to_wide(text), expression_);
        } catch (const std::regex_error&) {
            return std::nullopt;
        }
    }

private:
#if defined(__GLIBCXX__)
    static constexpr auto options = std::regex::ECMAScript | std::regex_constants::__polynomial;
#else
    static constexpr auto options = std::regex::ECMAScript;
#endif

    std::wregex expression_;
};

} // namespace mcp::schema::validation
