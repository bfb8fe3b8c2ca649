// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/redis/settings.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace mcp::redis {

namespace detail {

[[noreturn]] inline void bad_url(const char* why) {
    throw std::invalid_argument(std::string("Redis URL: ") + why);
}

inline std::string percent_decoded(std::string_view text) {
    const auto digit = [](char c) {
        const int value = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (value < 0)
            bad_url("a % is not followed by two hexadecimal digits");
        return value;
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (text.size() - i < 3)
            bad_url("a % is not followed by two hexadecimal digits");
        out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
        i += 2;
    }
    return out;
}

inline std::uint16_t small_number(std::string_view text, const char* complaint) {
    std::uint16_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size())
        bad_url(complaint);
    return value;
}

} // namespace detail

MCP_DECL settings parse_url(std::string_view url) {
    settings result;
    result.encrypted = url.starts_with("rediss://");
    const std::string_view scheme = result.encrypted ? "rediss://" : "redis://";
    if (!url.starts_with(scheme))
        detail::bad_url("expected redis:// or rediss:// at the start");
    url.remove_prefix(scheme.size());

    if (const auto slash = url.find('/'); slash != url.npos) {
        if (const auto number = url.substr(slash + 1); !number.empty())
            result.database =
                detail::small_number(number, "the database after the / is not a number");
        url = url.substr(0, slash);
    }
    if (const auto at = url.rfind('@'); at != url.npos) {
        const auto login = url.substr(0, at);
        url.remove_prefix(at + 1);
        const auto colon = login.find(':');
        if (colon == login.npos)
            detail::bad_url("expected user:password or :password before the @");
        result.user = detail::percent_decoded(login.substr(0, colon));
        result.password = detail::percent_decoded(login.substr(colon + 1));
    }
    std::string_view host = url;
    std::string_view port;
    if (url.starts_with('[')) {
        const auto close = url.find(']');
        if (close == url.npos)
            detail::bad_url("the [ of the address is not closed");
        host = url.substr(1, close - 1);
        port = url.substr(close + 1);
    } else if (const auto colon = url.find(':'); colon != url.npos) {
        host = url.substr(0, colon);
        port = url.substr(colon);
    }
    if (host.empty())
        detail::bad_url("the host is missing");
    result.host = std::string(host);
    if (!port.empty()) {
        if (port.front() != ':')
            detail::bad_url("expected a port after the ]");
        result.port = detail::small_number(port.substr(1), "the port is not a number");
    }
    return result;
}

} // namespace mcp::redis
