// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <asio/awaitable.hpp>

#include <string>
#include <utility>

namespace mcp::detail {

/// A `jsonrpc::connection` without its type.
class any_connection {
public:
    virtual ~any_connection() = default;
    virtual asio::awaitable<bool> read(std::string& message) = 0;
    virtual asio::awaitable<bool> write(std::string message) = 0;
    virtual void close() = 0;
};

inline asio::awaitable<bool> as_awaitable(asio::awaitable<bool> given) {
    return given;
}

/// Awaits another type of awaitable.
template <class Awaitable>
asio::awaitable<bool> as_awaitable(Awaitable given) {
    co_return co_await std::move(given);
}

/// Owns a connection, or refers to one if `Connection` is a reference.
template <class Connection>
class typed_connection final : public any_connection {
public:
    explicit typed_connection(Connection&& wire) : wire_(std::forward<Connection>(wire)) {}

    asio::awaitable<bool> read(std::string& message) override {
        return as_awaitable(wire_.read(message));
    }
    asio::awaitable<bool> write(std::string message) override {
        return as_awaitable(wire_.write(std::move(message)));
    }
    void close() override { wire_.close(); }

private:
    Connection wire_;
};

} // namespace mcp::detail
