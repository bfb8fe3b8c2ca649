#pragma once

#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/revision.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// Writes one response in place: the envelope, then the members of the result, then the members
/// that the revision adds to every result.
///
///     mcp::result_writer w(out, id, mcp::revision::v2026_07_28, server_info);
///     w.json().member("nextCursor", "20");
///     w.finish();
class result_writer {
public:
    /// Appends to `out`. `server_info` is the server's `Implementation` as JSON text. All arguments
    /// must outlive the writer.
    result_writer(std::string& out, const jsonrpc::id& id, mcp::revision revision,
                  std::string_view server_info)
        : out_(out)
        , id_(id)
        , revision_(revision)
        , server_info_(server_info)
        , start_(out.size()) {
        begin();
    }

    mcp::revision revision() const noexcept { return revision_; }

    /// Returns the writer of the members of the result.
    json_writer& json() noexcept { return *json_; }

    /// Returns the writer of a whole result, in place of its members. The `write` functions of the
    /// protocol's result types use it, with `server_info`.
    json_writer& whole() {
        out_.resize(body_);
        whole_ = true;
        return json_.emplace(out_);
    }
    std::string_view server_info() const noexcept { return server_info_; }

    /// Adds members to the `_meta` of the result, beside the server's own.
    void meta(json_object members) { meta_ = std::move(members); }

    /// Sets the `resultType`; the default is "complete". `name` is a string constant.
    /// [MCP 2026-07-28 basic/index]
    void type(std::string_view name) noexcept { type_ = name; }

    /// Discards the members that were written, and starts the result again.
    void restart() {
        out_.resize(start_);
        meta_.clear();
        type_ = "complete";
        begin();
    }

    /// Discards the whole response.
    void discard() { out_.resize(start_); }

    /// Ends the response.
    void finish() {
        if (whole_)
            return jsonrpc::end_response(out_);
        const bool modern = has_result_type(revision_);
        if (modern)
            json_->member("resultType", type_);
        if (modern || !meta_.empty()) {
            json_->key("_meta");
            json_->begin_object();
            if (modern && !meta_.contains(meta_key::server_info))
                json_->member_raw(meta_key::server_info, server_info_);
            for (const auto& entry : meta_)
                json_->member(entry.key(), entry.value());
            json_->end_object();
        }
        json_->end_object();
        jsonrpc::end_response(out_);
    }

    /// Replaces the result by an error, and ends the response.
    void fail(const jsonrpc::error& error) {
        out_.resize(start_);
        jsonrpc::write_error(out_, id_, error);
        error_code_ = error.code;
    }

    /// Marks the result as a tool error. The caller writes `isError` itself.
    void note_tool_error() noexcept { tool_error_ = true; }

    /// Returns the id of the response.
    const jsonrpc::id& id() const noexcept { return id_; }
    int error_code() const noexcept { return error_code_; } ///< 0 for a result
    bool is_tool_error() const noexcept { return tool_error_; }

private:
    void begin() {
        whole_ = tool_error_ = false;
        jsonrpc::begin_response(out_, id_);
        body_ = out_.size();
        json_.emplace(out_);
        json_->begin_object();
    }

    std::string& out_;
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
