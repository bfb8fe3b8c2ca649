// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/document.hpp>
#include <mcp/json/impl/reader.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace mcp {

struct json_document::reading {
    static constexpr std::size_t usual = 16 * 1024;

    json_limits limits;
    unpaired_surrogates surrogates;
    detail::json_reader reader{};
    bool large = false; ///< the last text has made the buffers grow
};

MCP_DECL json_document::json_document(const json_limits& limits, unpaired_surrogates surrogates)
    : reading_{std::make_unique<reading>(limits, surrogates)} {}

MCP_DECL json_document::json_document(json_document&&) noexcept = default;
MCP_DECL json_document& json_document::operator=(json_document&&) noexcept = default;
MCP_DECL json_document::~json_document() = default;

MCP_DECL std::optional<parse_error> json_document::read(std::string_view text) {
    clear();
    reading& r = *reading_;
    r.large = text.size() > reading::usual;
    tape_.text = text;
    if (r.reader.read(text, r.limits, r.surrogates, tape_.nodes, tape_.unescaped)) {
        return std::nullopt;
    }
    parse_error error(std::move(r.reader.message()), r.reader.offset());
    clear();
    return error;
}

MCP_DECL void json_document::clear() noexcept {
    tape_.nodes.clear();
    tape_.unescaped.clear();
    tape_.text = {};
    if (reading_ && std::exchange(reading_->large, false)) {
        tape_.nodes.shrink_to_fit();
        tape_.unescaped.shrink_to_fit();
        reading_->reader = {};
    }
}

MCP_DECL json_document json_document::copy(json_view value) {
    json_document made;
    made.reading_.reset();
    switch (value.source_) {
    case json_view::source::none:
        break;
    case json_view::source::value:
        made.append(value.value());
        break;
    case json_view::source::object:
        made.append(value.object());
        break;
    case json_view::source::tape:
        made.copy_nodes(*value.tape_, value.node());
        break;
    }
    return made;
}

/// The strings of a value are next to each other, in the text and in the other buffer.
MCP_DECL void json_document::copy_nodes(const detail::json_tape& from,
                                        const detail::json_node& value) {
    struct extent {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
        bool used = false;
    } extents[2];
    tape_.nodes.assign(&value, &value + value.length);
    for (const detail::json_node& each : tape_.nodes) {
        if (each.kind != json_kind::string) {
            continue;
        }
        extent& of = extents[each.unescaped ? 1 : 0];
        of.begin = of.used ? of.begin : each.at;
        of.end = each.at + each.size;
        of.used = true;
    }
    for (detail::json_node& each : tape_.nodes) {
        each.at -= each.kind == json_kind::string ? extents[each.unescaped ? 1 : 0].begin : 0;
    }
    const auto& [plain, unescaped] = extents;
    const std::size_t size = plain.end - plain.begin;
    copied_ = std::make_unique_for_overwrite<char[]>(size);
    std::copy_n(from.text.data() + plain.begin, size, copied_.get());
    tape_.text = {copied_.get(), size};
    tape_.unescaped = from.unescaped.substr(unescaped.begin, unescaped.end - unescaped.begin);
}

MCP_DECL void json_document::append_string(std::string_view text) {
    detail::json_node& made = tape_.nodes.emplace_back();
    made.kind = json_kind::string;
    made.unescaped = true;
    made.at = static_cast<std::uint32_t>(tape_.unescaped.size());
    made.size = static_cast<std::uint32_t>(text.size());
    tape_.unescaped.append(text);
}

MCP_DECL void json_document::append(const json_object& object) {
    const std::size_t place = tape_.nodes.size();
    tape_.nodes.emplace_back().kind = json_kind::object;
    for (const auto& member : object) {
        append_string(member.key());
        append(member.value());
    }
    tape_.nodes[place].size = static_cast<std::uint32_t>(object.size());
    tape_.nodes[place].length = static_cast<std::uint32_t>(tape_.nodes.size() - place);
}

MCP_DECL void json_document::append(const json& value) {
    if (value.is_string()) {
        return append_string(value.get_string());
    }
    if (value.is_object()) {
        return append(value.get_object());
    }
    const std::size_t place = tape_.nodes.size();
    detail::json_node& made = tape_.nodes.emplace_back();
    made.kind = value.kind();
    switch (value.kind()) {
    case json_kind::bool_:
        made.truth = value.get_bool();
        break;
    case json_kind::int64:
        made.int64 = value.get_int64();
        break;
    case json_kind::uint64:
        made.uint64 = value.get_uint64();
        break;
    case json_kind::double_:
        made.real = value.get_double();
        break;
    case json_kind::array:
        for (const json& each : value.get_array()) {
            append(each);
        }
        tape_.nodes[place].size = static_cast<std::uint32_t>(value.get_array().size());
        tape_.nodes[place].length = static_cast<std::uint32_t>(tape_.nodes.size() - place);
        break;
    default:
        break;
    }
}

} // namespace mcp
