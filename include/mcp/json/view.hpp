// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

struct json_member;

namespace detail {

/// A value of a `json_document`. The elements of an array follow it, and so do the members of an
/// object: a key, its value, the next key.
struct json_node {
    json_kind kind = json_kind::null;
    bool unescaped = false;   ///< whether the text of a string is in the document's own buffer
    std::uint32_t at = 0;     ///< the place of the text of a string
    std::uint32_t size = 0;   ///< bytes of the text of a string, elements, or members
    std::uint32_t length = 1; ///< number of nodes, with those inside
    union {
        bool truth;
        std::int64_t int64 = 0;
        std::uint64_t uint64;
        double real;
    };
};

/// The values of a `json_document`.
struct json_tape {
    std::string_view text;
    std::vector<json_node> nodes;
    std::string unescaped; ///< the texts of strings with escapes, and of strings that were copied

    std::string_view string(const json_node& node) const noexcept {
        return {(node.unescaped ? unescaped.data() : text.data()) + node.at, node.size};
    }
};

} // namespace detail

/// A JSON value to read: a value of a `json_document`, of which nothing is copied, or a `json`. The
/// default is absent. Valid as long as the document or the `json`. Cheap to copy.
///
///     std::size_t count_texts(mcp::json_view object) {
///         std::size_t texts = 0;
///         for (const auto& [name, value] : object.members())
///             texts += value.is_string() ? 1 : 0;
///         return texts;
///     }
class json_view {
public:
    template <class Item>
    class range;

    json_view() = default;
    json_view(const json& value) noexcept : at_{&value}, source_{source::value} {}

    json_view(const json_object& object) noexcept : json_view{&object} {}

    /// Null is absent.
    json_view(const json_object* object) noexcept
        : at_{object}
        , source_{object ? source::object : source::none} {}

    /// Returns whether there is a value. The other members, except `find` and `members`, need one.
    explicit operator bool() const noexcept { return source_ != source::none; }

    json_kind kind() const noexcept;
    bool is_null() const noexcept { return kind() == json_kind::null; }
    bool is_bool() const noexcept { return kind() == json_kind::bool_; }
    bool is_string() const noexcept { return kind() == json_kind::string; }
    bool is_array() const noexcept { return kind() == json_kind::array; }
    bool is_object() const noexcept { return kind() == json_kind::object; }
    bool is_number() const noexcept {
        return kind() == json_kind::int64 || kind() == json_kind::uint64 ||
               kind() == json_kind::double_;
    }

    /// Returns the content of a value of that kind.
    bool get_bool() const noexcept;
    std::int64_t get_int64() const noexcept;
    std::uint64_t get_uint64() const noexcept;
    double get_double() const noexcept;
    std::string_view get_string() const noexcept;

    /// Returns the text of a string, and nothing for another value or none.
    std::optional<std::string_view> if_string() const noexcept {
        return *this && is_string() ? std::optional(get_string()) : std::nullopt;
    }

    /// Returns a number that is an integer of 64 bits, such as 3 or 3.0.
    std::optional<std::int64_t> to_int64() const noexcept;

    /// Returns a number as the nearest double.
    double to_double() const noexcept;

    /// Returns the number of elements of an array or members of an object.
    std::size_t size() const noexcept;

    /// Returns the elements of an array.
    range<json_view> elements() const noexcept;

    /// Returns the members of an object; none for another value.
    range<json_member> members() const noexcept;

    /// Returns a member of an object. Absent if there is none of that name, or no object. Takes
    /// time in proportion to the number of members.
    json_view find(std::string_view key) const noexcept;

    /// Returns a copy of the value.
    json to_json(json_storage storage = {}) const;

private:
    friend class json_document;
    enum class source : std::uint8_t { none, value, object, tape };

    json_view(const detail::json_node* node, const detail::json_tape* tape) noexcept
        : at_{node}
        , tape_{tape}
        , source_{source::tape} {}

    const detail::json_node& node() const noexcept {
        return *static_cast<const detail::json_node*>(at_);
    }
    const json& value() const noexcept { return *static_cast<const json*>(at_); }
    const json_object& object() const noexcept;

    const void* at_ = nullptr;
    const detail::json_tape* tape_ = nullptr; ///< of a node
    source source_ = source::none;
};

/// A member of an object.
struct json_member {
    std::string_view name;
    json_view value;
};

/// The elements of an array or the members of an object.
template <class Item>
class json_view::range {
public:
    class iterator {
    public:
        using value_type = Item;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::input_iterator_tag;

        Item operator*() const noexcept;
        iterator& operator++() noexcept;
        iterator operator++(int) noexcept {
            iterator old = *this;
            ++*this;
            return old;
        }
        bool operator==(const iterator& other) const noexcept { return at_ == other.at_; }

    private:
        friend class range;
        iterator(const void* at, const detail::json_tape* tape) noexcept : at_{at}, tape_{tape} {}

        const void* at_;
        const detail::json_tape* tape_;
    };

    iterator begin() const noexcept { return {first_, tape_}; }
    iterator end() const noexcept { return {last_, tape_}; }

private:
    friend class json_view;
    const void* first_ = nullptr;
    const void* last_ = nullptr;
    const detail::json_tape* tape_ = nullptr;
};

template <>
json_view json_view::range<json_view>::iterator::operator*() const noexcept;
template <>
json_member json_view::range<json_member>::iterator::operator*() const noexcept;
template <>
auto json_view::range<json_view>::iterator::operator++() noexcept -> iterator&;
template <>
auto json_view::range<json_member>::iterator::operator++() noexcept -> iterator&;

/// Returns the JSON Schema type of a value, for messages: "null", "boolean", "number", "string",
/// "array" or "object".
std::string_view kind_name(json_view value) noexcept;

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/json/impl/view.ipp>
#endif
