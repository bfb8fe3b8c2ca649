// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/message.hpp>

#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ip/v6_only.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <sys/socket.h>
#include <system_error>
#include <vector>

namespace mcp::http::detail {

using asio::ip::tcp;

/// Returns the addresses of `server_options::host` with this port. Throws `std::system_error` if a
/// name has none.
inline std::vector<tcp::endpoint> addresses_of(asio::io_context& loop, const std::string& host,
                                               std::uint16_t port) {
    const tcp::endpoint v4(asio::ip::address_v4::loopback(), port);
    const tcp::endpoint v6(asio::ip::address_v6::loopback(), port);
    if (host.empty())
        return {v4};
    if (iequals(host, "localhost"))
        return {v4, v6};
    std::vector<tcp::endpoint> all;
    for (const auto& each : tcp::resolver(loop).resolve(
             host, std::to_string(port), tcp::resolver::passive | tcp::resolver::numeric_service)) {
        if (std::find(all.begin(), all.end(), each.endpoint()) == all.end())
            all.push_back(each.endpoint());
    }
    return all;
}

inline tcp::acceptor listen_at(asio::io_context& loop, const tcp::endpoint& at, bool share) {
    tcp::acceptor made(loop, at.protocol());
    made.set_option(asio::socket_base::reuse_address(true));
    if (at.address().is_v6() && at.address().is_unspecified())
        made.set_option(asio::ip::v6_only(false));
    if (share) {
        using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
        made.set_option(reuse_port(true));
    }
    made.bind(at);
    made.listen();
    return made;
}

/// One attempt of `listen_on`. All addresses get one port; if it is 0, the first address chooses
/// it.
inline std::vector<tcp::acceptor> try_listen_on(asio::io_context& loop,
                                                const std::vector<tcp::endpoint>& addresses,
                                                std::size_t copies) {
    std::vector<tcp::acceptor> made;
    std::error_code missing = asio::error::host_not_found;
    for (tcp::endpoint at : addresses) {
        if (!made.empty())
            at.port(made.front().local_endpoint().port());
        try {
            // SO_REUSEPORT would let two servers share a port unnoticed: bind it alone first.
            if (copies > 1 && at.port() != 0)
                listen_at(loop, at, false);
            for (std::size_t i = 0; i < copies; ++i) {
                made.push_back(listen_at(loop, at, copies > 1));
                at.port(made.back().local_endpoint().port());
            }
        } catch (const std::system_error& failure) {
            // A name may have an address of another machine, or of a disabled family.
            missing = failure.code();
            if (missing != asio::error::address_family_not_supported &&
                missing != std::errc::address_not_available)
                throw;
        }
    }
    if (made.empty())
        throw std::system_error(missing);
    return made;
}

/// Listens on every address of `host`, `copies` times on each. Returns the sockets, all copies of
/// the first address before those of the next. Throws `std::system_error`.
inline std::vector<tcp::acceptor> listen_on(asio::io_context& loop, const std::string& host,
                                            std::uint16_t port, std::size_t copies) {
    const auto addresses = addresses_of(loop, host, port);
    for (int attempt = 1;; ++attempt) {
        try {
            return try_listen_on(loop, addresses, copies);
        } catch (const std::system_error& failure) {
            // A port that is free at one address may be taken at the next: choose another port.
            const bool taken = failure.code() == asio::error::address_in_use;
            if (!taken || port != 0 || addresses.size() == 1 || attempt == 20)
                throw;
        }
    }
}

} // namespace mcp::http::detail
