#pragma once

#include <mcp/encoding/utf8.hpp>
#include <mcp/jsonrpc/outline.hpp>
#include <mcp/protocol/cancellation.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/server/legacy/handshake.hpp>
#include <mcp/transport/inbound.hpp>
#include <mcp/transport/message_peer.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

inline bool message_peer::channel::send(std::string message) {
    switch (box.push(std::move(message))) {
    case push_result::taken:
        return true;
    case push_result::full:
        environment.log(log_level::error,
                        "the client does not read its messages and was disconnected");
        box.abandon();
        break;
    case push_result::closed:
        break;
    }
    return false;
}

/// The responses of a batch, sent as one array when all of them are there.
class message_peer::batch {
public:
    explicit batch(std::shared_ptr<channel> to) : to_(std::move(to)) {}

    void expect() noexcept { ++expected_; }
    void add(std::string_view answer) { answers_.add(answer); }
    void arrived() {
        if (--expected_ == 0 && !answers_.empty())
            to_->send(answers_.take());
    }

private:
    std::shared_ptr<channel> to_;
    jsonrpc::batch_reply answers_;
    std::size_t expected_ = 1; // one for the reading of the batch itself
};

/// Sends the messages of an immediate handler at once, before its response.
class message_peer::immediate_sink final : public message_sink {
public:
    explicit immediate_sink(channel& to) : to_(to) {}
    void send(std::string message) override { to_.send(std::move(message)); }
    void finish(std::string, reply_status) override {}

private:
    channel& to_;
};

class message_peer::call_sink final : public message_sink {
public:
    /// `replaced` is null on the modern wire.
    call_sink(std::shared_ptr<message_peer> peer, jsonrpc::id id, batch_ptr group,
              replaced_flag replaced)
        : peer_(std::move(peer))
        , id_(std::move(id))
        , group_(std::move(group))
        , replaced_(std::move(replaced)) {}

    void send(std::string message) override {
        if (!is_replaced())
            peer_->channel_->send(std::move(message));
    }
    void finish(std::string response, reply_status) override {
        if (is_replaced())
            return; // the peer has dropped the call, and another request may use the id
        if (!response.empty())
            peer_->reply(std::move(response), group_);
        if (group_)
            group_->arrived();
        peer_->ended(id_);
    }

private:
    bool is_replaced() const { return replaced_ && replaced_->load(); }

    std::shared_ptr<message_peer> peer_;
    jsonrpc::id id_;
    batch_ptr group_;
    replaced_flag replaced_;
};

inline message_peer::message_peer(any_server& server, asio::any_io_executor executor,
                                  peer_options options)
    : server_(server)
    , executor_(std::move(executor))
    , options_(options)
    , channel_(std::make_shared<channel>(server.environment(), options.output))
    , parser_(options.json, options.surrogates) {}

inline message_peer::~message_peer() {
    leave();
}

inline void message_peer::receive(std::string_view text) {
    if (text.size() > options_.message_bytes)
        return refuse_text(text,
                           invalid_request("A message may have at most " +
                                           std::to_string(options_.message_bytes) + " bytes"));
    const auto parsed = parser_.parse(without_byte_order_mark(text));
    if (parsed)
        receive_parsed(**parsed);
    else
        refuse_text(text, {jsonrpc::errc::parse_error, "Parse error: " + parsed.error().what()});
    parser_.clear(); // frees a large text
}

inline void message_peer::receive_parsed(const json& value) {
    if (value.is_array())
        return receive_batch(value);
    if (era_of(value) == era::modern || !server_.options().legacy)
        return receive_modern(value);
    return receive_legacy(value, {});
}

inline void message_peer::receive_batch(const json& messages) {
    if (!session_ || !has_batches(session_->revision()))
        return refuse(invalid_request("Only revision 2025-03-26 has batches"), {});
    const auto members = jsonrpc::read_batch(messages, options_.batch);
    if (!members)
        return refuse(members.error(), {});
    for (const json& each : **members)
        if (claims_modern(each))
            return refuse(invalid_request("A modern request is not allowed in a batch"), {});
    const auto group = std::make_shared<batch>(channel_);
    for (const json& each : **members)
        receive_legacy(each, group);
    group->arrived();
}

inline void message_peer::receive_modern(const json& value) {
    const auto message = jsonrpc::read_message(value);
    if (!message)
        return refuse_message(value, message.error());
    if (message->kind == jsonrpc::message_kind::notification)
        return notified(*message);
    if (message->kind != jsonrpc::message_kind::request)
        return; // a response gets no response
    const auto meta = read_request_meta(message->params);
    if (!meta)
        return refuse(invalid_params(meta.error().what()), message->id);
    if (!server_.options().modern)
        return refuse(unsupported_protocol_version(meta->protocol_version, {}), message->id);
    if (const auto missing = check_modern_meta(*meta))
        return refuse(*missing, message->id);
    const auto revision = parse_revision(meta->protocol_version);
    if (!revision || !is_modern(*revision))
        return refuse(unsupported_protocol_version(meta->protocol_version), message->id);
    if (message->method == "subscriptions/listen")
        return listen(*message);
    serve(*message, *revision, {}, {});
}

/// Receives a legacy message. [MCP 2025-11-25 basic/lifecycle]
inline void message_peer::receive_legacy(const json& value, const batch_ptr& group) {
    const auto message = jsonrpc::read_message(value);
    if (!message)
        return refuse_message(value, message.error(), group);
    switch (message->kind) {
    case jsonrpc::message_kind::notification:
        return notified(*message);
    case jsonrpc::message_kind::result:
    case jsonrpc::message_kind::error:
        if (session_)
            session_->answer(*message);
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
    serve(*message, session_ ? session_->revision() : latest_legacy, session_, group);
}

inline void message_peer::initialize(const jsonrpc::message& message) {
    auto agreed = legacy::read_handshake(message.params, server_.options().client_bytes);
    if (!agreed)
        return refuse(agreed.error(), message.id);
    if (session_)
        end_session();
    // An answer to a question of the previous session must not match a question of this session.
    std::string prefix = ++sessions_ == 1 ? std::string() : std::to_string(sessions_) + '.';
    session_ =
        std::make_shared<legacy::session>(std::string(), std::move(*agreed), std::move(prefix));
    replaced_ = std::make_shared<std::atomic<bool>>(false);
    std::string answer;
    legacy::write_handshake(answer, server_, message.id, session_->revision());
    channel_->send(std::move(answer));
    session_->listen(server_.environment().topics, channel_);
}

/// Ends the session because another one begins. Cancels its requests without a response.
inline void message_peer::end_session() {
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

/// Opens a listen stream. [MCP 2026-07-28 basic/patterns/subscriptions]
inline void message_peer::listen(const jsonrpc::message& request) {
    if (!admits(request.id, {}))
        return;
    auto filter = read_filter(request.params, server_.options().subscriptions);
    if (!filter)
        return refuse(filter.error(), request.id);
    auto write = [to = channel_](std::string message) { return to->send(std::move(message)); };
    auto listening = std::make_shared<listener>(request.id, honoured(server_, std::move(*filter)),
                                                std::move(write));
    if (!listening->reserve(server_.environment().stream_budget()))
        return refuse({jsonrpc::errc::internal_error,
                       "The server has no memory left for another stream; try again later"},
                      request.id);
    listening->begin(server_.environment().topics);
    under_way_.emplace(request.id, task{{}, std::move(listening)});
}

inline void message_peer::notified(const jsonrpc::message& message) {
    if (message.method != "notifications/cancelled")
        return;
    if (const auto cancelled = read_cancelled(message.params))
        cancel(cancelled->request);
}

inline void message_peer::serve(const jsonrpc::message& request, mcp::revision revision,
                                std::shared_ptr<legacy::session> session, const batch_ptr& group) {
    if (!admits(request.id, group))
        return;
    job later;
    {
        immediate_sink sink(*channel_);
        context ctx(server_.environment(), caller{revision, &sink, session.get()}, request.params);
        std::string answer;
        reply_status status = reply_status::ok;
        if (server_.answer(ctx, request, answer, status, later))
            return reply(std::move(answer), group);
    }
    async_call::request kept;
    kept.id = request.id;
    kept.method = request.method;
    if (request.params)
        kept.params = json_object(*request.params, json_storage{});
    kept.revision = revision;
    const bool of_session = session != nullptr;
    if (of_session) // `admits` has checked the id and the limit for both wires
        kept.slot = session->take_slot(request.id, options_.requests);
    kept.session = std::move(session);
    kept.server_info = server_.info_text(revision);
    if (group)
        group->expect();
    const auto call = std::make_shared<async_call>(
        server_.environment(), executor_, std::move(kept),
        std::make_shared<call_sink>(shared_from_this(), request.id, group,
                                    of_session ? replaced_ : nullptr),
        std::move(later));
    auto stop = [weak = std::weak_ptr<async_call>(call)] {
        if (const auto running = weak.lock())
            running->cancel();
    };
    // Before the start, because the call may end there.
    under_way_.emplace(request.id, task{std::move(stop), {}, of_session});
    call->start();
}

/// Returns whether a request may begin; if not, it has been refused.
inline bool message_peer::admits(const jsonrpc::id& id, const batch_ptr& group) {
    if (under_way_.contains(id))
        refuse(invalid_request("A request with this id is under way"), id, group);
    else if (under_way_.size() >= options_.requests)
        refuse({jsonrpc::errc::internal_error, "At most " + std::to_string(options_.requests) +
                                                   " requests may be under way at once"},
               id, group);
    else
        return true;
    return false;
}

inline void message_peer::reply(std::string answer, const batch_ptr& group) {
    if (group)
        group->add(answer);
    else
        channel_->send(std::move(answer));
}

inline void message_peer::refuse(const jsonrpc::error& why, const jsonrpc::id& id,
                                 const batch_ptr& group) {
    const bool old = session_ && !omits_unknown_id(session_->revision());
    std::string answer;
    jsonrpc::write_error(answer, id, why,
                         old ? jsonrpc::unknown_id::null : jsonrpc::unknown_id::omitted);
    reply(std::move(answer), group);
}

/// Refuses a text that is not JSON, or too long. Its id and kind may still be readable.
inline void message_peer::refuse_text(std::string_view text, const jsonrpc::error& why) {
    refuse_message(jsonrpc::read_outline(text), why);
}

/// Refuses a malformed request. A malformed response ends the question that it answers. Neither it
/// nor a malformed notification gets a response; both are logged.
inline void message_peer::refuse_message(const json& value, const jsonrpc::error& why,
                                         const batch_ptr& group) {
    if (jsonrpc::is_answered(value))
        return refuse(why, jsonrpc::readable_id(value), group);
    server_.environment().log(log_level::warning,
                              "a malformed message was ignored: " + why.message);
    if (const auto failed = jsonrpc::failed_response(value, why); failed && session_)
        session_->answer(*jsonrpc::read_message(*failed));
}

/// Cancels a request. [MCP 2026-07-28 basic/patterns/cancellation]
inline void message_peer::cancel(const jsonrpc::id& id) {
    const auto found = under_way_.find(id);
    if (found == under_way_.end())
        return;
    if (!found->second.listening)
        return found->second.cancel(); // removed when it has ended
    found->second.listening->end(server_.environment().topics);
    under_way_.erase(found);
}

inline void message_peer::ended(const jsonrpc::id& id) {
    under_way_.erase(id);
    close_when_idle();
}

inline void message_peer::close_when_idle() {
    if (input_ended_ && under_way_.empty())
        channel_->box.close();
}

inline void message_peer::end_input() {
    input_ended_ = true;
    if (session_)
        session_->hang_up();
    std::erase_if(under_way_, [this](const auto& each) {
        const std::shared_ptr<listener>& listening = each.second.listening;
        if (listening) {
            listening->end(server_.environment().topics);
            channel_->send(listening->goodbye(server_.info_text(latest)));
        }
        return listening != nullptr;
    });
    close_when_idle();
}

inline void message_peer::close() {
    input_ended_ = true;
    channel_->box.abandon();
    leave();
    std::vector<std::function<void()>> running;
    for (const auto& [id, each] : under_way_)
        running.push_back(each.cancel);
    for (const auto& cancel : running)
        cancel();
}

/// Ends listen streams, and the questions that wait for the client.
inline void message_peer::leave() {
    if (session_) {
        session_->hang_up();
        session_->leave(server_.environment().topics);
    }
    std::erase_if(under_way_, [this](const auto& each) {
        if (each.second.listening)
            each.second.listening->end(server_.environment().topics);
        return each.second.listening != nullptr;
    });
}

} // namespace mcp
