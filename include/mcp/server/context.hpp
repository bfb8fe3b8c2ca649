// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/auth/principal.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/view.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/trace_context.hpp>
#include <mcp/server/input.hpp>
#include <mcp/server/request_view.hpp>
#include <mcp/server/text_value.hpp>

#include <asio/awaitable.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace mcp {

class input_round;

namespace detail {
class call_deadline;
struct context_access;
} // namespace detail

/// Gives a handler its request: the principal, progress, logging, and questions to the client.
///
/// A handler takes `mcp::context&` anywhere among its parameters. The context lives until the
/// handler has ended. A `mcp::blocking` handler may use it from its pool thread.
class context {
public:
    context(const context&) = delete;
    context& operator=(const context&) = delete;

    /// Returns the protocol revision of the request.
    mcp::revision revision() const noexcept { return request_.revision; }

    /// Returns the name and version that the client states. Modern clients may omit them.
    std::optional<implementation> client() const;

    /// Returns the capabilities of the client.
    client_capabilities capabilities() const;

    /// Returns the position of the request in a distributed trace: from its `_meta`, or else from
    /// the HTTP headers. Empty without a trace. Requests to the client carry it on. [SEP-414]
    trace_context trace() const noexcept;

    /// Returns the `_meta` of the request; absent if it has none.
    json_view request_meta() const noexcept;

    /// Returns all parameters of the request; absent if it has none. They are valid until the
    /// handler has ended.
    json_view params() const noexcept { return request_.params; }

    /// Returns the JSON-RPC id of the request as JSON text, such as `7` or `"abc"`. The lines of
    /// the server's log have it.
    std::string_view request_id() const noexcept;

    /// Returns the session id of a legacy client; empty if there is none.
    std::string_view session_id() const noexcept;

    /// Returns the principal that the auth backend has authenticated. Null without a backend, and
    /// on transports that do not authenticate, such as stdio. An entry with a permission refuses a
    /// null principal; other handlers must check for it.
    const mcp::principal* principal() const noexcept { return request_.principal.get(); }

    /// Returns the subject of that principal; empty if there is none.
    std::string_view subject() const noexcept {
        return principal() ? std::string_view(principal()->subject) : std::string_view();
    }

    /// Returns a path parameter of the route at which the server is mounted, such as `{user:uuid}`.
    /// Empty if the route has none of that name, or if its text does not convert to `T`.
    template <class T = std::string>
    std::optional<T> path_param(std::string_view name) const {
        static_assert(text_value<T>, "mcp: a path parameter is a string, bool, number or enum");
        const auto text = path_text(name);
        return text ? from_text<T>(*text) : std::nullopt;
    }

    /// Returns whether the request was cancelled. Asio cancels awaiting handlers; others poll.
    bool cancelled() const noexcept { return cancelled_ && cancelled_->load(); }

    /// Reports progress if the client has asked for it. `value` must grow; other values are
    /// dropped. [MCP 2026-07-28 basic/utilities/progress]
    void progress(double value, std::optional<double> total = {}, std::string_view message = {});

    /// Sends a log message to the client, if the client wants that level.
    /// [MCP 2026-07-28 server/logging]
    void log(log_level level, const json& data, std::string_view logger = {});
    void debug(std::string_view text);
    void info(std::string_view text);
    void warning(std::string_view text);
    void error(std::string_view text);

    /// Asks the user to fill in a form with the members of `T`, a flat struct of primitives and
    /// enums. [MCP 2026-07-28 client/elicitation]
    ///
    /// The same code serves both wires. On the legacy wire it sends a request to the client. On the
    /// modern wire the call ends here, and the handler runs again from its start when the client
    /// sends the answer; put work that must happen once into `once`. Throws `protocol_error` if the
    /// client lacks the capability, or gives no valid answer. It is cancelled with the request. The
    /// other questions throw and end in the same way.
    template <class T>
    [[nodiscard("mcp: this does nothing until it is awaited; write co_await before it")]]
    asio::awaitable<elicit_result<T>> elicit(std::string message, mcp::key key = {}) {
        return ask_one(elicitation<T>(std::move(message), std::move(key)));
    }

    /// Asks with a form whose schema is known only at run time, as JSON text. Throws
    /// `std::invalid_argument` if the schema is invalid, and `protocol_error` also if the input
    /// does not conform to it.
    [[nodiscard("mcp: this does nothing until it is awaited; write co_await before it")]]
    asio::awaitable<elicit_result<json_object>> elicit(std::string message, std::string schema,
                                                       mcp::key key = {});

    /// Asks the user to visit a URL; the answer has no content. `id` names the elicitation for
    /// `notifications/elicitation/complete` of 2025-11-25.
    [[nodiscard("mcp: this does nothing until it is awaited; write co_await before it")]]
    asio::awaitable<elicit_result<json_object>> elicit_url(std::string message, std::string url,
                                                           std::string id = {}, mcp::key key = {});

    /// Asks the client's model for a message. [MCP 2026-07-28 client/sampling]
    [[nodiscard("mcp: this does nothing until it is awaited; write co_await before it")]]
    asio::awaitable<sampling_result> sample(sampling_request request, mcp::key key = {});

    /// Asks for the client's roots. [MCP 2026-07-28 client/roots]
    [[nodiscard("mcp: this does nothing until it is awaited; write co_await before it")]]
    asio::awaitable<std::vector<root>> roots(mcp::key key = {});

    /// Asks several questions in one round, and returns a tuple of their answers in order.
    ///
    ///     auto answers =
    ///         co_await ctx.ask(mcp::elicitation<person>("Who are you?", mcp::key("who")),
    ///                          mcp::list_roots(mcp::key("roots")));
    ///     auto& [who, roots] = answers;
    template <class... Questions>
    [[nodiscard("mcp: this does nothing until it is awaited; write co_await before it")]]
    asio::awaitable<std::tuple<typename Questions::answer_type...>> ask(Questions... questions);

    /// Runs `f` once per call, however many rounds the call takes, and keeps its result with the
    /// call's state. `f` returns `T` or `asio::awaitable<T>`; `T` must convert to JSON and back.
    /// Throws `std::length_error` if the value is nested too deeply to be kept, and
    /// `protocol_error` if the kept value is not a `T`, because another version of the server has
    /// written it.
    template <class F>
    [[nodiscard("mcp: this does nothing until it is awaited; write co_await before it")]]
    asio::awaitable<detail::invoke_awaited_t<F&>> once(std::string key, F f);

    /// Tells the observers of the server that an event has happened `by` times; see
    /// `observer.hpp`. Use few names; those of the library begin with `mcp.`. Does not throw.
    void count(std::string_view name, std::uint64_t by = 1) const;

    /// Ends the SSE stream that carries this request; the client reconnects for the rest. Does
    /// nothing on transports without this. [MCP 2025-11-25 basic/transports, SEP-1699]
    void close_stream();

private:
    friend struct detail::context_access;

    context(server_environment& environment, const request_view& request,
            const std::atomic<bool>* cancelled = nullptr,
            const std::atomic<bool>* finished = nullptr, input_round* round = nullptr) noexcept
        : environment_(environment)
        , request_(request)
        , cancelled_(cancelled)
        , finished_(finished)
        , round_(round) {}

    /// Returns whether the response has been sent. No message may follow it.
    bool finished() const noexcept { return finished_ && finished_->load(); }

    std::optional<std::string_view> path_text(std::string_view name) const;
    std::optional<log_level> threshold() const;

    template <class Question>
    asio::awaitable<typename Question::answer_type> ask_one(Question question);
    void require(const client_capabilities& needed) const;
    /// Gives keys to the requests without one. Returns the paths of the answers, for errors.
    std::vector<std::string> name(std::vector<input_request>& requests);
    asio::awaitable<std::vector<json>> put(std::vector<input_request> requests);
    [[noreturn]] static void refuse(const decode_error& error);

    /// Returns what `once` keeps for the key; null if there is nothing.
    const json* remembered(std::string_view key) const;
    void remember(const std::string& key, std::string_view text);
    [[noreturn]] static void refuse_state();

    server_environment& environment_;
    request_view request_;
    const std::atomic<bool>* cancelled_; ///< null if the request is answered at once
    const std::atomic<bool>* finished_;  ///< null, like the next, with it
    input_round* round_;
    detail::call_deadline* deadline_ = nullptr; ///< null without a timeout
    std::size_t questions_ = 0;
    std::vector<std::string> lacking_;
    std::optional<double> progress_;
};

namespace detail {

/// What transports and the server do with a context; handlers do not.
struct context_access {
    /// Makes a context. Both arguments, and what `request` refers to, outlive it.
    static context make(server_environment& environment, const request_view& request) noexcept {
        return context(environment, request);
    }

    /// Makes a context of a call that may suspend: another thread may set the flags.
    static context make(server_environment& environment, const request_view& request,
                        const std::atomic<bool>& cancelled, const std::atomic<bool>& finished,
                        input_round& round) noexcept {
        return context(environment, request, &cancelled, &finished, &round);
    }
    static void set_deadline(context& ctx, call_deadline& counted) noexcept {
        ctx.deadline_ = &counted;
    }
    static void set_sink(context& ctx, message_sink& sink) noexcept { ctx.request_.sink = &sink; }

    static server_environment& environment(const context& ctx) noexcept { return ctx.environment_; }
    static const request_view& request(const context& ctx) noexcept { return ctx.request_; }

    /// Records the scopes that the principal lacks, for the transport's challenge.
    static void forbid(context& ctx, std::vector<std::string> needed) {
        ctx.lacking_ = std::move(needed);
    }
    static const std::vector<std::string>& lacking(const context& ctx) noexcept {
        return ctx.lacking_;
    }
};

} // namespace detail

} // namespace mcp

#include <mcp/server/impl/context.hpp>

#ifdef MCP_BODIES
#include <mcp/server/impl/context.ipp>
#endif
