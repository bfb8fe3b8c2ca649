// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace mcp {

/// Writes a member unless the text is empty. In the structs of the protocol an empty text means
/// "absent".
void write_present(json_writer& w, std::string_view key, std::string_view text);

/// Writes a member whose value is JSON text, unless it is empty.
void write_present_raw(json_writer& w, std::string_view key, std::string_view json_text);

/// Throws `encode_error` if `json_text`, the value of `key`, is not JSON. The program supplied it,
/// and it would make the whole message invalid.
void require_json_text(std::string_view key, std::string_view json_text);

/// Writes a member whose value is JSON text of the program. Throws as `require_json_text` does.
void write_json_text(json_writer& w, std::string_view key, std::string_view json_text);

/// Writes a member unless it has no value.
template <class T>
void write_present(json_writer& w, std::string_view key, const std::optional<T>& value) {
    if (value) {
        w.member(key, *value);
    }
}

/// Writes an object, such as `_meta`, unless it has no members.
void write_present_object(json_writer& w, std::string_view key, const json_object& object);

/// Writes an array; `write_element(element)` writes one element.
template <class T, class Write>
void write_list(json_writer& w, std::string_view key, const std::vector<T>& list,
                Write write_element) {
    w.key(key);
    w.begin_array();
    for (const T& element : list) {
        write_element(element);
    }
    w.end_array();
}

/// Writes an array of strings or numbers unless it is empty.
template <class T>
void write_present_list(json_writer& w, std::string_view key, const std::vector<T>& list) {
    if (!list.empty()) {
        write_list(w, key, list, [&w](const T& element) { w.value(element); });
    }
}

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/member_writer.ipp>
#endif
