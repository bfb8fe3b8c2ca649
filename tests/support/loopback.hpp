#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

#include <system_error>

namespace test {

/// Returns whether this machine has the address ::1.
inline bool has_v6_loopback() {
    asio::io_context loop;
    asio::ip::tcp::acceptor probe(loop);
    std::error_code failed;
    probe.open(asio::ip::tcp::v6(), failed);
    if (!failed)
        probe.bind({asio::ip::address_v6::loopback(), 0}, failed);
    return !failed;
}

} // namespace test
