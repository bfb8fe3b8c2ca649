// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/bearer.hpp>
#include <mcp/client/child_process.hpp>
#include <mcp/client/client_group.hpp>
#include <mcp/client/file_tokens.hpp>
#include <mcp/client/http_transport.hpp>
#include <mcp/client/loopback_redirect.hpp>
#include <mcp/client/mcp_servers.hpp>
#include <mcp/client/oauth.hpp>
#include <mcp/json/parse.hpp>
#ifdef MCP_APP_TLS
#include <mcp/http/tls.hpp>
#endif

#include "mcp/command_line.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <spawn.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace mcp_app {

namespace detail {

inline mcp::server_entry find_entry(const command_line& given) {
    std::ifstream file(given.configuration);
    if (!file)
        throw usage_error("cannot read " + given.configuration);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const auto value = mcp::parse_json(text);
    if (!value)
        throw usage_error(given.configuration + ": " + value.error().what());
    auto entries = mcp::read_mcp_servers(*value);
    if (!entries)
        throw usage_error(given.configuration + ": " + entries.error().what());
    for (mcp::server_entry& each : *entries)
        if (each.name == given.server)
            return std::move(each);
    throw usage_error(given.configuration + " has no server " + given.server);
}

/// Returns the file that keeps tokens between runs, in a folder that it makes.
inline std::string token_file() {
    const char* data = std::getenv("XDG_DATA_HOME");
    const char* home = std::getenv("HOME");
    if (!(data && *data) && !(home && *home))
        throw usage_error("--oauth keeps tokens below HOME, which is not set");
    const std::filesystem::path folder =
        (data && *data ? std::filesystem::path(data) : std::filesystem::path(home) / ".local/share") /
        "asio-mcp";
    std::filesystem::create_directories(folder);
    return folder / "tokens.json";
}

inline void open_browser(const std::string& url) {
    std::string program = "xdg-open", argument = url;
    char* const arguments[] = {program.data(), argument.data(), nullptr};
    ::pid_t child = 0;
    if (::posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments, environ) != 0)
        std::fprintf(stderr, "mcp: cannot run xdg-open\n");
}

inline std::shared_ptr<mcp::authorizer> make_oauth(const command_line& given) {
    mcp::loopback_options where;
    where.open = [browser = given.browser](const std::string& url) {
        std::fprintf(stderr, "Open this page to authorize mcp:\n%s\n", url.c_str());
        if (browser)
            open_browser(url);
    };
    mcp::oauth_options options;
    options.name = "mcp";
    options.client_id = given.client_id;
    options.client_secret = given.client_secret;
    options.scope = given.scope;
    options.agent = std::make_shared<mcp::loopback_redirect>(std::move(where));
#ifdef MCP_APP_TLS
    options.http.tls = mcp::http::tls();
#endif
    return std::make_shared<mcp::oauth>(std::move(options), mcp::file_tokens(token_file()));
}

} // namespace detail

/// Makes the transport to the server that the user has named.
inline std::unique_ptr<mcp::client_transport> make_transport(const command_line& given) {
    mcp::server_entry entry;
    if (!given.configuration.empty()) {
        entry = detail::find_entry(given);
    } else if (!given.url.empty()) {
        entry.kind = mcp::server_kind::http;
        entry.url = given.url;
    } else {
        entry.command = given.program.front();
        entry.arguments.assign(given.program.begin() + 1, given.program.end());
    }
    if (entry.kind == mcp::server_kind::process)
        return mcp::transport_to(entry);
    mcp::http_options options;
    options.headers = given.headers;
    if (!given.token.empty())
        options.authorization = std::make_shared<mcp::bearer>(given.token);
    else if (given.oauth)
        options.authorization = detail::make_oauth(given);
    return mcp::transport_to(entry, std::move(options));
}

} // namespace mcp_app
