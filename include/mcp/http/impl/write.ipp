// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/message.hpp>
#include <mcp/http/status.hpp>
#include <mcp/http/write.hpp>

#include <charconv>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace mcp::http {

MCP_DECL framing framing_of(const response& r, int version) noexcept {
    const auto code = static_cast<unsigned>(r.code);
    if (code < 200 || code == 204 || code == 304) {
        return framing::none;
    }
    if (!r.stream) {
        return framing::length;
    }
    return version >= 11 ? framing::chunked : framing::until_close;
}

} // namespace mcp::http

namespace mcp::http::detail {

inline void append_number(std::string& out, std::size_t n, int base = 10) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, n, base).ptr);
}

} // namespace mcp::http::detail

namespace mcp::http {

MCP_DECL void append_head(std::string& out, const response& r, const head_context& context) {
    const framing body_framing = framing_of(r, context.version);
    if (r.code == status::ok) {
        out += "HTTP/1.1 200 OK\r\n";
    } else {
        out += "HTTP/1.1 ";
        detail::append_number(out, static_cast<std::size_t>(r.code));
        out.append(" ").append(reason(r.code)).append("\r\n");
    }
    if (!context.date.empty()) {
        out.append("Date: ").append(context.date).append("\r\n");
    }
    if (!r.content_type.empty()) {
        out.append("Content-Type: ").append(r.content_type).append("\r\n");
    }
    out += r.headers;
    if (body_framing == framing::length) {
        out += "Content-Length: ";
        detail::append_number(out, r.body_size());
        out += "\r\n";
    } else if (body_framing == framing::chunked) {
        out += "Transfer-Encoding: chunked\r\n";
    }
    if (!context.keep_alive || body_framing == framing::until_close) {
        out += "Connection: close\r\n";
    } else if (context.version < 11) {
        out += "Connection: keep-alive\r\n"; // HTTP/1.0 peers close by default
    }
    out += "\r\n";
}

MCP_DECL void append_chunk(std::string& out, std::string_view data) {
    if (data.empty()) {
        return;
    }
    detail::append_number(out, data.size(), 16);
    out.append("\r\n").append(data).append("\r\n");
}

MCP_DECL std::string http_date(std::chrono::sys_seconds time) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    constexpr std::string_view names = "SunMonTueWedThuFriSatJanFebMarAprMayJunJulAugSepOctNovDec";
    std::string out;
    const auto two = [&out](auto n) {
        out += static_cast<char>('0' + n / 10 % 10);
        out += static_cast<char>('0' + n % 10);
    };
    out.append(names.substr(weekday(day).c_encoding() * 3, 3)).append(", ");
    two(static_cast<unsigned>(date.day()));
    out.append(" ").append(names.substr(18 + 3 * static_cast<unsigned>(date.month()), 3));
    out += ' ';
    two(static_cast<int>(date.year()) / 100);
    two(static_cast<int>(date.year()) % 100);
    out += ' ';
    two(clock.hours().count());
    out += ':';
    two(clock.minutes().count());
    out += ':';
    two(clock.seconds().count());
    return out += " GMT";
}

} // namespace mcp::http
