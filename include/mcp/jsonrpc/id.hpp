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

/// The id of a request. It keeps the JSON text, so that the id is returned exactly as it was
/// received: `1` and `"1"` are two ids [JSON-RPC 2.0 §4].
///
/// A default-constructed id is absent: a notification has none, or the id could not be read.
class id {
public:
    id() = default;
    explicit id(std::int64_t number) : text_{std::to_string(number)} {}
    explicit id(std::string_view string) { append_json_string(text_, string); }

    /// Returns the id of a parsed message, which must be an integer or a string. A number such as
    /// `3.0` counts as the integer [RFC 8259 §6]; null and fractions are not ids in MCP.
    static std::optional<id> from(const json& value);

    /// Makes an id from its JSON text, as returned by `text()`, without checks.
    static id from_text(std::string json_text) {
        id result;
        result.text_ = std::move(json_text);
        return result;
    }

    /// Returns the JSON text, for example `7` or `"abc"`, or an empty text for an absent id.
    std::string_view text() const noexcept { return text_; }

    /// Returns whether the id is present.
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
    constexpr double exact = 9007199254740992.0; // 2^53: a double beyond it is not an id
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
