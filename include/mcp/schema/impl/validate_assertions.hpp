// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/utf8.hpp>
#include <mcp/json/path.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/reflect/regex.hpp>
#include <mcp/schema/impl/validate_document.hpp>
#include <mcp/schema/impl/validate_keywords.hpp>
#include <mcp/schema/impl/validate_numbers.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::schema::validation {

/// Marks the members of an object or the elements of an array that were evaluated, by their place.
/// Empty unless the document needs it.
using marks = std::vector<bool>;

/// A fault before it becomes the public error.
struct mistake {
    std::string path;
    std::string_view keyword;
    std::string message;
};

/// The work that a validation has used, and the fault that it ended with.
class run_state {
public:
    run_state(std::string_view root, std::size_t depth, std::size_t work)
        : root_{root}
        , depth_left_{depth}
        , work_left_{work} {}

    mistake take_mistake() { return std::move(mistake_); }

protected:
    /// `message` makes the sentence; it is not called if the sentence would be discarded.
    template <std::invocable F>
    bool fail(const json_path* path, keyword id, F message) {
        if (!given_up_ && !silent_) {
            mistake_ = {render_path(root_, path), name_of(id), message()};
        }
        return false;
    }
    bool fail(const json_path* path, keyword id, const char* message) {
        return fail(path, id, [&] { return std::string{message}; });
    }

    /// Ends the validation, however `not` and `anyOf` would treat a fault.
    bool give_up(const json_path* path, keyword id, std::string message) {
        if (!given_up_) {
            mistake_ = {render_path(root_, path), name_of(id), std::move(message)};
        }
        given_up_ = true;
        return false;
    }

    bool spend(std::size_t amount, const json_path* path, keyword id) {
        if (amount > work_left_) {
            return give_up(path, id, "the value takes too long to validate");
        }
        work_left_ -= amount;
        return !given_up_;
    }

    std::string_view root_;
    std::size_t depth_left_;
    bool given_up_ = false;
    bool silent_ = false;

private:
    std::size_t work_left_;
    mistake mistake_;
};

/// Returns `value` as shortened JSON, for a message.
inline std::string excerpt(const json& value) {
    constexpr std::size_t most = 100;
    std::string text;
    json_writer{text}.value(value);
    if (text.size() > most) {
        std::size_t cut = most;
        while ((static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) {
            --cut;
        }
        text.resize(cut);
        text += "...";
    }
    return text;
}

/// Returns the number of members or elements of `value`.
inline std::size_t size_of(const json& value) {
    return value.is_array()    ? value.get_array().size()
           : value.is_object() ? value.get_object().size()
                               : 0;
}

/// The keywords that look only at a value, and at no other schema.
class assertions : public run_state {
public:
    using run_state::run_state;

protected:
    bool assert_value(const step& s, const json& value, const json_path* path) {
        switch (s.id) {
        case keyword::type:
            return assert_type(*s.value, value, path);
        case keyword::enum_:
            return assert_enum(*s.value, value, path);
        case keyword::const_: {
            std::size_t cost = 0;
            const bool same = equal(*s.value, value, cost);
            return spend(cost, path, s.id) &&
                   (same || fail(path, s.id, [&] { return "expected " + excerpt(*s.value); }));
        }
        case keyword::minimum:
            return assert_number(s, value, path, "at least ");
        case keyword::maximum:
            return assert_number(s, value, path, "at most ");
        case keyword::exclusive_minimum:
            return assert_number(s, value, path, "more than ");
        case keyword::exclusive_maximum:
            return assert_number(s, value, path, "less than ");
        case keyword::multiple_of:
            return assert_number(s, value, path, "a multiple of ");
        case keyword::min_length:
        case keyword::max_length:
            return !value.is_string() ||
                   (spend(value.get_string().size() / 64, path, s.id) &&
                    assert_count(s, utf8_length(value.get_string()), path, " characters"));
        case keyword::min_items:
        case keyword::max_items:
            return !value.is_array() ||
                   assert_count(s, value.get_array().size(), path, " elements");
        case keyword::min_properties:
        case keyword::max_properties:
            return !value.is_object() ||
                   assert_count(s, value.get_object().size(), path, " members");
        case keyword::pattern:
            return !value.is_string() || assert_pattern(s, value, path);
        case keyword::unique_items:
            return !value.is_array() || assert_unique(s, value, path);
        case keyword::required:
            return !value.is_object() || assert_members(s.id, *s.value, value, path, {});
        case keyword::dependent_required:
            return assert_dependent(s, value, path);
        default:
            return true;
        }
    }

    bool matches(const reflect::regex& expression, std::string_view text, const json_path* path,
                 keyword id) {
        return spend(expression.effort(text.size()), path, id) && expression.matches(text);
    }

    /// Checks that each of `names` is a member of `value`.
    bool assert_members(keyword id, const json& names, const json& value, const json_path* path,
                        std::string_view because) {
        if (!spend(names.get_array().size() / 4, path, id)) {
            return false;
        }
        for (const json& name : names.get_array()) {
            if (!value.get_object().contains(name.get_string())) {
                std::string message = "member " + quoted_excerpt(name.get_string()) + " is missing";
                if (because.data() != nullptr) {
                    message += "; member " + quoted_excerpt(because) + " requires it";
                }
                return fail(path, id, [&] { return message; });
            }
        }
        return true;
    }

private:
    static bool has_type(std::string_view name, const json& value) {
        return name == "integer" ? value.is_number() && is_integer(value)
                                 : name == kind_name(value);
    }

    bool assert_type(const json& wanted, const json& value, const json_path* path) {
        std::string names;
        const auto fits = [&](const json& name) {
            names.append(names.empty() ? "" : " or ").append(name.get_string());
            return has_type(name.get_string(), value);
        };
        const json_array* several = wanted.if_array();
        if (several == nullptr ? fits(wanted) : std::ranges::any_of(*several, fits)) {
            return true;
        }
        const bool fraction = value.is_number() && names == "integer";
        return fail(path, keyword::type, [&] {
            return "expected " + names + ", got " +
                   (fraction ? "a fraction" : std::string{kind_name(value)});
        });
    }

    bool assert_enum(const json& values, const json& value, const json_path* path) {
        for (const json& each : values.get_array()) {
            std::size_t cost = 0;
            const bool same = equal(each, value, cost);
            if (!spend(cost, path, keyword::enum_)) {
                return false;
            }
            if (same) {
                return true;
            }
        }
        return fail(path, keyword::enum_, [&] { return "expected one of " + excerpt(values); });
    }

    bool assert_number(const step& s, const json& value, const json_path* path,
                       std::string_view words) {
        if (!value.is_number()) {
            return true;
        }
        const json& limit = *s.value;
        bool good = false;
        switch (s.id) {
        case keyword::minimum:
            good = wide(value) >= wide(limit);
            break;
        case keyword::maximum:
            good = wide(value) <= wide(limit);
            break;
        case keyword::exclusive_minimum:
            good = wide(value) > wide(limit);
            break;
        case keyword::exclusive_maximum:
            good = wide(value) < wide(limit);
            break;
        default:
            good = is_multiple(value, limit);
            break;
        }
        return good || fail(path, s.id, [&] {
                   return "expected " + std::string{words} + excerpt(limit) + ", got " +
                          excerpt(value);
               });
    }

    bool assert_count(const step& s, std::size_t count, const json_path* path,
                      std::string_view unit) {
        const bool least = s.id == keyword::min_length || s.id == keyword::min_items ||
                           s.id == keyword::min_properties;
        const auto limit = wide(*s.value);
        const auto size = static_cast<long double>(count);
        return (least ? size >= limit : size <= limit) || fail(path, s.id, [&] {
                   return (least ? "expected at least " : "expected at most ") + excerpt(*s.value) +
                          std::string{unit} + ", got " + std::to_string(count);
               });
    }

    bool assert_pattern(const step& s, const json& value, const json_path* path) {
        return matches(*s.expression, value.get_string(), path, s.id) || fail(path, s.id, [&] {
                   return "expected text that matches " + quoted_excerpt(s.value->get_string());
               });
    }

    /// Compares hashes first, so that a long array does not take quadratic time.
    bool assert_unique(const step& s, const json& value, const json_path* path) {
        if (!s.value->get_bool()) {
            return true;
        }
        const json_array& array = value.get_array();
        std::vector<std::pair<std::size_t, std::size_t>> hashes;
        hashes.reserve(array.size());
        std::size_t hashing = 0;
        for (const json& element : array) {
            hashes.emplace_back(hash(element, hashing), hashes.size());
        }
        if (!spend(hashing, path, s.id)) {
            return false;
        }
        std::sort(hashes.begin(), hashes.end());
        for (std::size_t a = 0; a < hashes.size(); ++a) {
            for (std::size_t b = a + 1; b < hashes.size() && hashes[b].first == hashes[a].first;
                 ++b) {
                std::size_t cost = 0;
                const bool same = equal(array[hashes[a].second], array[hashes[b].second], cost);
                if (!spend(cost, path, s.id)) {
                    return false;
                }
                if (same) {
                    return fail(path, s.id, [&] {
                        return "elements " + std::to_string(hashes[a].second) + " and " +
                               std::to_string(hashes[b].second) + " are equal";
                    });
                }
            }
        }
        return true;
    }

    bool assert_dependent(const step& s, const json& value, const json_path* path) {
        const json_object* object = value.if_object();
        return object == nullptr ||
               std::ranges::all_of(s.value->get_object(), [&](const auto& entry) {
                   return !object->contains(entry.key()) ||
                          assert_members(s.id, entry.value(), value, path, entry.key());
               });
    }
};

} // namespace mcp::schema::validation
