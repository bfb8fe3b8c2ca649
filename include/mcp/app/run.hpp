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
/// The options are those of `parse_run_options`. SIGINT and SIGTERM stop gracefully with status 0;
/// a second signal ends the process at once. The status is 2 for a wrong option and 1 for an
/// address that cannot be used; both write one line to standard error. `http` sets the options that
/// the command line lacks; `<mcp/transport/streamable_http.hpp>` defines them. If
/// `server.options().resource` names a resource and its token issuers, its metadata are served as
/// well, without authentication.
///
/// Over HTTP, one line on standard error names a URL for clients on this machine; the default of
/// `http_policy` accepts its Host. A slow or closed standard error does not block the server:
/// SIGPIPE is ignored meanwhile, see `standard_error`.
int run(any_server& server, int argc, const char* const* argv);
int run(any_server& server, int argc, const char* const* argv, streamable_http_options http);

/// Serves as `options` say. If `options.answer` is set, prints it to standard output instead.
/// `<mcp/app/run_options.hpp>` defines the options.
int run(any_server& server, const run_options& options);
int run(any_server& server, const run_options& options, streamable_http_options http);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/app/impl/run.ipp>
#endif
