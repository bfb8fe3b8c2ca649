// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/byte_budget.hpp>
#include <mcp/auth/principal.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/json/value.hpp>
#include <mcp/server/call_limits.hpp>
#include <mcp/server/call_place.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/input_round.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/server/observation.hpp>
#include <mcp/server/owned_request.hpp>
#include <mcp/state/request_state.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/cancellation_signal.hpp>

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mcp {

class result_writer;

namespace http {
struct shared_text;
} // namespace http

/// Holds the part of a request that must be awaited: the permission check, and the work that writes
/// the members of the result.
class job {
public:
    using function = std::function<asio::awaitable<void>(context&, result_writer&)>;
    using check = std::function<asio::awaitable<void>(const principal&, const json_object&,
                                                      const http::path_params*)>;

    job() = default;
    template <class F>
        requires(!std::same_as<F, job> && std::constructible_from<function, F>)
    explicit job(F work_, check admission_ = {})
        : admission(std::move(admission_))
        , work(std::move(work_)) {}

    /// Checks the permission of the principal against the request's parameters, and throws to
    /// refuse. All arguments live until the check has ended. Empty if no predicate must be
    /// awaited.
    check admission;
    function work;
    detail::call_span span;                            ///< of the whole request, if it is observed
    std::shared_ptr<const detail::call_limits> limits; ///< of the entry; null if it has none
};

/// The response to a request: JSON text, which is appended, and the status for the transport.
struct server_response {
    std::string& text;
    http::shared_text* shared = nullptr; ///< see `result_writer`
    reply_status status = reply_status::ok;
};

/// Runs a request whose response is not ready at once. It owns all that the handler refers to, runs
/// the handler on an executor, and gives the response to a sink.
///
/// It lives until it has finished, even if the connection of the request closes.
class async_call : public std::enable_shared_from_this<async_call> {
public:
    /// Takes a copy of the request. The transport holds `place`, if any, until the call ends.
    async_call(any_server& server, const request_view& request, job work,
               std::unique_ptr<call_place> place = {});
    ~async_call();

    /// Runs the handler up to its first suspension on this thread, and then on the executor. `kept`
    /// lives as long as the call.
    void start(asio::any_io_executor executor, std::shared_ptr<message_sink> sink,
               std::shared_ptr<void> kept = {});

    const owned_request& request() const noexcept { return request_; }

    /// Returns the scopes that the principal lacks, after the call was refused for them.
    const std::vector<std::string>& lacking() const noexcept {
        return detail::context_access::lacking(context_);
    }

    /// Marks the call as one whose connection has gone. A legacy call goes on, and its place among
    /// the calls of its session becomes free. Any thread.
    void abandon();

    /// Moves the bytes of the request from the connection's count to that of the event streams. If
    /// there is no room, cancels the call and returns false. Any thread.
    bool hold();

    /// Cancels the handler; its response, if any, is dropped. Any thread.
    void cancel();

private:
    static asio::awaitable<void> run(std::shared_ptr<async_call> self);

    /// Begins to count the time of the call.
    void limit_time(std::chrono::milliseconds limit);

    /// Waits for the end of the time. On the executor of the call.
    void watch_time();
    void time_out();

    /// Restores the answers of earlier rounds of this call. [MCP 2026-07-28 basic/patterns/mrtr]
    asio::awaitable<void> restore_round();

    /// Returns the binding of a request state to this call: the principal, the method, and the
    /// parameters that stay the same in every round.
    state_binding bind() const;

    /// Asks the client for the missing answers and drops the handler that waits for them.
    static void end_round(std::shared_ptr<async_call> self);
    static asio::awaitable<void> ask(std::shared_ptr<async_call> self);
    void finish(std::string response, reply_status status, outcome how, int code = 0);

    any_server& server_;
    const std::unique_ptr<call_place> place_; ///< null if no session counts the call
    const owned_request request_;
    job job_;
    asio::any_io_executor executor_;
    std::shared_ptr<message_sink> sink_;
    std::shared_ptr<void> kept_;
    asio::cancellation_signal signal_;
    std::atomic<bool> cancelled_{false};
    std::atomic<bool> finished_{false};
    std::atomic<bool> held_{false};
    struct timing;
    std::unique_ptr<timing> timing_;      ///< null without a timeout
    std::shared_ptr<byte_budget> budget_; ///< set once the kept bytes are counted
    detail::byte_share share_;            ///< of `budget_`
    input_round round_;
    context context_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/call.ipp>
#endif
