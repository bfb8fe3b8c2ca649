#pragma once

// The HTTP endpoint's side of the handshake era: sessions, the GET stream, DELETE, batches.
// [MCP 2025-11-25 basic/transports]

#include <mcp/protocol/cancellation.hpp>
#include <mcp/server/legacy/handshake.hpp>
#include <mcp/transport/impl/http_endpoint.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

inline asio::awaitable<void> streamable_http::endpoint::post_legacy(const http::request& q,
                                                                    http::response& r,
                                                                    const principal_ptr& who,
                                                                    const json& body) {
    if (!accepts_media(q.headers, "application/json") ||
        !accepts_media(q.headers, "text/event-stream"))
        return refused(r, http::status::not_acceptable, -32000,
                       "Accept must list application/json and text/event-stream");
    if (body.is_array()) {
        const auto session = find_session(q, r, who);
        if (!session)
            return done();
        if (!has_batches(session->client->revision()))
            return refused(r, http::status::bad_request, jsonrpc::errc::invalid_request,
                           "This revision has no batches");
        if (body.get_array().empty() || body.get_array().size() > options_.batch)
            return refused(r, http::status::bad_request, jsonrpc::errc::invalid_request,
                           "A batch has 1 to " + std::to_string(options_.batch) + " messages");
        return serve_batch(q, r, who, session, json(body, json_storage{}));
    }

    const auto message = jsonrpc::read_message(body);
    if (!message) {
        refuse(r, http::status::bad_request, message.error(), jsonrpc::readable_id(body));
        return done();
    }
    if (message->kind == jsonrpc::message_kind::request && message->method == "initialize")
        return initialize(q, r, who, *message);
    const auto session = find_session(q, r, who);
    if (!session)
        return done();
    switch (message->kind) {
    case jsonrpc::message_kind::request:
        return serve(q, r, accepted{*message, session->client->revision(), session, who});
    case jsonrpc::message_kind::notification:
        take_notification(*session, *message);
        break;
    default:
        session->client->answer(*message);
    }
    r.code = http::status::accepted;
    return done();
}

inline asio::awaitable<void>
streamable_http::endpoint::initialize(const http::request& q, http::response& r,
                                      const principal_ptr& who, const jsonrpc::message& message) {
    if (q.headers.find(header::session_id)) {
        refuse(r, http::status::bad_request,
               invalid_request("This session is initialized already; start a new one without "
                               "Mcp-Session-Id"),
               message.id);
        return done();
    }
    auto agreed = legacy::read_handshake(message.params);
    if (!agreed) {
        refuse(r, http::status::ok, agreed.error(), message.id);
        return done();
    }
    const auto retry =
        has_sse_priming(agreed->revision) ? std::optional(options_.retry) : std::nullopt;
    const auto session = sessions_.create(who ? who->subject : std::string(), std::move(*agreed),
                                          options_.replay_events, retry);
    if (!session) {
        r.set("Retry-After", "60");
        return refused(r, http::status::service_unavailable, -32000,
                       "There are too many sessions; try again later");
    }
    session->client->listen(server_.environment().topics, session->events);
    r.set("Mcp-Session-Id", session->client->id());
    r.content_type = "application/json";
    legacy::write_handshake(r.body, server_, message.id, session->client->revision());
    return done();
}

/// Whether the version header, if there is one, names a revision with sessions.
inline bool streamable_http::endpoint::accepts_version(const http::request& q, http::response& r) {
    const auto named = q.headers.find(header::protocol_version);
    const auto known = named ? parse_revision(*named) : std::nullopt;
    if (!named || (known && is_legacy(*known)))
        return true;
    refuse(r, http::status::bad_request, {-32000, "MCP-Protocol-Version is not supported here"});
    return false;
}

inline std::shared_ptr<legacy::http_session>
streamable_http::endpoint::find_session(const http::request& q, http::response& r,
                                        const principal_ptr& who) {
    if (!accepts_version(q, r))
        return nullptr;
    const auto id = q.headers.find(header::session_id);
    if (!id) {
        refuse(r, http::status::bad_request, {-32000, "Bad Request: Mcp-Session-Id is required"});
        return nullptr;
    }
    auto found = sessions_.find(*id);
    if (found && found->owner != (who ? std::string_view(who->subject) : std::string_view()))
        found = nullptr; // whose it is, nobody else learns
    if (!found)
        refuse(r, http::status::not_found, {-32001, "Session not found"});
    return found;
}

inline void streamable_http::endpoint::take_notification(http_session& session,
                                                         const jsonrpc::message& message) {
    if (message.method != "notifications/cancelled")
        return;
    if (const auto cancelled = read_cancelled(message.params))
        session.client->cancel(cancelled->request);
}

inline asio::awaitable<void> streamable_http::endpoint::get(const http::request& q,
                                                            http::response& r,
                                                            const principal_ptr& who) {
    if (!accepts_media(q.headers, "text/event-stream"))
        return refused(r, http::status::not_acceptable, -32000,
                       "Accept must list text/event-stream");
    const auto session = find_session(q, r, who);
    if (!session)
        return done();
    std::shared_ptr<http_reply> source = session->events;
    std::optional<std::uint64_t> after;
    if (const auto last = q.headers.find("last-event-id"); last && session->resumable()) {
        const auto id = event_id::parse(*last);
        source = id ? session->find_reply(id->stream) : nullptr;
        if (id)
            after = id->sequence;
    }
    auto reader = source ? source->attach(after) : nullptr;
    if (!reader)
        return refused(r, http::status::bad_request, jsonrpc::errc::invalid_params,
                       "Last-Event-ID names no event of this session");
    auto drained = [reader] { reader->close(); };
    stream_headers(r);
    r.stream = std::make_unique<mailbox_stream>(std::move(reader), std::function<void()>(),
                                                std::move(drained));
    return done();
}

inline asio::awaitable<void> streamable_http::endpoint::erase(const http::request& q,
                                                              http::response& r,
                                                              const principal_ptr& who) {
    if (const auto session = find_session(q, r, who)) {
        sessions_.erase(session->client->id());
        end_session(*session);
    }
    return done();
}

inline void streamable_http::endpoint::end_session(http_session& session) {
    session.client->leave(server_.environment().topics);
    session.client->cancel_all();
    session.events->finish({}, reply_status::ok); // a GET that comes too late ends at once
}

/// Keeps what immediate members of a batch send, in order, before their answers.
struct streamable_http::endpoint::batch_notes final : message_sink {
    void send(std::string message) override { messages.push_back(std::move(message)); }
    void finish(std::string, reply_status) override {}
    std::vector<std::string> messages;
};

/// One member of a batch whose answers share a stream; the last one ends it.
class streamable_http::endpoint::batch_member final : public message_sink {
public:
    batch_member(std::shared_ptr<http_reply> to, std::shared_ptr<std::atomic<std::size_t>> left)
        : to_(std::move(to))
        , left_(std::move(left)) {}

    void send(std::string message) override { to_->send(std::move(message)); }
    void finish(std::string response, reply_status) override {
        if (!response.empty())
            to_->send(std::move(response));
        if (left_->fetch_sub(1) == 1)
            to_->finish({}, reply_status::ok);
    }

private:
    std::shared_ptr<http_reply> to_;
    std::shared_ptr<std::atomic<std::size_t>> left_;
};

/// Requests of a batch run together. The response is an array of their answers; if one of them must
/// be awaited, a stream of them. [MCP 2025-03-26 basic/transports]
inline asio::awaitable<void>
streamable_http::endpoint::serve_batch(const http::request& q, http::response& r, principal_ptr who,
                                       std::shared_ptr<http_session> session, json messages) {
    const auto executor = co_await asio::this_coro::executor;
    std::vector<std::string> answers;
    std::vector<std::pair<async_call::request, job>> waiting;
    batch_notes notes;
    for (const json& each : messages.get_array()) {
        const auto message = jsonrpc::read_message(each);
        if (!message || message->method == "initialize") {
            const auto why =
                message ? invalid_request("initialize cannot be part of a batch") : message.error();
            jsonrpc::write_error(answers.emplace_back(), jsonrpc::readable_id(each), why,
                                 jsonrpc::unknown_id::null);
        } else if (message->kind == jsonrpc::message_kind::notification) {
            take_notification(*session, *message);
        } else if (message->kind != jsonrpc::message_kind::request) {
            session->client->answer(*message);
        } else {
            const accepted what{*message, session->client->revision(), session, who};
            job later;
            reply_status status = reply_status::ok;
            std::string answer;
            context ctx(server_.environment(),
                        caller{what.revision, &notes, session->client.get(), &q.params, who.get()},
                        message->params);
            if (server_.answer(ctx, *message, answer, status, later))
                answers.push_back(std::move(answer));
            else
                waiting.emplace_back(own(q, what), std::move(later));
        }
    }
    if (waiting.empty() && notes.messages.empty()) {
        if (answers.empty()) {
            r.code = http::status::accepted;
            co_return;
        }
        r.content_type = "application/json";
        for (const std::string& answer : answers)
            r.body.append(r.body.empty() ? "[" : ",").append(answer);
        r.body += ']';
        co_return;
    }
    stream_headers(r);
    const auto reply = session->open_reply();
    reply->start_stream();
    r.stream = std::make_unique<mailbox_stream>(reply->reader());
    for (auto* part : {&notes.messages, &answers})
        for (std::string& message : *part)
            reply->send(std::move(message));
    if (waiting.empty())
        reply->finish({}, reply_status::ok);
    const auto left = std::make_shared<std::atomic<std::size_t>>(waiting.size());
    for (auto& [what, work] : waiting) {
        auto member = std::make_shared<batch_member>(reply, left);
        std::make_shared<async_call>(server_.environment(), executor, std::move(what),
                                     std::move(member), std::move(work))
            ->start();
    }
}

} // namespace mcp
