// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/client/client_options.hpp>
#include <mcp/client/client_transport.hpp>
#include <mcp/json/document.hpp>
#include <mcp/json/view.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/progress.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace mcp::detail {

class client_core;
struct listening;

/// A message of the server, with the text that its views refer to.
struct client_message {
    explicit client_message(std::string given)
        : text(std::move(given))
        , document({}, unpaired_surrogates::replace) {}

    std::string text;
    json_document document;
};

/// The response to a request. `message` refers to `owner`.
struct client_response {
    std::shared_ptr<const client_message> owner;
    jsonrpc::message message;
    bool after_questions = false; ///< of the server

    json_view result() const noexcept { return message.result; }
};

/// The times of a call. The time of one response begins anew with progress, if so set; the whole
/// call has its own end.
class call_times {
public:
    using clock = std::chrono::steady_clock;

    call_times(std::chrono::milliseconds one, clock::time_point end, bool extended) noexcept
        : one_(one)
        , whole_(end)
        , extended_(extended) {
        begin();
    }

    void begin() {
        next_ = one_.count() > 0 ? later(clock::now(), one_) : clock::time_point::max();
    }
    /// Begins anew, unless the time for the whole call is over.
    bool begin_within_whole() {
        const bool within = clock::now() < whole_;
        if (within)
            begin();
        return within;
    }
    void progressed() {
        if (extended_)
            begin();
    }
    clock::time_point end() const noexcept { return std::min(next_, whole_); }

private:
    std::chrono::milliseconds one_;
    clock::time_point next_;
    clock::time_point whole_;
    bool extended_;
};

/// A request that waits for its response.
class client_call final : public request_receiver {
public:
    client_call(client_core& core, std::int64_t id, const asio::any_io_executor& executor,
                call_times given)
        : times(given)
        , core_(&core)
        , id_(id)
        , changed_(executor, asio::steady_timer::time_point::max()) {}

    std::int64_t id() const noexcept { return id_; }

    void receive(std::string message) override; // in client_core.hpp
    bool done() const noexcept override { return response_.owner || failure_; }

    void settle(client_response response) {
        if (!done()) {
            response_ = std::move(response);
            changed_.cancel();
        }
    }
    void fail(std::exception_ptr why) {
        if (!done()) {
            failure_ = std::move(why);
            changed_.cancel();
        }
    }

    /// Returns the response. Rethrows the failure.
    client_response take() {
        if (failure_)
            std::rethrow_exception(failure_);
        return std::move(response_);
    }

    /// Never expires; is cancelled when the call is done, or its time may be over.
    asio::steady_timer& changed() noexcept { return changed_; }

    call_times times;
    std::function<void(const progress_update&)> on_progress;
    std::shared_ptr<listening> subscription; ///< of `subscriptions/listen`
    asio::cancellation_signal abort;         ///< of the coroutine that sends the request

private:
    client_core* core_; ///< the coroutine that sends the request keeps it
    std::int64_t id_;
    asio::steady_timer changed_;
    client_response response_;
    std::exception_ptr failure_;
};

} // namespace mcp::detail
