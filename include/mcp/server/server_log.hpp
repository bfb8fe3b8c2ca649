#pragma once

#include <mcp/json/encode.hpp>
#include <mcp/server/observer.hpp>
#include <mcp/server/options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace mcp {

/// The server's own log: the observer that is there if no other takes the lines of the log. Writes
///
///     weather [warning] tool forecast failed: std::runtime_error: no such host (id 7)
///
/// to standard error, or to `server_options::log`; at level debug also when a request begins and
/// when it ends. A line is a line: line breaks and other control characters are shown escaped.
class server_log {
public:
    /// Both must outlive the log.
    server_log(const server_info& who, const server_options& options) noexcept
        : who_(who)
        , options_(options) {}

    void begin(const call_info& call) const {
        std::string text = title(call) + " begins";
        if (!call.trace.empty())
            text.append(", trace ").append(call.trace.trace_id());
        if (call.arguments)
            text.append(", arguments ").append(encode(*call.arguments));
        log({log_level::debug, text, call.request_id});
    }

    void end(const call_info& call, const call_end& how) const {
        std::string text = title(call) + " ended: ";
        text += to_string(how.outcome);
        if (how.code != 0)
            text.append(" ").append(std::to_string(how.code));
        const auto took = std::chrono::duration_cast<std::chrono::microseconds>(how.duration);
        text.append(" after ").append(std::to_string(took.count())).append(" us");
        log({log_level::debug, text, call.request_id});
    }

    void log(const log_line& line) const {
        if (line.level < options_.level)
            return;
        std::string text;
        append(text, line.text);
        if (!line.request_id.empty()) {
            text += " (id ";
            append(text, line.request_id.substr(0, longest_id));
            text += line.request_id.size() > longest_id ? "...)" : ")";
        }
        if (options_.log)
            return options_.log(line.level, text);
        text = who_.name + " [" + std::string(to_string(line.level)) + "] " + text + '\n';
        std::fwrite(text.data(), 1, text.size(), stderr);
    }

private:
    static constexpr std::size_t longest_id = 80; // clients choose them

    static std::string title(const call_info& call) {
        std::string text(call.method.empty() ? "a request of an unknown method" : call.method);
        if (!call.name.empty())
            text.append(" ").append(call.name);
        return text;
    }

    /// Nobody writes lines of his own by way of what an exception says.
    static void append(std::string& to, std::string_view text) {
        constexpr std::string_view digits = "0123456789abcdef";
        for (const char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            if (c == '\n')
                to += "\\n";
            else if (byte < 0x20 || byte == 0x7f)
                ((to += "\\x") += digits[byte >> 4U]) += digits[byte & 15U];
            else
                to += c;
        }
    }

    const server_info& who_;
    const server_options& options_;
};

static_assert(observer<server_log>);

} // namespace mcp
