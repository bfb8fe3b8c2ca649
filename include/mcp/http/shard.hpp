// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/message.hpp>

#include <asio/basic_stream_socket.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/address.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <string>
#include <string_view>

namespace mcp {

class byte_budget;

namespace http {

struct limits;
struct record_settings;
class shard_member;

/// The state that the connections of one thread share: the handler, the limits and a coarse clock.
/// Only that thread uses it.
class shard {
public:
    using clock = std::chrono::steady_clock;
    using executor_type = asio::io_context::executor_type;
    /// A TCP socket, or a Unix domain socket.
    using socket = asio::basic_stream_socket<asio::generic::stream_protocol, executor_type>;

    /// Called with each response that no handler makes.
    using refusal_hook = std::function<void(const request&, response&)>;

    /// Called with the reason why a connection has no TLS, and the peer.
    using handshake_hook = std::function<void(std::string_view, const asio::ip::address&)>;

    /// All arguments must outlive the shard. `open` counts the connections of all shards. `bytes`
    /// is the budget of all shards; null means no limit. `records` and the hooks may be null.
    shard(asio::io_context& loop, const handler& handle_, const limits& limit_,
          const std::function<void(std::exception_ptr)>& on_error, std::atomic<std::size_t>& open,
          byte_budget* bytes = nullptr, const refusal_hook* on_refusal = nullptr,
          const record_settings* records = nullptr,
          const handshake_hook* on_handshake_failure = nullptr);
    shard(const shard&) = delete;
    shard& operator=(const shard&) = delete;

    const handler& handle;
    const limits& limit;
    byte_budget* const in_flight;
    const record_settings* const records; ///< null if nothing is recorded

    executor_type executor() const noexcept { return loop_.get_executor(); }

    /// Returns the time of the last tick.
    clock::time_point now() const noexcept { return now_; }

    /// Returns the value of the Date field as of the last tick.
    std::string_view date() const noexcept { return date_; }

    /// Advances the clock, which never goes back, and lets every connection check its deadlines.
    void tick(clock::time_point now, std::chrono::sys_seconds wall);

    /// Lets each response from now on be the last of its connection, so that peers which keep
    /// connections, such as proxies, send no more requests to this server.
    void let_peers_leave() noexcept { peers_leave_ = true; }
    bool peers_leave() const noexcept { return peers_leave_; }

    /// Tells every connection that its current request is the last.
    void drain();

    /// Disconnects every connection.
    void abort();

    std::size_t size() const noexcept { return size_; }

    /// The number of responses under way that are streams. Any thread may read it.
    std::atomic<std::size_t> streams{0};

    /// Passes an exception of a handler to the log of the application.
    void report(std::exception_ptr failure) const noexcept;

    /// Lets the application complete a response that no handler makes.
    void refused(const request& q, response& r) const noexcept;

    /// Passes on why a connection has no TLS.
    void handshake_failed(std::string_view why, const asio::ip::address& peer) const noexcept;

private:
    friend class shard_member;
    template <class F>
    void for_each(F f);

    asio::io_context& loop_;
    const std::function<void(std::exception_ptr)>& on_error_;
    const refusal_hook* on_refusal_;
    const handshake_hook* on_handshake_failure_;
    std::atomic<std::size_t>& open_;
    clock::time_point now_{};
    std::chrono::sys_seconds wall_{};
    std::string date_;
    shard_member* first_ = nullptr;
    shard_member* cursor_ = nullptr; // next in `for_each`, during which members may leave
    std::size_t size_ = 0;
    bool peers_leave_ = false;
};

/// A connection as its shard sees it: an entry of an intrusive list.
class shard_member {
public:
    virtual void tick() = 0;
    virtual void drain() = 0;
    virtual void abort() = 0;

protected:
    explicit shard_member(shard& owner);
    shard_member(const shard_member&) = delete;
    shard_member& operator=(const shard_member&) = delete;
    ~shard_member() { leave(); }

    shard& owner() const noexcept { return owner_; }

    /// Removes the connection from the list.
    void leave() noexcept;

private:
    friend class shard;
    shard& owner_;
    shard_member* next_;
    shard_member* previous_ = nullptr;
    bool left_ = false;
};

template <class F>
void shard::for_each(F f) {
    for (shard_member* member = first_; member != nullptr; member = cursor_) {
        cursor_ = member->next_;
        f(*member);
    }
}

} // namespace http
} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/http/impl/shard.ipp>
#endif
