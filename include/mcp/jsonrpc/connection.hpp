#pragma once

#include <concepts>
#include <string>
#include <utility>

namespace mcp::jsonrpc {

/// What carries whole messages, one at a time, over whatever wire: stdio, a socket, two queues in
/// one process. It knows nothing of MCP.
///
/// - `co_await c.read(message)`: puts the next message's text into the string; false at the end of
///   the stream. One read at a time.
/// - `co_await c.write(message)`: sends one message's text, whole and in order, while a read may be
///   pending; false if the peer is gone. Takes the string by value.
/// - `c.close()`: ends both; a pending read gives false. May be called twice.
///
/// Both awaitables are `asio::awaitable<bool>` or anything else with that `value_type`; this header
/// stays below the line and does not include Asio.
template <class T>
concept connection = requires(T& c, std::string& in, std::string out) {
    requires std::same_as<typename decltype(c.read(in))::value_type, bool>;
    requires std::same_as<typename decltype(c.write(std::move(out)))::value_type, bool>;
    c.close();
};

} // namespace mcp::jsonrpc
