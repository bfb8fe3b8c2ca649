// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/async/pending.hpp>
#include <mcp/broker/subscriber.hpp>
#include <mcp/encoding/utf8.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/jsonrpc/batch.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/jsonrpc/outline.hpp>
#include <mcp/protocol/cancellation.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/call.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/server/registry.hpp>
#include <mcp/server/request_view.hpp>
#include <mcp/transport/inbound.hpp>
#include <mcp/transport/listen.hpp>
#include <mcp/transport/message_peer.hpp>
#ifndef MCP_NO_LEGACY
#include <mcp/server/legacy/session.hpp>
#endif

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mcp {

/// What a `message_peer` does, and its state.
class message_peer::impl : public std::enable_shared_from_this<impl> {
public:
    impl(any_server& server, asio::any_io_executor executor, peer_options options);
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;
    ~impl();

    void receive(std::string_view text);

    void end_input();

    void close();

    mailbox& output() noexcept { return channel_->box; }

#ifndef MCP_NO_LEGACY
    void resume(const session_record& record);

    std::shared_ptr<const legacy::session> session() const noexcept { return session_; }
#endif

private:
    /// Sends messages to the client. Publishers may keep it longer than the peer. Any thread.
    struct channel final : subscriber {
        channel(const server_environment& e, mailbox_limits limits)
            : environment(e)
            , box(std::move(limits)) {}
        bool send(std::string message);
        bool deliver(std::string_view, const std::string& message) override {
            return send(message);
        }
        const server_environment& environment;
        mailbox box;
    };

    class batch;
    using batch_ptr = std::shared_ptr<batch>; // null for a message outside a batch
    class immediate_sink;
    class call_sink;

    /// Says whether a session has been replaced; its calls share the flag. Any thread.
    using replaced_flag = std::shared_ptr<std::atomic<bool>>;

    struct task {
        std::function<void()> cancel;
        std::shared_ptr<listener> listening; ///< null unless it is a listen stream
        bool of_session = false;             ///< false on the modern wire
    };

    void receive_parsed(json_view value);
    void receive_modern(json_view value);
    void listen(const jsonrpc::message& request);
    void begin_listening(const jsonrpc::id& id, subscription_filter filter);
    static asio::awaitable<void> listen_as_permitted(std::shared_ptr<impl> self, jsonrpc::id id,
                                                     subscription_filter filter,
                                                     std::shared_ptr<const bool> cancelled);
    void notified(const jsonrpc::message& message);
    void serve(const jsonrpc::message& message, mcp::revision revision,
               const std::shared_ptr<legacy::session>& session, const batch_ptr& group);
    bool admits(const jsonrpc::id& id, const batch_ptr& group);
    void reply(std::string response, const batch_ptr& group);
    void refuse(const jsonrpc::error& why, const jsonrpc::id& id, const batch_ptr& group = {});
    void refuse_text(std::string_view text, const jsonrpc::error& why);
    void refuse_message(json_view value, const jsonrpc::error& why, const batch_ptr& group = {});
    void cancel(const jsonrpc::id& id);
    void ended(const jsonrpc::id& id);
    void close_when_idle();
    void leave();

#ifndef MCP_NO_LEGACY
    // The legacy wire: legacy/impl/message_peer.hpp
    void receive_batch(json_view messages);
    void receive_legacy(json_view value, const batch_ptr& group);
    void initialize(const jsonrpc::message& message);
    void begin_session(legacy::handshake with);
    void end_session();
    void fail_question(json_view response, const jsonrpc::error& why);
    void hang_up();
    void leave_session();

    std::shared_ptr<legacy::session> session_; // set by `initialize`
    std::size_t sessions_ = 0;                 // number of sessions begun
    bool awaits_initialized_ = false;
#endif
    replaced_flag replaced_; // of the session

    any_server& server_;
    const asio::any_io_executor executor_;
    const peer_options options_;
    const std::shared_ptr<channel> channel_;
    json_document document_;
    std::unordered_map<jsonrpc::id, task> under_way_;
    bool input_ended_ = false;
};

inline bool message_peer::impl::channel::send(std::string message) {
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
class message_peer::impl::batch {
public:
    explicit batch(std::shared_ptr<channel> to) : to_(std::move(to)) {}

    void expect() noexcept { ++expected_; }
    void add(std::string_view response) { answers_.add(response); }
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
class message_peer::impl::immediate_sink final : public message_sink {
public:
    explicit immediate_sink(channel& to) : to_(to) {}
    void send(std::string message) override { to_.send(std::move(message)); }
    void finish(std::string, reply_status) override {}

private:
    channel& to_;
};

class message_peer::impl::call_sink final : public message_sink {
public:
    /// `replaced` is null on the modern wire.
    call_sink(std::shared_ptr<impl> peer, jsonrpc::id id, batch_ptr group, replaced_flag replaced)
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

    std::shared_ptr<impl> peer_;
    jsonrpc::id id_;
    batch_ptr group_;
    replaced_flag replaced_;
};

inline message_peer::impl::impl(any_server& server, asio::any_io_executor executor,
                                peer_options options)
    : server_(server)
    , executor_(std::move(executor))
    , options_(options)
    , channel_(std::make_shared<channel>(server.environment(), options.output))
    , document_(options.json, options.surrogates) {}

inline message_peer::impl::~impl() {
    leave();
}

inline void message_peer::impl::receive(std::string_view text) {
    if (text.size() > options_.message_bytes)
        return refuse_text(text,
                           invalid_request("A message may have at most " +
                                           std::to_string(options_.message_bytes) + " bytes"));
    if (const auto error = document_.read(without_byte_order_mark(text)))
        refuse_text(text, {jsonrpc::errc::parse_error, "Parse error: " + error->what()});
    else
        receive_parsed(document_.root());
    document_.clear(); // frees a large text
}

inline void message_peer::impl::receive_parsed(json_view value) {
#ifndef MCP_NO_LEGACY
    if (value.is_array())
        return receive_batch(value);
    if (era_of(value) == era::legacy && server_.options().legacy)
        return receive_legacy(value, {});
#endif
    receive_modern(value);
}

inline void message_peer::impl::receive_modern(json_view value) {
    const auto message = jsonrpc::read_message(value);
    if (!message)
        return refuse_message(value, message.error());
    if (message->kind == jsonrpc::message_kind::notification)
        return notified(*message);
    if (message->kind != jsonrpc::message_kind::request)
        return; // a response gets no response
    if (const auto no = refuse_handshake(*message))
        return refuse(*no, message->id);
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

/// Opens a listen stream. [MCP 2026-07-28 basic/patterns/subscriptions]
inline void message_peer::impl::listen(const jsonrpc::message& request) {
    if (!admits(request.id, {}))
        return;
    auto filter = read_filter(request.params, server_.options().subscriptions);
    if (!filter)
        return refuse(filter.error(), request.id);
    if (!options_.principal)
        return begin_listening(request.id, honoured(server_, std::move(*filter)));
    const auto cancelled = std::make_shared<bool>(false);
    under_way_.emplace(request.id, task{[cancelled] { *cancelled = true; }, {}});
    asio::co_spawn(
        executor_,
        listen_as_permitted(shared_from_this(), request.id, std::move(*filter), cancelled),
        asio::detached);
}

inline asio::awaitable<void>
message_peer::impl::listen_as_permitted(std::shared_ptr<impl> self, jsonrpc::id id,
                                        subscription_filter filter,
                                        std::shared_ptr<const bool> cancelled) {
    std::optional<subscription_filter> permitted;
    try {
        permitted = co_await honoured(self->server_, self->options_.principal, std::move(filter));
    } catch (const unavailable&) {
    }
    self->under_way_.erase(id);
    if (self->input_ended_)
        self->close_when_idle();
    else if (!*cancelled && permitted)
        self->begin_listening(id, std::move(*permitted));
    else if (!*cancelled)
        self->refuse(unavailable_error(), id);
}

inline void message_peer::impl::begin_listening(const jsonrpc::id& id, subscription_filter filter) {
    auto write = [to = channel_](std::string message) { return to->send(std::move(message)); };
    auto listening = std::make_shared<listener>(id, std::move(filter), std::move(write));
    if (!listening->reserve(server_.environment().stream_budget()))
        return refuse({jsonrpc::errc::internal_error,
                       "The server has no memory left for another stream; try again later"},
                      id);
    listening->begin(server_.environment().topics);
    under_way_.emplace(id, task{{}, std::move(listening)});
}

inline void message_peer::impl::notified(const jsonrpc::message& message) {
#ifndef MCP_NO_LEGACY
    if (message.method == "notifications/initialized")
        awaits_initialized_ = false;
#endif
    if (message.method != "notifications/cancelled")
        return;
    if (const auto cancelled = read_cancelled(message.params))
        cancel(cancelled->request);
}

} // namespace mcp

#include <mcp/transport/impl/message_peer_requests.hpp>
#ifndef MCP_NO_LEGACY
#include <mcp/transport/legacy/impl/message_peer.hpp>
#endif
