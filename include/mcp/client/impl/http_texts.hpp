// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/client/http_transport.hpp>: the texts of errors.

#include <mcp/client/impl/http_link.hpp>
#include <mcp/client/transport_error.hpp>
#include <mcp/encoding/utf8.hpp>
#include <mcp/http/client_error.hpp>
#include <mcp/http/status.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace mcp::detail {

/// Returns the beginning of a text of the server as it may stand in a sentence: its first line,
/// without control characters, of 200 bytes at most.
inline std::string first_line(std::string_view text) {
    constexpr std::size_t most = 200;
    text = text.substr(0, text.find_first_of("\r\n"));
    const bool is_long = text.size() > most;
    if (is_long) {
        text = text.substr(0, most);
        while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80)
            text.remove_suffix(1);
        text.remove_suffix(text.empty() ? 0 : 1);
    }
    std::string out;
    append_utf8_repaired(out, text);
    std::erase_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    return is_long ? out + "…" : out;
}

inline std::string status_text(const http::client_response& response, std::string_view text) {
    const auto number = static_cast<unsigned>(response.code);
    std::string out = "the server responded with status " + std::to_string(number);
    if (const auto phrase = http::reason(response.code); phrase != "Status")
        out.append(" ").append(phrase);
    if (const std::string line = first_line(text); !line.empty())
        out.append(": ").append(line);
    return out;
}

inline transport_error http_link::error(transport_failure why, http_call call,
                                        std::string_view sentence, int status) const {
    std::string text = name_;
    text.append(": ").append(call.method).append(": ").append(sentence);
    return transport_error(why, text, status);
}

inline transport_error http_link::error(const http::client_error& failure, http_call call) const {
    using http::client_failure;
    std::string_view sentence = failure.what(); // "HOST: what was wrong"
    sentence.remove_prefix(sentence.find(": ", failure.host().size()) + 2);
    switch (failure.why()) {
    case client_failure::closed:
        return error(transport_failure::closed, call, sentence);
    case client_failure::timeout:
        return error(transport_failure::timeout, call, sentence);
    case client_failure::bad_response:
        return error(transport_failure::bad_message, call, sentence);
    case client_failure::too_large:
        return error(transport_failure::too_large, call, sentence);
    default:
        return error(transport_failure::not_connected, call, sentence);
    }
}

} // namespace mcp::detail
