// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/text_form.hpp>

#include <asio/error_code.hpp>
#include <asio/ip/address.hpp>
#include <asio/ip/address_v4.hpp>
#include <asio/ip/address_v6.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace mcp {
namespace detail {

/// The JSON form of an address type of Asio. A scope such as `%eth0` is refused, because it names
/// an interface of this host. `make` parses a text.
template <class Address>
struct ip_form {
    static bool append(std::string& out, const Address& address) {
        out += address.to_string();
        return true;
    }

    static std::optional<Address> parse_by(std::string_view text, auto make) {
        if (text.find('%') != text.npos || text.find('\0') != text.npos)
            return std::nullopt;
        asio::error_code ec;
        const Address address = make(text, ec);
        return ec ? std::nullopt : std::optional{address};
    }
};

} // namespace detail

/// An IPv4 address is its text in dotted decimal.
template <>
struct text_form<asio::ip::address_v4> : detail::ip_form<asio::ip::address_v4> {
    static constexpr std::string_view format = "ipv4";

    static std::string what() { return "IPv4 address such as \"192.0.2.1\""; }

    static std::optional<asio::ip::address_v4> parse(std::string_view text) {
        return parse_by(text, [](std::string_view from, asio::error_code& ec) {
            return asio::ip::make_address_v4(from, ec);
        });
    }
};

/// An IPv6 address is its text [RFC 4291 §2.2].
template <>
struct text_form<asio::ip::address_v6> : detail::ip_form<asio::ip::address_v6> {
    static constexpr std::string_view format = "ipv6";

    static std::string what() { return "IPv6 address such as \"2001:db8::1\""; }

    static std::optional<asio::ip::address_v6> parse(std::string_view text) {
        return parse_by(text, [](std::string_view from, asio::error_code& ec) {
            return asio::ip::make_address_v6(from, ec);
        });
    }
};

/// An IP address is the text of either version.
template <>
struct text_form<asio::ip::address> : detail::ip_form<asio::ip::address> {
    static constexpr std::string_view description = "IPv4 or IPv6 address";

    static std::string what() { return "IP address such as \"192.0.2.1\" or \"2001:db8::1\""; }

    static std::optional<asio::ip::address> parse(std::string_view text) {
        return parse_by(text, [](std::string_view from, asio::error_code& ec) {
            return asio::ip::make_address(from, ec);
        });
    }
};

} // namespace mcp
