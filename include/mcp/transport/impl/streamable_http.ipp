// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/transport/impl/http_endpoint.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <memory>
#include <utility>

namespace mcp {

MCP_DECL streamable_http::streamable_http(any_server& server, streamable_http_options options)
    : endpoint_(std::make_shared<endpoint>(server, std::move(options))) {}

MCP_DECL asio::awaitable<void> streamable_http::operator()(const http::request& q,
                                                           http::response& r) const {
    return endpoint_->handle(q, r);
}

} // namespace mcp
