// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/impl/pattern_sets.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mcp::reflect::detail {

/// The fault in a regular expression; `what` is null if there is none.
struct pattern_fault {
    const char* what = nullptr;
    std::size_t at = 0; ///< the byte offset in the expression
};

/// Reads the characters and escapes of a regular expression [ECMA-262 §22.2.1].
class pattern_reader {
protected:
    static constexpr std::uint32_t max_code_point = 0x10FFFF;

    /// The meaning of an escape or of a character in a class: one code point, or a set of RE2.
    struct atom {
        std::uint32_t point = 0;
        std::string_view set{};
        std::string_view set_end{}; ///< follows `set`
        bool assertion = false;     ///< `set` is \b or \B
    };

    explicit constexpr pattern_reader(std::string_view source) : source_(source) {}

    constexpr bool fail(const char* what, std::size_t at) {
        if (fault_.what == nullptr)
            fault_ = {what, at};
        return false;
    }

    [[nodiscard]] constexpr bool next_is(char c, std::size_t ahead = 0) const {
        return at_ + ahead < source_.size() && source_[at_ + ahead] == c;
    }

    constexpr bool skip(std::string_view text) {
        if (source_.substr(at_, text.size()) != text)
            return false;
        at_ += text.size();
        return true;
    }

    /// Reads one character of the expression, which is UTF-8.
    constexpr bool code_point(std::uint32_t& point) {
        const auto byte = [&](std::size_t at) {
            return at < source_.size() ? static_cast<unsigned char>(source_[at]) : 0U;
        };
        const std::uint32_t lead = byte(at_);
        const std::size_t length = lead < 0xC0U ? 1 : lead < 0xE0U ? 2 : lead < 0xF0U ? 3 : 4;
        point = length == 1 ? lead : lead & (0x7FU >> length);
        for (std::size_t more = 1; more < length; ++more) {
            if ((byte(at_ + more) & 0xC0U) != 0x80U)
                return fail("the expression is not valid UTF-8", at_);
            point = (point << 6U) | (byte(at_ + more) & 0x3FU);
        }
        constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
        if ((length == 1 && lead >= 0x80U) || point < least[length] || point > max_code_point)
            return fail("the expression is not valid UTF-8", at_);
        at_ += length;
        return true;
    }

    constexpr bool escape(atom& read, bool in_class) {
        const std::size_t start = at_++;
        if (at_ >= source_.size())
            return fail("the expression ends with a backslash", start);
        const char c = source_[at_];
        if (static_cast<unsigned char>(c) >= 0x80U)
            return code_point(read.point);
        ++at_;
        constexpr std::string_view controls = "t\tn\nv\vf\fr\r";
        for (std::size_t each = 0; each < controls.size(); each += 2)
            if (controls[each] == c)
                return read.point = static_cast<std::uint32_t>(controls[each + 1]), true;
        switch (c) {
        case 'd':
        case 'D':
        case 'w':
        case 'W': // RE2 gives them the same meaning
            return read.set = source_.substr(start, 2), true;
        case 's':
            return read.set = white_space, true;
        case 'S':
            return read.set = not_white_space, true;
        case 'b':
        case 'B':
            if (in_class)
                return c == 'b' ? (read.point = 8, true)
                                : fail("\\B is not allowed in a class", start);
            read.set = source_.substr(start, 2);
            return read.assertion = true;
        case '0':
            return !(at_ < source_.size() && source_[at_] >= '0' && source_[at_] <= '9') ||
                   fail("octal escapes are not supported", start);
        case 'c':
            return control(read.point, start);
        case 'x':
            return hex(read.point, 2) || fail("\\x needs two hexadecimal digits", start);
        case 'u':
            return unicode(read.point, start);
        case 'p':
        case 'P':
            return property(read, c == 'P', start);
        case 'k':
            return fail("back-references are not supported", start);
        default:
            break;
        }
        if (c >= '1' && c <= '9')
            return fail("back-references are not supported", start);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            return fail("ECMAScript does not define this escape", start);
        read.point = static_cast<std::uint32_t>(c);
        return true;
    }

    constexpr bool control(std::uint32_t& point, std::size_t start) {
        const char letter = at_ < source_.size() ? source_[at_] : '\0';
        if (!((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z')))
            return fail("\\c needs a letter", start);
        ++at_;
        point = static_cast<std::uint32_t>(letter) % 32U;
        return true;
    }

    /// Reads `digits` hexadecimal digits; consumes nothing if they are missing.
    constexpr bool hex(std::uint32_t& point, std::size_t digits) {
        std::uint32_t value = 0;
        for (std::size_t each = 0; each < digits; ++each) {
            const int digit = at_ + each < source_.size() ? digit_of(source_[at_ + each]) : -1;
            if (digit < 0)
                return false;
            value = value * 16U + static_cast<std::uint32_t>(digit);
        }
        at_ += digits;
        point = value;
        return true;
    }

    static constexpr int digit_of(char c) {
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                      : -1;
    }

    /// Reads `\u00e4`, a surrogate pair, or `\u{1F600}`.
    constexpr bool unicode(std::uint32_t& point, std::size_t start) {
        if (!skip("{")) {
            if (!hex(point, 4))
                return fail("\\u needs four hexadecimal digits, or hexadecimal digits in braces",
                            start);
            if (point < 0xD800U || point >= 0xDC00U || !next_is('\\') || !next_is('u', 1))
                return true;
            const std::size_t second = at_;
            std::uint32_t low = 0;
            at_ += 2;
            if (hex(low, 4) && low >= 0xDC00U && low < 0xE000U)
                point = 0x10000U + ((point - 0xD800U) << 10U) + (low - 0xDC00U);
            else
                at_ = second;
            return true;
        }
        std::size_t digits = 0;
        for (; at_ < source_.size() && digit_of(source_[at_]) >= 0 && point <= max_code_point;
             ++digits)
            point = point * 16U + static_cast<std::uint32_t>(digit_of(source_[at_++]));
        return (digits > 0 && point <= max_code_point && skip("}")) ||
               fail("\\u{...} needs the hexadecimal number of a character", start);
    }

    /// Reads `\p{…}` [ECMA-262 §22.2.1, CharacterClassEscape].
    constexpr bool property(atom& read, bool negated, std::size_t start) {
        const std::size_t end = source_.find('}', at_);
        if (!skip("{") || end == std::string_view::npos)
            return fail("\\p needs a property in braces", start);
        const std::string_view closed = source_.substr(at_, end + 1 - at_);
        at_ = end + 1;
        if (!find_property(closed, negated, read.set, read.set_end))
            return fail(
                "this character property is not supported; expected a general category such as "
                "\\p{Lu} and \\p{Letter}, a script such as \\p{Script=Greek}, or \\p{ASCII}",
                start);
        return true;
    }

    std::string_view source_;
    std::size_t at_ = 0;
    pattern_fault fault_{};
};

} // namespace mcp::reflect::detail
