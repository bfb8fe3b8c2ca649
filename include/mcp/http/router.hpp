// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/message.hpp>

#include <asio/awaitable.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::http {

/// Says whether a percent-decoded value, which is safe to append to a folder, fits a converter.
using path_converter = std::function<bool(std::string_view value)>;

/// Converters by name, beside those of the library.
using path_converters = std::map<std::string, path_converter, std::less<>>;

/// A path pattern such as `/users/{id:int}/files/{rest:path}`.
///
/// A segment is a literal or a parameter: `{name}` matches any segment, `{name:int}` a 64-bit
/// integer, `{name:uuid}` a UUID, `{name:slug}` ASCII letters, digits, `-` and `_`. At the end,
/// `{name:path}` matches the rest of the path, slashes included. The rest may be empty, but the
/// slash before it must be there. Literals compare with the percent-decoded path.
///
/// A value is safe to append to a folder: a value that is not an `is_relative_path` after decoding,
/// such as `..%2fetc`, matches no pattern. `{name:raw}` and `{name:raw_path}` take any value,
/// decoded but unchecked.
class path_pattern {
public:
    /// Throws `std::invalid_argument` if the pattern does not start with `/` or is malformed, or
    /// names a converter that is neither the library's nor among `own`; the text lists the known.
    explicit path_pattern(std::string_view text, const path_converters& own = {});

    /// Matches the complete `path` or, with `prefix`, some of its first segments. Returns the
    /// number of matched bytes and adds the parameters to `found`. If it returns `nullopt`, `found`
    /// is empty.
    std::optional<std::size_t> match(std::string_view path, bool prefix, path_params& params) const;

    /// Orders patterns by priority; the lesser is tried first. A literal precedes `int` and `uuid`,
    /// these precede `slug` and own converters, then come any segment and `path`. A longer pattern
    /// precedes its own prefix.
    std::strong_ordering operator<=>(const path_pattern& other) const noexcept;
    bool operator==(const path_pattern& other) const noexcept { return *this <=> other == 0; }

private:
    enum class kind : std::uint8_t { literal, integer, uuid, slug, own, any, raw, rest, raw_rest };
    struct segment {
        kind type = kind::literal;
        std::string text{};       // the literal, or the name of the parameter
        path_converter accepts{}; // of `own`
    };

    static segment to_segment(std::string_view text, const path_converters& own);
    static bool fits(const segment& s, std::string_view value);
    static bool is_raw(kind k) noexcept { return k == kind::raw || k == kind::raw_rest; }
    static bool is_rest(kind k) noexcept { return k == kind::rest || k == kind::raw_rest; }

    std::vector<segment> segments_;
};

/// Routes a request to the handler of its path. A router is a handler itself and may be mounted in
/// another router.
///
///     mcp::http::router app;
///     app.add(mcp::http::verb::get, "/users/{id:int}", show_user);
///     app.mount("/mcp/{user:uuid}", mcp::streamable_http{server});
///     app.fallback(existing_app);
///
/// The most specific pattern wins, in whatever order they were added. If a path exists only for
/// other methods, the response is 405 with `Allow`. `OPTIONS` gets 204 with `Allow`. GET handlers
/// serve HEAD as well. Set up the router before serving; routing is `const` and thread-safe.
class router {
public:
    /// Adds a converter for the patterns that are added after it. Several threads call it at once.
    /// Throws `std::invalid_argument` if there is one of that name.
    ///
    ///     app.converter("tenant", [](std::string_view value) { return value.size() == 8; });
    ///     app.mount("/t/{tenant:tenant}/mcp", mcp::streamable_http{server});
    void converter(std::string name, path_converter accepts);

    /// Adds a handler for `method` and paths that match completely.
    void add(verb method, std::string_view pattern, handler handle);

    /// Adds a handler for every method and every path whose first segments match.
    /// `request::mounted` is the length of these segments.
    void mount(std::string_view prefix, handler handle);

    /// Sets the handler of all other requests; without it they get 404.
    void fallback(handler handle) { fallback_ = std::move(handle); }

    /// Returns whether a handler serves `method` at this path, be it that of all other requests.
    bool serves(verb method, std::string_view path) const;

    /// Routes `q` and sets its `params` and `mounted`.
    asio::awaitable<void> operator()(request& q, response& r) const;

private:
    struct route {
        path_pattern pattern;
        handler handle;
        verb method;
        bool is_mount;
    };

    void insert(route r);

    static asio::awaitable<void> nothing();

    std::vector<route> routes_;
    path_converters converters_;
    handler fallback_;
};

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/router.ipp>
#endif
