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

/// Writes one response in place: the envelope, then the members of its result by whoever answers,
/// then what the revision adds to every result.
///
///     result_writer w(out, id, revision::v2026_07_28, server_meta);
///     w.json().member("content", …);
///     w.finish();
class result_writer {
public:
    /// Appends to `out`. `server_info` is the server's `Implementation` as JSON text. All must
    /// outlive the writer.
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

    /// Where the members of the result go.
    json_writer& json() noexcept { return *json_; }

    /// Where a whole result goes, in place of members: what `write` of the protocol's result types
    /// makes, given `server_info`.
    json_writer& whole() {
        out_.resize(body_);
        whole_ = true;
        return json_.emplace(out_);
    }
    std::string_view server_info() const noexcept { return server_info_; }

    /// Members for the `_meta` of the result, beside the server's own.
    void meta(json_object members) { meta_ = std::move(members); }

    /// The `resultType`, "complete" unless said. A text constant. [MCP 2026-07-28 basic/index]
    void type(std::string_view name) noexcept { type_ = name; }

    /// Takes back what was written of the result.
    void restart() {
        out_.resize(start_);
        meta_.clear();
        type_ = "complete";
        begin();
    }

    /// Takes back the whole response.
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

    /// Makes the response an error instead of a result, and ends it.
    void fail(const jsonrpc::error& error) {
        out_.resize(start_);
        jsonrpc::write_error(out_, id_, error);
        error_code_ = error.code;
    }

    /// Notes that the result is the failure of a tool, which its members say.
    void note_tool_error() noexcept { tool_error_ = true; }

    /// How the response has come out, for who observes.
    const jsonrpc::id& id() const noexcept { return id_; }
    int error_code() const noexcept { return error_code_; } ///< 0 if it is a result
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
