#pragma once

#include <mcp/http/chunked.hpp>
#include <mcp/http/client_message.hpp>
#include <mcp/http/client_options.hpp>
#include <mcp/http/head.hpp>
#include <mcp/http/write.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

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
///     while (true)
///         switch (parser.next()) {
///         case response_step::need_more: parser.commit(read(parser.prepare())); break;
///         …
class response_parser {
public:
    /// Prepares for the response to a request with this method. Of the limits, `head_bytes` and
    /// `fields` apply.
    response_parser(verb method, const client_limits& what)
        : limits_(what)
        , to_head_(method == verb::head) {}

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

    response_step fail(std::string_view why) noexcept {
        error_ = why;
        stage_ = stage::failed;
        return response_step::failed;
    }
    response_step starve() noexcept;
    response_step find_head();
    response_step parse_head(std::string_view text);
    response_step take(std::size_t n) noexcept;
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
    bool to_head_;
    bool keep_alive_ = false;
    bool finished_ = false;
    bool touched_ = false;
    bool cut_short_ = false;
    bool too_large_ = false;
};

inline std::span<char> response_parser::prepare() {
    constexpr std::size_t first = 16 * 1024;
    piece_ = {};
    if (begin_ > 0 && (begin_ == end_ || end_ == capacity_)) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        scan_ -= std::min(scan_, begin_);
        begin_ = 0;
    }
    if (end_ == capacity_) {
        const std::size_t wanted = std::max(first, capacity_ * 2);
        auto larger = std::make_unique_for_overwrite<char[]>(wanted);
        if (end_ > 0)
            std::memcpy(larger.get(), buffer_.get(), end_);
        buffer_ = std::move(larger);
        capacity_ = wanted;
    }
    return {buffer_.get() + end_, capacity_ - end_};
}

inline response_step response_parser::next() {
    piece_ = {};
    switch (stage_) {
    case stage::head:
        return find_head();
    case stage::length:
        return left_ == 0 ? complete() : take(end_ - begin_);
    case stage::chunks:
        return take_chunks();
    case stage::until_close:
        return begin_ == end_ && finished_ ? complete() : take(end_ - begin_);
    case stage::complete:
        return response_step::complete;
    case stage::failed:
        break;
    }
    return response_step::failed;
}

/// Returns the step for a lack of bytes.
inline response_step response_parser::starve() noexcept {
    if (!finished_)
        return response_step::need_more;
    cut_short_ = true;
    return fail(touched_ ? "the connection ended within the response"
                         : "the connection ended without a response");
}

/// Finds the blank line that ends the head. Refuses a bare LF, and a folded line, which Beast would
/// join, as soon as it is seen.
inline response_step response_parser::find_head() {
    while (scan_ < end_) {
        const char* line = buffer_.get() + scan_;
        const auto* lf = static_cast<const char*>(std::memchr(line, '\n', end_ - scan_));
        const std::size_t line_end =
            lf != nullptr ? static_cast<std::size_t>(lf - buffer_.get()) + 1 : end_;
        if (line_end - begin_ > limits_.head_bytes) {
            too_large_ = true;
            return fail("the head of the response is too large");
        }
        if (lf == nullptr)
            break;
        const bool folded = *line == ' ' || *line == '\t'; // [RFC 9112 §5.2]
        if (lf == line || lf[-1] != '\r' || folded)
            return fail("the response head is not well formed");
        scan_ = line_end;
        if (lf - line > 1)
            continue;
        const std::string_view text(buffer_.get() + begin_, scan_ - begin_);
        begin_ = scan_;
        const response_step step = parse_head(text);
        if (step != response_step::need_more)
            return step;
    }
    return starve();
}

/// Parses a head. Returns `need_more` for an interim response.
inline response_step response_parser::parse_head(std::string_view text) {
    constexpr int most_interims = 16;
    auto kept = std::make_shared<const std::string>(text);
    response_head head;
    const std::string_view fault = read_response_head(*kept, limits_.fields, head);
    if (!fault.empty())
        return fail(fault);
    const auto code = static_cast<unsigned>(head.code);
    if (code < 200) {
        if (code == 101)
            return fail("the response switches to another protocol");
        return ++interims_ > most_interims ? fail("the server sent too many interim responses")
                                           : response_step::need_more;
    }
    response_.code = head.code;
    response_.version = head.version;
    response_.headers = std::move(head.headers);
    response_.keep(std::move(kept));
    keep_alive_ = head.keep_alive;
    if (to_head_ || code == 204 || code == 304) {
        stage_ = stage::length;
    } else if (head.chunked) {
        chunks_ = chunked_decoder();
        stage_ = stage::chunks;
    } else if (head.content_length) {
        left_ = *head.content_length;
        stage_ = stage::length;
    } else {
        left_ = std::numeric_limits<std::uint64_t>::max();
        keep_alive_ = false;
        stage_ = stage::until_close;
    }
    return response_step::head;
}

/// Takes up to `n` bytes as a piece of the body.
inline response_step response_parser::take(std::size_t n) noexcept {
    n = static_cast<std::size_t>(std::min<std::uint64_t>(n, left_));
    if (n == 0)
        return starve();
    piece_ = {buffer_.get() + begin_, n};
    begin_ += n;
    if (stage_ == stage::length)
        left_ -= n;
    return response_step::body;
}

inline response_step response_parser::take_chunks() {
    std::size_t consumed = 0;
    std::size_t produced = 0;
    char* at = buffer_.get() + begin_;
    const auto outcome = chunks_.decode(at, at, end_ - begin_, consumed, produced);
    begin_ += consumed;
    const bool whole = outcome == chunked_decoder::outcome::complete;
    if (whole)
        stage_ = stage::complete;
    else if (outcome != chunked_decoder::outcome::need_more)
        fail("the chunks of the response are not well formed");
    if (produced > 0) { // bytes before the end, or before the error, come first
        piece_ = {at, produced};
        return response_step::body;
    }
    return whole                     ? response_step::complete
           : stage_ == stage::failed ? response_step::failed
                                     : starve();
}

} // namespace mcp::http
