// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/dates.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/server/impl/log_text.hpp>
#include <mcp/server/observer.hpp>
#include <mcp/server/options.hpp>
#include <mcp/server/server_log.hpp>
#include <mcp/server/standard_error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

namespace detail {

inline constexpr std::size_t longest_logged_id = 80; // clients choose ids

inline std::string log_title(const call_info& call) {
    std::string text(call.method.empty() ? "a request with an unknown method" : call.method);
    if (!call.name.empty())
        text.append(" ").append(call.name);
    return text;
}

} // namespace detail

static_assert(observer<detail::server_log>);

MCP_DECL void detail::server_log::begin(const call_info& call) const {
    std::string text = detail::log_title(call) + " begins";
    if (!call.trace.empty())
        text.append(", trace ").append(call.trace.trace_id());
    if (call.arguments)
        text.append(", arguments ").append(encode(call.arguments));
    log({log_level::debug, text, call.request_id, call.http_id});
}

MCP_DECL void detail::server_log::end(const call_info& call, const call_end& how) const {
    std::string text = detail::log_title(call) + " ended: ";
    text += to_string(how.outcome);
    if (how.code != 0)
        text.append(" ").append(std::to_string(how.code));
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(how.duration);
    text.append(" after ").append(std::to_string(took.count())).append(" us");
    log({log_level::debug, text, call.request_id, call.http_id});
}

MCP_DECL void detail::server_log::log(const log_line& line) const {
    if (line.level < options_.level)
        return;
    std::string text;
    detail::append_log_text(text, line.text);
    const std::string_view id = line.request_id.substr(0, detail::longest_logged_id);
    const bool whole_id = id.size() == line.request_id.size();
    std::string http_id;
    detail::append_log_text(http_id, line.http_id);
    if (options_.log || options_.log_format != log_format::json_lines) {
        if (!id.empty()) {
            text += " (id ";
            detail::append_log_text(text, id);
            text += whole_id ? ")" : "...)";
        }
        if (!http_id.empty())
            text.append(" (request ").append(http_id).append(")");
    }
    members more;
    if (!id.empty())
        more.push_back({"id", line.request_id, whole_id});
    if (!http_id.empty())
        more.push_back({"request_id", http_id});
    write(info_, options_, line.level, text, more);
}

namespace detail {

/// Returns the present time in milliseconds, such as `2026-11-30T14:05:06.780Z`.
inline std::string log_time() {
    std::string time;
    append_rfc3339(time,
                   std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
    constexpr std::string_view zeros = ".000"; // the digits that it does not need are missing
    constexpr std::size_t seconds = 19;
    time.pop_back();
    time += zeros.substr(time.size() - seconds);
    return time += 'Z';
}

} // namespace detail

MCP_DECL void detail::server_log::write(const server_info& info, const server_options& options,
                                        log_level level, std::string_view text,
                                        const members& more) {
    if (options.log)
        return options.log(level, text);
    std::string line;
    if (options.log_format == log_format::json_lines) {
        json_writer w(line);
        w.begin_object();
        w.member("time", std::string_view(log_time()));
        w.member("level", to_string(level));
        w.member("server", std::string_view(info.name));
        w.member("message", text);
        for (const member& each : more) {
            w.key(each.name);
            if (each.is_json)
                w.raw(each.value);
            else
                w.value(each.value.substr(0, detail::longest_logged_id));
        }
        w.end_object();
    } else {
        if (options.log_format == log_format::timed) {
            line.append(log_time()).append(" ");
        }
        line.append(info.name).append(" [").append(to_string(level)).append("] ").append(text);
    }
    standard_error::get().write(line + '\n', info.name);
}

} // namespace mcp
