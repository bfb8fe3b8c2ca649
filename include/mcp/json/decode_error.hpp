// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <boost/assert/source_location.hpp>

#include <string>
#include <utility>

namespace mcp {

/// Why a JSON value cannot be decoded. Safe to show to the peer that sent the value.
struct decode_error {
    decode_error() = default;
    // Not an aggregate, so that result<std::string, decode_error> can tell the two types apart.
    decode_error(std::string path_, std::string message_)
        : path{std::move(path_)}
        , message{std::move(message_)} {}

    /// The path, such as "arguments.filter.tags[2]"; empty for the value itself.
    std::string path;

    /// One sentence, such as "expected string, got number", or a predicate of the value at the
    /// path, such as "is missing".
    std::string message;

    /// Returns path and message: "arguments.filter.tags[2]: expected string, got number", or
    /// "params.name is missing".
    std::string what() const;
};

/// Lets `result::value()` throw `std::invalid_argument`.
[[noreturn]] void throw_exception_from_error(const decode_error& error,
                                             const boost::source_location&);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/json/impl/decode_error.ipp>
#endif
