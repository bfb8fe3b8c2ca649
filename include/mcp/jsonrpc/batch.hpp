#pragma once

#include <mcp/json/value.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::jsonrpc {

/// Returns the messages of a batch [JSON-RPC 2.0 §6]; only MCP 2025-03-26 has batches. An empty
/// array, or an array of more than `limit` messages, is refused as a whole. The caller reads each
/// element with `read_message`, which may fail for that element alone. The array belongs to
/// `value`.
inline result<const json_array*, error> read_batch(const json& value, std::size_t limit) {
    const auto* array = value.if_array();
    if (!array || array->empty()) {
        return error{errc::invalid_request, "a batch must be an array with at least one message"};
    }
    if (array->size() > limit) {
        return error{errc::invalid_request,
                     "a batch may have at most " + std::to_string(limit) + " messages"};
    }
    return array;
}

/// Collects the responses to a batch. Not safe for concurrent use.
class batch_reply {
public:
    /// Adds a response as JSON text. An empty text, as for a notification, adds nothing.
    void add(std::string_view answer) {
        if (answer.empty()) {
            return;
        }
        text_.push_back(text_.empty() ? '[' : ',');
        text_.append(answer);
    }

    /// Returns whether there are no responses; then nothing is sent.
    bool empty() const noexcept { return text_.empty(); }

    /// Returns the responses as one JSON array, or an empty text if there are none.
    std::string take() {
        if (!text_.empty()) {
            text_.push_back(']');
        }
        return std::exchange(text_, {});
    }

private:
    std::string text_;
};

} // namespace mcp::jsonrpc
