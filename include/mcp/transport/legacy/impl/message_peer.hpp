// SPDX-License-Identifier: MIT
#pragma once

// The legacy part of a message peer: its session, and batches.

#include <mcp/json/value.hpp>
#include <mcp/jsonrpc/batch.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/legacy/session.hpp>
#include <mcp/session/session_record.hpp>
#include <mcp/transport/impl/message_peer.hpp>
#include <mcp/transport/inbound.hpp>
#include <mcp/transport/legacy/handshake.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mcp {

inline void message_peer::impl::receive_batch(json_view messages) {
    if (!session_ || !has_batches(session_->revision()))
        return refuse(invalid_request("Only revision 2025-03-26 has batches"), {});
    const auto members = jsonrpc::read_batch(messages, options_.batch);
    if (!members)
        return refuse(members.error(), {});
    for (const json_view each : members->elements())
        if (claims_modern(each))
            return refuse(invalid_request("A modern request is not allowed in a batch"), {});
    const auto group = std::make_shared<batch>(channel_);
    for (const json_view each : members->elements())
        receive_legacy(each, group);
    group->arrived();
}

/// Receives a legacy message. [MCP 2025-11-25 basic/lifecycle]
inline void message_peer::impl::receive_legacy(json_view value, const batch_ptr& group) {
    const auto message = jsonrpc::read_message(value);
    if (!message)
        return refuse_message(value, message.error(), group);
    switch (message->kind) {
    case jsonrpc::message_kind::notification:
        return notified(*message);
    case jsonrpc::message_kind::result:
    case jsonrpc::message_kind::error:
        if (session_)
            session_->receive(*message);
        return;
    case jsonrpc::message_kind::request:
        break;
    }
    if (message->method == "initialize") {
        if (group)
            return refuse(invalid_request("initialize is not allowed in a batch"), message->id,
                          group);
        return initialize(*message);
    }
    if (!session_ && message->method != "ping")
        return refuse(not_begun(server_.options().modern), message->id);
    if (awaits_initialized_ && message->method != "ping")
        return refuse(not_initialized(), message->id, group);
    serve(*message, session_ ? session_->revision() : latest_legacy, session_, group);
}

inline void message_peer::impl::initialize(const jsonrpc::message& message) {
    auto agreed = legacy::read_handshake(message.params, server_.options().client_bytes);
    if (!agreed)
        return refuse(agreed.error(), message.id);
    if (session_)
        end_session();
    begin_session(std::move(*agreed));
    std::string response;
    legacy::write_handshake(response, server_, message.id, session_->revision());
    channel_->send(std::move(response));
    session_->listen(server_.environment().topics, channel_);
}

inline void message_peer::impl::begin_session(legacy::handshake with) {
    // An answer to a question of the previous session must not match a question of this session.
    std::string prefix = ++sessions_ == 1 ? std::string() : std::to_string(sessions_) + '.';
    session_ =
        std::make_shared<legacy::session>(options_.session_id, std::move(with), std::move(prefix));
    replaced_ = std::make_shared<std::atomic<bool>>(false);
    awaits_initialized_ = server_.options().require_initialized;
}

inline void message_peer::impl::resume(const session_record& record) {
    begin_session({record.revision, record.client, record.capabilities});
    awaits_initialized_ = record.awaits_initialized;
    session_->threshold(record.threshold);
    session_->listen(server_.environment().topics, channel_);
    for (const std::string& uri : record.subscriptions)
        session_->subscribe(server_.environment().topics, uri);
}

/// Ends the session because another one begins. Cancels its requests without a response.
inline void message_peer::impl::end_session() {
    server_.environment().log(log_level::info,
                              "the client initializes again; the previous session ends");
    replaced_->store(true);
    session_->hang_up();
    session_->leave(server_.environment().topics);
    std::vector<std::function<void()>> running;
    std::erase_if(under_way_, [&](auto& each) {
        if (each.second.of_session)
            running.push_back(std::move(each.second.cancel));
        return each.second.of_session;
    });
    for (const auto& cancel : running)
        cancel();
}

/// Ends the question that a malformed response answers.
inline void message_peer::impl::fail_question(json_view response, const jsonrpc::error& why) {
    if (const auto failed = jsonrpc::failed_response(response, why); failed && session_)
        session_->receive(*jsonrpc::read_message(*failed));
}

/// Ends the questions that wait for the client.
inline void message_peer::impl::hang_up() {
    if (session_)
        session_->hang_up();
}

inline void message_peer::impl::leave_session() {
    hang_up();
    if (session_)
        session_->leave(server_.environment().topics);
}

} // namespace mcp
