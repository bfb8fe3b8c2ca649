// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

class json_writer;

/// The author of a message, or the audience of content.
enum class role : std::uint8_t { user, assistant };

constexpr std::string_view to_string(role who) noexcept {
    return who == role::user ? "user" : "assistant";
}

/// Hints on how a client should use content or a resource [MCP 2026-07-28 server/resources].
struct annotations {
    annotations() = default;
    explicit annotations(std::vector<role> audience_, std::optional<double> priority_ = {},
                         std::string last_modified_ = {})
        : audience{std::move(audience_)}
        , priority{priority_}
        , last_modified{std::move(last_modified_)} {}

    std::vector<role> audience;
    /// From 0 (optional) to 1 (required).
    std::optional<double> priority;
    /// An ISO 8601 time, such as `2025-01-12T15:00:58Z`. Peers older than 2025-06-18 do not get it.
    std::string last_modified;

    friend bool operator==(const annotations&, const annotations&) = default;
};

/// Writes the member `annotations`. Writes nothing if no annotation is set that the revision knows.
void write_annotations(json_writer& w, const annotations& value, revision r);

result<role, decode_error> read_role(json_view value, std::string_view path = {});

result<annotations, decode_error> read_annotations(json_view value, std::string_view path = {});

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/annotations.ipp>
#endif
