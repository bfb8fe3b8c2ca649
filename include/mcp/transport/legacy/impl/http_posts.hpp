// SPDX-License-Identifier: MIT
#pragma once

// The POSTs of sessions, and DELETE. [MCP 2025-11-25 basic/transports]

#include <mcp/http/media_type.hpp>
#include <mcp/protocol/cancellation.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/server/registry.hpp>
#include <mcp/server/topics.hpp>
#include <mcp/transport/legacy/impl/http_endpoint.hpp>
#include <mcp/transport/legacy/session_events.hpp>

#include <asio/this_coro.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::legacy {

inline asio::awaitable<void> http_endpoint::post(http_exchange& x, json_view body) {
    const auto form = answer_form(x.request);
    if (!form)
        return refused(x.response, http::status::not_acceptable, errc::refused,
                       "Accept must list application/json and text/event-stream");
    x.form = *form;
    if (!body.is_array()) {
        const auto message = jsonrpc::read_message(body);
        if (!message) {
            if (const auto failed = jsonrpc::failed_response(body, message.error()))
                return post_to_session(x, *failed, message.error());
            refuse(x.response, http::status::bad_request, message.error(),
                   jsonrpc::readable_id(body));
            return done();
        }
        if (message->kind == jsonrpc::message_kind::request && message->method == "initialize")
            return initialize(x, *message);
    }
    return post_to_session(x, body, std::nullopt);
}

/// If `refusal` is set, `body` stands for a malformed response that is refused with that error. The
/// question that waits for the response gets the error too.
inline asio::awaitable<void> http_endpoint::post_to_session(const http_exchange& x, json_view body,
                                                            std::optional<jsonrpc::error> refusal) {
    const bool named = x.request.headers.find(header::session_id).has_value();
    if (options_.sessions == no_sessions || (!named && options_.sessions != require_sessions)) {
        const auto revision = revision_of(x);
        if (!revision)
            return done();
        if (!refusal)
            return post_without_session(x, body, *revision);
        refuse(x.response, http::status::bad_request, *refusal);
        return done();
    }
    const auto id = session_id(x);
    if (!id)
        return done();
    auto found = server_.environment().sessions.find(std::string(*id));
    if (!found.ready())
        return post_in_session_later(x, json_document::copy(body), std::move(refusal),
                                     std::move(found));
    return post_in_session(x, found.take(), body, refusal);
}

/// Answers a message of a client that has not begun a session.
inline asio::awaitable<void> http_endpoint::post_without_session(const http_exchange& x,
                                                                 json_view body,
                                                                 mcp::revision revision) {
    http::response& r = x.response;
    constexpr std::string_view begin = " needs a session; send initialize first, and its "
                                       "Mcp-Session-Id with each request";
    if (body.is_array())
        return refused(r, http::status::bad_request, errc::refused, "A batch" + std::string(begin));
    const auto message = jsonrpc::read_message(body);
    if (message->kind == jsonrpc::message_kind::notification) {
        r.code = http::status::accepted;
        return done();
    }
    const bool request = message->kind == jsonrpc::message_kind::request;
    if (!request || message->method == "resources/subscribe" ||
        message->method == "resources/unsubscribe") {
        refuse(r, http::status::bad_request,
               {errc::refused,
                (request ? std::string(message->method) : "A response") + std::string(begin)},
               message->id);
        return done();
    }
    const catalog_pin offers = server_.offers();
    request_view view = x.view(*message, revision, *offers);
    handshake unknown;
    unknown.revision = revision;
    const auto client = std::make_shared<session>("", std::move(unknown));
    view.session = client;
    return serve_alone(x, view);
}

/// Returns the response form that the client accepts for a POST; nothing if that is not enough.
inline std::optional<reply_form> http_endpoint::answer_form(const http::request& q) const {
    const auto form = accepted_form(q.headers);
    if (options_.strict_accept && (form != reply_form::either || !q.headers.find("accept")))
        return std::nullopt;
    return form;
}

/// Takes a copy of the parsed body, which does not outlive an await.
inline asio::awaitable<void>
http_endpoint::post_in_session_later(http_exchange x, json_document body,
                                     std::optional<jsonrpc::error> refusal,
                                     mcp::detail::pending<session_ptr> found) {
    const bool reached = co_await settled(x.response, found);
    if (!reached)
        co_return;
    co_await post_in_session(x, found.take(), body.root(), refusal);
}

inline asio::awaitable<void>
http_endpoint::post_in_session(const http_exchange& x, session_ptr record, json_view body,
                               const std::optional<jsonrpc::error>& refusal) {
    http::response& r = x.response;
    const auto live = open_session(x, record);
    if (!live)
        return done();
    if (body.is_array()) {
        if (record->awaits_initialized) {
            refuse(r, http::status::bad_request, not_initialized());
            return done();
        }
        if (!has_batches(live->revision()))
            return refused(r, http::status::bad_request, jsonrpc::errc::invalid_request,
                           "This revision has no batches");
        if (body.size() == 0 || body.size() > options_.batch)
            return refused(r, http::status::bad_request, jsonrpc::errc::invalid_request,
                           "A batch must have 1 to " + std::to_string(options_.batch) +
                               " messages");
        return serve_batch(x, std::move(record), live, json_document::copy(body));
    }
    const auto message = jsonrpc::read_message(body);
    switch (message->kind) {
    case jsonrpc::message_kind::request:
        if (record->awaits_initialized && message->method != "ping") {
            refuse(r, http::status::bad_request, not_initialized(), message->id);
            return done();
        }
        if (auto needed = asked_first(*message))
            return subscribe_later(x, std::move(record), live, json_document::copy(body),
                                   std::move(needed));
        return serve_in_session(x, *message, live, std::move(record));
    case jsonrpc::message_kind::notification:
        r.code = http::status::accepted;
        if (record->awaits_initialized && message->method == "notifications/initialized") {
            mcp::detail::record_change begun;
            begun.initialized = true;
            return store_then(r, std::move(record), live, std::move(begun), {}, done());
        }
        take_notification(*live, *message);
        break;
    default:
        r.code = http::status::accepted;
        if (refusal)
            refuse(r, http::status::bad_request, *refusal);
        answered here;
        auto passed = node_->pass_response(*live, *message, body, here);
        return passed_on(r, std::move(passed), std::move(here));
    }
    return done();
}

inline asio::awaitable<void> http_endpoint::serve_in_session(const http_exchange& x,
                                                             const jsonrpc::message& message,
                                                             const std::shared_ptr<session>& live,
                                                             session_ptr record,
                                                             const std::exception_ptr* verdict) {
    mcp::detail::record_change change;
    change.before = record.get();
    const catalog_pin offers = server_.offers();
    request_view request = x.view(message, live->revision(), *offers);
    request.session = live;
    request.change = &change;
    request.verdict = verdict;
    auto served = serve(x, request);
    if (change.alters(*record))
        return store_then(x.response, std::move(record), live, std::move(change), message.id,
                          std::move(served));
    return served;
}

/// Returns the permission of the resource that a message subscribes to, if it must be awaited. It
/// is checked first, because the session record keeps the subscription.
inline std::shared_ptr<const permission>
http_endpoint::asked_first(const jsonrpc::message& message) const {
    if (message.method != "resources/subscribe")
        return nullptr;
    const auto uri = message.params.find("uri").if_string();
    auto needed = uri ? server_.reading(*uri) : nullptr;
    return needed && !needed->predicates.empty() ? needed : nullptr;
}

inline asio::awaitable<void>
http_endpoint::subscribe_later(http_exchange x, session_ptr record, std::shared_ptr<session> live,
                               json_document body, std::shared_ptr<const permission> needed) {
    const auto message = jsonrpc::read_message(body.root());
    json_object params = mcp::detail::reading_params(message->params.find("uri").get_string());
    const std::exception_ptr verdict = co_await mcp::detail::verdict_of(
        std::move(needed), x.principal, std::move(params), &x.request.params);
    auto served = serve_in_session(x, *message, live, std::move(record), &verdict);
    co_await std::move(served);
}

/// Answers the client after the process that waits for its response has been notified.
inline asio::awaitable<void> http_endpoint::passed_on(http::response& r,
                                                      mcp::detail::pending<std::size_t> delivered,
                                                      answered here) {
    co_await settled(r, delivered);
    const auto executor = co_await asio::this_coro::executor;
    here.go_on_after(executor);
}

/// Stores the changes of a request to its session record, and notifies the other processes. Returns
/// false, after a refusal, if that fails.
inline asio::awaitable<bool> http_endpoint::store(http::response& r, session_ptr record,
                                                  std::shared_ptr<session> live,
                                                  mcp::detail::record_change change,
                                                  jsonrpc::id id) {
    constexpr int max_attempts = 1000; // each failed attempt means that another request has won
    const server_environment& shared = server_.environment();
    session_record changed = change.applied_to(*record);
    for (int attempt = 0; attempt < max_attempts; ++attempt) {
        auto replaced = shared.sessions.replace(*record, changed);
        const bool reached = co_await settled(r, replaced);
        if (!reached)
            co_return false;
        if (replaced.take()) {
            live->refresh(changed.threshold, changed.version);
            shared.topics.post(mcp::detail::record_topic(changed.id), to_text(changed));
            co_return true;
        }
        auto again = shared.sessions.find(changed.id);
        const bool found = co_await settled(r, again);
        if (!found)
            co_return false;
        record = again.take();
        if (!record) {
            r.clear();
            refuse(r, http::status::not_found, {errc::session_not_found, "Session not found"});
            co_return false;
        }
        if (!change.alters(*record))
            co_return true;
        changed = change.applied_to(*record);
        // Subscriptions that other requests have added meanwhile count as well.
        const auto beyond =
            server_.options().subscriptions.refuse_all(changed.subscriptions, "params.uri");
        if (beyond && !change.added.empty()) {
            r.clear();
            refuse(r, http::status::ok, *beyond, id);
            co_return false;
        }
    }
    refuse_unavailable(
        r, unavailable("the record of a session was changed by another request at every attempt"));
    co_return false;
}

inline asio::awaitable<void> http_endpoint::store_then(http::response& r, session_ptr record,
                                                       std::shared_ptr<session> live,
                                                       mcp::detail::record_change change,
                                                       jsonrpc::id id,
                                                       asio::awaitable<void> served) {
    const bool stored =
        co_await store(r, std::move(record), std::move(live), std::move(change), std::move(id));
    if (stored)
        co_await std::move(served);
}

/// Returns the revision that a request names, or 2025-03-26. Returns nothing, after a refusal, if
/// it names another than a legacy revision. [MCP 2025-11-25 basic/transports, protocol version
/// header]
inline std::optional<mcp::revision> http_endpoint::revision_of(const http_exchange& x) const {
    http::response& r = x.response;
    const auto named = x.request.headers.find(header::protocol_version);
    if (!named && options_.require_protocol_version_header) {
        refuse(r, http::status::bad_request, {errc::refused, "MCP-Protocol-Version is required"});
        return std::nullopt;
    }
    const auto known = named ? parse_revision(*named) : assumed_without_header;
    if (known && is_legacy(*known))
        return known;
    refuse(r, http::status::bad_request,
           {errc::refused, "MCP-Protocol-Version must name a revision that has sessions, such as " +
                               std::string(to_string(latest_legacy))});
    return std::nullopt;
}

/// Returns the session id of a request; nothing, after a refusal, if there is none.
inline std::optional<std::string_view> http_endpoint::session_id(const http_exchange& x) const {
    if (!revision_of(x))
        return std::nullopt;
    const http::fields& headers = x.request.headers;
    http::response& r = x.response;
    const auto id = headers.find(header::session_id);
    if (!id)
        refuse(r, http::status::bad_request,
               {errc::refused, "Bad Request: Mcp-Session-Id is required"});
    return id;
}

/// Returns the live session of a record. Returns null, after a refusal, if there is none or if it
/// belongs to another principal; both get the same refusal.
inline std::shared_ptr<session> http_endpoint::open_session(const http_exchange& x,
                                                            const session_ptr& record) {
    const std::string_view subject =
        x.principal ? std::string_view(x.principal->subject) : std::string_view();
    if (record && record->owner == subject)
        return node_->sessions().obtain(*record);
    // A session id is a secret: the log has only a prefix that tells ids apart.
    std::string prefix(x.request.headers.find(header::session_id).value_or("").substr(0, 8));
    for (char& each : prefix)
        if (each < '!' || each > '~')
            each = '?';
    server_.environment().log(log_level::warning,
                              "session " + prefix +
                                  (record ? "... refused: it belongs to another subject"
                                          : "... refused: it is unknown or has ended"));
    refuse(x.response, http::status::not_found, {errc::session_not_found, "Session not found"});
    return nullptr;
}

/// Returns the session that a GET or DELETE names. It is empty after a refusal.
inline asio::awaitable<http_endpoint::opened_session> http_endpoint::find_session(http_exchange x) {
    opened_session opened;
    const auto id = session_id(x);
    if (!id)
        co_return opened;
    auto found = server_.environment().sessions.find(std::string(*id));
    const bool reached = co_await settled(x.response, found);
    if (!reached)
        co_return opened;
    opened.record = found.take();
    opened.live = open_session(x, opened.record);
    co_return opened;
}

inline void http_endpoint::take_notification(session& live, const jsonrpc::message& message) {
    if (message.method != "notifications/cancelled")
        return;
    if (const auto cancelled = read_cancelled(message.params))
        node_->cancel(live, cancelled->request);
}

inline asio::awaitable<void> http_endpoint::erase(http_exchange x) {
    const server_environment& shared = server_.environment();
    const opened_session opened = co_await find_session(x);
    if (!opened.live)
        co_return;
    const session_ptr& record = opened.record;
    auto erased = shared.sessions.erase(record->id);
    const bool gone = co_await settled(x.response, erased);
    if (!gone)
        co_return;
    x.response.code = options_.deleted;
    node_->end(record->id);
    shared.topics.post(mcp::detail::record_topic(record->id), std::string(session_topics::ended));
    if (shared.replay) {
        auto forgotten = shared.replay->forget(record->id);
        co_await settled(x.response, forgotten);
    }
}

} // namespace mcp::legacy
