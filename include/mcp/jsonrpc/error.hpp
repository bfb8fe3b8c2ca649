// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <boost/assert/source_location.hpp>

#include <string>
#include <utility>

namespace mcp::jsonrpc {

/// The codes that JSON-RPC itself defines [JSON-RPC 2.0 §5.1].
namespace errc {
/// The text is not JSON.
inline constexpr int parse_error = -32700;
/// The text is JSON, but not a message.
inline constexpr int invalid_request = -32600;
/// The method does not exist.
inline constexpr int method_not_found = -32601;
/// The method exists, but its parameters are invalid.
inline constexpr int invalid_params = -32602;
/// The receiver of the request failed.
inline constexpr int internal_error = -32603;
} // namespace errc

/// Why a request has no result.
struct error {
    error() = default;

    /// `data` is JSON text, or empty for none.
    error(int code_, std::string message_, std::string data_ = {})
        : code{code_}
        , message{std::move(message_)}
        , data{std::move(data_)} {}

    int code = errc::internal_error;
    /// One sentence that the peer may see.
    std::string message;
    /// Details as JSON text, or empty for none. Text that is not JSON is sent as a string.
    std::string data;

    friend bool operator==(const error&, const error&) = default;
};

/// Lets `result::value()` throw `std::invalid_argument`.
[[noreturn]] void throw_exception_from_error(const error& why, const boost::source_location&);

} // namespace mcp::jsonrpc

#ifdef MCP_BODIES
#include <mcp/jsonrpc/impl/error.ipp>
#endif
