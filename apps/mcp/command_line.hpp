// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/protocol/revision.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp_app {

/// What makes the program end with status 2.
class usage_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What the user has asked for.
struct command_line {
    std::string command{};
    std::vector<std::string> words{};   ///< after the target
    std::string url{};                  ///< empty for a program
    std::vector<std::string> program{}; ///< the program and its arguments; empty for a URL
    std::string configuration{};        ///< a file, with `server`
    std::string server{};

    std::optional<std::string> arguments{}; ///< `--args`
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string token{};
    bool oauth = false;
    bool browser = false;
    std::string client_id{}; ///< that an authorization server has given by hand
    std::string client_secret{};
    std::string scope{};
    std::optional<mcp::revision> revision{};
    double timeout = 60; ///< in seconds
    std::string from = "stdio"; ///< what a bridge serves; then `http`
    std::string host = "127.0.0.1";
    std::uint16_t port = 8000;
    std::vector<std::string> hosts{};
    std::vector<std::string> origins{};
    std::size_t sessions = 100;
    double idle = 1800; ///< in seconds
    bool json = false;
    bool verbose = false;
};

namespace detail {

inline void add_commands(CLI::App& app, command_line& into) {
    const std::pair<const char*, const char*> commands[] = {
        {"list", "List tools, resources, templates and prompts, or one of them"},
        {"call", "Call a tool: TOOL [NAME=VALUE]..."},
        {"read", "Read a resource: URI"},
        {"prompt", "Get a prompt: NAME [NAME=VALUE]..."},
        {"complete", "Complete an argument: PROMPT-OR-TEMPLATE ARGUMENT [TEXT]"},
        {"listen", "Print changes of lists, and of the resources URI..., until Ctrl-C"},
        {"ping", "Ask whether the server is there"},
        {"info", "Print what the server says of itself"},
        {"bridge", "Be a server, on standard input and output or HTTP, that forwards to the target"},
    };
    for (const auto& [name, description] : commands) {
        CLI::App* each = app.add_subcommand(name, description);
        each->add_option("words", into.words, "TARGET (a URL), then what the command takes");
        each->fallthrough();
    }
    app.get_subcommand("call")->add_option("--args", into.arguments, "The arguments, as JSON");
    CLI::App* bridge = app.get_subcommand("bridge");
    bridge->add_option("--from", into.from, "What to serve: stdio, http or http:PORT");
    bridge->add_option("--host", into.host, "The address to listen on");
    bridge->add_option("--allowed-hosts", into.hosts, "HOST,...: names of the bridge, * for all")
        ->delimiter(',');
    bridge->add_option("--allowed-origins", into.origins, "ORIGIN,...: of pages")->delimiter(',');
    bridge->add_option("--sessions", into.sessions, "How many sessions there may be at once")
        ->check(CLI::PositiveNumber);
    bridge->add_option("--idle", into.idle, "Seconds after which an unused session ends")
        ->check(CLI::PositiveNumber);
}

/// Splits `http:PORT`.
inline void read_from(command_line& given) {
    const auto colon = given.from.find(':');
    const std::string kind = given.from.substr(0, colon);
    const bool has_port = colon != given.from.npos;
    const std::string port = has_port ? given.from.substr(colon + 1) : std::string();
    const auto [end, error] =
        std::from_chars(port.data(), port.data() + port.size(), given.port);
    const bool is_number = error == std::errc() && end == port.data() + port.size();
    if (kind == "http" ? has_port && !is_number : given.from != "stdio")
        throw usage_error("--from " + given.from +
                          ": a bridge serves stdio, http or http:PORT");
    given.from = kind;
}

inline std::pair<std::string, std::string> split_header(const std::string& text) {
    const auto colon = text.find(':');
    if (colon == text.npos || colon == 0)
        throw usage_error("--header wants 'Name: value'");
    const auto value = text.find_first_not_of(' ', colon + 1);
    return {text.substr(0, colon), value == text.npos ? std::string() : text.substr(value)};
}

/// Takes the target out of the words, unless a program or a configuration is the target.
inline void find_target(command_line& given, const std::string& to) {
    if (!to.empty()) {
        given.url = to;
    } else if (given.program.empty() && given.configuration.empty()) {
        if (given.words.empty())
            throw usage_error("there is no target: give a URL, a program after --, or --config and "
                              "--server");
        given.url = given.words.front();
        given.words.erase(given.words.begin());
    }
    if (!given.url.empty() && !given.url.starts_with("http://") &&
        !given.url.starts_with("https://"))
        throw usage_error(given.url + " is no URL; a program stands after --");
    if (!given.configuration.empty() && given.server.empty())
        throw usage_error("--config wants --server");
}

} // namespace detail

/// Reads the command line. Returns the status if the program ends with that: help, or an error that
/// has been printed. Throws `usage_error`.
inline std::optional<int> read_command_line(int argc, char** argv, command_line& into) {
    CLI::App app("A client of MCP servers.", "mcp");
    app.footer("TARGET is a URL, or a program after --:\n"
               "  mcp list https://example.com/mcp\n"
               "  mcp call add a=2 b=3 -- ./server --verbose\n"
               "Exit status: 0 success, 1 the tool has failed, 2 usage, 3 unauthorized,\n"
               "4 no response, 5 an error of the protocol, 130 Ctrl-C.");
    app.set_version_flag("--version", std::string(MCP_VERSION_STRING));
    app.require_subcommand(1);
    std::vector<std::string> headers;
    std::string revision, to;
    app.add_option("--config", into.configuration, "A file with mcpServers");
    app.add_option("--server", into.server, "The server of that file");
    app.add_option("--header", headers, "A header field 'Name: value' of every request")
        ->expected(1)
        ->take_all();
    app.add_option("--token", into.token, "A bearer token; better in the environment: MCP_TOKEN");
    app.add_flag("--oauth", into.oauth, "Let the user authorize by OAuth; prints the page to open");
    app.add_flag("--browser", into.browser, "Also open that page, by xdg-open");
    app.add_option("--client-id", into.client_id,
                   "The client id where you have registered mcp; a secret of it is MCP_CLIENT_SECRET");
    app.add_option("--scope", into.scope, "Scopes to ask for, separated by spaces");
    app.add_option("--revision", revision, "The only revision to use, such as 2025-11-25");
    app.add_option("--timeout", into.timeout, "Seconds in which a response must come; 0: no limit")
        ->check(CLI::NonNegativeNumber);
    app.add_option("--to", to, "The target of a bridge, a URL");
    app.add_flag("--json", into.json, "Print JSON");
    app.add_flag("--verbose", into.verbose, "Print log messages and faults to standard error");
    detail::add_commands(app, into);

    const auto dashes = std::find(argv + 1, argv + argc, std::string("--"));
    if (dashes != argv + argc)
        into.program.assign(dashes + 1, argv + argc);
    try {
        app.parse(static_cast<int>(dashes - argv), argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    into.command = app.get_subcommands().front()->get_name();
    if (const char* token = std::getenv("MCP_TOKEN"); token && into.token.empty())
        into.token = token;
    if (const char* secret = std::getenv("MCP_CLIENT_SECRET"); secret && !into.client_id.empty())
        into.client_secret = secret;
    if (!into.oauth && (into.browser || !into.client_id.empty() || !into.scope.empty()))
        throw usage_error("--browser, --client-id and --scope want --oauth");
    for (const std::string& each : headers)
        into.headers.push_back(detail::split_header(each));
    if (!revision.empty()) {
        into.revision = mcp::parse_revision(revision);
        if (!into.revision)
            throw usage_error(revision + " is no known revision");
    }
    detail::read_from(into);
    detail::find_target(into, to);
    return std::nullopt;
}

} // namespace mcp_app
