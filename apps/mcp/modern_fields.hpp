// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/message.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/protocol/meta.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp_app {

/// The names and values of `Mcp-Param-…`, decoded.
using parameter_fields = std::vector<std::pair<std::string, std::string>>;

/// Checks that the header fields of a modern message repeat its body. Finds those that repeat
/// arguments. [MCP 2026-07-28 basic/transports/streamable-http]
inline std::optional<mcp::jsonrpc::error> check_modern(const mcp::http::fields& headers,
                                                       const mcp::jsonrpc::message& message,
                                                       const mcp::request_meta& meta,
                                                       parameter_fields& mirrored) {
    namespace header = mcp::header;
    if (message.kind != mcp::jsonrpc::message_kind::request)
        return std::nullopt;
    if (const auto missing = mcp::check_modern_meta(meta))
        return missing;
    for (const std::string_view each : {header::protocol_version, header::method, header::name})
        if (headers.count(each) > 1)
            return mcp::header_mismatch(std::string(each) + " is repeated");
    const auto name = mcp::mcp_name(message.method, message.params);
    const auto sent_name = headers.find(header::name);
    if (headers.find(header::protocol_version) != meta.protocol_version)
        return mcp::header_mismatch("MCP-Protocol-Version must be that of params._meta");
    const auto revision = mcp::parse_revision(meta.protocol_version);
    if (!revision || mcp::is_legacy(*revision))
        return mcp::unsupported_protocol_version(meta.protocol_version);
    if (headers.find(header::method) != message.method)
        return mcp::header_mismatch("Mcp-Method must be the method of the body");
    if (name && !(sent_name && mcp::decode_header_value(*sent_name) == *name))
        return mcp::header_mismatch("Mcp-Name must be the name in the body");
    for (const mcp::http::field& each : headers) {
        const std::string_view start = each.name.substr(0, header::param_prefix.size());
        if (!mcp::http::iequals(start, header::param_prefix))
            continue;
        auto value = mcp::decode_header_value(each.value);
        if (!value)
            return mcp::header_mismatch(std::string(each.name) + " is malformed");
        mirrored.emplace_back(each.name, *std::move(value));
    }
    return std::nullopt;
}

} // namespace mcp_app
