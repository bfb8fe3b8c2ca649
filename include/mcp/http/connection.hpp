// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/byte_budget.hpp>
#include <mcp/config.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/parse.hpp>
#include <mcp/http/secure_channel.hpp>
#include <mcp/http/shard.hpp>
#include <mcp/http/write.hpp>

#include <asio/awaitable.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/ip/address.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace mcp::http {

class request_meter;
namespace detail {

struct received;

} // namespace detail

/// One connection: reads requests, calls the handler, writes the responses in order.
///
/// It is one coroutine on the thread of its shard, and owns itself until the coroutine ends. In the
/// steady state a request takes one receive and one send. There is no timer per connection: the
/// clock of the shard calls `tick`.
class connection final : public shard_member, public std::enable_shared_from_this<connection> {
public:
    /// `secure` is the TLS of the connection; null: plain HTTP.
    connection(shard& owner, shard::socket socket, asio::ip::address peer,
               std::optional<local_peer> local = {},
               std::unique_ptr<secure_channel> secure = nullptr);
    ~connection();

    /// Starts the coroutine. Call once.
    void start();

    void tick() override;
    void drain() override;
    void abort() override;

private:
    friend class taken_connection;
    using time_point = shard::clock::time_point;
    using body_parts = std::array<std::string_view, 2>;
    enum class phase : std::uint8_t {
        handshake,
        idle,
        head,
        body,
        handling,
        streaming,
        taken,
        closing
    };

    asio::awaitable<void> run(std::shared_ptr<connection> self);
    asio::awaitable<void> serve();
    asio::awaitable<bool> stream_body(framing body_framing);
    asio::awaitable<void> linger();
    asio::awaitable<void> send_rest(body_parts body);
    asio::awaitable<bool> make_secure();
    asio::awaitable<detail::received> receive_secure(std::span<char> room);
    asio::awaitable<void> give_away();
    bool is_plain_http();
    void refuse_plain_http();

    void enter(phase p);
    void enter_reading();
    void begin_request();
    void begin_record(bool refused);
    void end_record(bool complete) noexcept;
    body_parts split_body();
    bool defer_send(body_parts& body, bool keep);
    bool try_send(body_parts& body);
    bool try_send_secure(body_parts& body);
    void seal(std::span<std::string_view> plain);
    std::error_code feed_secure();
    std::error_code look_ahead();
    void end_secure();
    void set_error(status code);
    void replace_invalid_response();
    static void drop_large(std::string& text);
    void watch();
    void on_readable(std::error_code ec);
    void peer_gone();
    void peer_ended();
    void close_stream();
    void poll_peer_end();

    shard::socket socket_;
    std::unique_ptr<secure_channel> secure_; // null: plain HTTP
    request_parser parser_;
    response response_;
    mcp::detail::byte_share unsent_share_; // output that waits for the peer
    std::string out_;                      // to be sent before any other output
    std::unique_ptr<request_meter> meter_; // null if nothing is recorded
    asio::cancellation_signal cancel_;
    taken_connection* taken_ = nullptr; // while the application has the connection
    time_point phase_start_;            // start of the phase
    time_point last_progress_; // time of the last write or, while closing, of the last read
    phase phase_ = phase::idle;
    bool sending_ = false;       // a send waits for the peer
    bool watching_ = false;      // a wait for readability is pending
    bool unread_ = false;        // bytes of a next request hide the end of the connection
    bool half_closed_ = false;   // the peer sends no more, but may still read
    bool gone_ = false;          // the peer has left or was disconnected
    bool expired_ = false;       // a deadline has passed
    bool draining_ = false;      // the server stops: this request is the last
    bool welcome_ = true;        // a request gets an answer even if the server drains
    bool stream_closed_ = false; // close() was called
};

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/connection.ipp>
#endif
