#pragma once

#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/server/call.hpp>
#include <mcp/transport/http_reply.hpp>
#include <mcp/transport/inbound.hpp>
#include <mcp/transport/listen.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/this_coro.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// What copies of a `streamable_http` share, and the wire itself.
class streamable_http::endpoint {
public:
    endpoint(server_core& server, streamable_http_options options)
        : server_(server)
        , options_(std::move(options))
        , sessions_(options_.sessions) {
        sessions_.on_expiry([this](legacy::http_session& gone) { end_session(gone); });
    }

    asio::awaitable<void> handle(const http::request& q, http::response& r);
    std::size_t sessions() const noexcept { return sessions_.size(); }

private:
    using http_session = legacy::http_session;

    /// A request that has passed the gates of its era.
    struct accepted {
        jsonrpc::message message;
        mcp::revision revision = latest;
        std::shared_ptr<http_session> session; ///< null on the modern wire
        std::shared_ptr<const principal> who;  ///< null without an auth backend
    };
    using principal_ptr = std::shared_ptr<const principal>;

    /// Collects what an immediate handler sends before its answer.
    struct collected final : message_sink {
        void send(std::string message) override {
            sse::append_event(events, sse::event{.data = message, .name = "message"});
        }
        void finish(std::string, reply_status) override {}
        std::string events;
    };

    static asio::awaitable<void> done() { co_return; }

    struct batch_notes;
    class batch_member;

    // Refusals
    static void refuse(http::response& r, http::status code, const jsonrpc::error& why,
                       const jsonrpc::id& id = {},
                       jsonrpc::unknown_id rule = jsonrpc::unknown_id::omitted);
    static asio::awaitable<void> refused(http::response& r, http::status code, int error,
                                         std::string_view why);

    // Who calls, and how often
    asio::awaitable<void> admit(const http::request& q, http::response& r);
    asio::awaitable<void> admit_later(const http::request& q, http::response& r,
                                      pending<auth_result> step);
    asio::awaitable<void> limit(const http::request& q, http::response& r, principal_ptr who);
    asio::awaitable<void> limit_later(const http::request& q, http::response& r, principal_ptr who,
                                      pending<rate_decision> step);
    asio::awaitable<void> route(const http::request& q, http::response& r,
                                const principal_ptr& who);
    principal_ptr take_principal(http::response& r, auth_result outcome) const;
    static bool within_limit(http::response& r, const rate_decision& decision);
    static std::string limit_key(const http::request& q, const principal_ptr& who);

    // Both eras
    json_parser& parser() const;
    asio::awaitable<void> post(const http::request& q, http::response& r, const principal_ptr& who);
    asio::awaitable<void> serve(const http::request& q, http::response& r, const accepted& what);
    async_call::request own(const http::request& q, const accepted& what) const;
    asio::awaitable<void> serve_later(http::response& r, async_call::request what, job work,
                                      std::shared_ptr<http_session> session);
    static void stream_headers(http::response& r);

    // The modern wire
    asio::awaitable<void> post_modern(const http::request& q, http::response& r,
                                      const principal_ptr& who, const json& body);
    std::optional<jsonrpc::error> check_headers(const http::request& q,
                                                const jsonrpc::message& message) const;
    std::optional<jsonrpc::error> check_param_headers(const http::request& q,
                                                      const jsonrpc::message& message) const;

    // The legacy wire: impl/legacy_http.hpp
    asio::awaitable<void> post_legacy(const http::request& q, http::response& r,
                                      const principal_ptr& who, const json& body);
    asio::awaitable<void> initialize(const http::request& q, http::response& r,
                                     const principal_ptr& who, const jsonrpc::message& message);
    asio::awaitable<void> serve_batch(const http::request& q, http::response& r, principal_ptr who,
                                      std::shared_ptr<http_session> session, json messages);
    void take_notification(http_session& session, const jsonrpc::message& message);
    asio::awaitable<void> get(const http::request& q, http::response& r, const principal_ptr& who);
    asio::awaitable<void> erase(const http::request& q, http::response& r,
                                const principal_ptr& who);
    static bool accepts_version(const http::request& q, http::response& r);
    std::shared_ptr<http_session> find_session(const http::request& q, http::response& r,
                                               const principal_ptr& who);
    void end_session(http_session& session);

    server_core& server_;
    const streamable_http_options options_;
    legacy::session_table sessions_;
};

inline streamable_http::streamable_http(server_core& server, streamable_http_options options)
    : endpoint_(std::make_shared<endpoint>(server, std::move(options))) {}

inline asio::awaitable<void> streamable_http::operator()(const http::request& q,
                                                         http::response& r) const {
    return endpoint_->handle(q, r);
}

inline std::size_t streamable_http::sessions() const noexcept {
    return endpoint_->sessions();
}

inline void streamable_http::endpoint::refuse(http::response& r, http::status code,
                                              const jsonrpc::error& why, const jsonrpc::id& id,
                                              jsonrpc::unknown_id rule) {
    r.code = code;
    r.content_type = "application/json";
    r.body.clear();
    jsonrpc::write_error(r.body, id, why, rule);
}

inline asio::awaitable<void> streamable_http::endpoint::refused(http::response& r,
                                                                http::status code, int error,
                                                                std::string_view why) {
    refuse(r, code, {error, std::string(why)});
    return done();
}

inline asio::awaitable<void> streamable_http::endpoint::handle(const http::request& q,
                                                               http::response& r) {
    constexpr int refusal = -32000;
    if (!accepts_host(options_.policy, q))
        return refused(r, http::status::forbidden, refusal,
                       "This Host is not served here; a server on localhost answers to localhost "
                       "only, unless its hosts are configured");
    if (!accepts_origin(options_.policy, q))
        return refused(r, http::status::forbidden, refusal, "This Origin is not allowed");
    if (q.mounted != 0 && q.path.size() > q.mounted && q.path.substr(q.mounted) != "/")
        return refused(r, http::status::not_found, refusal, "No MCP endpoint at this path");
    return admit(q, r);
}

/// Finds out who calls. Nothing is awaited where nothing has to be.
inline asio::awaitable<void> streamable_http::endpoint::admit(const http::request& q,
                                                              http::response& r) {
    const auto& auth = server_.environment().auth;
    if (!auth)
        return limit(q, r, nullptr);
    auto step = auth->authenticate(q);
    if (!step.ready())
        return admit_later(q, r, std::move(step));
    auto who = take_principal(r, step.take());
    return who ? limit(q, r, std::move(who)) : done();
}

inline asio::awaitable<void> streamable_http::endpoint::admit_later(const http::request& q,
                                                                    http::response& r,
                                                                    pending<auth_result> step) {
    co_await step.settle();
    auto who = take_principal(r, step.take());
    if (who)
        co_await limit(q, r, std::move(who));
}

/// The caller, or the refusal. [RFC 6750 §3.1]
inline streamable_http::endpoint::principal_ptr
streamable_http::endpoint::take_principal(http::response& r, auth_result outcome) const {
    if (outcome && !outcome->subject.empty())
        return std::make_shared<const principal>(std::move(*outcome));
    using reason = auth_failure::reason;
    const auth_failure failure =
        outcome ? auth_failure{reason::invalid_token, "The token names nobody"} : outcome.error();
    const protected_resource& resource = server_.options().resource;
    constexpr int unauthorized = -31401;
    const std::string why =
        failure.description.empty() ? "Authentication is needed" : failure.description;
    switch (failure.why) {
    case reason::unavailable:
        r.set("Retry-After", "5");
        refuse(r, http::status::service_unavailable, {unauthorized, why});
        return nullptr;
    case reason::bad_request:
        r.set("WWW-Authenticate", challenge(resource, "invalid_request", {}, why));
        refuse(r, http::status::bad_request, {unauthorized, why});
        return nullptr;
    case reason::invalid_token:
        r.set("WWW-Authenticate", challenge(resource, "invalid_token", {}, why));
        break;
    case reason::no_token:
        r.set("WWW-Authenticate", challenge(resource));
        break;
    }
    refuse(r, http::status::unauthorized, {unauthorized, why});
    return nullptr;
}

/// Callers are told apart by their subject, and those without by their address.
inline std::string streamable_http::endpoint::limit_key(const http::request& q,
                                                        const principal_ptr& who) {
    return who ? "subject:" + who->subject : "address:" + q.remote.to_string();
}

inline asio::awaitable<void>
streamable_http::endpoint::limit(const http::request& q, http::response& r, principal_ptr who) {
    const auto& limiter = server_.environment().limiter;
    if (!limiter)
        return route(q, r, who);
    auto step = limiter->acquire(limit_key(q, who));
    if (!step.ready())
        return limit_later(q, r, std::move(who), std::move(step));
    return within_limit(r, step.take()) ? route(q, r, who) : done();
}

inline asio::awaitable<void> streamable_http::endpoint::limit_later(const http::request& q,
                                                                    http::response& r,
                                                                    principal_ptr who,
                                                                    pending<rate_decision> step) {
    co_await step.settle();
    if (within_limit(r, step.take()))
        co_await route(q, r, who);
}

/// [RFC 6585 §4] [RFC 9110 §10.2.3]
inline bool streamable_http::endpoint::within_limit(http::response& r,
                                                    const rate_decision& decision) {
    if (decision.allowed)
        return true;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(decision.retry_after).count();
    const std::string text = std::to_string(seconds < 1 ? 1 : seconds);
    r.set("Retry-After", text);
    constexpr int too_many = -31429;
    refuse(r, http::status::too_many_requests,
           {too_many, "Too many requests", R"({"retryAfter":)" + text + '}'});
    return false;
}

inline asio::awaitable<void> streamable_http::endpoint::route(const http::request& q,
                                                              http::response& r,
                                                              const principal_ptr& who) {
    if (q.method == http::verb::post)
        return post(q, r, who);
    if (server_.options().legacy && q.method == http::verb::get)
        return get(q, r, who);
    if (server_.options().legacy && q.method == http::verb::delete_)
        return erase(q, r, who);
    r.set("Allow", server_.options().legacy ? "POST, GET, DELETE" : "POST");
    return refused(r, http::status::method_not_allowed, -32000, "Method not allowed");
}

/// The parser of this thread: its values live until the next request here, so what is awaited makes
/// copies first.
inline json_parser& streamable_http::endpoint::parser() const {
    thread_local std::optional<json_parser> made;
    thread_local json_limits limits;
    if (!made || limits.depth != options_.json.depth ||
        limits.object_members != options_.json.object_members)
        made.emplace(limits = options_.json);
    return *made;
}

inline asio::awaitable<void> streamable_http::endpoint::post(const http::request& q,
                                                             http::response& r,
                                                             const principal_ptr& who) {
    if (!is_media(q.headers.find("content-type").value_or(""), "application/json"))
        return refused(r, http::status::unsupported_media_type, jsonrpc::errc::invalid_request,
                       "Content-Type must be application/json");
    const auto body = parser().parse(q.body);
    if (!body)
        return refused(r, http::status::bad_request, jsonrpc::errc::parse_error,
                       "Parse error: " + body.error().what());
    const auto version = q.headers.find(header::protocol_version);
    if (const json_array* batch = (*body)->if_array()) {
        for (const json& each : *batch)
            if (claims_modern(each))
                return refused(r, http::status::bad_request, jsonrpc::errc::invalid_request,
                               "A request is one message: this revision has no batches");
    }
    if (era_of(**body, version) == era::modern || !server_.options().legacy)
        return post_modern(q, r, who, **body);
    return post_legacy(q, r, who, **body);
}

inline void streamable_http::endpoint::stream_headers(http::response& r) {
    r.content_type = "text/event-stream";
    r.headers += "Cache-Control: no-cache, no-transform\r\nX-Accel-Buffering: no\r\n";
}

inline asio::awaitable<void>
streamable_http::endpoint::serve(const http::request& q, http::response& r, const accepted& what) {
    collected sink;
    legacy::session* session = what.session ? what.session->client.get() : nullptr;
    job later;
    {
        context ctx(server_.environment(),
                    caller{what.revision, &sink, session, &q.params, what.who.get()},
                    what.message.params);
        reply_status status = reply_status::ok;
        if (server_.answer(ctx, what.message, r.body, status, later)) {
            r.code = static_cast<http::status>(status);
            if (status == reply_status::forbidden)
                r.set("WWW-Authenticate",
                      challenge(server_.options().resource, "insufficient_scope", ctx.lacking()));
            const bool stream = options_.always_stream && status == reply_status::ok;
            if (sink.events.empty() && !stream) {
                r.content_type = "application/json";
            } else {
                sse::append_event(sink.events, sse::event{.data = r.body, .name = "message"});
                r.body = std::move(sink.events);
                stream_headers(r);
            }
            return done();
        }
    }
    return serve_later(r, own(q, what), std::move(later), what.session);
}

/// What a call keeps of a request whose memory is about to be reused.
inline async_call::request streamable_http::endpoint::own(const http::request& q,
                                                          const accepted& what) const {
    async_call::request kept;
    kept.id = what.message.id;
    kept.method = what.message.method;
    if (what.message.params)
        kept.params = json_object(*what.message.params, json_storage{});
    kept.path = q.params;
    kept.revision = what.revision;
    kept.principal = what.who;
    if (what.session)
        kept.session = what.session->client;
    kept.server_info = server_.info_text(what.revision);
    return kept;
}

inline asio::awaitable<void>
streamable_http::endpoint::serve_later(http::response& r, async_call::request what, job work,
                                       std::shared_ptr<http_session> session) {
    const auto executor = co_await asio::this_coro::executor;
    const auto reply = session ? session->open_reply() : std::make_shared<http_reply>();
    const auto call = std::make_shared<async_call>(server_.environment(), executor, std::move(what),
                                                   reply, std::move(work));
    const std::weak_ptr<async_call> weak = call;
    // On the modern wire a closed stream is how clients cancel; on the legacy one it is not.
    std::function<void()> closed;
    if (!session) {
        closed = [weak] {
            if (const auto running = weak.lock())
                running->cancel();
        };
        reply->on_overflow(closed);
    }
    const auto reader = reply->reader();
    const bool stream_now = options_.always_stream || (session && session->resumable());
    if (stream_now)
        reply->start_stream();
    call->start();
    try {
        if (!stream_now)
            co_await reader->wait();
    } catch (...) {
        if (closed)
            closed();
        throw;
    }
    if (const auto status = reply->take_answer(r.body)) {
        if (r.body.empty()) { // cancelled: there is no answer
            r.code = http::status::accepted;
            co_return;
        }
        r.code = static_cast<http::status>(*status);
        if (*status == reply_status::forbidden)
            r.set("WWW-Authenticate", challenge(server_.options().resource, "insufficient_scope"));
        r.content_type = "application/json";
        co_return;
    }
    stream_headers(r);
    r.stream = std::make_unique<mailbox_stream>(reader, std::move(closed));
}

inline asio::awaitable<void> streamable_http::endpoint::post_modern(const http::request& q,
                                                                    http::response& r,
                                                                    const principal_ptr& who,
                                                                    const json& body) {
    const auto refuse_now = [&](const jsonrpc::error& why, const jsonrpc::id& id) {
        refuse(r, http::status::bad_request, why, id);
        return done();
    };
    const auto message = jsonrpc::read_message(body);
    if (!message)
        return refuse_now(message.error(), jsonrpc::readable_id(body));
    if (message->kind != jsonrpc::message_kind::request &&
        message->kind != jsonrpc::message_kind::notification)
        return refuse_now(invalid_request("A client sends requests and notifications only"), {});

    const auto meta = read_request_meta(message->params);
    if (!meta)
        return refuse_now(invalid_params(meta.error().what()), message->id);
    const bool notification = message->kind == jsonrpc::message_kind::notification;
    if (const auto missing = check_modern_meta(*meta); missing && !notification)
        return refuse_now(*missing, message->id);
    std::string_view version = meta->protocol_version;
    if (version.empty()) // only a notification can do without: its header speaks
        version = q.headers.find(header::protocol_version).value_or(to_string(latest));
    const auto claimed = q.headers.find(header::protocol_version);
    if (claimed && *claimed != version) // known or not, the two must agree first
        return refuse_now(header_mismatch("MCP-Protocol-Version is not what params._meta says"),
                          message->id);
    const auto revision = parse_revision(version);
    if (!revision || !is_modern(*revision) || !server_.options().modern)
        return refuse_now(server_.options().modern ? unsupported_protocol_version(version)
                                                   : unsupported_protocol_version(version, {}),
                          message->id);
    if (notification) {
        r.code = http::status::accepted;
        return done();
    }
    if (const auto wrong = check_headers(q, *message))
        return refuse_now(*wrong, message->id);
    if (const auto wrong = check_param_headers(q, *message))
        return refuse_now(*wrong, message->id);

    if (q.headers.find("accept") && !accepts_media(q.headers, "application/json") &&
        !accepts_media(q.headers, "text/event-stream")) {
        refuse(r, http::status::not_acceptable,
               {jsonrpc::errc::invalid_request,
                "Accept must list application/json and text/event-stream"},
               message->id);
        return done();
    }
    if (message->method == "subscriptions/listen") {
        auto listening = open_listen(server_, *message);
        if (!listening) {
            refuse(r, http::status::ok, listening.error(), message->id);
            return done();
        }
        stream_headers(r);
        r.stream = std::move(*listening);
        return done();
    }
    return serve(q, r, accepted{*message, *revision, nullptr, who});
}

inline std::optional<jsonrpc::error>
streamable_http::endpoint::check_headers(const http::request& q,
                                         const jsonrpc::message& message) const {
    // Which of two a proxy or a gateway has looked at cannot be known.
    for (const std::string_view each : {header::protocol_version, header::method, header::name})
        if (q.headers.count(each) > 1)
            return header_mismatch(std::string(each) + " is there more than once");
    if (!q.headers.find(header::protocol_version))
        return header_mismatch("MCP-Protocol-Version is missing");
    const auto method = q.headers.find(header::method);
    if (!method)
        return header_mismatch("Mcp-Method is missing");
    if (*method != message.method)
        return header_mismatch("Mcp-Method is not the method of the body");
    const auto wanted = mcp_name(message.method, message.params);
    if (!wanted)
        return std::nullopt;
    const auto name = q.headers.find(header::name);
    if (!name)
        return header_mismatch("Mcp-Name is missing");
    if (decode_header_value(*name) != *wanted)
        return header_mismatch("Mcp-Name is not what the body names");
    return std::nullopt;
}

inline std::optional<jsonrpc::error>
streamable_http::endpoint::check_param_headers(const http::request& q,
                                               const jsonrpc::message& message) const {
    const auto name =
        message.method == "tools/call" ? mcp_name(message.method, message.params) : std::nullopt;
    if (!name)
        return std::nullopt;
    const auto offers = server_.offers();
    const auto* tool = (*offers)->tools.find(*name);
    if (!tool)
        return std::nullopt;
    const json* given = message.params->if_contains("arguments");
    const json_object* arguments = given ? given->if_object() : nullptr;
    for (const header_parameter& each : (*tool)->mirrored()) {
        if (q.headers.count(each.field) > 1)
            return header_mismatch(each.field + " is there more than once");
        if (const auto wrong = each.check(arguments, q.headers.find(each.field)))
            return header_mismatch(*wrong);
    }
    return std::nullopt;
}

} // namespace mcp

#include <mcp/transport/impl/legacy_http.hpp>
