// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mcp {

/// A published revision of the Model Context Protocol, oldest first, so that `<` means "older".
enum class revision : std::uint8_t {
    v2024_11_05,
    v2025_03_26,
    v2025_06_18,
    v2025_11_25,
    v2026_07_28,
};

/// Every revision that this library supports, oldest first.
inline constexpr std::array all_revisions{revision::v2024_11_05, revision::v2025_03_26,
                                          revision::v2025_06_18, revision::v2025_11_25,
                                          revision::v2026_07_28};

/// The newest revision.
inline constexpr revision latest = revision::v2026_07_28;

/// The newest revision with the `initialize` handshake. A server offers it to a client that asks
/// for an unknown revision.
inline constexpr revision latest_legacy = revision::v2025_11_25;

/// The revision that a server assumes for a legacy HTTP request without an `MCP-Protocol-Version`
/// header [MCP 2025-11-25 basic/transports].
inline constexpr revision assumed_without_header = revision::v2025_03_26;

/// Returns the wire form of a revision, such as `2025-11-25`.
constexpr std::string_view to_string(revision r) noexcept {
    constexpr std::array<std::string_view, all_revisions.size()> names{
        "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"};
    return names[static_cast<std::size_t>(r)];
}

/// Returns the revision that `text` names exactly, or nothing if it is unknown.
constexpr std::optional<revision> parse_revision(std::string_view text) noexcept {
    for (revision r : all_revisions) {
        if (to_string(r) == text) {
            return r;
        }
    }
    return std::nullopt;
}

/// Returns whether the revision is stateless: every request carries its own metadata, without a
/// handshake or a session.
constexpr bool is_modern(revision r) noexcept {
    return r >= revision::v2026_07_28;
}

/// Returns whether the revision has `initialize`, sessions and requests from server to client.
constexpr bool is_legacy(revision r) noexcept {
    return !is_modern(r);
}

/// Returns whether a JSON-RPC message may be an array of messages; only in this revision
/// [MCP 2025-03-26 basic/index].
constexpr bool has_batches(revision r) noexcept {
    return r == revision::v2025_03_26;
}

/// Returns whether one endpoint serves POST and GET. Older peers use the two endpoints of HTTP+SSE.
constexpr bool has_streamable_http(revision r) noexcept {
    return r >= revision::v2025_03_26;
}

/// Returns whether there are content blocks of type `audio`.
constexpr bool has_audio(revision r) noexcept {
    return r >= revision::v2025_03_26;
}

/// Returns whether a tool has `annotations`.
constexpr bool has_tool_annotations(revision r) noexcept {
    return r >= revision::v2025_03_26;
}

/// Returns whether there is a server capability `completions`. Older servers support the method
/// without it.
constexpr bool has_completions_capability(revision r) noexcept {
    return r >= revision::v2025_03_26;
}

/// Returns whether progress notifications have a `message`.
constexpr bool has_progress_message(revision r) noexcept {
    return r >= revision::v2025_03_26;
}

/// Returns whether a tool result has `structuredContent` and a tool has an `outputSchema`.
constexpr bool has_structured_content(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// Returns whether `structuredContent` may be any JSON value, not only an object.
constexpr bool has_any_structured_content(revision r) noexcept {
    return is_modern(r);
}

/// Returns whether there are content blocks of type `resource_link`.
constexpr bool has_resource_links(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// Returns whether everything with a `name` may have a `title`.
constexpr bool has_titles(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// Returns whether definitions, content blocks and resource contents have a `_meta`. Results have
/// it in every revision.
constexpr bool has_nested_meta(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// Returns whether annotations have a `lastModified`.
constexpr bool has_last_modified(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// Returns whether a completion request has `context.arguments`.
constexpr bool has_completion_context(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// Returns whether there is `elicitation/create`.
constexpr bool has_elicitation(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// Returns whether every HTTP request after the handshake has an `MCP-Protocol-Version` header.
constexpr bool has_version_header(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// Returns whether implementations, tools, resources, templates and prompts have `icons`.
constexpr bool has_icons(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// Returns whether an implementation has a `description` and a `websiteUrl`.
constexpr bool has_implementation_details(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// Returns whether elicitation has the modes `form` and `url` [MCP 2025-11-25 client/elicitation].
constexpr bool has_url_elicitation(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// Returns whether there are `notifications/elicitation/complete`, error -32042 and a required
/// `elicitationId`; only in this revision.
constexpr bool has_elicitation_ids(revision r) noexcept {
    return r == revision::v2025_11_25;
}

/// Returns whether a sampling request has `tools` and `toolChoice`, and content may be an array.
constexpr bool has_sampling_tools(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// Returns whether an SSE stream has a priming event and `retry` [MCP 2025-11-25 basic/transports].
constexpr bool has_sse_priming(revision r) noexcept {
    return r == revision::v2025_11_25;
}

/// Returns whether invalid input gives a tool result with `isError` instead of a JSON-RPC error.
constexpr bool has_input_errors_as_results(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// Returns whether an error response omits `id` if the request id could not be read. Older peers
/// get `null`.
constexpr bool omits_unknown_id(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// Returns whether the capabilities have `extensions`.
constexpr bool has_extensions(revision r) noexcept {
    return is_modern(r);
}

/// Returns whether every result has a `resultType` [MCP 2026-07-28 basic/index].
constexpr bool has_result_type(revision r) noexcept {
    return is_modern(r);
}

/// Returns whether lists, reads and `server/discover` have `ttlMs` and `cacheScope`.
constexpr bool has_caching(revision r) noexcept {
    return is_modern(r);
}

/// Returns whether a server asks for input by the result `input_required` instead of a request of
/// its own.
constexpr bool has_input_required(revision r) noexcept {
    return is_modern(r);
}

/// Returns whether `subscriptions/listen` replaces `resources/subscribe` and the GET stream.
constexpr bool has_listen(revision r) noexcept {
    return is_modern(r);
}

} // namespace mcp
