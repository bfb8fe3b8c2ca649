// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/relative_path.hpp>
#include <mcp/encoding/uuid.hpp>
#include <mcp/http/request_record.hpp>
#include <mcp/http/router.hpp>
#include <mcp/http/url.hpp>

#include <asio/awaitable.hpp>

#include <algorithm>
#include <charconv>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp::http {

namespace detail {

/// The converters that every pattern knows; the first is that of `{name}`.
inline constexpr std::string_view library_converters[] = {"",     "int", "uuid",    "slug",
                                                          "path", "raw", "raw_path"};

} // namespace detail

MCP_DECL void router::add(verb method, std::string_view pattern, handler handle) {
    insert({path_pattern(pattern, converters_), std::move(handle), method, false});
}

MCP_DECL void router::mount(std::string_view prefix, handler handle) {
    while (prefix.size() > 1 && prefix.ends_with('/')) {
        prefix.remove_suffix(1);
    }
    insert({path_pattern(prefix, converters_), std::move(handle), verb::other, true});
}

MCP_DECL void router::insert(route r) {
    const auto after = [](const route& a, const route& b) {
        return a.is_mount != b.is_mount ? b.is_mount : a.pattern < b.pattern;
    };
    routes_.insert(std::upper_bound(routes_.begin(), routes_.end(), r, after), std::move(r));
}

MCP_DECL asio::awaitable<void> router::nothing() {
    co_return;
}

MCP_DECL path_pattern::path_pattern(std::string_view text, const path_converters& own) {
    if (!text.starts_with('/')) {
        throw std::invalid_argument("path pattern must start with '/': " + std::string(text));
    }
    text.remove_prefix(1);
    while (!text.empty() || !segments_.empty()) {
        if (!segments_.empty() && is_rest(segments_.back().type)) {
            throw std::invalid_argument("{name:path} must end the path pattern");
        }
        const auto slash = text.find('/');
        segments_.push_back(to_segment(text.substr(0, slash), own));
        if (slash == text.npos) {
            break;
        }
        text.remove_prefix(slash + 1);
    }
}

MCP_DECL void router::converter(std::string name, path_converter accepts) {
    const auto& taken = detail::library_converters;
    if (std::find(std::begin(taken), std::end(taken), name) != std::end(taken) ||
        name.find_first_of("{}/") != name.npos ||
        !converters_.emplace(name, std::move(accepts)).second) {
        throw std::invalid_argument("the path converter '" + name +
                                    "' exists or has no valid name");
    }
}

MCP_DECL path_pattern::segment path_pattern::to_segment(std::string_view text,
                                                        const path_converters& own) {
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
    if (!text.ends_with('}') || name.empty() || name.find_first_of("{}") != name.npos) {
        throw std::invalid_argument("invalid path parameter: " + std::string(text));
    }
    const auto& known = detail::library_converters;
    const auto* found = std::find(std::begin(known), std::end(known), converter);
    if (found != std::end(known)) {
        constexpr kind kinds[] = {kind::any,  kind::integer, kind::uuid,    kind::slug,
                                  kind::rest, kind::raw,     kind::raw_rest};
        static_assert(std::size(kinds) == std::size(detail::library_converters));
        return {kinds[found - std::begin(known)], std::string(name)};
    }
    if (const auto mine = own.find(converter); mine != own.end()) {
        return {kind::own, std::string(name), mine->second};
    }
    std::string why = "unknown path converter in " + std::string(text) + "; known are";
    for (const std::string_view each : known) {
        if (!each.empty()) {
            why.append(" ").append(each).append(",");
        }
    }
    for (const auto& each : own) {
        why.append(" ").append(each.first).append(",");
    }
    why.pop_back();
    throw std::invalid_argument(why);
}

MCP_DECL bool path_pattern::fits(const segment& s, std::string_view value) {
    if (s.type == kind::raw) {
        return !value.empty();
    }
    if (value.empty() || !is_relative_path(value)) {
        return false;
    }
    switch (s.type) {
    case kind::integer: {
        std::int64_t number = 0;
        const auto* end = value.data() + value.size();
        const auto read = std::from_chars(value.data(), end, number);
        return read.ec == std::errc() && read.ptr == end;
    }
    case kind::uuid:
        return is_uuid(value);
    case kind::slug:
        return value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789-_") == value.npos;
    case kind::own:
        return s.accepts(value);
    default:
        return true;
    }
}

MCP_DECL std::optional<std::size_t> path_pattern::match(std::string_view path, bool prefix,
                                                        path_params& params) const {
    params.clear();
    std::size_t at = 0; // at the slash before the next segment, or at the end
    std::string decoded;
    const auto fail = [&] {
        params.clear();
        return std::nullopt;
    };
    const auto take = [&](std::string_view raw, kind type) -> std::optional<std::string_view> {
        if (raw.find('%') == raw.npos) {
            return raw;
        }
        auto plain = percent_decode(raw, is_raw(type) ? nul_rule::keep : nul_rule::refuse);
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
        if (is_rest(s.type)) {
            const auto rest = take(path.substr(at + 1), s.type);
            if (!rest || (s.type == kind::rest && !is_relative_path(*rest))) {
                return fail();
            }
            params.add(s.text, *rest);
            return path.size();
        }
        const auto end = std::min(path.find('/', at + 1), path.size());
        const auto value = take(path.substr(at + 1, end - at - 1), s.type);
        if (!value || (s.type == kind::literal ? *value != s.text : !fits(s, *value))) {
            return fail();
        }
        if (s.type != kind::literal) {
            params.add(s.text, *value);
        }
        at = end;
    }
    const bool whole = at == path.size() || (segments_.empty() && path == "/");
    if (whole || (prefix && path[at] == '/')) {
        return at;
    }
    return fail();
}

MCP_DECL std::strong_ordering path_pattern::operator<=>(const path_pattern& other) const noexcept {
    for (std::size_t i = 0; i < std::min(segments_.size(), other.segments_.size()); ++i) {
        const auto rank = [](kind k) {
            return k == kind::uuid       ? kind::integer
                   : k == kind::own      ? kind::slug
                   : k == kind::raw      ? kind::any
                   : k == kind::raw_rest ? kind::rest
                                         : k;
        };
        if (const auto o = rank(segments_[i].type) <=> rank(other.segments_[i].type); o != 0) {
            return o;
        }
    }
    return other.segments_.size() <=> segments_.size();
}

MCP_DECL bool router::serves(verb method, std::string_view path) const {
    path_params ignored;
    return fallback_ || std::any_of(routes_.begin(), routes_.end(), [&](const route& each) {
               return (each.is_mount || each.method == method) &&
                      each.pattern.match(path, each.is_mount, ignored);
           });
}

MCP_DECL asio::awaitable<void> router::operator()(request& q, response& r) const {
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
            return each.handle(q, r);
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
        if (r.note != nullptr) {
            r.note->reason = allowed.empty() ? "nothing is at this path"
                                             : "the path has no handler for this method";
        }
        r.content_type = "text/plain";
        r.body.append(reason(r.code)).append("\n");
    }
    return nothing();
}

} // namespace mcp::http
