// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/revision.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

namespace http {
struct shared_text;
} // namespace http

namespace detail {
struct captured_result;
} // namespace detail

namespace jsonrpc {
class id;
struct error;
} // namespace jsonrpc

/// Writes one response in place: the envelope, then the members of the result, then the members
/// that the revision adds to every result.
///
///     mcp::result_writer w(out, id, mcp::revision::v2026_07_28, server_info);
///     w.json().member("nextCursor", "20");
///     w.finish();
class result_writer {
public:
    /// Appends to `out`. `server_info` is the server's `Implementation` as JSON text. `shared`
    /// takes the text of `share`; null if `out` has all of the response. All arguments must outlive
    /// the writer.
    result_writer(std::string& out, const jsonrpc::id& id, mcp::revision revision,
                  std::string_view server_info, http::shared_text* shared = nullptr);

    mcp::revision revision() const noexcept { return revision_; }

    /// Returns the writer of the members of the result.
    json_writer& json() noexcept { return *json_; }

    /// Returns the writer of a whole result, in place of its members. The `write` functions of the
    /// protocol's result types use it, with `server_info`.
    json_writer& whole();
    std::string_view server_info() const noexcept { return server_info_; }

    /// Writes a member of the result that is JSON text. The transport sends the text without a copy
    /// if it can. Call once.
    void share(std::string_view name, std::shared_ptr<const std::string> text);

    /// Adds members to the `_meta` of the result, beside the server's own.
    void meta(json_object members) { meta_ = std::move(members); }

    /// Sets the `resultType`; the default is "complete". `name` is a string constant.
    /// [MCP 2026-07-28 basic/index]
    void type(std::string_view name) noexcept { type_ = name; }

    /// Returns the bytes of the result so far.
    std::size_t result_size() const noexcept;

    /// Discards the members that were written, and starts the result again.
    void restart();

    /// Discards the whole response.
    void discard();

    /// Ends the response.
    void finish();

    /// Replaces the result by an error, and ends the response.
    void fail(const jsonrpc::error& error);

    /// Marks the result as a tool error. The caller writes `isError` itself.
    void note_tool_error() noexcept { tool_error_ = true; }

    /// Gives the results of tools, prompts and resources to `into`, in place of the response. Null
    /// ends that.
    void capture(detail::captured_result* into) noexcept { capture_ = into; }
    detail::captured_result* capture() const noexcept { return capture_; }

    /// Returns the id of the response.
    const jsonrpc::id& id() const noexcept { return id_; }
    int error_code() const noexcept { return error_code_; } ///< 0 for a result
    bool is_tool_error() const noexcept { return tool_error_; }

private:
    void begin();
    void cut(std::size_t size);

    std::string& out_;
    http::shared_text* shared_;
    detail::captured_result* capture_ = nullptr;
    const jsonrpc::id& id_;
    mcp::revision revision_;
    std::string_view server_info_;
    std::size_t start_;
    std::size_t body_ = 0; // after `"result":`
    bool whole_ = false;
    bool tool_error_ = false;
    int error_code_ = 0;
    std::optional<json_writer> json_;
    json_object meta_;
    std::string_view type_ = "complete";
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/result_writer.ipp>
#endif
