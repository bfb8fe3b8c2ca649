// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>

namespace mcp {

struct run_options;

/// Serves as the command line and the environment say, until the process is stopped. Returns the
/// exit status for `main`.
///
///     int main(int argc, char** argv) {
///         mcp::server server{"weather", "1.0.0"};
///         return mcp::run(server, argc, argv);
///     }
///
/// The options are those of `parse_run_options`. Over stdio it serves as `serve_stdio` does, and
/// over HTTP as `serve_http`: SIGINT and SIGTERM stop gracefully with status 0, and a second signal
/// ends the process at once. The status is 2 for a wrong option and 1 for an address that cannot be
/// used; both write one line to standard error.
int run(any_server& server, int argc, const char* const* argv);

/// Serves as the command line and the environment say. What they leave out is as in `defaults`;
/// `<mcp/app/run_options.hpp>` defines them.
///
///     int main(int argc, char** argv) {
///         mcp::server server{"weather", "1.0.0"};
///         mcp::run_options defaults;
///         defaults.transport = mcp::run_transport::http;
///         defaults.endpoint.always_stream = true;
///         return mcp::run(server, argc, argv, defaults);
///     }
int run(any_server& server, int argc, const char* const* argv, run_options defaults);

/// Serves the server beside the routes of an application; see `serve_http`. The transport is HTTP
/// unless the command line or the environment says otherwise, whatever `defaults` says.
///
///     int main(int argc, char** argv) {
///         mcp::server server{"shop", "1.0.0"};
///         mcp::http::router routes;
///         routes.add(mcp::http::verb::get, "/users/{id:int}", show_user);
///         return mcp::run(server, routes, argc, argv);
///     }
int run(any_server& server, http::router routes, int argc, const char* const* argv);
int run(any_server& server, http::router routes, int argc, const char* const* argv,
        run_options defaults);

/// Serves as `options` say. If `options.answer` is set, prints it to standard output instead.
int run(any_server& server, const run_options& options);
int run(any_server& server, http::router routes, const run_options& options);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/app/impl/run.ipp>
#endif
