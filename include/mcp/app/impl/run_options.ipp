// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/app/run_options.hpp>
#include <mcp/http/limits.hpp>
#include <mcp/http/router.hpp>
#include <mcp/protocol/logging.hpp>

#include <CLI/CLI.hpp>

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp {

namespace detail {

template <class T>
struct spelling {
    std::string_view text; ///< lower case, without `-` and `_`
    T value;
    bool shown = false; ///< by `--help` and by errors
};

inline constexpr spelling<run_transport> run_transports[] = {
    {"stdio", run_transport::stdio, true},
    {"http", run_transport::http, true},
    {"streamablehttp", run_transport::http}};

inline constexpr spelling<log_level> run_log_levels[] = {{"debug", log_level::debug, true},
                                                         {"trace", log_level::debug},
                                                         {"verbose", log_level::debug},
                                                         {"info", log_level::info, true},
                                                         {"information", log_level::info},
                                                         {"notice", log_level::notice, true},
                                                         {"warning", log_level::warning, true},
                                                         {"warn", log_level::warning},
                                                         {"error", log_level::error, true},
                                                         {"err", log_level::error},
                                                         {"critical", log_level::critical, true},
                                                         {"crit", log_level::critical},
                                                         {"fatal", log_level::critical},
                                                         {"alert", log_level::alert, true},
                                                         {"emergency", log_level::emergency, true},
                                                         {"emerg", log_level::emergency},
                                                         {"panic", log_level::emergency}};

/// Removes blanks and line ends, such as those of a file of variables, around the text.
inline std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto begin = text.find_first_not_of(blank);
    return begin == text.npos ? std::string_view()
                              : text.substr(begin, text.find_last_not_of(blank) + 1 - begin);
}

/// Reads one of the `known` values; the error lists them.
template <class T, std::size_t N>
std::string read_choice(std::string_view text, T& value, const spelling<T> (&known)[N]) {
    std::string plain;
    for (const char c : text) {
        if (c != '-' && c != '_')
            plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    std::string list;
    for (const auto& each : known) {
        if (each.text == plain) {
            value = each.value;
            return {};
        }
        if (each.shown)
            list.append(list.empty() ? "" : ", ").append(each.text);
    }
    return "'" + std::string(text) + "' is invalid; expected one of " + list;
}

/// Reads a decimal number up to `most`.
template <class T>
std::string read_number(std::string_view text, T& value, T most) {
    T number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || end != text.data() + text.size() || number > most)
        return "'" + std::string(text) + "' is not a number from 0 to " + std::to_string(most);
    value = number;
    return {};
}

/// Reads a time in seconds.
inline std::string read_seconds(std::string_view text,
                                std::optional<std::chrono::milliseconds>& value) {
    std::uint16_t seconds = 0;
    std::string wrong = read_number<std::uint16_t>(text, seconds, 3600);
    if (wrong.empty())
        value = std::chrono::seconds(seconds);
    return wrong;
}

/// Reads a host; an IPv6 address may be in brackets, as in a URL.
inline std::string read_host(std::string_view text, std::string& value) {
    if (text.starts_with('[') && text.ends_with(']'))
        text = text.substr(1, text.size() - 2);
    if (text.empty() || text.find_first_of("/[] \t") != text.npos)
        return "'" + std::string(text) + "' is not an address or a host name";
    value = text;
    return {};
}

inline std::string read_path(std::string_view text, std::string& value) {
    if (!text.starts_with('/'))
        return "'" + std::string(text) + "' does not begin with /";
    if (text.find_first_of("?# \t") != text.npos)
        return "'" + std::string(text) + "' is not a path: a path has no ?, # or space";
    while (text.size() > 1 && text.ends_with('/'))
        text.remove_suffix(1);
    try {
        http::path_pattern pattern(text);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    value = text;
    return {};
}

/// An option with a variable.
struct run_setting {
    const char* option;
    const char* variable;
    const char* type;
    const char* help;
    bool http_only;
    std::function<std::string(std::string_view)> read; ///< returns an error, or an empty string
    std::string given{};                               ///< on the command line
};

inline std::string in_seconds(std::chrono::milliseconds time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count());
}

/// Returns the time that running requests get at shutdown, in seconds.
inline std::string shown_timeout(const run_options& options) {
    return options.shutdown_timeout
               ? in_seconds(*options.shutdown_timeout)
               : in_seconds(options.peer.drain) + " over stdio, " +
                     in_seconds(options.limits.shutdown_timeout) + " over http";
}

inline std::string one_line(std::string text) {
    for (char& c : text) {
        if (c == '\n' || c == '\r')
            c = ' ';
    }
    while (!text.empty() && text.back() == ' ')
        text.pop_back();
    return text;
}

/// Returns whether Kubernetes has made the value for a Service: `tcp://10.0.0.1:8000`.
inline bool is_service_link(std::string_view text) {
    return text.find("://") != text.npos;
}

} // namespace detail

MCP_DECL result<run_options, usage_error>
parse_run_options(int argc, const char* const* argv, const environment_lookup& environment,
                  std::string_view name, std::string_view version, run_options defaults) {
    run_options options = std::move(defaults);
    using view = std::string_view;
    detail::run_setting settings[] = {
        {"--transport", "MCP_TRANSPORT", "{stdio, http}", "Transport for clients", false,
         [&](view t) { return detail::read_choice(t, options.transport, detail::run_transports); }},
        {"--host", "MCP_HOST", "HOST", "Address or name to listen on", true,
         [&](view t) { return detail::read_host(t, options.host); }},
        {"--port", "MCP_PORT", "NUMBER", "Port to listen on, 0 for any", true,
         [&](view t) { return detail::read_number<std::uint16_t>(t, options.port, 65535); }},
        {"--path", "MCP_PATH", "PATH", "Path of the endpoint", true,
         [&](view t) { return detail::read_path(t, options.path); }},
        {"--threads", "MCP_THREADS", "NUMBER", "Event loops, 0 for one per core", true,
         [&](view t) { return detail::read_number(t, options.threads, 1024U); }},
        {"--log-level", "MCP_LOG_LEVEL",
         "{debug, info, notice, warning, error, critical, alert, emergency}",
         "Least severe messages to log", false,
         [&](view t) { return detail::read_choice(t, options.level, detail::run_log_levels); }},
        {"--shutdown-timeout", "MCP_SHUTDOWN_TIMEOUT", "SECONDS",
         "Time that running requests get at shutdown", false,
         [&](view t) { return detail::read_seconds(t, options.shutdown_timeout); }},
        {"--calls", "MCP_CALLS", "NUMBER", "Calls of one session at once", true, [&](view t) {
             unsigned calls = 0;
             std::string wrong = detail::read_number(t, calls, 1'000'000U);
             if (wrong.empty())
                 options.calls = calls;
             return wrong;
         }}};
    const std::string shown[] = {options.transport == run_transport::stdio ? "stdio" : "http",
                                 options.host,
                                 std::to_string(options.port),
                                 options.path,
                                 std::to_string(options.threads),
                                 std::string(to_string(options.level)),
                                 detail::shown_timeout(options),
                                 std::to_string(options.calls.value_or(options.endpoint.calls))};

    CLI::App app(std::string(name) + ": a Model Context Protocol server", std::string(name));
    app.set_version_flag("--version", std::string(name) + " " + std::string(version));
    app.get_option("--help")->description("Print this help and exit");
    app.get_option("--version")->description("Print the version and exit");
    for (std::size_t i = 0; i < std::size(settings); ++i) {
        detail::run_setting& each = settings[i];
        app.add_option(each.option, each.given,
                       each.help + (" [" + std::string(each.variable) + "]"))
            ->type_name(each.type)
            ->default_str(shown[i])
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        options.answer = app.help();
        return options;
    } catch (const CLI::CallForVersion& answer) {
        options.answer = std::string(answer.what()) + "\n";
        return options;
    } catch (const CLI::ParseError& error) {
        return usage_error{detail::one_line(error.what())};
    }
    for (const detail::run_setting& each : settings) {
        std::string_view value = detail::trimmed(each.given);
        std::string source = each.option;
        if (value.empty()) {
            const char* set = environment(each.variable);
            value = detail::trimmed(set == nullptr ? "" : set);
            source = each.variable;
            if (value.empty() || (source == "MCP_PORT" && detail::is_service_link(value)))
                continue;
        }
        const std::string wrong = each.read(value);
        const bool matters = !each.http_only || options.transport == run_transport::http;
        if (!wrong.empty() && (matters || source == each.option))
            return usage_error{detail::one_line(source + ": " + wrong)};
    }
    return options;
}

MCP_DECL result<run_options, usage_error> parse_run_options(int argc, const char* const* argv,
                                                            std::string_view name,
                                                            std::string_view version,
                                                            run_options defaults) {
    return parse_run_options(
        argc, argv, [](const char* variable) { return std::getenv(variable); }, name, version,
        std::move(defaults));
}

} // namespace mcp
