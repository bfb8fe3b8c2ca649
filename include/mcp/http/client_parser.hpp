// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/chunked.hpp>
#include <mcp/http/client_message.hpp>
#include <mcp/http/client_options.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace mcp::http {

/// The result of `response_parser::next`.
enum class response_step : std::uint8_t {
    need_more, ///< More bytes are needed.
    head,      ///< The head is complete: see `get`.
    body,      ///< There is more of the body: see `piece`.
    complete,  ///< The response is complete.
    failed     ///< The response is invalid: see `error`. Close the connection.
};

/// Parses one response from bytes, without a socket or a clock. [RFC 9112]
///
/// Interim responses are skipped. A response is refused if its end is ambiguous: Content-Length
/// beside Transfer-Encoding, more than one Content-Length, a bare LF, folded lines, a coding other
/// than chunked. So is an unrequested switch of protocols.
///
///     mcp::http::response_parser parser(mcp::http::verb::get, mcp::http::client_limits());
///     while (parser.next() == mcp::http::response_step::need_more)
///         parser.commit(read(parser.prepare()));
///     use(parser.get().code);
class response_parser {
public:
    /// Prepares for the response to a request with this method. Of the limits, `head_bytes` and
    /// `fields` apply.
    response_parser(verb method, const client_limits& limits)
        : limits_(limits)
        , is_response_to_head_(method == verb::head) {}

    /// Returns room for more bytes, never empty. Invalidates `piece`.
    std::span<char> prepare();

    /// Adds `n` bytes, which the caller has written into the room of the last `prepare`.
    void commit(std::size_t n) noexcept {
        end_ += n;
        touched_ = touched_ || n > 0;
    }

    /// Tells the parser that the connection has ended.
    void finish() noexcept { finished_ = true; }

    /// Advances to the next step.
    response_step next();

    /// Returns the response without its body; valid after `head`.
    client_response& get() noexcept { return response_; }
    const client_response& get() const noexcept { return response_; }

    /// Returns the bytes of the body from the last `body` step, valid until the next call.
    std::string_view piece() const noexcept { return piece_; }

    /// Returns a sentence for a log that describes the error.
    std::string_view error() const noexcept { return error_; }

    /// Returns whether it failed because the connection ended too early, or because of a limit.
    bool cut_short() const noexcept { return cut_short_; }
    bool too_large() const noexcept { return too_large_; }

    /// Returns whether any byte has arrived.
    bool touched() const noexcept { return touched_; }

    /// Returns whether the connection can be reused once the response is complete. Unexpected bytes
    /// after the response prevent it.
    bool keep_alive() const noexcept { return keep_alive_ && begin_ == end_; }

private:
    enum class stage : std::uint8_t { head, length, chunks, until_close, complete, failed };

    response_step fail(std::string_view error) noexcept {
        error_ = error;
        stage_ = stage::failed;
        return response_step::failed;
    }
    response_step need_more() noexcept;
    response_step find_head();
    response_step parse_head(std::string_view text);
    response_step take_piece(std::size_t n) noexcept;
    response_step take_chunks();
    response_step complete() noexcept {
        stage_ = stage::complete;
        return response_step::complete;
    }

    client_limits limits_;
    std::unique_ptr<char[]> buffer_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0; // first unused byte
    std::size_t end_ = 0;   // end of the bytes that were read
    std::size_t scan_ = 0;  // first byte of the head's incomplete line
    std::uint64_t left_ = 0;
    chunked_decoder chunks_;
    client_response response_;
    std::string_view piece_;
    std::string_view error_;
    int interims_ = 0;
    stage stage_ = stage::head;
    bool is_response_to_head_;
    bool keep_alive_ = false;
    bool finished_ = false;
    bool touched_ = false;
    bool cut_short_ = false;
    bool too_large_ = false;
};

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/client_parser.ipp>
#endif
