// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/request_record.hpp>
#include <mcp/http/status.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/server/access_log.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/impl/log_text.hpp>
#include <mcp/server/server_log.hpp>

#include <charconv>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

namespace detail {

/// Collects the parts of a line of the access log, as text and as members.
class access_line {
public:
    explicit access_line(const http::request_record& from) {
        constexpr std::size_t longest_path = 200; // clients choose it
        const http::request_note& note = from.note;
        const std::string_view method = http::to_string(from.method);
        add("peer", note.client.empty() ? from.remote.to_string() : note.client);
        add("method", method.empty() ? "?" : method);
        add("path", from.path.empty() ? "?" : from.path.substr(0, longest_path));
        add_number("status", std::to_string(static_cast<unsigned>(from.code)));
        add_number("bytes", std::to_string(from.sent), " bytes");
        add_number("milliseconds", milliseconds(from.duration), " ms");
        add("mcp_method", note.method);
        add("mcp_name", note.name);
        if (!note.session.empty())
            add("session", note.session.substr(0, 6) + "...", "session ");
        add("subject", note.subject, "for ");
        add("request_id", from.id, "request ");
        if (!from.complete)
            add("end", "the connection ended first");
        add("reason", note.reason, "refused: ");
    }

    const std::string& text() const noexcept { return text_; }

    server_log::members members() const {
        server_log::members all;
        for (const part& each : parts_)
            all.push_back({each.name, each.value, each.number});
        return all;
    }

private:
    struct part {
        std::string_view name;
        std::string value;
        bool number;
    };

    void add(std::string_view name, std::string_view value, std::string_view before = {}) {
        if (value.empty())
            return;
        std::string shown;
        append_log_text(shown, value);
        text_.append(text_.empty() ? "" : " ").append(before).append(shown);
        parts_.push_back({name, std::move(shown), false});
    }
    void add_number(std::string_view name, std::string value, std::string_view unit = {}) {
        text_.append(" ").append(value).append(unit);
        parts_.push_back({name, std::move(value), true});
    }

    /// Returns milliseconds with three digits after the point.
    static std::string milliseconds(std::chrono::nanoseconds duration) {
        char digits[40];
        const double value = static_cast<double>(duration.count()) / 1e6;
        return {
            digits,
            std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, 3).ptr};
    }

    std::string text_;
    std::vector<part> parts_;
};

} // namespace detail

struct access_log::shared {
    using clock = std::chrono::steady_clock;
    static constexpr std::size_t lines_per_second = 10;

    /// Returns whether another line of a refusal may be written now, and how many were not.
    std::pair<bool, std::size_t> admit() {
        const std::lock_guard lock(mutex);
        const auto now = clock::now();
        std::size_t left_out = 0;
        if (now - second >= std::chrono::seconds(1)) {
            second = now;
            left_out = written > lines_per_second ? written - lines_per_second : 0;
            written = 0;
        }
        return {++written <= lines_per_second, left_out};
    }

    const any_server& server;
    const access_lines lines;
    std::mutex mutex{};
    clock::time_point second{};
    std::size_t written = 0;
};

MCP_DECL access_log::access_log(const any_server& server, access_lines lines)
    : data_(new shared{server, lines}) {}

MCP_DECL void access_log::record(const http::request_record& request) const {
    const server_environment& to = data_->server.environment();
    if (!to.logs(log_level::info) || data_->lines == access_lines::none)
        return;
    if (data_->lines == access_lines::refused) {
        if (request.note.reason.empty() || static_cast<unsigned>(request.code) < 400)
            return;
        const auto [admitted, left_out] = data_->admit();
        if (left_out > 0)
            to.log(log_level::info, std::to_string(left_out) + " more requests were refused");
        if (!admitted)
            return;
    }
    const detail::access_line line(request);
    detail::server_log::write(to.info, to.options, log_level::info, line.text(), line.members());
}

MCP_DECL http::record_settings access_log::settings() const {
    http::record_settings made;
    if (data_->lines == access_lines::none)
        return made;
    made.on_end = [self = *this](const http::request_record& each) { self.record(each); };
    made.detailed = made.request_ids = data_->lines == access_lines::all;
    return made;
}

} // namespace mcp
