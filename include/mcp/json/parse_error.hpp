// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <boost/assert/source_location.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace mcp {

/// Why a text is not acceptable JSON.
struct parse_error {
    parse_error() = default;
    // Not an aggregate, so that a result can tell it from a string.
    parse_error(std::string message_, std::size_t offset_)
        : message{std::move(message_)}
        , offset{offset_} {}

    /// One sentence, safe to show to the peer that sent the text.
    std::string message;

    /// The place in the text, in bytes from its start.
    std::size_t offset = 0;

    /// Returns message and place: "expected ',' or ']', got '}' at byte 17".
    std::string what() const { return message + " at byte " + std::to_string(offset); }
};

/// Lets `result::value()` throw `std::invalid_argument`.
[[noreturn]] void throw_exception_from_error(const parse_error& error,
                                             const boost::source_location&);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/json/impl/parse_error.ipp>
#endif
