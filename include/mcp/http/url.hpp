// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mcp::http {

/// The treatment of a percent-encoded NUL.
enum class nul_rule { refuse, keep };

/// Decodes percent-encoding. Returns `nullopt` if an escape is malformed or, unless `nul` keeps it,
/// stands for NUL. `+` is not changed: see `query_value` for forms. [RFC 3986 §2.1]
std::optional<std::string> percent_decode(std::string_view text, nul_rule nul = nul_rule::refuse);

/// Returns the decoded value of the first query parameter `name`; empty if it has no `=`. `+` is a
/// space. Returns `nullopt` if the parameter is absent, if the query is malformed, or if the value
/// has a NUL.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

/// Encodes a name or value of a form or a query: `a b&c` becomes `a%20b%26c`. Forms may also write
/// a space as `+`; both are read alike. [WHATWG URL §5.2]
std::string form_encode(std::string_view text);

/// Scheme, host and port of a web origin, or (without the scheme) of a Host field.
struct origin {
    std::string scheme;     ///< lower case; empty for an authority
    std::string host;       ///< lower case, decoded, without brackets
    std::uint16_t port = 0; ///< 0 if absent

    /// Returns the port to connect to: the given port, or the default of the scheme, or 0.
    std::uint16_t actual_port() const {
        const std::uint16_t usual = scheme == "http" ? 80 : scheme == "https" ? 443 : 0;
        return port != 0 ? port : usual;
    }

    /// Returns whether the host is this machine by name or address: `localhost`, `127.0.0.0/8`,
    /// `::1`.
    bool is_loopback() const;
};

/// The parts of an authority, as views into it.
struct authority_view {
    std::string_view host;  ///< with brackets if it is an IPv6 address
    std::uint16_t port = 0; ///< 0 if absent
};

/// Splits `host` or `host:port`. Returns `nullopt` for anything else, such as user information, a
/// port that is not a number, or text after a bracket. Host fields, targets, origins and URLs are
/// all checked here. Names are not percent-decoded. [RFC 3986 §3.2]
std::optional<authority_view> split_authority(std::string_view text);

/// Parses a Host field such as `localhost:8000` or `[::1]`. [RFC 9110 §7.2]
std::optional<origin> parse_host(std::string_view text);

/// Returns whether `text` is a path, perhaps with a query, in the form of a request target: ASCII,
/// with every other character and every literal `%` percent-encoded. [RFC 9112 §3.2.1]
bool is_origin_form(std::string_view text);

/// Parses an Origin field such as `https://example.com:8443`. Returns `nullopt` for `null`, and for
/// a value with a path, a query or user information. [RFC 6454 §7]
std::optional<origin> parse_origin(std::string_view text);

/// An absolute web URL, split as a request needs it.
struct web_url {
    origin site;        ///< the port is never 0
    std::string host;   ///< the Host field: with brackets, and with a port that is not the default
    std::string target; ///< path and query, percent-encoded as in the URL; never empty
};

/// Parses `http://host:port/path?query` or the same with `https`; drops a fragment. Returns
/// `nullopt` if the URL is malformed, is not ASCII, or has user information. [RFC 3986 §3]
/// [RFC 9110 §4.2]
std::optional<web_url> parse_web_url(std::string_view text);

/// Returns the absolute form of a reference, such as that of a Location field, found in the web
/// page `base`. Returns `nullopt` if one of them is malformed. [RFC 3986 §5.2]
std::optional<std::string> resolve_url(std::string_view base, std::string_view reference);

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/url.ipp>
#endif
