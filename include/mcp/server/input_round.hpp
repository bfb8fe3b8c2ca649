// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/suspended.hpp>
#include <mcp/config.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/input_required.hpp>

#include <asio/awaitable.hpp>

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// Holds the answers that one modern call has from its client, and its new questions.
///
/// The handler runs from its start in every round, and questions that were answered in earlier
/// rounds return at once. A question without an answer suspends the handler for good: the round
/// ends, the client gets the missing questions, and the coroutine is destroyed. Used on the
/// executor of the call. [MCP 2026-07-28 basic/patterns/mrtr]
class input_round {
public:
    /// `ended` is called when the handler first waits for a missing answer.
    explicit input_round(std::function<void()> ended) : ended_(std::move(ended)) {}

    /// Restores earlier rounds from the payload of a state. Returns false if it is malformed.
    bool restore(std::string_view payload);

    /// Adds the client's new answers. Answers that are already known stay as they are.
    void add(json_view responses);

    /// Returns the payload of a request state. It holds only the answers that the handler has read,
    /// so that a client cannot fill the state with others.
    std::string payload() const;

    const json* answer(std::string_view key);
    const json* remembered(std::string_view key) const;
    void remember(std::string_view key, json value);

    const std::vector<input_request>& missing() const noexcept { return missing_; }

    /// Suspends the handler for good; it is destroyed with the round.
    asio::awaitable<void> wait_for(std::vector<input_request> questions);

    /// Destroys the suspended coroutines. They unwind on their executor.
    void drop();

private:
    std::function<void()> ended_;
    json_object answers_;
    std::set<std::string, std::less<>> used_;
    json_object once_;
    std::vector<input_request> missing_;
    std::vector<detail::suspended<>> parked_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/input_round.ipp>
#endif
