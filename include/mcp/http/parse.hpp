// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/byte_budget.hpp>
#include <mcp/config.hpp>
#include <mcp/http/chunked.hpp>
#include <mcp/http/head.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/status.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace mcp::http {

/// The result of `request_parser::parse`.
enum class parse_state : std::uint8_t {
    need_more, ///< More bytes are needed.
    complete,  ///< The request is complete; `next()` advances to the following request.
    failed     ///< Invalid or unsupported HTTP: respond with `error()` and close.
};

/// Parses requests from bytes, without a socket or a clock. [RFC 9112]
///
/// It owns the buffer of the received bytes; the views of the request point into it. The steady
/// state allocates nothing. A request is refused if its end is ambiguous: Content-Length beside
/// Transfer-Encoding, more than one Content-Length, a bare LF, folded lines, a coding other than
/// chunked.
///
///     mcp::http::request_parser parser(limits);
///     while (parser.parse() == mcp::http::parse_state::need_more)
///         parser.commit(read(parser.prepare()));
///     use(parser.get());
///     parser.next();
class request_parser {
public:
    /// Both arguments must outlive the parser. The budget is shared by all connections; null means
    /// no limit.
    explicit request_parser(const limits& limit, byte_budget* in_flight = nullptr)
        : limits_(&limit)
        , buffer_share_(in_flight) {}

    /// Returns room for more bytes, never empty. Call it only after `parse` has returned
    /// `need_more`.
    std::span<char> prepare();

    /// Adds `n` bytes, which the caller has written into the room of the last `prepare`.
    void commit(std::size_t n) noexcept { end_ += n; }

    /// Parses the available bytes.
    parse_state parse();

    /// Drops the request and invalidates all views into it. If the request is not complete, drops
    /// all bytes, since the connection ends with its refusal.
    void next() noexcept;

    /// Returns the request: complete once `parse` has returned `complete`, then valid until `next`.
    /// After a failure it has the fields that were read before, perhaps none.
    http::request& get() noexcept { return request_; }

    /// Returns the number of bytes of the request, or of those that were read before a failure.
    std::size_t size() const noexcept {
        return (stage_ == stage::complete ? next_ : end_) - begin_;
    }

    /// Returns the bytes after a complete request.
    std::string_view unread() const noexcept {
        return stage_ == stage::complete ? std::string_view(buffer_.get() + next_, end_ - next_)
                                         : std::string_view();
    }

    /// Returns the status of the failure: 400, 413, 414, 417, 431, 501, 505, or 503 if the budget
    /// of all connections is used up.
    http::status error() const noexcept { return error_; }

    /// Returns whether the request is not HTTP, but begins a TLS connection. [RFC 8446 §5.1]
    bool is_tls() const noexcept {
        return stage_ == stage::failed && scan_ == begin_ && begin_ < end_ &&
               buffer_[begin_] == tls_handshake;
    }

    /// Returns whether the peer may send another request on this connection.
    bool keep_alive() const noexcept { return info_.keep_alive; }

    /// Returns true once for a request whose peer waits for `100 Continue` before it sends the
    /// body.
    bool take_expect_continue() noexcept { return std::exchange(info_.expect_continue, false); }

    /// Returns whether there is no byte of a request.
    bool idle() const noexcept { return begin_ == end_ && stage_ == stage::head; }

    /// Returns whether the head is complete and the body is not.
    bool in_body() const noexcept { return stage_ == stage::body || stage_ == stage::chunks; }

    /// Frees all memory if no byte is buffered. For an idle connection.
    void release() noexcept;

private:
    enum class stage : std::uint8_t { head, body, chunks, complete, failed };

    parse_state fail(status code) noexcept {
        error_ = code;
        info_.keep_alive = false;
        stage_ = stage::failed;
        return parse_state::failed;
    }

    std::size_t capacity_wanted() const noexcept;
    parse_state parse_more();
    bool find_head_end();
    void fail_long_head();
    parse_state parse_head();
    parse_state parse_chunks();
    parse_state finish(std::size_t raw_end);
    void move_to(char* to, std::size_t capacity_hint) noexcept;

    /// Replaces the request by an empty one, so that the refusal of the next one does not see it.
    /// Keeps the peer, and the memory of the lists.
    void clear_request() noexcept;

    void drop_buffer() noexcept {
        buffer_.reset();
        begin_ = end_ = scan_ = capacity_ = 0;
        buffer_share_.resize(0);
    }

    static constexpr char tls_handshake = 0x16; // the type of the first record
    static constexpr std::size_t first_capacity = 4 * 1024;
    static constexpr std::size_t idle_capacity = 16 * 1024; // a large body does not raise it

    const limits* limits_;
    mcp::detail::byte_share buffer_share_; // capacity of the buffer beyond the first
    std::unique_ptr<char[]> buffer_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;    // first byte of the current request
    std::size_t end_ = 0;      // end of the bytes that were read
    std::size_t scan_ = 0;     // first byte of the head's incomplete line
    std::size_t body_ = 0;     // first byte of the body
    std::size_t body_end_ = 0; // end of the body: final, or (chunked) so far
    std::size_t raw_ = 0;      // chunked: first byte to decode
    std::size_t next_ = 0;     // complete: first byte of the next request
    http::request request_;
    head_info info_;
    chunked_decoder chunks_;
    status error_ = status::bad_request;
    stage stage_ = stage::head;
};

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/parse.ipp>
#endif
