// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/impl/listen_on.hpp>
#include <mcp/http/impl/listen_unix.hpp>
#include <mcp/http/server.hpp>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace mcp::http::detail {

/// Returns the listening sockets of a server: for each address one for each event loop. `file` gets
/// the file of a Unix domain socket. Throws `std::system_error`.
inline std::vector<listener> listeners(asio::io_context& maker, const server_options& options,
                                       std::size_t loops, socket_file& file) {
    std::vector<listener> made;
    const auto share = [&](listener one) {
        made.push_back(std::move(one));
        for (std::size_t i = 1; i < loops; ++i)
            made.push_back(copy_of(maker, made.back()));
    };
    if (!options.sockets.empty()) {
        for (const int each : options.sockets)
            share(adopt(maker, each));
    } else if (options.host.starts_with(unix_prefix)) {
        share(listen_unix(maker, options.host, options.socket_mode, file));
    } else {
        for (tcp::acceptor& each : listen_on(maker, options.host, options.port, loops))
            made.emplace_back(std::move(each));
    }
    return made;
}

} // namespace mcp::http::detail
