// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/message.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/server/result_writer.hpp>

namespace mcp {

MCP_DECL result_writer::result_writer(std::string& out, const jsonrpc::id& id,
                                      mcp::revision revision, std::string_view server_info,
                                      http::shared_text* shared)
    : out_(out)
    , shared_(shared)
    , id_(id)
    , revision_(revision)
    , server_info_(server_info)
    , start_(out.size()) {
    begin();
}

MCP_DECL json_writer& result_writer::whole() {
    cut(body_);
    whole_ = true;
    return json_.emplace(out_);
}

MCP_DECL void result_writer::share(std::string_view name, std::shared_ptr<const std::string> text) {
    if (!shared_)
        return json_->member_raw(name, *text);
    json_->member_raw(name, {});
    *shared_ = {std::move(text), out_.size()};
}

MCP_DECL std::size_t result_writer::result_size() const noexcept {
    return out_.size() - body_;
}

/// Removes what was written, up to a size.
MCP_DECL void result_writer::cut(std::size_t size) {
    out_.resize(size);
    if (shared_)
        *shared_ = {};
}

MCP_DECL void result_writer::discard() {
    cut(start_);
}

MCP_DECL void result_writer::restart() {
    cut(start_);
    meta_.clear();
    type_ = "complete";
    begin();
}

MCP_DECL void result_writer::finish() {
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

MCP_DECL void result_writer::fail(const jsonrpc::error& error) {
    cut(start_);
    jsonrpc::write_error(out_, id_, error);
    error_code_ = error.code;
}

MCP_DECL void result_writer::begin() {
    whole_ = tool_error_ = false;
    jsonrpc::begin_response(out_, id_);
    body_ = out_.size();
    json_.emplace(out_);
    json_->begin_object();
}

} // namespace mcp
