// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/status.hpp>

#include <asio/awaitable.hpp>
#include <asio/ip/address.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp::http {

struct request_note;
struct client_certificate;

/// The methods of [RFC 9110 §9] and PATCH. `other` is any other token; `request::method_name` has
/// its name.
enum class verb : std::uint8_t {
    get,
    head,
    post,
    put,
    delete_,
    options,
    patch,
    trace,
    connect,
    other
};

/// Returns the verb of a method name. Names are case-sensitive.
constexpr verb to_verb(std::string_view name) noexcept {
    constexpr std::string_view names[] = {"GET",     "HEAD",  "POST",  "PUT",    "DELETE",
                                          "OPTIONS", "PATCH", "TRACE", "CONNECT"};
    for (std::size_t i = 0; i < std::size(names); ++i) {
        if (names[i] == name) {
            return static_cast<verb>(i);
        }
    }
    return verb::other;
}

/// Returns the method name of a verb; empty for `other`.
constexpr std::string_view to_string(verb v) noexcept {
    constexpr std::string_view names[] = {"GET",     "HEAD",  "POST",  "PUT",     "DELETE",
                                          "OPTIONS", "PATCH", "TRACE", "CONNECT", ""};
    return names[static_cast<std::size_t>(v)];
}

/// Returns whether two field names (or tokens) are equal without regard to ASCII case.
constexpr bool iequals(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto lower = [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        };
        if (a[i] != b[i] && lower(a[i]) != lower(b[i])) {
            return false;
        }
    }
    return true;
}

namespace detail {

/// The characters of a token. [RFC 9110 §5.6.2]
inline constexpr std::array<bool, 256> token_characters = [] {
    std::array<bool, 256> out{};
    for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        out[static_cast<unsigned char>(c)] = true;
    return out;
}();

} // namespace detail

/// Returns whether `text` is a valid header field name: a token. [RFC 9110 §5.6.2]
constexpr bool is_field_name(std::string_view text) noexcept {
    for (const char c : text)
        if (!detail::token_characters[static_cast<unsigned char>(c)])
            return false;
    return !text.empty();
}

/// Returns whether `text` is a valid header field value: it has no control character except tab.
/// [RFC 9110 §5.5]
constexpr bool is_field_value(std::string_view text) noexcept {
    for (const char c : text) {
        if (c != '\t' && (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)) {
            return false;
        }
    }
    return true;
}

/// One header field: views into the received bytes.
struct field {
    std::string_view name;
    std::string_view value; ///< without the surrounding white space
};

/// The header fields of a request in order of arrival. Names compare without regard to case.
class fields {
public:
    void add(std::string_view name, std::string_view value) { list_.push_back({name, value}); }
    void clear() noexcept { list_.clear(); }

    /// Returns the value of the first field with this name.
    std::optional<std::string_view> find(std::string_view name) const noexcept {
        for (const field& f : list_) {
            if (iequals(f.name, name)) {
                return f.value;
            }
        }
        return std::nullopt;
    }

    /// Returns the number of fields with this name. For most names more than one is an error.
    std::size_t count(std::string_view name) const noexcept {
        std::size_t n = 0;
        for (const field& f : list_) {
            n += iequals(f.name, name) ? 1U : 0U;
        }
        return n;
    }

    std::size_t size() const noexcept { return list_.size(); }
    bool empty() const noexcept { return list_.empty(); }
    auto begin() const noexcept { return list_.begin(); }
    auto end() const noexcept { return list_.end(); }
    auto begin() noexcept { return list_.begin(); }
    auto end() noexcept { return list_.end(); }

private:
    std::vector<field> list_;
};

/// The parameters that the router found in the path: names of the pattern with percent-decoded
/// values.
class path_params {
public:
    void add(std::string_view name, std::string_view value);

    /// Returns the value of `{name}`; valid until the next `add` or `clear`.
    std::optional<std::string_view> find(std::string_view name) const noexcept;

    void clear() noexcept {
        list_.clear();
        text_.clear();
    }
    std::size_t size() const noexcept { return list_.size(); }
    bool empty() const noexcept { return list_.empty(); }

private:
    struct entry {
        std::string name;
        std::size_t offset;
        std::size_t size;
    };
    std::vector<entry> list_;
    std::string text_;
};

/// The process that has connected a Unix domain socket, as of then.
struct local_peer {
    int process = 0;
    unsigned user = 0;
    unsigned group = 0;
};

/// A request as the handler sees it.
///
/// All views are valid until the handler's awaitable has completed. They are invalid while a
/// response stream is read afterwards, so a stream copies what it needs. Other HTTP stacks and
/// tests may construct a request themselves.
struct request {
    verb method = verb::get;
    std::string_view method_name = "GET";
    std::string_view target = "/"; ///< as sent: path and query, percent-encoded
    std::string_view authority;    ///< of a `target` that is a complete URL; else empty
    std::string_view path = "/";   ///< the path of `target`, percent-encoded
    std::string_view query;        ///< the part after `?`, percent-encoded
    int version = 11;              ///< 10 or 11
    fields headers;
    std::string_view body; ///< complete, chunks joined
    path_params params;
    asio::ip::address remote;          ///< the peer of the connection; may be a proxy
    std::optional<local_peer> local{}; ///< the peer, if it has come over a Unix domain socket
    std::size_t mounted = 0;           ///< length of the mount prefix in `path`
    std::string_view id{};             ///< see `record_settings::request_ids`; empty if it is off
    /// The certificate by which TLS has verified the client; null without one. It lives as long as
    /// the connection.
    const client_certificate* certificate = nullptr;

    /// Returns the requested host, such as `example.com:80`. A target that is a complete URL takes
    /// precedence over the Host field. Empty if there is no Host field, or more than one.
    /// [RFC 9112 §3.2.2]
    std::string_view host() const noexcept;
};

/// A response body that is produced over time, such as an SSE stream. All calls come from the
/// thread of the connection. The server owns the stream and destroys it when it has ended.
class body_stream {
public:
    virtual ~body_stream() = default;

    /// Waits for the next bytes and appends them to `out`; false ends the body.
    ///
    /// If it returns true without bytes, the server calls it again. An exception ends the
    /// connection. One call at a time. `out` lives until the call completes.
    virtual asio::awaitable<bool> read(std::string& out) = 0;

    /// Returns whether `read` would complete at once. If so, its bytes share a write with the
    /// previous bytes.
    virtual bool ready() const noexcept { return false; }

    /// Returns whether the stream ends by itself soon, as the response to a call does. If so, a
    /// peer that has closed only its sending side gets the rest. Any other stream is closed.
    virtual bool finite() const noexcept { return false; }

    /// Ends a pending `read` soon, since the peer has left or was disconnected. Called at most
    /// once, and not after `read` has returned false.
    virtual void close() noexcept = 0;

    /// Asks the stream to send a closing message, if there is one, and to end, since the server
    /// shuts down. May be ignored.
    virtual void drain() noexcept {}

    /// Called after the keep-alive interval without a write. A pending `read` may append a comment.
    virtual void idle() noexcept {}
};

/// A text that a response sends without a copy of its own, such as a cached list.
struct shared_text {
    std::shared_ptr<const std::string> text{}; ///< null if there is none
    std::size_t at = 0;                        ///< the position in `response::body`
};

class taken_connection;

/// A response that the handler fills in. Its memory is reused by later requests.
struct response {
    status code = status::ok;
    std::string content_type; ///< if empty, no Content-Type field; see `is_sendable`
    std::string headers;      ///< further field lines, each ending in CRLF; see `set`
    /// The length of the front of `headers` that survives `clear`; see `keep`.
    std::size_t kept = 0;
    std::string body;   ///< the body; unused if there is a `stream`
    shared_text shared; ///< inserted into `body` when the server sends it
    /// Whether the server sends `shared`; if not, handlers leave it empty. A handler that reads or
    /// changes the body of another handler sets it to false before.
    bool takes_shared = false;
    std::unique_ptr<body_stream> stream;
    bool close = false; ///< closes the connection after this response
    /// If set, the server sends nothing, and the connection belongs to this function until its
    /// awaitable completes; then it is closed. See `taken_connection`. The request is gone by then.
    /// `code` is only logged.
    std::function<asio::awaitable<void>(taken_connection&)> take_over{};
    /// Takes what a log may say about the request. Null if nobody reads it, as in tests and other
    /// HTTP stacks. It survives `clear` and `reset`.
    request_note* note = nullptr;

    /// Adds a field line. Throws `std::invalid_argument` if it is invalid, or if the server sets
    /// the field itself: Connection, Content-Length, Content-Type, Transfer-Encoding and Date. The
    /// exception does not contain the value.
    void set(std::string_view name, std::string_view value) { insert(headers.size(), name, value); }

    /// Adds a field line, as `set` does, that survives `clear`. So it is also part of a response
    /// that the server makes instead (500, 503). For handlers that wrap other handlers.
    void keep(std::string_view name, std::string_view value);

    /// Returns the size of `body` with the shared text.
    std::size_t body_size() const noexcept {
        return body.size() + (shared.text ? shared.text->size() : 0);
    }

    /// Copies the shared text into `body`, which then is complete.
    void complete_body();

    /// Removes everything except kept field lines and `takes_shared`.
    void clear() noexcept;

    /// Removes everything.
    void reset() noexcept {
        kept = 0;
        takes_shared = false;
        clear();
    }

    /// Returns whether the response is valid: the code is 200 to 999, `content_type` has no control
    /// characters, `headers` consists of valid field lines, and the position of the shared text
    /// is in `body`. Lines that `set` adds are valid. The server sends 500 instead of an invalid
    /// response.
    bool is_sendable() const noexcept;

private:
    void insert(std::size_t at, std::string_view name, std::string_view value);
};

/// Responds to requests: a router, an MCP endpoint, an application. Request and response live until
/// the awaitable completes. The request is mutable only for routers, which write `params` and
/// `mounted`. The thread of the connection calls it, many times at once. An exception gives a 500
/// and is passed to `server_options::on_error`.
///
/// If the peer disconnects while the handler is suspended, the handler is cancelled (Asio,
/// terminal). A peer that has closed only its sending side gets its response. The server sends an
/// interim response (100) first, to distinguish the two cases.
using handler = std::function<asio::awaitable<void>(request&, response&)>;

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/message.ipp>
#endif
