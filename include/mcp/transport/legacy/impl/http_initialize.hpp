// SPDX-License-Identifier: MIT
#pragma once

// How the HTTP endpoint begins a session. [MCP 2025-11-25 basic/lifecycle]

#include <mcp/encoding/random.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/session/session_record.hpp>
#include <mcp/transport/legacy/handshake.hpp>
#include <mcp/transport/legacy/impl/http_endpoint.hpp>

#include <string>
#include <utility>

namespace mcp::legacy {

inline asio::awaitable<void> http_endpoint::initialize(const http_exchange& x,
                                                       const jsonrpc::message& message) {
    http::response& r = x.response;
    const bool sessions = options_.sessions != no_sessions;
    const auto id = x.request.headers.find(header::session_id);
    if (id && sessions)
        return initialize_again(x, message.id, std::string(*id));
    auto agreed = read_handshake(message.params, server_.options().client_bytes);
    if (!agreed) {
        refuse(r, http::status::ok, agreed.error(), message.id);
        return done();
    }
    r.content_type = "application/json";
    write_handshake(r.body, server_, message.id, agreed->revision);
    if (!sessions)
        return done();
    session_record record;
    record.id = random_token(24);
    record.owner = x.principal ? x.principal->subject : std::string();
    record.revision = agreed->revision;
    record.client = std::move(agreed->client);
    record.capabilities = std::move(agreed->capabilities);
    record.created = session_record::clock::now();
    record.awaits_initialized = server_.options().require_initialized;
    record.version = 1;
    r.set("Mcp-Session-Id", record.id);
    auto room = server_.environment().sessions.create(std::move(record));
    if (!room.ready())
        return created_later(r, std::move(room));
    return created(r, room.take());
}

/// Refuses a second `initialize`. If the session has ended, the client learns that, as with any
/// other request.
inline asio::awaitable<void> http_endpoint::initialize_again(http_exchange x, jsonrpc::id request,
                                                             std::string id) {
    auto found = server_.environment().sessions.find(std::move(id));
    const bool reached = co_await settled(x.response, found);
    if (reached && open_session(x, found.take()))
        refuse(x.response, http::status::bad_request,
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

} // namespace mcp::legacy
