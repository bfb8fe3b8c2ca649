#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/transport/serve_connection.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/error.hpp>
#include <asio/strand.hpp>

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace mcp {

/// One end of a channel of messages inside the process; a `jsonrpc::connection`. Each end receives
/// the messages of the other in order. The queues have no limit.
///
/// `send`, `finish` and `close` may be called from any thread. One coroutine at a time receives,
/// and resumes on its own executor. The destructor closes the channel. Movable, but not while a
/// `receive` is pending.
class memory_end {
public:
    memory_end(memory_end&&) noexcept = default;
    memory_end& operator=(memory_end&& other) noexcept {
        std::swap(in_, other.in_);
        std::swap(out_, other.out_);
        return *this;
    }
    ~memory_end() {
        if (in_)
            close();
    }

    /// Sends one message. Returns false if the channel is closed.
    bool send(std::string message) { return out_->push(std::move(message)) == push_result::taken; }

    /// Returns the next message. Throws `asio::error::eof` at the end.
    asio::awaitable<std::string> receive() {
        std::string message;
        const bool more = co_await read(message);
        if (!more)
            throw std::system_error(asio::error::eof);
        co_return message;
    }

    /// Reads the next message without an exception. Returns false at the end.
    asio::awaitable<bool> read(std::string& message) {
        const auto from = in_; // keeps the mailbox alive, even if this end is destroyed
        bool more = true;
        while (more) {
            if (from->try_pop(message))
                co_return true;
            more = co_await from->wait();
        }
        co_return false;
    }

    asio::awaitable<bool> write(std::string message) {
        const bool taken = send(std::move(message));
        co_return taken;
    }

    /// Ends sending; messages of the other end can still be received.
    void finish() { out_->close(); }

    /// Ends both directions. The other end still gets the messages sent before.
    void close() {
        out_->close();
        in_->abandon();
    }

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

    static memory_end::box make_box() {
        constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();
        return std::make_shared<mailbox>(mailbox_limits{unlimited, unlimited});
    }
};

/// Connects a client to a server in the same process: for tests, and to embed a server.
///
///     auto client = mcp::connect(server, io.get_executor());
///     client.send(R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
///     std::string answer = co_await client.receive();
///
/// Handlers run concurrently on a strand of `executor`. The server must outlive them: close the
/// client and let the executor run until it has no more work.
inline memory_end connect(any_server& server, const asio::any_io_executor& executor,
                          peer_options options = {}) {
    memory_pair pair;
    auto serve = [](any_server& to, memory_end wire, peer_options with) -> asio::awaitable<void> {
        co_await serve_connection(to, wire, with);
    };
    asio::co_spawn(asio::make_strand(executor), serve(server, std::move(pair.second), options),
                   asio::detached);
    return std::move(pair.first);
}

} // namespace mcp
