#pragma once

#include <mcp/protocol/logging.hpp>
#include <mcp/result.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// How `mcp::run` serves.
enum class run_transport { stdio, http };

/// What the command line and the environment say about how to serve.
struct run_options {
    run_transport transport = run_transport::stdio;
    std::string host = "127.0.0.1";    ///< the address to listen on
    std::uint16_t port = 8000;         ///< 0 takes any free port
    std::string path = "/mcp";         ///< where the endpoint is mounted
    unsigned threads = 1;              ///< event loops; 0 is one for each core
    log_level level = log_level::info; ///< less severe messages are not logged

    /// Set by `--help` and `--version`: the text to print instead of serving.
    std::optional<std::string> answer;
};

/// Why a command line or the environment cannot be used.
struct usage_error {
    /// One line that names the option or the variable.
    std::string message;

    const std::string& what() const { return message; }
};

/// What `result::value()` throws: `std::invalid_argument`.
[[noreturn]] inline void throw_exception_from_error(const usage_error& error,
                                                    const boost::source_location&) {
    throw std::invalid_argument{error.message};
}

/// Looks up an environment variable: null if it is not set.
using environment_lookup = std::function<const char*(const char* name)>;

/// Reads `--transport --host --port --path --threads --log-level --help --version`.
///
/// Each option but the last two has a variable: `MCP_TRANSPORT`, `MCP_HOST`, `MCP_PORT`,
/// `MCP_PATH`, `MCP_THREADS`, `MCP_LOG_LEVEL`. The command line wins, and a variable that it
/// overrules may hold anything. `name` and `version` are what `--version` shows.
/// The error is one line that names the option or the variable.
inline result<run_options, usage_error> parse_run_options(int argc, const char* const* argv,
                                                          const environment_lookup& environment,
                                                          std::string_view name = "server",
                                                          std::string_view version = "");

namespace detail {

inline constexpr std::pair<std::string_view, run_transport> run_transports[] = {
    {"stdio", run_transport::stdio}, {"http", run_transport::http}};

inline constexpr std::pair<std::string_view, log_level> run_log_levels[] = {
    {"debug", log_level::debug},   {"info", log_level::info},
    {"notice", log_level::notice}, {"warning", log_level::warning},
    {"error", log_level::error},   {"critical", log_level::critical},
    {"alert", log_level::alert},   {"emergency", log_level::emergency}};

/// Adds an option that takes one of `choices` by name.
template <class T, std::size_t N>
CLI::Option* add_choice(CLI::App& app, std::string option, T& value,
                        const std::pair<std::string_view, T> (&choices)[N], std::string help) {
    std::string list;
    std::string chosen;
    for (const auto& [name, choice] : choices) {
        list.append(list.empty() ? "" : ", ").append(name);
        if (choice == value)
            chosen = name;
    }
    const auto read = [&value, &choices, option, list](const std::string& text) {
        for (const auto& [name, choice] : choices) {
            if (name == text) {
                value = choice;
                return;
            }
        }
        throw CLI::ValidationError(option, "'" + text + "' is none of " + list);
    };
    return app.add_option_function<std::string>(std::move(option), read, std::move(help))
        ->type_name("{" + list + "}")
        ->default_str(chosen);
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

} // namespace detail

inline result<run_options, usage_error> parse_run_options(int argc, const char* const* argv,
                                                          const environment_lookup& environment,
                                                          std::string_view name,
                                                          std::string_view version) {
    run_options options;
    CLI::App app(std::string(name) + ": a Model Context Protocol server", std::string(name));
    app.set_version_flag("--version", std::string(name) + " " + std::string(version));
    app.get_option("--help")->description("Print this and exit");
    app.get_option("--version")->description("Print the version and exit");

    std::vector<std::pair<CLI::Option*, std::string>> variables;
    const auto add = [&](CLI::Option* option, const char* variable) {
        if (option->get_default_str().empty())
            option->capture_default_str();
        option->description(option->get_description() + " [" + variable + "]");
        variables.emplace_back(option, variable);
        return option;
    };
    add(detail::add_choice(app, "--transport", options.transport, detail::run_transports,
                           "How clients connect"),
        "MCP_TRANSPORT");
    add(app.add_option("--host", options.host, "Address to listen on"), "MCP_HOST");
    add(app.add_option("--port", options.port, "Port to listen on, 0 for any"), "MCP_PORT")
        ->check(CLI::Range(0, 65535));
    add(app.add_option("--path", options.path, "Path of the endpoint"), "MCP_PATH")
        ->check([](const std::string& path) {
            return path.starts_with('/') ? std::string() : "'" + path + "' does not begin with /";
        });
    add(app.add_option("--threads", options.threads, "Event loops, 0 for one per core"),
        "MCP_THREADS")
        ->check(CLI::Range(0, 1024));
    add(detail::add_choice(app, "--log-level", options.level, detail::run_log_levels,
                           "Least severe messages to log"),
        "MCP_LOG_LEVEL");

    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        options.answer = app.help();
        return options;
    } catch (const CLI::CallForVersion& text) {
        options.answer = std::string(text.what()) + "\n";
        return options;
    } catch (const CLI::ParseError& error) {
        return usage_error{detail::one_line(error.what())};
    }
    for (const auto& [option, variable] : variables) {
        const char* value = environment(variable.c_str());
        if (value == nullptr || option->count() > 0)
            continue;
        try {
            option->add_result(value);
            option->run_callback();
        } catch (const CLI::ParseError& error) {
            const std::string reason = detail::one_line(error.what());
            const std::string prefix = option->get_name() + ": ";
            return usage_error{variable + ": " +
                               reason.substr(reason.starts_with(prefix) ? prefix.size() : 0)};
        }
    }
    return options;
}

/// The same from the process: its arguments and its environment.
inline result<run_options, usage_error> parse_run_options(int argc, const char* const* argv,
                                                          std::string_view name,
                                                          std::string_view version) {
    return parse_run_options(
        argc, argv, [](const char* variable) { return std::getenv(variable); }, name, version);
}

} // namespace mcp
