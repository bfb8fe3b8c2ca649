// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/client_message.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::http {

MCP_DECL client_request::client_request(verb method_, std::string url_)
    : method(method_)
    , url(std::move(url_))
    , repeatable(method_ != verb::post && method_ != verb::patch) {}

MCP_DECL client_request& client_request::content(std::string_view type, std::string text) {
    body = std::move(text);
    return set("Content-Type", type);
}

MCP_DECL client_request& client_request::set(std::string_view name, std::string_view value) {
    if (!is_field_name(name))
        throw std::invalid_argument("client_request::set: the name of the header field is invalid");
    if (!is_field_value(value))
        throw std::invalid_argument(
            "client_request::set: the value is invalid for the header field " + std::string(name));
    for (const std::string_view ours :
         {"host", "content-length", "transfer-encoding", "connection", "upgrade", "expect"})
        if (iequals(name, ours))
            throw std::invalid_argument(
                "client_request::set: the client itself writes the header field " +
                std::string(name));
    headers_.append(name).append(": ").append(value).append("\r\n");
    return *this;
}

} // namespace mcp::http
