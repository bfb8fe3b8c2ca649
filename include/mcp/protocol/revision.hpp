#pragma once

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

/// Every revision that this library speaks, oldest first.
inline constexpr std::array all_revisions{revision::v2024_11_05, revision::v2025_03_26,
                                          revision::v2025_06_18, revision::v2025_11_25,
                                          revision::v2026_07_28};

/// The newest revision.
inline constexpr revision latest = revision::v2026_07_28;

/// The newest revision with the `initialize` handshake: what a server offers to a client that
/// asks for a revision it does not know.
inline constexpr revision latest_legacy = revision::v2025_11_25;

/// What a server assumes of a legacy HTTP request without `MCP-Protocol-Version` header
/// [MCP 2025-11-25 basic/transports].
inline constexpr revision assumed_without_header = revision::v2025_03_26;

/// The revision as it stands on the wire, for example `2025-11-25`.
constexpr std::string_view to_string(revision r) noexcept {
    constexpr std::array<std::string_view, all_revisions.size()> names{
        "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"};
    return names[static_cast<std::size_t>(r)];
}

/// The revision that `text` names exactly, or nothing if this library does not know it.
constexpr std::optional<revision> parse_revision(std::string_view text) noexcept {
    for (revision r : all_revisions) {
        if (to_string(r) == text) {
            return r;
        }
    }
    return std::nullopt;
}

/// Stateless wire: every request carries its own metadata, there is no handshake and no session.
constexpr bool is_modern(revision r) noexcept {
    return r >= revision::v2026_07_28;
}

/// The wire with `initialize`, sessions and requests from server to client.
constexpr bool is_legacy(revision r) noexcept {
    return !is_modern(r);
}

/// A message may be an array of messages; only this one revision has it
/// [MCP 2025-03-26 basic/index].
constexpr bool has_batches(revision r) noexcept {
    return r == revision::v2025_03_26;
}

/// One endpoint for POST and GET; older peers use the two endpoints of HTTP+SSE.
constexpr bool has_streamable_http(revision r) noexcept {
    return r >= revision::v2025_03_26;
}

/// Content blocks of type `audio`.
constexpr bool has_audio(revision r) noexcept {
    return r >= revision::v2025_03_26;
}

/// `annotations` of a tool.
constexpr bool has_tool_annotations(revision r) noexcept {
    return r >= revision::v2025_03_26;
}

/// The server capability `completions`; older servers just answered the method.
constexpr bool has_completions_capability(revision r) noexcept {
    return r >= revision::v2025_03_26;
}

/// `message` in progress notifications.
constexpr bool has_progress_message(revision r) noexcept {
    return r >= revision::v2025_03_26;
}

/// `structuredContent` of a tool result and `outputSchema` of a tool.
constexpr bool has_structured_content(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// `structuredContent` may be any JSON value, not only an object.
constexpr bool has_any_structured_content(revision r) noexcept {
    return is_modern(r);
}

/// Content blocks of type `resource_link`.
constexpr bool has_resource_links(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// `title` beside `name` everywhere.
constexpr bool has_titles(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// `_meta` on definitions, content blocks and resource contents (results always had it).
constexpr bool has_nested_meta(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// `annotations.lastModified`.
constexpr bool has_last_modified(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// `context.arguments` of a completion request.
constexpr bool has_completion_context(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// `elicitation/create`.
constexpr bool has_elicitation(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// The `MCP-Protocol-Version` header on every HTTP request after the handshake.
constexpr bool has_version_header(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// `icons` of implementations, tools, resources, templates and prompts.
constexpr bool has_icons(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// `description` and `websiteUrl` of an implementation.
constexpr bool has_implementation_details(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// Elicitation modes: `form` and `url` [MCP 2025-11-25 client/elicitation].
constexpr bool has_url_elicitation(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// `notifications/elicitation/complete`, error -32042 and an `elicitationId` that must be there:
/// only in this revision.
constexpr bool has_elicitation_ids(revision r) noexcept {
    return r == revision::v2025_11_25;
}

/// `tools` and `toolChoice` of a sampling request, and content that is an array.
constexpr bool has_sampling_tools(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// The SSE priming event and `retry` [MCP 2025-11-25 basic/transports].
constexpr bool has_sse_priming(revision r) noexcept {
    return r == revision::v2025_11_25;
}

/// Input that fails validation is a tool result with `isError`, not a JSON-RPC error.
constexpr bool has_input_errors_as_results(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// An error whose request id could not be read leaves `id` out; older peers get `null`.
constexpr bool omits_unknown_id(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// `extensions` among the capabilities.
constexpr bool has_extensions(revision r) noexcept {
    return is_modern(r);
}

/// `resultType` on every result [MCP 2026-07-28 basic/index].
constexpr bool has_result_type(revision r) noexcept {
    return is_modern(r);
}

/// `ttlMs` and `cacheScope` on lists, reads and `server/discover`.
constexpr bool has_caching(revision r) noexcept {
    return is_modern(r);
}

/// The server asks by ending the call with `input_required`, not by a request of its own.
constexpr bool has_input_required(revision r) noexcept {
    return is_modern(r);
}

/// `subscriptions/listen` instead of `resources/subscribe` and the GET stream.
constexpr bool has_listen(revision r) noexcept {
    return is_modern(r);
}

} // namespace mcp
