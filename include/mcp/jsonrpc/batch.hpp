// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/view.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace mcp::jsonrpc {

/// Returns the messages of a batch [JSON-RPC 2.0 §6]; only MCP 2025-03-26 has batches. An empty
/// array, or an array of more than `limit` messages, is refused as a whole. The caller reads each
/// element with `read_message`, which may fail for that element alone.
result<json_view, error> read_batch(json_view value, std::size_t limit);

/// Collects the responses to a batch. Not safe for concurrent use.
class batch_reply {
public:
    /// Adds a response as JSON text. An empty text, as for a notification, adds nothing.
    void add(std::string_view answer);

    /// Returns whether there are no responses; then nothing is sent.
    bool empty() const noexcept { return text_.empty(); }

    /// Returns the responses as one JSON array, or an empty text if there are none.
    std::string take();

private:
    std::string text_;
};

} // namespace mcp::jsonrpc

#ifdef MCP_BODIES
#include <mcp/jsonrpc/impl/batch.ipp>
#endif
