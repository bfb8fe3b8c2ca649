// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/transport/message_peer.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include <memory>
#include <string>
#include <utility>

namespace mcp {
class mailbox;

/// One end of a channel of messages inside the process; a `jsonrpc::connection`. Each end receives
/// the messages of the other in order. The queues have no limit.
///
/// `send`, `finish` and `close` may be called from any thread. One coroutine at a time receives,
/// and resumes on its own executor. The destructor closes the channel. Movable, but not while a
/// `receive` is pending.
class memory_end {
public:
    memory_end(memory_end&&) noexcept = default;
    memory_end& operator=(memory_end&& other) noexcept;
    ~memory_end();

    /// Sends one message. Returns false if the channel is closed.
    bool send(std::string message);

    /// Returns the next message. Throws `asio::error::eof` at the end.
    asio::awaitable<std::string> receive();

    /// Reads the next message without an exception. Returns false at the end.
    asio::awaitable<bool> read(std::string& message);

    asio::awaitable<bool> write(std::string message);

    /// Ends sending; messages of the other end can still be received.
    void finish();

    /// Ends both directions. The other end still gets the messages sent before.
    void close();

private:
    friend struct memory_pair;
    using box = std::shared_ptr<mailbox>;
    memory_end(box in, box out) : in_(std::move(in)), out_(std::move(out)) {}

    box in_;
    box out_;
};

/// A channel of messages inside the process: its two ends.
///
///     mcp::memory_pair pair;
///     pair.first.send(R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
///     std::string message = co_await pair.second.receive();
struct memory_pair {
    memory_pair() : memory_pair(make_box(), make_box()) {}

    memory_end first;
    memory_end second;

private:
    memory_pair(memory_end::box forth, memory_end::box back)
        : first(back, forth)
        , second(forth, back) {}

    static memory_end::box make_box();
};

/// Connects a client to a server in the same process: for tests, and to embed a server.
///
///     auto client = mcp::connect(server, io.get_executor());
///     client.send(R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
///     std::string answer = co_await client.receive();
///
/// Handlers run concurrently on a strand of `executor`. The server must outlive them: close the
/// client and let the executor run until it has no more work.
memory_end connect(any_server& server, const asio::any_io_executor& executor,
                   peer_options options = {});

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/transport/impl/memory.ipp>
#endif
