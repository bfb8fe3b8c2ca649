// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <functional>

namespace mcp {

/// The place that a call under way takes among the calls of its client.
///
/// One thread at a time may call its members, except `abandon`, which any thread may call.
class call_place {
public:
    virtual ~call_place() = default;

    /// Sets the function that cancels the call. If the call is cancelled already, calls it now.
    virtual void bind(std::function<void()> cancel) = 0;

    /// Records that no client waits for the response. The call goes on.
    virtual void abandon() = 0;

    /// Records that the call has ended.
    virtual void give_back() = 0;
};

} // namespace mcp
