// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/protocol/errors.hpp>

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

namespace mcp {

class result_writer;
enum class outcome : std::uint8_t;

namespace detail {

struct call_limits;

/// Describes an exception for the log: its type and text, then those of its nested exceptions.
std::string describe_exception(const std::exception_ptr& failure);

/// Returns the text of an unexpected exception that a peer may see. Logs the whole text with the
/// request's ids and the subject of its principal.
std::string public_text(server_environment& environment, std::string_view operation,
                        const request_view& request, const std::exception_ptr& failure,
                        std::string_view subject = {});

/// Returns that text for the handler of an entry, such as `prompt review`.
std::string public_text(const context& ctx, std::string_view entry,
                        const std::exception_ptr& failure);

/// Rethrows an exception of the handler of a resource, prompt or completion. An unexpected one
/// becomes a `protocol_error` that names the entry.
[[noreturn]] void rethrow_failure(const context& ctx, std::string_view entry,
                                  const std::exception_ptr& failure);

/// An exception for a call beyond `mcp::concurrency`.
class too_many_calls : public protocol_error {
public:
    explicit too_many_calls(const call_limits& limits);
};

/// Replaces a result beyond its limit by an error: of the entry, if `own` is not null, or else of
/// the server.
void limit_result(result_writer& out, const context& ctx, const call_limits* own);

/// Returns the outcome of a response.
outcome outcome_of(const result_writer& writer, reply_status status) noexcept;

} // namespace detail

/// Returns the error that a peer gets when a collaborator cannot be reached. The log has the
/// details.
jsonrpc::error unavailable_error();

namespace detail {

/// Writes the response for an exception of a handler, a predicate or a collaborator.
reply_status write_failure(server_environment& environment, result_writer& writer,
                           const request_view& request, const std::exception_ptr& failure);

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/failure.ipp>
#endif
