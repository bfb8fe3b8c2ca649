// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

class json_writer;

/// A hint: yes, no, or nothing. It is an `optional<bool>` that an annotation of C++26 may contain.
struct hint {
    signed char state = -1; ///< 1: yes, 0: no, -1: nothing

    constexpr hint() noexcept = default;
    constexpr hint(bool yes) noexcept : state(yes ? 1 : 0) {}

    constexpr explicit operator bool() const noexcept { return state >= 0; }
    constexpr bool operator*() const noexcept { return state == 1; }
    friend constexpr bool operator==(const hint&, const hint&) = default;
};

/// The effects of a tool: hints that the client must not rely on [MCP 2026-07-28 server/tools].
/// Combine the constants below with `|`.
struct tool_hints {
    hint read_only;
    hint destructive;
    hint idempotent;
    hint open_world;

    constexpr bool empty() const noexcept {
        return !read_only && !destructive && !idempotent && !open_world;
    }

    /// Combines two sets of hints. If they contradict each other, the right operand wins.
    friend constexpr tool_hints operator|(tool_hints a, tool_hints b) noexcept {
        return {
            b.read_only ? b.read_only : a.read_only, b.destructive ? b.destructive : a.destructive,
            b.idempotent ? b.idempotent : a.idempotent, b.open_world ? b.open_world : a.open_world};
    }
    friend constexpr bool operator==(const tool_hints&, const tool_hints&) = default;
};

/// The tool changes nothing.
inline constexpr tool_hints read_only{true, {}, {}, {}};
/// The tool may change or delete existing data. Clients assume it of a tool that is not
/// `read_only`.
inline constexpr tool_hints destructive{{}, true, {}, {}};
/// The tool only adds data; it never changes or deletes existing data.
inline constexpr tool_hints additive{{}, false, {}, {}};
/// A second call with the same arguments has no further effect.
inline constexpr tool_hints idempotent{{}, {}, true, {}};
/// The tool deals with an open set of entities, such as the web. Clients assume it by default.
inline constexpr tool_hints open_world{{}, {}, {}, true};
/// The tool deals with a closed set of entities, such as a database.
inline constexpr tool_hints closed_world{{}, {}, {}, false};

/// Returns whether `name` is a valid tool name: 1 to 64 of `A-Z a-z 0-9 _ . / -`. The specification
/// allows longer names; the conformance suite and common clients do not.
constexpr bool is_tool_name(std::string_view name) noexcept {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-";
    return !name.empty() && name.size() <= 64 &&
           name.find_first_not_of(allowed) == std::string_view::npos;
}

/// A tool as listed by `tools/list`.
struct tool_definition {
    tool_definition() = default;
    tool_definition(std::string name_, std::string description_, std::string input_schema_)
        : name{std::move(name_)}
        , description{std::move(description_)}
        , input_schema{std::move(input_schema_)} {}

    std::string name;
    std::string title;
    std::string description;
    /// JSON Schema text whose root has `"type":"object"`; sent unchanged.
    std::string input_schema = R"({"type":"object","properties":{}})";
    /// JSON Schema text of `structuredContent`; empty if absent. Peers older than 2026-07-28 get it
    /// only if its root has `"type":"object"`.
    std::string output_schema;
    tool_hints hints;
    std::vector<icon> icons;
    json_object meta;
};

/// The result of a tool [MCP 2026-07-28 server/tools].
struct tool_result {
    tool_result() = default;
    tool_result(std::string words) { content.emplace_back(std::move(words)); }
    tool_result(const char* words) { content.emplace_back(words); }
    tool_result(mcp::content block) { content.push_back(std::move(block)); }
    tool_result(std::vector<mcp::content> blocks) : content{std::move(blocks)} {}

    /// Returns a failure that the model sees and may correct.
    static tool_result error(std::string words);

    /// Returns the text of all text blocks, with line breaks between the blocks.
    std::string text() const;

    /// If it is empty and `structured` is not, the text of `structured` is sent as a text block.
    std::vector<mcp::content> content;
    /// `structuredContent` as JSON text; empty if absent. Peers older than 2026-07-28 get it only
    /// if it is an object.
    std::string structured;
    bool is_error = false;
    json_object meta;
};

/// A `handler_error` of a tool. The client gets a result with `isError` and the text of the
/// exception, so that the model can correct itself.
class tool_error : public handler_error {
public:
    using handler_error::handler_error;

    /// Reports a failure with a complete result; sets its `is_error`. `what()` is its text.
    explicit tool_error(tool_result what);

    tool_result result() const;

private:
    std::optional<tool_result> result_;
};

void write(json_writer& w, const tool_definition& value, revision r);

/// Writes a complete result. `server_info` is that of `begin_result`.
void write(json_writer& w, const tool_result& value, revision r, std::string_view server_info = {});

result<tool_definition, decode_error> read_tool_definition(json_view value,
                                                           std::string_view path = {});
result<tool_result, decode_error> read_tool_result(json_view value, std::string_view path = {});

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/tools.ipp>
#endif
