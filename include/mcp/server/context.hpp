#pragma once

#include <mcp/auth/principal.hpp>
#include <mcp/encoding/random.hpp>
#include <mcp/http/message.hpp>
#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/progress.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/trace_context.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/input.hpp>
#include <mcp/server/input_round.hpp>
#include <mcp/server/legacy/session.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/session/record_change.hpp>

#include <asio/awaitable.hpp>

#include <atomic>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace mcp {

/// Who sends a request, and how messages about it get back: what a transport knows.
struct caller {
    mcp::revision revision = latest;
    message_sink* sink = nullptr;
    legacy::session* session = nullptr;      ///< of the handshake era; null on the modern wire
    const http::path_params* path = nullptr; ///< what the router found in the path, if any
    const mcp::principal* principal =
        nullptr;           ///< who calls; null over stdio, and without a backend
    trace_context trace{}; ///< what the transport itself has, as headers
    /// Takes what the request changes of its session's record, for who keeps it; null if the
    /// session is all there is.
    record_change* change = nullptr;
    /// What the transport has heard when it asked `verdict_of` about a subscription; null if it has
    /// not asked.
    const std::exception_ptr* verdict = nullptr;
};

/// What a handler can do besides return: learn who calls, report progress, log, ask the client.
///
/// A handler takes `mcp::context&` anywhere among its parameters. The context lives until the
/// handler has ended. A `mcp::blocking` handler may use it from its pool thread.
class context {
public:
    /// `params` are those of the request; all arguments outlive the context.
    context(server_environment& environment, const caller& who, const json_object* params) noexcept
        : environment_(environment)
        , who_(who)
        , params_(params) {}
    context(const context&) = delete;
    context& operator=(const context&) = delete;

    /// The protocol revision that the request speaks.
    mcp::revision revision() const noexcept { return who_.revision; }

    /// The client, as it names itself; modern clients need not.
    std::optional<implementation> client() const;

    /// What the client can do.
    client_capabilities capabilities() const;

    /// Where the request stands in a distributed trace, by its `_meta`, or else by the headers of
    /// HTTP; empty if nobody traces. It goes on to whom the handler asks. [SEP-414]
    trace_context trace() const noexcept;

    /// The `_meta` of the request; null if it has none.
    const json_object* request_meta() const noexcept;

    /// The parameters of the request, whole; null if it has none.
    const json_object* params() const noexcept { return params_; }

    /// The id of the session of a legacy client; empty if there is none.
    std::string_view session_id() const noexcept {
        return who_.session ? std::string_view(who_.session->id()) : std::string_view();
    }

    /// Who calls, as the server's auth backend has found out. Null without one, and on transports
    /// that authenticate nobody, such as stdio: there what needs permission is refused, and other
    /// handlers must look.
    const mcp::principal* principal() const noexcept { return who_.principal; }

    /// A path parameter of the route that the server is mounted at, as `{user:uuid}`; empty if
    /// there is none of that name or it is no `T`.
    template <class T = std::string>
    std::optional<T> path_param(std::string_view name) const;

    /// Whether the caller has given up. Awaiting handlers are cancelled by Asio; others may look.
    bool cancelled() const noexcept { return cancelled_ && cancelled_->load(); }

    /// Tells the client how far the work is, if it wants to know. `value` must grow: what does not
    /// is dropped. [MCP 2026-07-28 basic/utilities/progress]
    void progress(double value, std::optional<double> total = {}, std::string_view message = {});

    /// Sends a log message to the client, if it wants that level. [MCP 2026-07-28 server/logging]
    void log(log_level level, const json& data, std::string_view logger = {});
    void debug(std::string_view text) { log(log_level::debug, json(text)); }
    void info(std::string_view text) { log(log_level::info, json(text)); }
    void warning(std::string_view text) { log(log_level::warning, json(text)); }
    void error(std::string_view text) { log(log_level::error, json(text)); }

    /// Asks the user to fill in a form with the members of `T`: a flat struct of primitives and
    /// enums. [MCP 2026-07-28 client/elicitation]
    ///
    /// The same line of code serves both wires. On the legacy wire it is a request to the client;
    /// on the modern one the call ends here, and the handler runs again from its start when the
    /// client comes back with the answer: what must happen once goes into `once`. Throws
    /// `protocol_error` if the client cannot do it; is cancelled with the request. `key`: see
    /// `input.hpp`.
    template <class T>
    asio::awaitable<elicit_result<T>> elicit(std::string message, std::string key = {}) {
        elicitation<T> what(std::move(key), std::move(message));
        auto answers = co_await ask(std::move(what));
        co_return std::move(std::get<0>(answers));
    }

    /// The same for a form whose schema is known only at run time, as JSON text.
    asio::awaitable<elicit_result<json_object>> elicit(std::string message, std::string schema,
                                                       std::string key = {});

    /// Asks the user to go to a URL; the answer has no content. `id` names the elicitation for
    /// `notifications/elicitation/complete` of 2025-11-25.
    asio::awaitable<elicit_result<json_object>>
    elicit_url(std::string message, std::string url, std::string id = {}, std::string key = {});

    /// Asks the client's model for a message. [MCP 2026-07-28 client/sampling]
    asio::awaitable<sampling_result> sample(sampling_request request, std::string key = {});

    /// Asks for the client's roots. [MCP 2026-07-28 client/roots]
    asio::awaitable<std::vector<root>> roots(std::string key = {});

    /// Asks several questions in one round; a tuple of their answers, in order.
    ///
    ///     auto answers = co_await ctx.ask(mcp::elicitation<person>("who", "Who are you?"),
    ///                                     mcp::list_roots("roots"));
    ///     auto& [who, roots] = answers;
    template <class... Questions>
    asio::awaitable<std::tuple<typename Questions::answer_type...>> ask(Questions... questions);

    /// Runs `f` once per call, however many rounds the call takes: its result is kept with the
    /// call's state. `f` may return `T` or `asio::awaitable<T>`; `T` must go through JSON.
    template <class F>
    asio::awaitable<invoke_awaited_t<F&>> once(std::string key, F f);

    /// Ends the SSE stream that carries this request; the client comes back for the rest. Does
    /// nothing where that is not possible. [MCP 2025-11-25 basic/transports, SEP-1699]
    void close_stream() { who_.sink->close_stream(); }

    /// Whether the response has been sent: nothing may follow it.
    bool finished() const noexcept { return finished_ && finished_->load(); }

    /// Notes which scopes the caller lacks, for the transport's challenge.
    void forbid(std::vector<std::string> needed) { lacking_ = std::move(needed); }
    const std::vector<std::string>& lacking() const noexcept { return lacking_; }

    /// What the server's requests share. For the library's own layers and for extensions.
    server_environment& environment() const noexcept { return environment_; }
    const caller& who() const noexcept { return who_; }

private:
    friend class async_call;

    void require(const client_capabilities& needed) const;
    asio::awaitable<std::vector<json>> put(std::vector<input_request> questions);
    std::optional<log_level> threshold() const;

    server_environment& environment_;
    const caller who_;
    const json_object* params_;
    const std::atomic<bool>* cancelled_ = nullptr;
    const std::atomic<bool>* finished_ = nullptr;
    input_round* round_ = nullptr;
    std::size_t questions_ = 0;
    std::vector<std::string> lacking_;
    std::optional<double> progress_;
};

} // namespace mcp

#include <mcp/server/impl/context.hpp>
