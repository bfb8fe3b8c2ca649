#pragma once

#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::jsonrpc {

/// The id of a request, kept as its JSON text, so that it goes back exactly as it came: `1` and
/// `"1"` are two ids [JSON-RPC 2.0 §4].
///
/// A default-constructed id is absent: the id of a notification, or one that could not be read.
class id {
public:
    id() = default;
    explicit id(std::int64_t number) : text_{std::to_string(number)} {}
    explicit id(std::string_view string) { append_json_string(text_, string); }

    /// The id in a parsed message: an integer or a string, nothing else. A number such as `3.0`
    /// counts as the integer [RFC 8259 §6]; null and fractions are no ids in MCP.
    static std::optional<id> from(const json& value);

    /// The id from its JSON text, as `text()` gave it; nothing is checked.
    static id from_text(std::string json_text) {
        id result;
        result.text_ = std::move(json_text);
        return result;
    }

    /// The JSON text, for example `7` or `"abc"`; empty if absent.
    std::string_view text() const noexcept { return text_; }

    /// Whether there is an id.
    explicit operator bool() const noexcept { return !text_.empty(); }

    friend bool operator==(const id&, const id&) = default;

private:
    std::string text_;
};

inline std::optional<id> id::from(const json& value) {
    if (const auto* string = value.if_string()) {
        return id{std::string_view{*string}};
    }
    if (const auto* number = value.if_int64()) {
        return id{*number};
    }
    if (const auto* number = value.if_uint64()) {
        return from_text(std::to_string(*number));
    }
    constexpr double exact = 9007199254740992.0; // 2^53: beyond it a double is no id
    if (const auto* number = value.if_double(); number && *number >= -exact && *number <= exact) {
        const auto whole = static_cast<std::int64_t>(*number);
        if (!(static_cast<double>(whole) < *number) && !(static_cast<double>(whole) > *number)) {
            return id{whole};
        }
    }
    return std::nullopt;
}

} // namespace mcp::jsonrpc

template <>
struct std::hash<mcp::jsonrpc::id> {
    std::size_t operator()(const mcp::jsonrpc::id& id) const noexcept {
        return std::hash<std::string_view>{}(id.text());
    }
};
