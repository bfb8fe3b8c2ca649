#pragma once

#include <mcp/http/status.hpp>

#include <asio/awaitable.hpp>
#include <asio/ip/address.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mcp::http {

/// The methods of RFC 9110 §9 and PATCH; `other` is any further token, in `request::method_name`.
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

/// The verb of an exact (case-sensitive) method name.
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

/// The method name of a verb; empty for `other`.
constexpr std::string_view to_string(verb v) noexcept {
    constexpr std::string_view names[] = {"GET",     "HEAD",  "POST",  "PUT",     "DELETE",
                                          "OPTIONS", "PATCH", "TRACE", "CONNECT", ""};
    return names[static_cast<std::size_t>(v)];
}

/// Whether two field names (or tokens) are equal, ASCII case aside.
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

/// Whether `text` can be the name of a header field: a token. [RFC 9110 §5.6.2]
constexpr bool is_field_name(std::string_view text) noexcept {
    return !text.empty() &&
           text.find_first_not_of("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == text.npos;
}

/// Whether `text` can be the value of a header field: it has no control character but the tab.
/// [RFC 9110 §5.5]
constexpr bool is_field_value(std::string_view text) noexcept {
    for (const char c : text) {
        if (c != '\t' && (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)) {
            return false;
        }
    }
    return true;
}

/// One header field: views into the bytes that were read.
struct field {
    std::string_view name;
    std::string_view value; ///< without the white space around it
};

/// The header fields of a request, in the order of their arrival. Names compare without case.
class fields {
public:
    void add(std::string_view name, std::string_view value) { list_.push_back({name, value}); }
    void clear() noexcept { list_.clear(); }

    /// The value of the first field of that name.
    std::optional<std::string_view> find(std::string_view name) const noexcept {
        for (const field& f : list_) {
            if (iequals(f.name, name)) {
                return f.value;
            }
        }
        return std::nullopt;
    }

    /// How many fields have that name: more than one is an error for most.
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

/// What the router found in the path: names from the pattern, percent-decoded values from the path.
class path_params {
public:
    void add(std::string_view name, std::string_view value) {
        list_.push_back({std::string(name), text_.size(), value.size()});
        text_ += value;
    }

    /// The value of `{name}`; valid until the next `add` or `clear`.
    std::optional<std::string_view> find(std::string_view name) const noexcept {
        for (const entry& e : list_) {
            if (e.name == name) {
                return std::string_view(text_).substr(e.offset, e.size);
            }
        }
        return std::nullopt;
    }

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

/// A request as the handler sees it.
///
/// All views are valid until the handler's awaitable has completed, not while a response stream is
/// read afterwards: a stream copies what it needs. Constructible by hand, for other HTTP stacks and
/// for tests.
struct request {
    verb method = verb::get;
    std::string_view method_name = "GET";
    std::string_view target = "/"; ///< as sent: path and query, still percent-encoded
    std::string_view authority;    ///< of a `target` that is a whole URL; else empty
    std::string_view path = "/";   ///< the path of `target`, still percent-encoded
    std::string_view query;        ///< what follows `?`, still percent-encoded
    int version = 11;              ///< 10 or 11
    fields headers;
    std::string_view body; ///< whole, chunks already joined
    path_params params;
    asio::ip::address remote; ///< the peer of the connection, which may be a proxy
    std::size_t mounted = 0;  ///< how much of `path` the mount's prefix took

    /// Whom the request is for, as `example.com:80`: a target that is a whole URL says so, whatever
    /// the Host field says. Empty if nothing does, or if Host fields disagree. [RFC 9112 §3.2.2]
    std::string_view host() const noexcept {
        if (!authority.empty()) {
            return authority;
        }
        return headers.count("host") == 1 ? *headers.find("host") : std::string_view();
    }
};

/// A response body that comes over time, such as an SSE stream. All calls come from the thread of
/// the connection; the server owns the stream and destroys it when it has ended.
class body_stream {
public:
    virtual ~body_stream() = default;

    /// Appends the next bytes to `out`, waiting for them if need be; false ends the body.
    ///
    /// `true` with nothing appended means: ask again. What it throws ends the connection.
    /// One call at a time. `out` lives until the call completes.
    virtual asio::awaitable<bool> read(std::string& out) = 0;

    /// Whether `read` would complete at once: then its bytes share a write with those before them.
    virtual bool ready() const noexcept { return false; }

    /// Whether it ends by itself soon, as the answer to a call does: then a peer that has closed
    /// only its sending side gets the rest. Another stream is closed.
    virtual bool finite() const noexcept { return false; }

    /// The peer is gone or is cut off: a pending `read` ends soon. Called at most once, and not
    /// after `read` has given false.
    virtual void close() noexcept = 0;

    /// The server shuts down: say goodbye if there is a way, then end. May be ignored.
    virtual void drain() noexcept {}

    /// Nothing was written for the keep-alive interval: a pending `read` may give a comment.
    virtual void idle() noexcept {}
};

/// A response that the handler fills in. Its memory is reused from request to request.
struct response {
    status code = status::ok;
    std::string content_type; ///< no Content-Type field if empty; see `is_sendable`
    std::string headers;      ///< further field lines, each ending in CRLF; see `set`
    std::size_t kept = 0;     ///< how much of `headers`, from its front, `clear` leaves; see `keep`
    std::string body;         ///< the whole body; not used if there is a `stream`
    std::unique_ptr<body_stream> stream;
    bool close = false; ///< close the connection after this response

    /// Adds a field line. Throws `std::invalid_argument` if it cannot be one, or if it is one of
    /// Connection, Content-Length, Content-Type, Transfer-Encoding and Date, which are the
    /// server's. The exception does not hold the value.
    void set(std::string_view name, std::string_view value) { insert(headers.size(), name, value); }

    /// As `set`, but the line stays when the response is cleared, as it is for one that the server
    /// makes in its place (500, 503). For handlers that stand around others.
    void keep(std::string_view name, std::string_view value) {
        const std::size_t before = headers.size();
        kept = std::min(kept, before);
        insert(kept, name, value);
        kept += headers.size() - before;
    }

    /// Takes back all but what is kept.
    void clear() noexcept {
        code = status::ok;
        content_type.clear();
        headers.resize(std::min(kept, headers.size()));
        body.clear();
        stream.reset();
        close = false;
    }

    /// Takes back all.
    void reset() noexcept {
        kept = 0;
        clear();
    }

    /// Whether it can be sent: the code is one of 200 to 999, and `content_type` and `headers`, if
    /// they were not written by `set`, hold no control characters and nothing but whole lines. The
    /// server sends 500 in place of one that cannot.
    bool is_sendable() const noexcept {
        const auto number = static_cast<unsigned>(code);
        if (number < 200 || number > 999 || !is_field_value(content_type)) {
            return false;
        }
        for (std::string_view rest = headers; !rest.empty();) {
            const auto end = rest.find("\r\n");
            const auto colon = rest.find(':');
            if (end == rest.npos || colon > end || !is_field_name(rest.substr(0, colon)) ||
                !is_field_value(rest.substr(colon + 1, end - colon - 1))) {
                return false;
            }
            rest.remove_prefix(end + 2);
        }
        return true;
    }

private:
    void insert(std::size_t at, std::string_view name, std::string_view value) {
        if (!is_field_name(name)) {
            throw std::invalid_argument("response::set: not the name of a header field");
        }
        if (!is_field_value(value)) {
            throw std::invalid_argument("response::set: not a value for " + std::string(name));
        }
        for (const std::string_view ours :
             {"connection", "content-length", "content-type", "transfer-encoding", "date"}) {
            if (iequals(name, ours)) {
                throw std::invalid_argument("response::set: the server writes " +
                                            std::string(name));
            }
        }
        std::string line(name);
        headers.insert(at, line.append(": ").append(value).append("\r\n"));
    }
};

/// What answers requests: a router, an MCP endpoint, an application. Request and response live
/// until the awaitable completes; the request is only mutable for routers, which write `params` and
/// `mounted`. Called on the thread of the connection, many at once.
/// What it throws is answered with 500 and handed to `server_options::on_error`.
/// When the peer goes away while the handler is suspended, the handler is cancelled (Asio,
/// terminal). A peer that has closed only its sending side gets its answer, behind an interim
/// response (100) by which the server finds out which of the two it is.
using handler = std::function<asio::awaitable<void>(request&, response&)>;

} // namespace mcp::http
