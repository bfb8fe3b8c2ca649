// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/view.hpp>

#include <utility>

namespace mcp {

MCP_DECL json_kind json_view::kind() const noexcept {
    switch (source_) {
    case source::tape:
        return node().kind;
    case source::value:
        return value().kind();
    case source::object:
        return json_kind::object;
    case source::none:
        break;
    }
    return json_kind::null;
}

MCP_DECL bool json_view::get_bool() const noexcept {
    return source_ == source::tape ? node().truth : value().get_bool();
}

MCP_DECL std::int64_t json_view::get_int64() const noexcept {
    return source_ == source::tape ? node().int64 : value().get_int64();
}

MCP_DECL std::uint64_t json_view::get_uint64() const noexcept {
    return source_ == source::tape ? node().uint64 : value().get_uint64();
}

MCP_DECL double json_view::get_double() const noexcept {
    return source_ == source::tape ? node().real : value().get_double();
}

MCP_DECL std::string_view json_view::get_string() const noexcept {
    return source_ == source::tape ? tape_->string(node()) : std::string_view{value().get_string()};
}

MCP_DECL std::optional<std::int64_t> json_view::to_int64() const noexcept {
    constexpr double two_to_63 = 9223372036854775808.0;
    switch (kind()) {
    case json_kind::int64:
        return get_int64();
    case json_kind::double_: {
        const double number = get_double();
        if (number >= -two_to_63 && number < two_to_63) {
            const auto whole = static_cast<std::int64_t>(number);
            if (!(static_cast<double>(whole) < number) && !(static_cast<double>(whole) > number)) {
                return whole;
            }
        }
        return std::nullopt;
    }
    case json_kind::uint64:
        return get_uint64() <= INT64_MAX ? std::optional(static_cast<std::int64_t>(get_uint64()))
                                         : std::nullopt;
    default:
        return std::nullopt;
    }
}

MCP_DECL double json_view::to_double() const noexcept {
    switch (kind()) {
    case json_kind::int64:
        return static_cast<double>(get_int64());
    case json_kind::uint64:
        return static_cast<double>(get_uint64());
    default:
        return get_double();
    }
}

MCP_DECL const json_object& json_view::object() const noexcept {
    return source_ == source::object ? *static_cast<const json_object*>(at_) : value().get_object();
}

MCP_DECL std::size_t json_view::size() const noexcept {
    if (source_ == source::tape) {
        return node().size;
    }
    return is_array() ? value().get_array().size() : object().size();
}

MCP_DECL auto json_view::elements() const noexcept -> range<json_view> {
    range<json_view> made;
    if (source_ == source::tape) {
        made.tape_ = tape_;
        made.first_ = &node() + 1;
        made.last_ = &node() + node().length;
    } else {
        const json_array& array = value().get_array();
        made.first_ = array.data();
        made.last_ = array.data() + array.size();
    }
    return made;
}

MCP_DECL auto json_view::members() const noexcept -> range<json_member> {
    range<json_member> made;
    if (source_ == source::none || !is_object()) {
        return made;
    }
    if (source_ == source::tape) {
        made.tape_ = tape_;
        made.first_ = &node() + 1;
        made.last_ = &node() + node().length;
    } else {
        made.first_ = object().begin();
        made.last_ = object().end();
    }
    return made;
}

MCP_DECL json_view json_view::find(std::string_view key) const noexcept {
    if (source_ == source::none || !is_object()) {
        return {};
    }
    if (source_ != source::tape) {
        const json* found = object().if_contains(key);
        return found ? json_view{*found} : json_view{};
    }
    const detail::json_node* const end = &node() + node().length;
    for (const detail::json_node* at = &node() + 1; at != end;) {
        const detail::json_node* const value = at + 1;
        if (at->size == key.size() && tape_->string(*at) == key) {
            return {value, tape_};
        }
        at = value + value->length;
    }
    return {};
}

MCP_DECL json json_view::to_json(json_storage storage) const {
    if (source_ == source::value) {
        return json(value(), std::move(storage));
    }
    if (source_ == source::object) {
        return json(object(), std::move(storage));
    }
    switch (kind()) {
    case json_kind::null:
        return json(nullptr, std::move(storage));
    case json_kind::bool_:
        return json(get_bool(), std::move(storage));
    case json_kind::int64:
        return json(get_int64(), std::move(storage));
    case json_kind::uint64:
        return json(get_uint64(), std::move(storage));
    case json_kind::double_:
        return json(get_double(), std::move(storage));
    case json_kind::string:
        return json(get_string(), std::move(storage));
    case json_kind::array: {
        json made(json_array{}, storage);
        json_array& array = made.get_array();
        array.reserve(size());
        for (const json_view each : elements()) {
            array.push_back(each.to_json(storage));
        }
        return made;
    }
    case json_kind::object:
        break;
    }
    json made(json_object{}, storage);
    json_object& object = made.get_object();
    object.reserve(size());
    for (const auto& [name, each] : members()) {
        object.emplace(name, each.to_json(storage));
    }
    return made;
}

template <>
MCP_DECL json_view json_view::range<json_view>::iterator::operator*() const noexcept {
    if (tape_) {
        return {static_cast<const detail::json_node*>(at_), tape_};
    }
    return *static_cast<const json*>(at_);
}

template <>
MCP_DECL auto json_view::range<json_view>::iterator::operator++() noexcept -> iterator& {
    if (tape_) {
        const auto* node = static_cast<const detail::json_node*>(at_);
        at_ = node + node->length;
    } else {
        at_ = static_cast<const json*>(at_) + 1;
    }
    return *this;
}

template <>
MCP_DECL json_member json_view::range<json_member>::iterator::operator*() const noexcept {
    if (tape_) {
        const auto* key = static_cast<const detail::json_node*>(at_);
        return {tape_->string(*key), {key + 1, tape_}};
    }
    const auto* member = static_cast<json_object::const_iterator>(at_);
    return {member->key(), member->value()};
}

template <>
MCP_DECL auto json_view::range<json_member>::iterator::operator++() noexcept -> iterator& {
    if (tape_) {
        const auto* value = static_cast<const detail::json_node*>(at_) + 1;
        at_ = value + value->length;
    } else {
        at_ = static_cast<json_object::const_iterator>(at_) + 1;
    }
    return *this;
}

MCP_DECL std::string_view kind_name(json_view value) noexcept {
    switch (value.kind()) {
    case json_kind::null:
        return "null";
    case json_kind::bool_:
        return "boolean";
    case json_kind::string:
        return "string";
    case json_kind::array:
        return "array";
    case json_kind::object:
        return "object";
    default:
        return "number";
    }
}

} // namespace mcp
