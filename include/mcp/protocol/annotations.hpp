#pragma once

#include <mcp/json/writer.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/revision.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

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
inline void write_annotations(json_writer& w, const annotations& value, revision r) {
    const bool dated = has_last_modified(r) && !value.last_modified.empty();
    if (value.audience.empty() && !value.priority && !dated) {
        return;
    }
    w.key("annotations");
    w.begin_object();
    if (!value.audience.empty()) {
        write_list(w, "audience", value.audience, [&w](role who) { w.value(to_string(who)); });
    }
    write_present(w, "priority", value.priority);
    if (dated) {
        w.member("lastModified", value.last_modified);
    }
    w.end_object();
}

inline result<role, decode_error> read_role(const json& value, std::string_view path = {}) {
    if (const auto* text = value.if_string()) {
        if (*text == "user") {
            return role::user;
        }
        if (*text == "assistant") {
            return role::assistant;
        }
    }
    return decode_error{std::string{path}, "expected user or assistant"};
}

inline result<annotations, decode_error> read_annotations(const json& value,
                                                          std::string_view path = {}) {
    member_reader r{value, path};
    annotations read;
    r.take_list("audience", read.audience, read_role);
    r.take("priority", read.priority);
    r.take("lastModified", read.last_modified);
    return r.finish(std::move(read));
}

} // namespace mcp
