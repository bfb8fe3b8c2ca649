#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/async/pending.hpp>
#include <mcp/auth/auth_backend.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/encoding/utf8.hpp>
#include <mcp/http/media_type.hpp>
#include <mcp/http/message.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/jsonrpc/outline.hpp>
#include <mcp/limit/rate_limiter.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/replay/replay_log.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/call.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/legacy/session.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/session/record_change.hpp>
#include <mcp/session/session_record.hpp>
#include <mcp/session/session_store.hpp>
#include <mcp/sse/event.hpp>
#include <mcp/transport/http_reply.hpp>
#include <mcp/transport/inbound.hpp>
#include <mcp/transport/legacy/event_id.hpp>
#include <mcp/transport/legacy/node.hpp>
#include <mcp/transport/legacy/recorded_reply.hpp>
#include <mcp/transport/listen.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// The state that copies of a `streamable_http` share, and the endpoint's functions.
class streamable_http::endpoint {
public:
    endpoint(any_server& server, streamable_http_options options)
        : server_(server)
        , options_(std::move(options))
        , node_(std::make_shared<legacy::node>(server.environment())) {
        node_->join();
    }
    ~endpoint() { node_->leave(); }
    endpoint(const endpoint&) = delete;
    endpoint& operator=(const endpoint&) = delete;

    asio::awaitable<void> handle(const http::request& q, http::response& r);

private:
    /// A request that has passed the checks of its era.
    struct accepted {
        jsonrpc::message message;
        mcp::revision revision = latest;
        std::shared_ptr<legacy::session> session;    ///< null on the modern wire
        std::shared_ptr<const principal> who;        ///< null without an auth backend
        record_change* change = nullptr;             ///< null on the modern wire
        const std::exception_ptr* verdict = nullptr; ///< see `caller`
        reply_form form = reply_form::either;        ///< accepted by the client
    };
    using principal_ptr = std::shared_ptr<const principal>;

    /// Collects the messages that an immediate handler sends before its response.
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
    static void refuse_for_now(http::response& r, std::string_view why,
                               std::chrono::seconds::rep seconds, const jsonrpc::id& id = {});
    static jsonrpc::error too_many(std::string_view why, std::chrono::seconds::rep seconds);
    static asio::awaitable<void> refused(http::response& r, http::status code, int error,
                                         std::string_view why);

    // Authentication and rate limits
    asio::awaitable<void> admit(const http::request& q, http::response& r);
    asio::awaitable<void> admit_later(const http::request& q, http::response& r,
                                      detail::pending<auth_result> step);
    asio::awaitable<void> admit_by_address(const http::request& q, http::response& r);
    asio::awaitable<void> limit(const http::request& q, http::response& r, principal_ptr who);
    asio::awaitable<void> limit_later(const http::request& q, http::response& r, principal_ptr who,
                                      detail::pending<rate_decision> step);
    asio::awaitable<void> route(const http::request& q, http::response& r,
                                const principal_ptr& who);
    principal_ptr take_principal(http::response& r, auth_result outcome) const;
    bool within_limit(http::response& r, const rate_decision& decision) const;
    std::string limit_key(const http::request& q, const principal_ptr& who) const;

    /// The requests of a batch that the limiter permits.
    struct permits {
        std::size_t requests = 0;
        std::chrono::seconds::rep retry_after = 1; ///< for the others
    };
    asio::awaitable<std::optional<permits>> take_permits(const http::request& q, http::response& r,
                                                         principal_ptr who, std::size_t requests);
    static std::chrono::seconds::rep whole_seconds(const rate_decision& decision);

    // Both eras
    json_parser& parser() const;
    asio::awaitable<void> post(const http::request& q, http::response& r, const principal_ptr& who);
    asio::awaitable<void> post_parsed(const http::request& q, http::response& r,
                                      const principal_ptr& who, const json& body);
    asio::awaitable<void> refuse_text(const http::request& q, http::response& r,
                                      const principal_ptr& who, const jsonrpc::error& why);
    template <class T>
    asio::awaitable<bool> settled(http::response& r, detail::pending<T>& step);
    void refuse_unavailable(http::response& r, const unavailable& why) const;
    static void stream_headers(http::response& r);

    // One request: impl/http_calls.hpp
    asio::awaitable<void> serve(const http::request& q, http::response& r, const accepted& what);
    static jsonrpc::error no_slot(legacy::call_slot::state why);
    async_call::request own(const http::request& q, const accepted& what) const;
    bool wants_stream(reply_form form) const noexcept;
    asio::awaitable<void> serve_later(http::response& r, async_call::request what, reply_form form,
                                      job work);
    template <class Hold>
    asio::awaitable<reply_status> respond(http::response& r, std::shared_ptr<http_reply> reply,
                                          std::function<void()> closed, Hold hold, jsonrpc::id id);
    std::shared_ptr<http_reply> open_reply(const legacy::session* session, reply_form form,
                                           const asio::any_io_executor& executor,
                                           std::function<void()> overflow);
    void explain(http::response& r, reply_status status,
                 const std::vector<std::string>& lacking) const;

    // The modern wire
    asio::awaitable<void> post_modern(const http::request& q, http::response& r,
                                      const principal_ptr& who, const json& body);
    std::optional<jsonrpc::error> check_headers(const http::request& q,
                                                const jsonrpc::message& message) const;
    std::optional<jsonrpc::error> check_param_headers(const http::request& q,
                                                      const jsonrpc::message& message) const;

    asio::awaitable<void> listen(http::response& r, principal_ptr who, jsonrpc::id id,
                                 subscription_filter filter);

    // The legacy wire: impl/legacy_http.hpp
    asio::awaitable<void> post_legacy(const http::request& q, http::response& r,
                                      const principal_ptr& who, const json& body);
    asio::awaitable<void> post_to_session(const http::request& q, http::response& r,
                                          const principal_ptr& who, const json& body,
                                          std::optional<jsonrpc::error> refusal);
    asio::awaitable<void> post_in_session_later(const http::request& q, http::response& r,
                                                principal_ptr who, json body,
                                                std::optional<jsonrpc::error> refusal,
                                                detail::pending<session_ptr> step);
    asio::awaitable<void> post_in_session(const http::request& q, http::response& r,
                                          const principal_ptr& who, session_ptr record,
                                          const json& body,
                                          const std::optional<jsonrpc::error>& refusal);
    asio::awaitable<void> serve_in_session(const http::request& q, http::response& r, accepted what,
                                           session_ptr record);
    std::shared_ptr<const permission> asked_first(const jsonrpc::message& message) const;
    asio::awaitable<void> subscribe_later(const http::request& q, http::response& r,
                                          principal_ptr who, session_ptr record,
                                          std::shared_ptr<legacy::session> session, json body,
                                          std::shared_ptr<const permission> needed);
    asio::awaitable<bool> store(http::response& r, session_ptr record,
                                std::shared_ptr<legacy::session> session, record_change change,
                                jsonrpc::id id);
    asio::awaitable<void> store_then(http::response& r, session_ptr record,
                                     std::shared_ptr<legacy::session> session, record_change change,
                                     jsonrpc::id id, asio::awaitable<void> served);
    asio::awaitable<void> passed_on(http::response& r, detail::pending<std::size_t> step,
                                    legacy::answered here);
    asio::awaitable<void> initialize(const http::request& q, http::response& r,
                                     const principal_ptr& who, const jsonrpc::message& message);
    asio::awaitable<void> initialize_again(const http::request& q, http::response& r,
                                           principal_ptr who, jsonrpc::id request,
                                           std::string session);
    asio::awaitable<void> created_later(http::response& r, detail::pending<bool> step);
    asio::awaitable<void> created(http::response& r, bool room) const;
    asio::awaitable<void> serve_batch(const http::request& q, http::response& r, principal_ptr who,
                                      session_ptr record, std::shared_ptr<legacy::session> session,
                                      json messages);
    void take_notification(legacy::session& session, const jsonrpc::message& message);
    asio::awaitable<void> erase(const http::request& q, http::response& r, principal_ptr who);
    std::optional<std::string_view> session_id(const http::request& q, http::response& r) const;
    std::shared_ptr<legacy::session> open_session(const http::request& q, http::response& r,
                                                  const principal_ptr& who,
                                                  const session_ptr& record);
    std::optional<reply_form> answer_form(const http::request& q) const;

    // The legacy streams: impl/legacy_stream.hpp
    asio::awaitable<void> get(const http::request& q, http::response& r, principal_ptr who);
    asio::awaitable<void> open_events(http::response& r, session_ptr record,
                                      legacy::session& session,
                                      std::optional<legacy::event_id> last);
    asio::awaitable<void> resume_reply(http::response& r, legacy::session& session,
                                       legacy::event_id last);
    asio::awaitable<std::optional<replayed>> read_log(std::string session, legacy::event_id last);
    static void refuse_event(http::response& r);

    any_server& server_;
    const streamable_http_options options_;
    const std::shared_ptr<legacy::node> node_;
};

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
                       "This Host is not allowed; a server on localhost accepts only localhost "
                       "unless other hosts are configured");
    if (!accepts_origin(options_.policy, q))
        return refused(r, http::status::forbidden, refusal, "This Origin is not allowed");
    if (q.mounted != 0 && q.path.size() > q.mounted && q.path.substr(q.mounted) != "/")
        return refused(r, http::status::not_found, refusal,
                       "There is no MCP endpoint at this path");
    try {
        return admit(q, r);
    } catch (const unavailable& e) { // of a collaborator that is not awaited
        refuse_unavailable(r, e);
        return done();
    }
}

/// Returns the parser of this thread. Its values live until the request is answered or first
/// suspends, so a function that awaits copies them first.
inline json_parser& streamable_http::endpoint::parser() const {
    thread_local std::optional<json_parser> made;
    thread_local json_limits limits;
    thread_local unpaired_surrogates surrogates;
    if (!made || limits.depth != options_.json.depth ||
        limits.object_members != options_.json.object_members || surrogates != options_.surrogates)
        made.emplace(limits = options_.json, surrogates = options_.surrogates);
    return *made;
}

inline asio::awaitable<void> streamable_http::endpoint::post(const http::request& q,
                                                             http::response& r,
                                                             const principal_ptr& who) {
    if (!http::is_media(q.headers.find("content-type").value_or(""), "application/json"))
        return refused(r, http::status::unsupported_media_type, jsonrpc::errc::invalid_request,
                       "Content-Type must be application/json");
    if (!http::has_plain_body(q.headers)) {
        r.set("Accept-Encoding", "identity");
        return refused(r, http::status::unsupported_media_type, jsonrpc::errc::invalid_request,
                       "Content-Encoding must be identity: compressed bodies are not accepted");
    }
    json_parser& parsing = parser();
    const auto body = parsing.parse(without_byte_order_mark(q.body));
    auto answered =
        body ? post_parsed(q, r, who, **body)
             : refuse_text(q, r, who,
                           {jsonrpc::errc::parse_error, "Parse error: " + body.error().what()});
    parsing.clear(); // awaiting functions have copies; frees a large text
    return answered;
}

inline asio::awaitable<void> streamable_http::endpoint::post_parsed(const http::request& q,
                                                                    http::response& r,
                                                                    const principal_ptr& who,
                                                                    const json& body) {
    const auto version = q.headers.find(header::protocol_version);
    if (const json_array* batch = body.if_array()) {
        for (const json& each : *batch)
            if (claims_modern(each))
                return refused(r, http::status::bad_request, jsonrpc::errc::invalid_request,
                               "The body must be one message: this revision has no batches");
    }
    if (era_of(body, version) == era::modern || !server_.options().legacy)
        return post_modern(q, r, who, body);
    return post_legacy(q, r, who, body);
}

/// Refuses a text that is not JSON. Its id and kind may still be readable.
inline asio::awaitable<void> streamable_http::endpoint::refuse_text(const http::request& q,
                                                                    http::response& r,
                                                                    const principal_ptr& who,
                                                                    const jsonrpc::error& why) {
    const json outline = jsonrpc::read_outline(q.body);
    const auto failed = jsonrpc::failed_response(outline, why);
    if (failed && server_.options().legacy && q.headers.find(header::session_id))
        return post_to_session(q, r, who, *failed, why);
    refuse(r, http::status::bad_request, why, jsonrpc::readable_id(outline));
    return done();
}

inline void streamable_http::endpoint::stream_headers(http::response& r) {
    r.content_type = "text/event-stream";
    r.headers += "Cache-Control: no-cache, no-transform\r\nX-Accel-Buffering: no\r\n";
}

} // namespace mcp

#include <mcp/transport/impl/http_admission.hpp>
#include <mcp/transport/impl/http_calls.hpp>
#include <mcp/transport/impl/legacy_batch.hpp>
#include <mcp/transport/impl/legacy_http.hpp>
#include <mcp/transport/impl/legacy_stream.hpp>
#include <mcp/transport/impl/modern_http.hpp>
