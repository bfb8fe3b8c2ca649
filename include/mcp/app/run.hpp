#pragma once

#include <mcp/app/run_options.hpp>
#include <mcp/auth/protected_resource.hpp>
#include <mcp/http/router.hpp>
#include <mcp/http/server.hpp>
#include <mcp/server/core.hpp>
#include <mcp/transport/resource_metadata.hpp>
#include <mcp/transport/stdio.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/signal_set.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace mcp {

/// Serves as the command line and the environment say, until it is told to stop; gives what `main`
/// is to return.
///
///     int main(int argc, char** argv) {
///         mcp::server server{"weather", "1.0.0"};
///         return mcp::run(server, argc, argv);
///     }
///
/// The options are those of `parse_run_options`. SIGINT and SIGTERM stop gracefully, with 0; a
/// second one ends the process at once. 2 is a wrong option, 1 an address that is not to be had;
/// either gives one line on standard error. `http` sets what the command line cannot. If
/// `server.options().resource` names a resource, its metadata are served as well, to everybody.
int run(server_core& server, int argc, const char* const* argv, streamable_http_options http = {});

/// Serves as `options` say. `options.answer` is printed to standard output if there is one.
int run(server_core& server, const run_options& options, streamable_http_options http = {});

namespace detail {

/// One line on standard error. Gives `status`.
inline int complain(const server_core& server, const std::string& text, int status) {
    const std::string line = server.environment().info.name + ": " + text + "\n";
    std::fputs(line.c_str(), stderr);
    return status;
}

inline int run_http(server_core& server, const run_options& options,
                    streamable_http_options settings) {
    http::router router;
    try {
        router.mount(options.path, streamable_http(server, std::move(settings)));
        const protected_resource& resource = server.options().resource;
        if (!resource.resource.empty())
            router.mount(resource_metadata_path, resource_metadata(resource));
    } catch (const std::invalid_argument& error) {
        return complain(server, std::string("--path: ") + error.what(), 2);
    }

    http::server_options listening;
    listening.host = options.host;
    listening.port = options.port;
    listening.threads =
        options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    listening.on_error = [&server](std::exception_ptr failure) {
        server.environment().log(log_level::error, "http: " + describe_exception(failure));
    };
    http::server http(router, std::move(listening));
    const bool is_v6 = options.host.find(':') != options.host.npos;
    const std::string host = is_v6 ? "[" + options.host + "]" : options.host;
    try {
        http.listen();
    } catch (const std::system_error& error) {
        return complain(server,
                        "cannot listen on " + host + ":" + std::to_string(options.port) + ": " +
                            error.code().message(),
                        1);
    }

    asio::signal_set signals(http.executor(0), SIGINT, SIGTERM);
    signals.async_wait([&](std::error_code failed, int) {
        if (failed)
            return;
        std::error_code ignored;
        signals.clear(ignored); // a second signal does what it does by default
        http.stop();
    });
    complain(server,
             server.environment().info.version + " serves http://" + host + ":" +
                 std::to_string(http.port()) + options.path,
             0);
    http.run();
    server.environment().join_pool(); // what still runs there comes back to the loops of `http`
    return 0;
}

} // namespace detail

inline int run(server_core& server, const run_options& options, streamable_http_options http) {
    if (options.answer) {
        std::fputs(options.answer->c_str(), stdout);
        return 0;
    }
    server.options().level = options.level;
    server.log_offers();
    if (options.transport == run_transport::stdio)
        return serve_stdio(server);
    return detail::run_http(server, options, std::move(http));
}

inline int run(server_core& server, int argc, const char* const* argv,
               streamable_http_options http) {
    const server_info& info = server.environment().info;
    const auto options = parse_run_options(argc, argv, info.name, info.version);
    if (!options)
        return detail::complain(server, options.error().what(), 2);
    return run(server, *options, std::move(http));
}

} // namespace mcp
