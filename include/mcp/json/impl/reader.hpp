// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/impl/scanner.hpp>
#include <mcp/json/limits.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/view.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace mcp::detail {

/// Reads one JSON text [RFC 8259] into the nodes of a `json_document`.
///
/// It has its own grammar, because that of Boost.JSON (1.81) keeps the last of two equal keys,
/// rounds doubles incorrectly and reports only "syntax error".
class json_reader : public json_scanner {
public:
    /// Returns whether `text` is one JSON value; if not, `message()` and `offset()` give the fault.
    /// Appends to `nodes`, and to `unescaped` the texts of strings with escapes. Both must outlive
    /// the call only.
    bool read(std::string_view text, const json_limits& limits, unpaired_surrogates surrogates,
              std::vector<json_node>& nodes, std::string& unescaped) {
        start(text, surrogates);
        limits_ = limits;
        nodes_ = &nodes;
        unescaped_ = &unescaped;
        keys_.clear();
        if (text.size() > std::numeric_limits<std::uint32_t>::max()) {
            return fail("a text has more than 4 GiB");
        }
        skip_space();
        if (!read_value(limits.depth)) {
            return false;
        }
        skip_space();
        return at_ == end_ || fail("unexpected text after the value");
    }

private:
    bool read_value(std::size_t depth) {
        if (at_ == end_) {
            return fail_expected("a value");
        }
        switch (*at_) {
        case '"':
            return push_string();
        case '{':
            return read_object(depth);
        case '[':
            return read_array(depth);
        case 't':
            if (skip_word("true")) {
                push(json_kind::bool_).truth = true;
                return true;
            }
            return false;
        case 'f':
            if (skip_word("false")) {
                push(json_kind::bool_).truth = false;
                return true;
            }
            return false;
        case 'n':
            if (skip_word("null")) {
                push(json_kind::null);
                return true;
            }
            return false;
        default:
            return read_number();
        }
    }

    json_node& push(json_kind kind) {
        json_node& made = nodes_->emplace_back();
        made.kind = kind;
        return made;
    }

    bool push_string() {
        std::string_view text;
        if (!read_string(text)) {
            return false;
        }
        json_node& made = push(json_kind::string);
        made.size = static_cast<std::uint32_t>(text.size());
        made.unescaped = was_unescaped(text);
        if (made.unescaped) {
            made.at = static_cast<std::uint32_t>(unescaped_->size());
            unescaped_->append(text);
        } else {
            made.at = static_cast<std::uint32_t>(text.data() - begin_);
        }
        return true;
    }

    /// Sets the size and length of a container, whose node was the `place`-th.
    void close(std::size_t place, std::size_t count) {
        json_node& made = (*nodes_)[place];
        made.size = static_cast<std::uint32_t>(count);
        made.length = static_cast<std::uint32_t>(nodes_->size() - place);
    }

    bool enter(std::size_t depth, json_kind kind) {
        if (depth == 0) {
            return fail("nesting is deeper than " + std::to_string(limits_.depth));
        }
        push(kind);
        ++at_;
        skip_space();
        return true;
    }

    bool read_array(std::size_t depth) {
        const std::size_t place = nodes_->size();
        if (!enter(depth, json_kind::array)) {
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
        close(place, count);
        return true;
    }

    bool read_object(std::size_t depth) {
        const std::size_t place = nodes_->size();
        if (!enter(depth, json_kind::object)) {
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
        close(place, count);
        return true;
    }

    /// Reads a key, its colon and the white space around it.
    bool read_key() {
        if (at_ == end_ || *at_ != '"') {
            return fail_expected("a key in quotes");
        }
        keys_.push_back({nodes_->size(), at_});
        if (!push_string()) {
            return false;
        }
        skip_space();
        if (!skip(':')) {
            return fail_expected("':' after the key");
        }
        skip_space();
        return true;
    }

    struct key_ref {
        std::size_t node;
        const char* where;
    };

    std::string_view name_of(const key_ref& key) const {
        const json_node& node = (*nodes_)[key.node];
        return {(node.unescaped ? unescaped_->data() : begin_) + node.at, node.size};
    }

    /// Returns whether the last `count` keys, those of the object that ends here, are all
    /// different, and removes them. Sorting limits the time for crafted keys to n log n.
    bool keys_differ(std::size_t count) {
        const auto first = keys_.end() - static_cast<std::ptrdiff_t>(count);
        const key_ref* twice = nullptr;
        constexpr std::size_t few = 12;
        if (count <= few) {
            for (auto a = first; a != keys_.end() && twice == nullptr; ++a) {
                for (auto b = first; b != a; ++b) {
                    if (name_of(*a) == name_of(*b)) {
                        twice = &*a;
                        break;
                    }
                }
            }
        } else {
            std::sort(first, keys_.end(), [this](const key_ref& a, const key_ref& b) {
                const int order = name_of(a).compare(name_of(b));
                return order != 0 ? order < 0 : a.where < b.where;
            });
            const auto found =
                std::adjacent_find(first, keys_.end(), [this](const key_ref& a, const key_ref& b) {
                    return name_of(a) == name_of(b);
                });
            twice = found == keys_.end() ? nullptr : &found[1];
        }
        if (twice != nullptr) {
            constexpr std::size_t shown = 64;
            std::string name{name_of(*twice).substr(0, shown)};
            if (name_of(*twice).size() > shown) {
                name.resize(find_invalid_utf8(name) == std::string::npos ? shown
                                                                         : find_invalid_utf8(name));
                name += "...";
            }
            return fail("the key \"" + name + "\" appears twice in one object", twice->where);
        }
        keys_.erase(first, keys_.end());
        return true;
    }

    bool read_number() {
        const char* const first = at_;
        const bool negative = skip('-');
        const char* const digits = at_;
        if (skip_digits() == 0) {
            return negative ? fail_expected("a digit") : fail_expected("a value");
        }
        if (*digits == '0' && at_ - digits > 1) {
            return fail("a number has a leading zero", first);
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

    /// Returns false if the integer needs more than 64 bits.
    bool push_integer(const char* first, bool negative) {
        if (negative) {
            std::int64_t number = 0;
            const bool fits = std::from_chars(first, at_, number).ec == std::errc{};
            if (fits) {
                push(json_kind::int64).int64 = number;
            }
            return fits;
        }
        std::uint64_t number = 0;
        if (std::from_chars(first, at_, number).ec != std::errc{}) {
            return false;
        }
        if (number <= static_cast<std::uint64_t>(INT64_MAX)) {
            push(json_kind::int64).int64 = static_cast<std::int64_t>(number);
        } else {
            push(json_kind::uint64).uint64 = number;
        }
        return true;
    }

    /// Returns whether the number from `first` to here is at least 1, by the place of its first
    /// digit.
    bool is_large(const char* first) const {
        std::string_view digits{first, static_cast<std::size_t>(at_ - first)};
        std::int64_t exponent = 0;
        if (const std::size_t e = digits.find_first_of("eE"); e != std::string_view::npos) {
            std::string_view written = digits.substr(e + 1);
            written.remove_prefix(written.starts_with('+') ? 1 : 0);
            if (std::from_chars(written.data(), at_, exponent).ec != std::errc{}) {
                return !written.starts_with('-');
            }
            // No text has as many digits, and the sum below cannot overflow.
            constexpr std::int64_t most = 1'000'000'000'000'000;
            exponent = std::clamp(exponent, -most, most);
            digits = digits.substr(0, e);
        }
        digits.remove_prefix(digits.starts_with('-') ? 1 : 0);
        const std::size_t point = std::min(digits.find('.'), digits.size());
        const std::size_t leading = digits.find_first_not_of("0.");
        return exponent + static_cast<std::int64_t>(point) - static_cast<std::int64_t>(leading) > 0;
    }

    bool push_double(const char* first) {
        double number = 0;
        // from_chars reports too large and too small alike; only a too large number is a fault
        // here.
        if (std::from_chars(first, at_, number).ec != std::errc{} && is_large(first)) {
            return fail("a number is too large for a double", first);
        }
        push(json_kind::double_).real = number;
        return true;
    }

    json_limits limits_;
    std::vector<json_node>* nodes_ = nullptr;
    std::string* unescaped_ = nullptr;
    std::vector<key_ref> keys_;
};

} // namespace mcp::detail
