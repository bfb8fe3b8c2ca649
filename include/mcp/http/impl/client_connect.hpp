// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/http/client.hpp>: name resolution.

#include <mcp/http/impl/client_watchdog.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/error.hpp>
#include <asio/ip/address.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp::http::detail {

using endpoints = std::vector<asio::ip::tcp::endpoint>;

/// A name lookup that can be abandoned. The lookup of the system cannot be cancelled and may be
/// slow.
struct name_lookup {
    explicit name_lookup(const asio::any_io_executor& executor)
        : resolver(executor)
        , finished(executor) {
        finished.expires_at(asio::steady_timer::time_point::max());
    }

    asio::ip::tcp::resolver resolver;
    asio::steady_timer finished; // cancelled by the end of the lookup
    endpoints addresses{};
    std::error_code failure{};
    bool is_done = false;
};

/// Returns the addresses of a host. Throws `std::system_error` if the lookup fails, with
/// `operation_aborted` if it is cancelled or `watchdog` ends it.
inline asio::awaitable<endpoints> resolve(asio::any_io_executor executor, std::string host,
                                          std::uint16_t port,
                                          std::shared_ptr<client_watchdog> watchdog,
                                          client_watchdog::clock::time_point deadline) {
    using asio::ip::tcp;
    std::error_code no_address;
    const auto address = asio::ip::make_address(host, no_address);
    if (!no_address)
        co_return endpoints(1, tcp::endpoint(address, port));

    const auto lookup = std::make_shared<name_lookup>(executor);
    auto then = [lookup](std::error_code failure, const tcp::resolver::results_type& results) {
        lookup->is_done = true;
        lookup->failure = failure;
        for (const auto& each : results)
            lookup->addresses.push_back(each.endpoint());
        lookup->finished.cancel();
    };
    lookup->resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service,
                                   std::move(then));
    watchdog->watch(deadline, [lookup] { lookup->finished.cancel(); });
    std::error_code woken;
    auto into_woken = asio::redirect_error(asio::use_awaitable, woken);
    co_await lookup->finished.async_wait(into_woken);
    watchdog->pause();
    if (!lookup->is_done) {
        lookup->resolver.cancel();
        throw std::system_error(asio::error::operation_aborted);
    }
    if (lookup->failure)
        throw std::system_error(lookup->failure);
    co_return std::move(lookup->addresses);
}

} // namespace mcp::http::detail
