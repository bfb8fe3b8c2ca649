// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/impl/pattern_reader.hpp>
#include <mcp/reflect/impl/pattern_sets.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mcp::reflect::detail {

/// Discards the output of the translator when only the verdict matters.
struct null_sink {
    constexpr void append(std::string_view) {}
};

/// Translates an ECMAScript regular expression [ECMA-262 §22.2.1, with code points as in its mode
/// u] into the syntax of RE2, whose time is linear in the length of the text. Look-around and
/// back-references need more than linear time and are faults. Like browsers without mode u, it
/// accepts needless escapes of punctuation, and braces that are literal.
///
/// `Sink` has `append(std::string_view)`: a `std::string`, or `null_sink` in constant expressions.
template <class Sink>
class pattern_translator : private pattern_reader {
public:
    constexpr pattern_translator(std::string_view source, Sink& out)
        : pattern_reader(source)
        , out_(out) {}

    constexpr pattern_fault run() {
        while (fault_.what == nullptr && at_ < source_.size())
            term();
        if (fault_.what == nullptr && depth_ != 0)
            fail("a group is not closed", source_.size());
        return fault_;
    }

    /// Returns the number of characters and classes in the expression with its counted repetitions
    /// expanded. Matching takes at most the length of the text times this number.
    [[nodiscard]] constexpr std::size_t positions() const { return groups_[0].positions + 1; }

private:
    static constexpr std::size_t max_repeat = 1000; // the limit of RE2
    static constexpr std::size_t max_depth = 100;

    /// A part of the expression: its number of positions, and how many times its innermost
    /// repetition is expanded.
    struct extent {
        std::size_t positions = 0;
        std::size_t repeats = 1;
    };

    constexpr void term() {
        const std::size_t start = at_;
        switch (source_[at_]) {
        case '|':
            out_.append("|");
            ++at_;
            repeatable_ = false;
            return;
        case '^':
            ++at_;
            return assertion("\\A");
        case '$':
            ++at_;
            return assertion("\\z");
        case '(':
            return open_group();
        case ')':
            return close_group();
        case '*':
        case '?':
            ++at_;
            return repeat(source_.substr(start, 1), 1, start);
        case '+':
            ++at_;
            return repeat("+", 1, start);
        case '{':
            if (counted())
                return;
            break;
        case '[':
            ++at_;
            character_class();
            return add({1, 1});
        case '.':
            ++at_;
            out_.append(not_line_end);
            return add({1, 1});
        default:
            break;
        }
        atom read;
        if (source_[at_] == '\\' ? !escape(read, false) : !code_point(read.point))
            return;
        if (read.assertion)
            return assertion(read.set);
        write(read, false);
        add({1, 1});
    }

    constexpr void assertion(std::string_view text) {
        out_.append(text);
        repeatable_ = false;
    }

    /// Records the part that a following quantifier would repeat.
    constexpr void add(extent part) {
        extent& group = groups_[depth_];
        group.positions += part.positions;
        group.repeats = std::max(group.repeats, part.repeats);
        last_ = part;
        repeatable_ = true;
    }

    constexpr void open_group() {
        const std::size_t start = at_++;
        if (skip("?")) {
            if (skip("=") || skip("!"))
                return void(fail("look-ahead is not supported", start));
            if (skip("<=") || skip("<!"))
                return void(fail("look-behind is not supported", start));
            if (skip("<")) { // a group name, which is not used
                const std::size_t end = source_.find('>', at_);
                if (end == std::string_view::npos || end == at_)
                    return void(fail("the name of a group has no closing >", start));
                at_ = end + 1;
                out_.append("(?:");
            } else if (skip("i:")) {
                out_.append("(?i:");
            } else if (skip(":")) {
                out_.append("(?:");
            } else {
                return void(fail("this (?...) construct is not supported", start));
            }
        } else {
            out_.append("(?:");
        }
        if (++depth_ > max_depth)
            return void(fail("groups are nested more than 100 deep", start));
        groups_[depth_] = {};
        repeatable_ = false;
    }

    constexpr void close_group() {
        if (depth_ == 0)
            return void(fail("a ) has no matching (", at_));
        ++at_;
        out_.append(")");
        const extent closed = groups_[depth_--];
        add(closed);
    }

    /// Applies a quantifier that multiplies the repeated part by `times`.
    constexpr void repeat(std::string_view text, std::size_t times, std::size_t start) {
        if (!repeatable_)
            return void(fail("a quantifier has nothing to repeat", start));
        repeatable_ = false;
        skip("?"); // the order of matches does not matter
        out_.append(text);
        if (times * last_.repeats > max_repeat)
            return void(fail("a repetition exceeds 1000", start));
        extent& group = groups_[depth_];
        group.positions += last_.positions * (times - 1);
        group.repeats = std::max(group.repeats, last_.repeats * times);
    }

    /// Reads `{2}`, `{2,}` or `{2,5}`; false if the brace begins none of them and is literal.
    constexpr bool counted() {
        const std::size_t start = at_;
        std::size_t end = at_ + 1;
        const auto number = [&](std::size_t& value) {
            const std::size_t first = end;
            for (; end < source_.size() && source_[end] >= '0' && source_[end] <= '9'; ++end)
                value = std::min(max_repeat + 1,
                                 value * 10 + static_cast<std::size_t>(source_[end] - '0'));
            return end != first;
        };
        const auto is = [&](char c) { return end < source_.size() && source_[end] == c; };
        std::size_t least = 0;
        std::size_t most = 0;
        if (!number(least))
            return false;
        most = least;
        if (is(',')) {
            ++end;
            most = 0;
            if (!number(most))
                most = least;
        }
        if (!is('}'))
            return false;
        if (most > max_repeat)
            return !fail("a repetition exceeds 1000", start);
        if (most < least)
            return !fail("the limits of a repetition are in the wrong order", start);
        at_ = end + 1;
        repeat(source_.substr(start, at_ - start), std::max<std::size_t>(most, 1), start);
        return true;
    }

    constexpr void character_class() {
        const std::size_t start = at_ - 1;
        const bool negated = skip("^");
        if (skip("]"))
            return void(out_.append(negated ? any_character : no_character));
        out_.append(negated ? "[^" : "[");
        while (fault_.what == nullptr && !skip("]")) {
            if (at_ >= source_.size())
                return void(fail("a [ has no matching ]", start));
            const std::size_t where = at_;
            atom low;
            if (!class_atom(low))
                return;
            if (!next_is('-') || next_is(']', 1) || at_ + 1 >= source_.size()) {
                write(low, true);
                continue;
            }
            ++at_;
            atom high;
            if (!class_atom(high))
                return;
            if (low.set.empty() && high.set.empty() && low.point > high.point)
                return void(fail("the ends of a range are in the wrong order", where));
            const bool range = low.set.empty() && high.set.empty();
            write(low, true);
            out_.append(range ? "-" : "\\-"); // a hyphen beside a set is literal
            write(high, true);
        }
        out_.append("]");
    }

    constexpr bool class_atom(atom& read) {
        return source_[at_] == '\\' ? escape(read, true) : code_point(read.point);
    }

    constexpr void write(const atom& what, bool in_class) {
        if (what.set.empty())
            return write_point(what.point);
        out_.append(in_class ? "" : "[");
        out_.append(what.set);
        out_.append(what.set_end);
        out_.append(in_class ? "" : "]");
    }

    /// Writes letters and digits literally and all other characters by number, so that nothing
    /// needs escaping.
    constexpr void write_point(std::uint32_t point) {
        const bool plain = (point >= '0' && point <= '9') || (point >= 'a' && point <= 'z') ||
                           (point >= 'A' && point <= 'Z');
        std::array<char, 12> text{};
        std::size_t first = text.size();
        if (plain) {
            text[--first] = static_cast<char>(point);
        } else {
            text[--first] = '}';
            do {
                text[--first] = "0123456789ABCDEF"[point % 16U];
                point /= 16U;
            } while (point != 0);
            text[--first] = '{';
            text[--first] = 'x';
            text[--first] = '\\';
        }
        out_.append(std::string_view{text.data() + first, text.size() - first});
    }

    Sink& out_;
    std::array<extent, max_depth + 2> groups_{};
    std::size_t depth_ = 0;
    extent last_{};
    bool repeatable_ = false;
};

/// Returns why RE2 cannot match `expression`; `what` is null if it can.
[[nodiscard]] constexpr pattern_fault find_pattern_fault(std::string_view expression) {
    null_sink nowhere;
    return pattern_translator<null_sink>{expression, nowhere}.run();
}

/// Returns the `positions()` of an expression.
[[nodiscard]] constexpr std::size_t pattern_positions(std::string_view expression) {
    null_sink nowhere;
    pattern_translator<null_sink> translator{expression, nowhere};
    (void)translator.run();
    return translator.positions();
}

} // namespace mcp::reflect::detail
