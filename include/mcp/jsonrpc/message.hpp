// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/view.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mcp::jsonrpc {

enum class message_kind : std::uint8_t { request, notification, result, error };

/// A view of a JSON-RPC message. `method`, `params` and `result` point into the JSON value that was
/// read, and are valid as long as it is.
struct message {
    message_kind kind = message_kind::notification;
    /// Absent in a notification, and in an error whose request could not be read.
    jsonrpc::id id;
    /// Set for a request or notification.
    std::string_view method;
    /// Set for a request or notification, if it has params.
    json_view params;
    /// Set for a result.
    json_view result;
    /// Set for an error.
    jsonrpc::error error;
};

/// Reads a parsed message. Returns an `invalid_request` error if the value is not a message under
/// JSON-RPC 2.0 and the rules of MCP (params are an object, ids are strings or integers).
/// `is_answered` and `failed_response` then say how to proceed. Members that JSON-RPC does not
/// define are ignored.
///
/// A null `error` beside a result, or the reverse, counts as absent, since many serialisers write
/// `"error":null`. `"params":null` and `"params":[]` are no parameters. `"id":null` is an error,
/// except in a notification of MCP, which has no id.
result<message, error> read_message(json_view value);

/// Returns whether a refused message gets an error response. A request and an unrecognisable
/// message do. A notification does not. A response, which has no method but an id, a result or an
/// error, does not either: its sender waits for nothing, and would take an error with that id for
/// the response to a request of its own. [JSON-RPC 2.0 §4.1, §6]
bool is_answered(json_view value);

/// Returns the id for the response to a refused message. It is absent if the message is not a
/// request or its id cannot be read.
id readable_id(json_view value);

/// Returns the error response that replaces a malformed response, so that the waiting requester
/// stops waiting; `why` is the fault. Returns nullopt if `value` is a request or notification, or
/// its id cannot be read.
std::optional<json> failed_response(json_view value, const error& why);

/// How to write an id that could not be read.
enum class unknown_id : std::uint8_t {
    omitted, ///< no `id` at all [MCP 2025-11-25 and later]
    null,    ///< `"id":null` [JSON-RPC 2.0 §5]
};

/// Appends the part of a response before the result. The result and `end_response` follow, so that
/// the result can be written in place, without a copy.
inline void begin_response(std::string& out, const id& request) {
    out.append(R"({"jsonrpc":"2.0","id":)").append(request.text()).append(R"(,"result":)");
}
inline void end_response(std::string& out) {
    out.push_back('}');
}

/// Appends the response to `request`; `result_text` is JSON text.
inline void write_response(std::string& out, const id& request, std::string_view result_text) {
    begin_response(out, request);
    out.append(result_text);
    end_response(out);
}

/// Appends an error response; `rule` says how to write an absent `request`.
void write_error(std::string& out, const id& request, const error& why,
                 unknown_id rule = unknown_id::omitted);

/// Appends a request; `params_text` is a JSON object, or empty for none.
void write_request(std::string& out, const id& request, std::string_view method,
                   std::string_view params_text = {});

/// Appends a notification; `params_text` is a JSON object, or empty for none.
void write_notification(std::string& out, std::string_view method,
                        std::string_view params_text = {});

} // namespace mcp::jsonrpc

#ifdef MCP_BODIES
#include <mcp/jsonrpc/impl/message.ipp>
#endif
