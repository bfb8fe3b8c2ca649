// SPDX-License-Identifier: MIT
#pragma once

// The POSTs of sessions, and DELETE. [MCP 2025-11-25 basic/transports]

#include <mcp/encoding/random.hpp>
#include <mcp/http/media_type.hpp>
#include <mcp/protocol/cancellation.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/server/topics.hpp>
#include <mcp/transport/legacy/handshake.hpp>
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

inline asio::awaitable<void> http_endpoint::post(const http::request& q, http::response& r,
                                                 const principal_ptr& identity, json_view body) {
    if (!answer_form(q))
        return refused(r, http::status::not_acceptable, errc::refused,
                       "Accept must list application/json and text/event-stream");
    if (!body.is_array()) {
        const auto message = jsonrpc::read_message(body);
        if (!message) {
            if (const auto failed = jsonrpc::failed_response(body, message.error()))
                return post_to_session(q, r, identity, *failed, message.error());
            refuse(r, http::status::bad_request, message.error(), jsonrpc::readable_id(body));
            return done();
        }
        if (message->kind == jsonrpc::message_kind::request && message->method == "initialize")
            return initialize(q, r, identity, *message);
    }
    return post_to_session(q, r, identity, body, std::nullopt);
}

/// If `refusal` is set, `body` stands for a malformed response that is refused with that error. The
/// question that waits for the response gets the error too.
inline asio::awaitable<void> http_endpoint::post_to_session(const http::request& q,
                                                            http::response& r,
                                                            const principal_ptr& identity,
                                                            json_view body,
                                                            std::optional<jsonrpc::error> refusal) {
    const auto id = session_id(q, r);
    if (!id)
        return done();
    auto found = server_.environment().sessions.find(std::string(*id));
    if (!found.ready())
        return post_in_session_later(q, r, identity, json_document::copy(body), std::move(refusal),
                                     std::move(found));
    return post_in_session(q, r, identity, found.take(), body, refusal);
}

/// Returns the response form that the client accepts for a POST; nothing if that is not enough.
inline std::optional<reply_form> http_endpoint::answer_form(const http::request& q) const {
    const auto form = accepted_form(q.headers);
    if (options_.strict_accept && (form != reply_form::either || !q.headers.find("accept")))
        return std::nullopt;
    return form;
}

/// Takes a copy of the parsed body, which does not outlive an await.
inline asio::awaitable<void> http_endpoint::post_in_session_later(
    const http::request& q, http::response& r, principal_ptr identity, json_document body,
    std::optional<jsonrpc::error> refusal, mcp::detail::pending<session_ptr> found) {
    const bool reached = co_await settled(r, found);
    if (!reached)
        co_return;
    co_await post_in_session(q, r, identity, found.take(), body.root(), refusal);
}

inline asio::awaitable<void>
http_endpoint::post_in_session(const http::request& q, http::response& r,
                               const principal_ptr& identity, session_ptr record, json_view body,
                               const std::optional<jsonrpc::error>& refusal) {
    const auto live = open_session(q, r, identity, record);
    if (!live)
        return done();
    if (body.is_array()) {
        if (!has_batches(live->revision()))
            return refused(r, http::status::bad_request, jsonrpc::errc::invalid_request,
                           "This revision has no batches");
        if (body.size() == 0 || body.size() > options_.batch)
            return refused(r, http::status::bad_request, jsonrpc::errc::invalid_request,
                           "A batch must have 1 to " + std::to_string(options_.batch) +
                               " messages");
        return serve_batch(q, r, identity, std::move(record), live, json_document::copy(body));
    }
    const auto message = jsonrpc::read_message(body);
    switch (message->kind) {
    case jsonrpc::message_kind::request:
        if (auto needed = asked_first(*message))
            return subscribe_later(q, r, identity, std::move(record), live,
                                   json_document::copy(body), std::move(needed));
        return serve_in_session(q, r, accepted{*message, live->revision(), live, identity},
                                std::move(record));
    case jsonrpc::message_kind::notification:
        r.code = http::status::accepted;
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

inline asio::awaitable<void> http_endpoint::serve_in_session(const http::request& q,
                                                             http::response& r, accepted request,
                                                             session_ptr record) {
    record_change change;
    change.before = record.get();
    request.change = &change;
    request.form = answer_form(q).value_or(reply_form::either);
    auto served = serve(q, r, request);
    if (change.alters(*record))
        return store_then(r, std::move(record), request.session, std::move(change),
                          request.message.id, std::move(served));
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
http_endpoint::subscribe_later(const http::request& q, http::response& r, principal_ptr identity,
                               session_ptr record, std::shared_ptr<session> live,
                               json_document body, std::shared_ptr<const permission> needed) {
    const auto message = jsonrpc::read_message(body.root());
    json_object params = reading_params(message->params.find("uri").get_string());
    const std::exception_ptr verdict =
        co_await verdict_of(std::move(needed), identity, std::move(params));
    accepted request{*message, live->revision(), live, identity, nullptr, &verdict};
    co_await serve_in_session(q, r, std::move(request), std::move(record));
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
                                                  record_change change, jsonrpc::id id) {
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
            shared.topics.post(record_topic(changed.id), to_text(changed));
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
                                                       record_change change, jsonrpc::id id,
                                                       asio::awaitable<void> served) {
    const bool stored =
        co_await store(r, std::move(record), std::move(live), std::move(change), std::move(id));
    if (stored)
        co_await std::move(served);
}

inline asio::awaitable<void> http_endpoint::initialize(const http::request& q, http::response& r,
                                                       const principal_ptr& identity,
                                                       const jsonrpc::message& message) {
    if (const auto id = q.headers.find(header::session_id))
        return initialize_again(q, r, identity, message.id, std::string(*id));
    auto agreed = read_handshake(message.params, server_.options().client_bytes);
    if (!agreed) {
        refuse(r, http::status::ok, agreed.error(), message.id);
        return done();
    }
    session_record record;
    record.id = random_token(24);
    record.owner = identity ? identity->subject : std::string();
    record.revision = agreed->revision;
    record.client = std::move(agreed->client);
    record.capabilities = std::move(agreed->capabilities);
    record.created = session_record::clock::now();
    record.version = 1;
    r.set("Mcp-Session-Id", record.id);
    r.content_type = "application/json";
    write_handshake(r.body, server_, message.id, record.revision);
    auto room = server_.environment().sessions.create(std::move(record));
    if (!room.ready())
        return created_later(r, std::move(room));
    return created(r, room.take());
}

/// Refuses a second `initialize`. If the session has ended, the client learns that, as with any
/// other request.
inline asio::awaitable<void> http_endpoint::initialize_again(const http::request& q,
                                                             http::response& r,
                                                             principal_ptr identity,
                                                             jsonrpc::id request, std::string id) {
    auto found = server_.environment().sessions.find(std::move(id));
    const bool reached = co_await settled(r, found);
    if (reached && open_session(q, r, identity, found.take()))
        refuse(r, http::status::bad_request,
               invalid_request("This session is already initialized; send initialize without "
                               "Mcp-Session-Id to start a new one"),
               request);
}

inline asio::awaitable<void> http_endpoint::created_later(http::response& r,
                                                          mcp::detail::pending<bool> room) {
    const bool reached = co_await settled(r, room);
    if (reached)
        co_await created(r, room.take());
}

inline asio::awaitable<void> http_endpoint::created(http::response& r, bool room) const {
    if (room) {
        server_.environment().count(counter::sessions);
        return done();
    }
    server_.environment().log(log_level::warning,
                              "a new session was refused: the limit of sessions is reached");
    r.clear();
    r.set("Retry-After", "60");
    return refused(r, http::status::service_unavailable, errc::refused,
                   "There are too many sessions; try again later");
}

/// Returns the session id of a request; nothing, after a refusal, if there is none.
inline std::optional<std::string_view> http_endpoint::session_id(const http::request& q,
                                                                 http::response& r) const {
    const auto named = q.headers.find(header::protocol_version);
    if (!named && options_.require_protocol_version_header) {
        refuse(r, http::status::bad_request, {errc::refused, "MCP-Protocol-Version is required"});
        return std::nullopt;
    }
    const auto known = named ? parse_revision(*named) : std::nullopt;
    if (named && (!known || is_modern(*known))) {
        refuse(r, http::status::bad_request,
               {errc::refused,
                "MCP-Protocol-Version must name a revision that has sessions, such as " +
                    std::string(to_string(latest_legacy))});
        return std::nullopt;
    }
    const auto id = q.headers.find(header::session_id);
    if (!id)
        refuse(r, http::status::bad_request,
               {errc::refused, "Bad Request: Mcp-Session-Id is required"});
    return id;
}

/// Returns the live session of a record. Returns null, after a refusal, if there is none or if it
/// belongs to another principal; both get the same refusal.
inline std::shared_ptr<session> http_endpoint::open_session(const http::request& q,
                                                            http::response& r,
                                                            const principal_ptr& identity,
                                                            const session_ptr& record) {
    const std::string_view subject =
        identity ? std::string_view(identity->subject) : std::string_view();
    if (record && record->owner == subject)
        return node_->sessions().obtain(*record);
    // A session id is a secret: the log has only a prefix that tells ids apart.
    std::string prefix(q.headers.find(header::session_id).value_or("").substr(0, 8));
    for (char& each : prefix)
        if (each < '!' || each > '~')
            each = '?';
    server_.environment().log(log_level::warning,
                              "session " + prefix +
                                  (record ? "... refused: it belongs to another subject"
                                          : "... refused: it is unknown or has ended"));
    refuse(r, http::status::not_found, {errc::session_not_found, "Session not found"});
    return nullptr;
}

/// Returns the session that a GET or DELETE names. It is empty after a refusal.
inline asio::awaitable<http_endpoint::opened_session>
http_endpoint::find_session(const http::request& q, http::response& r, principal_ptr identity) {
    opened_session opened;
    const auto id = session_id(q, r);
    if (!id)
        co_return opened;
    auto found = server_.environment().sessions.find(std::string(*id));
    const bool reached = co_await settled(r, found);
    if (!reached)
        co_return opened;
    opened.record = found.take();
    opened.live = open_session(q, r, identity, opened.record);
    co_return opened;
}

inline void http_endpoint::take_notification(session& live, const jsonrpc::message& message) {
    if (message.method != "notifications/cancelled")
        return;
    if (const auto cancelled = read_cancelled(message.params))
        node_->cancel(live, cancelled->request);
}

inline asio::awaitable<void> http_endpoint::erase(const http::request& q, http::response& r,
                                                  principal_ptr identity) {
    const server_environment& shared = server_.environment();
    const opened_session opened = co_await find_session(q, r, identity);
    if (!opened.live)
        co_return;
    const session_ptr& record = opened.record;
    auto erased = shared.sessions.erase(record->id);
    const bool gone = co_await settled(r, erased);
    if (!gone)
        co_return;
    r.code = options_.deleted;
    node_->end(record->id);
    shared.topics.post(record_topic(record->id), std::string(session_topics::ended));
    if (shared.replay) {
        auto forgotten = shared.replay->forget(record->id);
        co_await settled(r, forgotten);
    }
}

} // namespace mcp::legacy
