#pragma once

#include <mcp/encoding/relative_path.hpp>
#include <mcp/encoding/uuid.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/url.hpp>

#include <asio/awaitable.hpp>

#include <algorithm>
#include <charconv>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::http {

/// A path pattern such as `/users/{id:int}/files/{rest:path}`.
///
/// A segment is a literal or a parameter: `{name}` matches any segment, `{name:int}` a 64-bit
/// integer, `{name:uuid}` a UUID. At the end, `{name:path}` matches the rest of the path, slashes
/// included. The rest may be empty, but the slash before it must be there. Literals compare with
/// the percent-decoded path.
///
/// A value is safe to append to a folder: a value that is not an `is_relative_path` after decoding,
/// such as `..%2fetc`, matches no pattern. `{name:raw}` and `{name:raw_path}` take any value,
/// decoded but unchecked.
class path_pattern {
public:
    /// Throws `std::invalid_argument` if the pattern does not start with `/` or is malformed.
    explicit path_pattern(std::string_view text);

    /// Matches the complete `path` or, with `prefix`, some of its first segments. Returns the
    /// number of matched bytes and adds the parameters to `found`. If it returns `nullopt`, `found`
    /// is empty.
    std::optional<std::size_t> match(std::string_view path, bool prefix, path_params& found) const;

    /// Orders patterns by priority; the lesser is tried first. A literal precedes `int` and `uuid`,
    /// these precede any segment, and that precedes `path`. A longer pattern precedes its own
    /// prefix.
    std::strong_ordering operator<=>(const path_pattern& other) const noexcept;
    bool operator==(const path_pattern& other) const noexcept { return *this <=> other == 0; }

private:
    enum class kind : std::uint8_t { literal, integer, uuid, any, raw, rest, raw_rest };
    struct segment {
        kind what = kind::literal;
        std::string text; // the literal, or the name of the parameter
    };

    static segment to_segment(std::string_view text);
    static bool fits(kind what, std::string_view value);
    static bool is_raw(kind k) noexcept { return k == kind::raw || k == kind::raw_rest; }
    static bool is_rest(kind k) noexcept { return k == kind::rest || k == kind::raw_rest; }

    std::vector<segment> segments_;
};

/// Routes a request to the handler of its path. A router is a handler itself and may be mounted in
/// another router.
///
///     router app;
///     app.add(verb::get, "/users/{id:int}", show_user);
///     app.mount("/mcp/{user:uuid}", mcp::streamable_http{server});
///     app.fallback(existing_app);
///
/// The most specific pattern wins, in whatever order they were added. If a path exists only for
/// other methods, the response is 405 with `Allow`. `OPTIONS` gets 204 with `Allow`. GET handlers
/// serve HEAD as well. Set up the router before serving; routing is `const` and thread-safe.
class router {
public:
    /// Adds a handler for `method` and paths that match completely.
    void add(verb method, std::string_view pattern, handler answer) {
        insert({path_pattern(pattern), std::move(answer), method, false});
    }

    /// Adds a handler for every method and every path whose first segments match.
    /// `request::mounted` is the length of these segments.
    void mount(std::string_view prefix, handler answer) {
        while (prefix.size() > 1 && prefix.ends_with('/')) {
            prefix.remove_suffix(1);
        }
        insert({path_pattern(prefix), std::move(answer), verb::other, true});
    }

    /// Sets the handler of all other requests; without it they get 404.
    void fallback(handler answer) { fallback_ = std::move(answer); }

    /// Routes `q` and sets its `params` and `mounted`.
    asio::awaitable<void> operator()(request& q, response& r) const;

private:
    struct route {
        path_pattern pattern;
        handler answer;
        verb method;
        bool is_mount;
    };

    void insert(route r) {
        const auto after = [](const route& a, const route& b) {
            return a.is_mount != b.is_mount ? b.is_mount : a.pattern < b.pattern;
        };
        routes_.insert(std::upper_bound(routes_.begin(), routes_.end(), r, after), std::move(r));
    }

    static asio::awaitable<void> nothing() { co_return; }

    std::vector<route> routes_;
    handler fallback_;
};

inline path_pattern::path_pattern(std::string_view text) {
    if (!text.starts_with('/')) {
        throw std::invalid_argument("path pattern must start with '/': " + std::string(text));
    }
    text.remove_prefix(1);
    while (!text.empty() || !segments_.empty()) {
        if (!segments_.empty() && is_rest(segments_.back().what)) {
            throw std::invalid_argument("{name:path} must end the path pattern");
        }
        const auto slash = text.find('/');
        segments_.push_back(to_segment(text.substr(0, slash)));
        if (slash == text.npos) {
            break;
        }
        text.remove_prefix(slash + 1);
    }
}

inline path_pattern::segment path_pattern::to_segment(std::string_view text) {
    if (!text.starts_with('{')) {
        if (text.find_first_of("{}") != text.npos) {
            throw std::invalid_argument("a parameter must be a whole path segment: " +
                                        std::string(text));
        }
        return {kind::literal, std::string(text)};
    }
    const auto inner = text.substr(1, text.size() - 1 - (text.ends_with('}') ? 1 : 0));
    const auto colon = inner.find(':');
    const auto name = inner.substr(0, colon);
    const auto converter = colon == inner.npos ? std::string_view("") : inner.substr(colon + 1);
    constexpr std::pair<std::string_view, kind> known[] = {
        {"", kind::any},    {"int", kind::integer}, {"uuid", kind::uuid},
        {"raw", kind::raw}, {"path", kind::rest},   {"raw_path", kind::raw_rest}};
    const auto* found = std::find_if(std::begin(known), std::end(known),
                                     [&](const auto& k) { return k.first == converter; });
    if (!text.ends_with('}') || name.empty() || name.find_first_of("{}") != name.npos ||
        found == std::end(known)) {
        throw std::invalid_argument("invalid path parameter: " + std::string(text));
    }
    return {found->second, std::string(name)};
}

inline bool path_pattern::fits(kind what, std::string_view value) {
    if (what == kind::raw) {
        return !value.empty();
    }
    if (value.empty() || !is_relative_path(value)) {
        return false;
    }
    if (what == kind::integer) {
        std::int64_t number = 0;
        const auto* end = value.data() + value.size();
        const auto read = std::from_chars(value.data(), end, number);
        return read.ec == std::errc() && read.ptr == end;
    }
    return what != kind::uuid || is_uuid(value);
}

inline std::optional<std::size_t> path_pattern::match(std::string_view path, bool prefix,
                                                      path_params& found) const {
    found.clear();
    std::size_t at = 0; // at the slash before the next segment, or at the end
    std::string decoded;
    const auto fail = [&] {
        found.clear();
        return std::nullopt;
    };
    const auto take = [&](std::string_view raw, kind what) -> std::optional<std::string_view> {
        if (raw.find('%') == raw.npos) {
            return raw;
        }
        auto plain = percent_decode(raw, is_raw(what) ? nul_rule::keep : nul_rule::refuse);
        if (!plain) {
            return std::nullopt;
        }
        decoded = std::move(*plain);
        return decoded;
    };
    for (const segment& s : segments_) {
        if (at >= path.size() || path[at] != '/') {
            return fail();
        }
        if (is_rest(s.what)) {
            const auto rest = take(path.substr(at + 1), s.what);
            if (!rest || (s.what == kind::rest && !is_relative_path(*rest))) {
                return fail();
            }
            found.add(s.text, *rest);
            return path.size();
        }
        const auto end = std::min(path.find('/', at + 1), path.size());
        const auto value = take(path.substr(at + 1, end - at - 1), s.what);
        if (!value || (s.what == kind::literal ? *value != s.text : !fits(s.what, *value))) {
            return fail();
        }
        if (s.what != kind::literal) {
            found.add(s.text, *value);
        }
        at = end;
    }
    const bool whole = at == path.size() || (segments_.empty() && path == "/");
    if (whole || (prefix && path[at] == '/')) {
        return at;
    }
    return fail();
}

inline std::strong_ordering path_pattern::operator<=>(const path_pattern& other) const noexcept {
    for (std::size_t i = 0; i < std::min(segments_.size(), other.segments_.size()); ++i) {
        const auto rank = [](kind k) {
            return k == kind::uuid       ? kind::integer
                   : k == kind::raw      ? kind::any
                   : k == kind::raw_rest ? kind::rest
                                         : k;
        };
        if (const auto o = rank(segments_[i].what) <=> rank(other.segments_[i].what); o != 0) {
            return o;
        }
    }
    return other.segments_.size() <=> segments_.size();
}

inline asio::awaitable<void> router::operator()(request& q, response& r) const {
    std::string allowed;
    for (const route& each : routes_) {
        if (each.is_mount && !allowed.empty()) {
            break;
        }
        const auto taken = each.pattern.match(q.path, each.is_mount, q.params);
        if (!taken) {
            continue;
        }
        q.mounted = each.is_mount ? *taken : 0;
        if (each.is_mount || each.method == q.method ||
            (each.method == verb::get && q.method == verb::head)) {
            return each.answer(q, r);
        }
        allowed.append(to_string(each.method)).append(each.method == verb::get ? ", HEAD, " : ", ");
    }
    q.params.clear();
    if (allowed.empty() && fallback_) {
        return fallback_(q, r);
    }
    if (!allowed.empty()) {
        r.set("Allow", allowed + "OPTIONS");
    }
    r.code = allowed.empty()             ? status::not_found
             : q.method == verb::options ? status::no_content
                                         : status::method_not_allowed;
    if (r.code != status::no_content) {
        r.content_type = "text/plain";
        r.body.append(reason(r.code)).append("\n");
    }
    return nothing();
}

} // namespace mcp::http
