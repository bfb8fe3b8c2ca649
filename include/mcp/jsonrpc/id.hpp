// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/view.hpp>

#include <cstddef>
#include <cstdint>
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
    explicit id(std::string_view string);

    /// Returns the id of a parsed message, which must be an integer or a string. A number such as
    /// `3.0` counts as the integer [RFC 8259 §6]; null and fractions are not ids in MCP.
    static std::optional<id> from(json_view value);

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

} // namespace mcp::jsonrpc

template <>
struct std::hash<mcp::jsonrpc::id> {
    std::size_t operator()(const mcp::jsonrpc::id& id) const noexcept {
        return std::hash<std::string_view>{}(id.text());
    }
};

#ifdef MCP_BODIES
#include <mcp/jsonrpc/impl/id.ipp>
#endif
