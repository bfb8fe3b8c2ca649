#pragma once

#include <mcp/json/impl/string_scan.hpp>
#include <mcp/json/limits.hpp>
#include <mcp/json/value.hpp>

#include <boost/json/value_stack.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::detail {

/// Reads one JSON text [RFC 8259] into values of Boost.JSON, by way of its `value_stack`.
///
/// A grammar of our own, because Boost.JSON's (1.81) keeps the last of two equal keys, rounds
/// doubles wrongly and says no more than "syntax error".
class json_reader {
public:
    /// Whether `text` is one JSON value; if not, `message()` and `offset()` say what is wrong.
    bool read(std::string_view text, const json_limits& limits, const json_storage& storage) {
        begin_ = at_ = text.data();
        end_ = begin_ + text.size();
        limits_ = limits;
        keys_.clear();
        stack_.reset(storage);
        skip_space();
        if (!read_value(limits.depth)) {
            return false;
        }
        skip_space();
        return at_ == end_ || fail("unexpected text after the value");
    }

    /// The value that was read; once only.
    json release() { return stack_.release(); }

    /// Lets go of what a failed or finished `read` left in the caller's storage.
    void clear() {
        stack_.reset();
        unescaped_keys_.clear();
    }

    std::string& message() { return message_; }
    std::size_t offset() const { return offset_; }

private:
    bool fail(std::string message, const char* where) {
        message_ = std::move(message);
        offset_ = static_cast<std::size_t>(where - begin_);
        return false;
    }
    bool fail(std::string message) { return fail(std::move(message), at_); }

    /// "expected <what>, got <the next byte>"
    bool fail_expected(std::string_view what) {
        std::string message = "expected ";
        message += what;
        if (at_ == end_) {
            return fail(message + ", got the end of the text");
        }
        if (*at_ > 0x20 && *at_ < 0x7F) {
            return fail(message + ", got '" + *at_ + "'");
        }
        constexpr std::string_view digits = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(*at_);
        return fail(message + ", got the byte 0x" + digits[byte >> 4] + digits[byte & 15]);
    }

    void skip_space() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) {
            ++at_;
        }
    }

    bool skip(char c) {
        if (at_ == end_ || *at_ != c) {
            return false;
        }
        ++at_;
        return true;
    }

    bool skip_word(std::string_view word) {
        if (static_cast<std::size_t>(end_ - at_) < word.size() ||
            std::memcmp(at_, word.data(), word.size()) != 0) {
            return fail_expected("a value");
        }
        at_ += word.size();
        return true;
    }

    bool read_value(std::size_t depth) {
        if (at_ == end_) {
            return fail_expected("a value");
        }
        switch (*at_) {
        case '"': {
            std::string_view text;
            if (!read_string(text)) {
                return false;
            }
            stack_.push_string(text);
            return true;
        }
        case '{':
            return read_object(depth);
        case '[':
            return read_array(depth);
        case 't':
            if (skip_word("true")) {
                stack_.push_bool(true);
                return true;
            }
            return false;
        case 'f':
            if (skip_word("false")) {
                stack_.push_bool(false);
                return true;
            }
            return false;
        case 'n':
            if (skip_word("null")) {
                stack_.push_null();
                return true;
            }
            return false;
        default:
            return read_number();
        }
    }

    bool enter(std::size_t depth) {
        if (depth == 0) {
            return fail("nesting is deeper than " + std::to_string(limits_.depth));
        }
        ++at_;
        skip_space();
        return true;
    }

    bool read_array(std::size_t depth) {
        if (!enter(depth)) {
            return false;
        }
        std::size_t count = 0;
        if (!skip(']')) {
            while (true) {
                if (!read_value(depth - 1)) {
                    return false;
                }
                ++count;
                skip_space();
                if (skip(']')) {
                    break;
                }
                if (!skip(',')) {
                    return fail_expected("',' or ']'");
                }
                skip_space();
            }
        }
        stack_.push_array(count);
        return true;
    }

    bool read_object(std::size_t depth) {
        if (!enter(depth)) {
            return false;
        }
        std::size_t count = 0;
        if (!skip('}')) {
            while (true) {
                if (!read_key()) {
                    return false;
                }
                if (++count > limits_.object_members) {
                    return fail("an object has more than " +
                                std::to_string(limits_.object_members) + " members");
                }
                if (!read_value(depth - 1)) {
                    return false;
                }
                skip_space();
                if (skip('}')) {
                    break;
                }
                if (!skip(',')) {
                    return fail_expected("',' or '}'");
                }
                skip_space();
            }
        }
        if (!keys_differ(count)) {
            return false;
        }
        stack_.push_object(count);
        return true;
    }

    /// A key, its colon and the space around it.
    bool read_key() {
        if (at_ == end_ || *at_ != '"') {
            return fail_expected("a key in quotes");
        }
        const char* const where = at_;
        std::string_view name;
        if (!read_string(name)) {
            return false;
        }
        stack_.push_key(name);
        if (name.data() == scratch_.data()) {
            name = unescaped_keys_.emplace_back(name);
        }
        keys_.push_back({name, where});
        skip_space();
        if (!skip(':')) {
            return fail_expected("':' after the key");
        }
        skip_space();
        return true;
    }

    struct key_ref {
        std::string_view name;
        const char* where;
    };

    /// Whether the last `count` keys, those of the object that ends here, are all different; takes
    /// them off. Sorting keeps crafted keys from costing more than n log n.
    bool keys_differ(std::size_t count) {
        const auto first = keys_.end() - static_cast<std::ptrdiff_t>(count);
        const key_ref* twice = nullptr;
        constexpr std::size_t few = 12;
        if (count <= few) {
            for (auto a = first; a != keys_.end() && twice == nullptr; ++a) {
                for (auto b = first; b != a; ++b) {
                    if (a->name == b->name) {
                        twice = &*a;
                        break;
                    }
                }
            }
        } else {
            std::sort(first, keys_.end(), [](const key_ref& a, const key_ref& b) {
                return a.name != b.name ? a.name < b.name : a.where < b.where;
            });
            const auto found =
                std::adjacent_find(first, keys_.end(), [](const key_ref& a, const key_ref& b) {
                    return a.name == b.name;
                });
            twice = found == keys_.end() ? nullptr : &found[1];
        }
        if (twice != nullptr) {
            constexpr std::size_t shown = 64;
            std::string name{twice->name.substr(0, shown)};
            if (twice->name.size() > shown) {
                name.resize(find_invalid_utf8(name) == std::string::npos ? shown
                                                                         : find_invalid_utf8(name));
                name += "...";
            }
            return fail("the key \"" + name + "\" appears twice in one object", twice->where);
        }
        keys_.erase(first, keys_.end());
        return true;
    }

    std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

    /// The text between quotes: a view into the input, or into `scratch_` if it had escapes.
    bool read_string(std::string_view& text) {
        ++at_;
        const char* const first = at_;
        at_ += json_clean_run(rest());
        if (at_ != end_ && *at_ == '"') {
            text = {first, static_cast<std::size_t>(at_ - first)};
            ++at_;
            return true;
        }
        scratch_.assign(first, at_);
        while (true) {
            if (at_ == end_) {
                return fail("a string has no end");
            }
            if (*at_ == '"') {
                ++at_;
                text = scratch_;
                return true;
            }
            if (*at_ != '\\') {
                return static_cast<unsigned char>(*at_) < 0x80
                           ? fail("a control character in a string must be escaped")
                           : fail("a string is not UTF-8");
            }
            if (!read_escape()) {
                return false;
            }
            const std::size_t run = json_clean_run(rest());
            scratch_.append(at_, run);
            at_ += run;
        }
    }

    bool read_escape() {
        const char* const where = at_;
        ++at_;
        constexpr std::string_view from = "\"\\/bfnrt";
        constexpr std::string_view to = "\"\\/\b\f\n\r\t";
        if (at_ == end_) {
            return fail("a string has no end");
        }
        if (const std::size_t index = from.find(*at_); index != std::string_view::npos) {
            scratch_.push_back(to[index]);
            ++at_;
            return true;
        }
        if (*at_ != 'u') {
            return fail("an unknown escape in a string", where);
        }
        std::uint32_t unit = 0;
        if (!read_hex(unit)) {
            return false;
        }
        if (unit >= 0xD800 && unit <= 0xDFFF) {
            std::uint32_t low = 0;
            if (unit >= 0xDC00 || rest().substr(0, 2) != "\\u") {
                return fail("an unpaired surrogate in a string", where);
            }
            ++at_;
            if (!read_hex(low)) {
                return false;
            }
            if (low < 0xDC00 || low > 0xDFFF) {
                return fail("an unpaired surrogate in a string", where);
            }
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        }
        append_utf8(scratch_, unit);
        return true;
    }

    /// The four digits of \uXXXX; `at_` stands on the u.
    bool read_hex(std::uint32_t& unit) {
        const std::string_view digits = rest().substr(1, 4);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
        if (error != std::errc{} || end - digits.data() != 4) {
            at_ = digits.data();
            return fail("expected four hexadecimal digits after \\u");
        }
        at_ = end;
        return true;
    }

    std::size_t skip_digits() {
        const char* const first = at_;
        while (at_ != end_ && *at_ >= '0' && *at_ <= '9') {
            ++at_;
        }
        return static_cast<std::size_t>(at_ - first);
    }

    bool read_number() {
        const char* const first = at_;
        const bool negative = skip('-');
        const char* const digits = at_;
        if (skip_digits() == 0) {
            return negative ? fail_expected("a digit") : fail_expected("a value");
        }
        if (*digits == '0' && at_ - digits > 1) {
            return fail("a number starts with a needless zero", first);
        }
        bool whole = true;
        if (skip('.')) {
            whole = false;
            if (skip_digits() == 0) {
                return fail_expected("a digit");
            }
        }
        if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
            whole = false;
            ++at_;
            if (!skip('+')) {
                skip('-');
            }
            if (skip_digits() == 0) {
                return fail_expected("a digit");
            }
        }
        return (whole && push_integer(first, negative)) || push_double(first);
    }

    /// False if the integer needs more than 64 bits.
    bool push_integer(const char* first, bool negative) {
        if (negative) {
            std::int64_t number = 0;
            const bool fits = std::from_chars(first, at_, number).ec == std::errc{};
            if (fits) {
                stack_.push_int64(number);
            }
            return fits;
        }
        std::uint64_t number = 0;
        if (std::from_chars(first, at_, number).ec != std::errc{}) {
            return false;
        }
        if (number <= static_cast<std::uint64_t>(INT64_MAX)) {
            stack_.push_int64(static_cast<std::int64_t>(number));
        } else {
            stack_.push_uint64(number);
        }
        return true;
    }

    bool push_double(const char* first) {
        double number = 0;
        if (std::from_chars(first, at_, number).ec != std::errc{}) {
            // Too large and too small are one error to from_chars; only the former is one to us.
            number = std::strtod(std::string{first, at_}.c_str(), nullptr);
            if (number > 1 || number < -1) {
                return fail("a number is too large for a double", first);
            }
        }
        stack_.push_double(number);
        return true;
    }

    const char* begin_ = nullptr;
    const char* at_ = nullptr;
    const char* end_ = nullptr;
    json_limits limits_;
    boost::json::value_stack stack_;
    std::vector<key_ref> keys_;
    std::deque<std::string> unescaped_keys_;
    std::string scratch_;
    std::string message_;
    std::size_t offset_ = 0;
};

} // namespace mcp::detail
