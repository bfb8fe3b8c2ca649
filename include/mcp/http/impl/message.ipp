// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/message.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mcp::http {

MCP_DECL void path_params::add(std::string_view name, std::string_view value) {
    list_.push_back({std::string(name), text_.size(), value.size()});
    text_ += value;
}

MCP_DECL std::optional<std::string_view> path_params::find(std::string_view name) const noexcept {
    for (const entry& e : list_) {
        if (e.name == name) {
            return std::string_view(text_).substr(e.offset, e.size);
        }
    }
    return std::nullopt;
}

MCP_DECL std::string_view request::host() const noexcept {
    if (!authority.empty()) {
        return authority;
    }
    return headers.count("host") == 1 ? *headers.find("host") : std::string_view();
}

MCP_DECL void response::keep(std::string_view name, std::string_view value) {
    const std::size_t before = headers.size();
    kept = std::min(kept, before);
    insert(kept, name, value);
    kept += headers.size() - before;
}

MCP_DECL void response::clear() noexcept {
    code = status::ok;
    content_type.clear();
    headers.resize(std::min(kept, headers.size()));
    body.clear();
    shared = {};
    stream.reset();
    close = false;
    take_over = nullptr;
}

MCP_DECL void response::complete_body() {
    if (shared.text) {
        body.insert(shared.at, *shared.text);
    }
    shared = {};
}

MCP_DECL bool response::is_sendable() const noexcept {
    const auto number = static_cast<unsigned>(code);
    if (number < 200 || number > 999 || !is_field_value(content_type) || shared.at > body.size()) {
        return false;
    }
    for (std::string_view rest = headers; !rest.empty();) {
        const auto end = rest.find("\r\n");
        const auto colon = rest.find(':');
        if (end == rest.npos || colon > end || !is_field_name(rest.substr(0, colon)) ||
            !is_field_value(rest.substr(colon + 1, end - colon - 1))) {
            return false;
        }
        rest.remove_prefix(end + 2);
    }
    return true;
}

MCP_DECL void response::insert(std::size_t at, std::string_view name, std::string_view value) {
    if (!is_field_name(name)) {
        throw std::invalid_argument("response::set: the name of the header field is invalid");
    }
    if (!is_field_value(value)) {
        throw std::invalid_argument("response::set: the value is invalid for the header field " +
                                    std::string(name));
    }
    for (const std::string_view ours :
         {"connection", "content-length", "content-type", "transfer-encoding", "date"}) {
        if (iequals(name, ours)) {
            throw std::invalid_argument(
                "response::set: the server itself writes the header field " + std::string(name));
        }
    }
    std::string line(name);
    headers.insert(at, line.append(": ").append(value).append("\r\n"));
}

} // namespace mcp::http
