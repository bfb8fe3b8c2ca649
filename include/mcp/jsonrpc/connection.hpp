// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <concepts>
#include <string>
#include <utility>

namespace mcp::jsonrpc {

/// A connection that transfers whole messages, one at a time, over any channel: stdio, a socket, or
/// two queues in one process. It does not depend on MCP.
///
/// - `co_await c.read(message)`: stores the text of the next message in the string; false at the
///   end of the stream. Only one read may be pending.
/// - `co_await c.write(message)`: sends the text of a message, whole and in order, while a read may
///   be pending; false if the peer has disconnected. Takes the string by value.
/// - `c.close()`: ends both directions; a pending read gives false. It may be called twice.
///
/// Both awaitables are `asio::awaitable<bool>` or another type with that `value_type`. This header
/// stays below the line and does not include Asio.
template <class T>
concept connection = requires(T& c, std::string& in, std::string out) {
    requires std::same_as<typename decltype(c.read(in))::value_type, bool>;
    requires std::same_as<typename decltype(c.write(std::move(out)))::value_type, bool>;
    c.close();
};

} // namespace mcp::jsonrpc
