#pragma once

#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

/// Writes a member unless the text is empty. In the structs of the protocol an empty text means
/// "absent".
inline void write_present(json_writer& w, std::string_view key, std::string_view text) {
    if (!text.empty()) {
        w.member(key, text);
    }
}

/// Writes a member whose value is JSON text, unless it is empty.
inline void write_present_raw(json_writer& w, std::string_view key, std::string_view json_text) {
    if (!json_text.empty()) {
        w.member_raw(key, json_text);
    }
}

/// Throws `encode_error` if `json_text`, the value of `key`, is not JSON. The program supplied it,
/// and it would make the whole message invalid.
inline void require_json_text(std::string_view key, std::string_view json_text) {
    const auto parsed = parse_json(json_text, own_json_limits);
    if (!parsed) {
        throw encode_error{std::string{key} + " is not JSON: " + parsed.error().what()};
    }
}

/// Writes a member whose value is JSON text of the program. Throws as `require_json_text` does.
inline void write_json_text(json_writer& w, std::string_view key, std::string_view json_text) {
    require_json_text(key, json_text);
    w.member_raw(key, json_text);
}

/// Writes a member unless it has no value.
template <class T>
void write_present(json_writer& w, std::string_view key, const std::optional<T>& value) {
    if (value) {
        w.member(key, *value);
    }
}

/// Writes an object, such as `_meta`, unless it has no members.
inline void write_present_object(json_writer& w, std::string_view key, const json_object& object) {
    if (!object.empty()) {
        w.member(key, object);
    }
}

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
