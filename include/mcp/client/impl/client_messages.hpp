// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/impl/client_core.hpp>
#include <mcp/client/impl/client_exchange.hpp>
#include <mcp/client/impl/listening.hpp>
#include <mcp/client/subscription.hpp>
#include <mcp/json/member.hpp>
#include <mcp/jsonrpc/outline.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/progress.hpp>
#include <mcp/protocol/subscriptions.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>

#include <charconv>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp::detail {

/// The number of questions of a server that are answered at once; it gets an error for more.
inline constexpr std::size_t most_answers = 64;

/// The number of responses to requests of a server that may wait to be sent.
inline constexpr std::size_t most_replies = 1024;

/// Returns the number of a request of the client.
inline std::optional<std::int64_t> parse_id(const jsonrpc::id& id) {
    const std::string_view text = id.text();
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

/// Takes one text: a message, or a batch of them. `of` is the call whose stream brought it.
inline void client_core::receive(std::string text, client_call* of) {
    const auto self = shared_from_this();
    const auto owner = std::make_shared<client_message>(std::move(text));
    if (const auto error = owner->document.read(owner->text)) {
        jsonrpc::outline_scanner outline;
        outline.feed(owner->text);
        const json members = outline.take();
        return fault(of ? of : meant(members),
                     "the server has sent a message that is not JSON: " + error->what());
    }
    const json_view root = owner->document.root();
    if (!root.is_array())
        return take(owner, root, of);
    for (const json_view each : root.elements())
        take(owner, each, of);
}

inline void client_core::take(const std::shared_ptr<const client_message>& owner, json_view value,
                              client_call* of) {
    const auto message = jsonrpc::read_message(value);
    if (!message)
        return fault(of ? of : meant(value),
                     "the server has sent a bad message: " + message.error().message);
    switch (message->kind) {
    case jsonrpc::message_kind::notification:
        try {
            take_notification(*message);
        } catch (const std::exception& failure) {
            fault(nullptr, "the handler of " + std::string(message->method) +
                               " has failed: " + failure.what());
        }
        return;
    case jsonrpc::message_kind::request:
        return take_request(*message);
    case jsonrpc::message_kind::result:
    case jsonrpc::message_kind::error:
        return take_response(owner, *message, of);
    }
}

/// Returns the call that a malformed response still names; null for none.
inline client_call* client_core::meant(json_view value) const {
    if (!value.is_object() || value.find("method"))
        return nullptr;
    const json_view id = value.find("id");
    const auto number = id && id.is_number() ? id.to_int64() : std::nullopt;
    const auto found = number ? under_way_.find(*number) : under_way_.end();
    return found == under_way_.end() ? nullptr : found->second.get();
}

inline void client_core::take_response(const std::shared_ptr<const client_message>& owner,
                                       const jsonrpc::message& message, client_call* of) {
    if (!message.id && of)
        return of->settle({owner, message}); // the server could not read the id
    const auto id = message.id ? parse_id(message.id) : std::nullopt;
    if (id && abandoned_.erase(*id) > 0)
        return; // it was sent before the server knew
    const auto found = id ? under_way_.find(*id) : under_way_.end();
    if (found == under_way_.end() || found->second->done())
        return fault(nullptr, "the server has sent a response to no request of the client");
    const auto call = found->second;
    call->settle({owner, message});
}

/// Returns the `subscriptions/listen` request with that id, or null.
inline std::shared_ptr<client_call> client_core::subscription_of(json_view id) const {
    const auto read = jsonrpc::id::from(id);
    const auto number = read ? parse_id(*read) : std::nullopt;
    const auto found = number ? under_way_.find(*number) : under_way_.end();
    return found != under_way_.end() && found->second->subscription ? found->second : nullptr;
}

/// Returns whether a subscription of that id has ended.
inline bool client_core::has_ended(json_view id) const {
    if (const auto call = subscription_of(id))
        return call->subscription->state != subscription_state::open;
    const auto read = jsonrpc::id::from(id);
    return read && parse_id(*read);
}

inline void client_core::take_notification(const jsonrpc::message& message) {
    const std::string_view method = message.method;
    const json_view subscription =
        find_member(find_member(message.params, "_meta"), meta_key::subscription_id);
    if (subscription && has_ended(subscription))
        return; // it was sent before the server knew of the end
    if (method == "notifications/progress") {
        const auto read = read_progress(message.params);
        if (!read)
            return fault(nullptr, "bad progress: " + read.error().what());
        const auto id = parse_id(read->first);
        const auto found = id ? under_way_.find(*id) : under_way_.end();
        if (found == under_way_.end())
            return; // of a call that has ended
        const auto call = found->second;
        call->times.progressed();
        if (call->on_progress)
            call->on_progress(read->second);
    } else if (method == "notifications/message") {
        const auto read = read_log_message(message.params);
        if (!read)
            return fault(nullptr, "bad log message: " + read.error().what());
        if (on_log)
            on_log(*read);
    } else if (method == "notifications/cancelled") {
        const auto id = jsonrpc::id::from(find_member(message.params, "requestId"));
        if (const auto found = id ? answers_.find(id->text()) : answers_.end();
            found != answers_.end()) {
            const auto signal = found->second;
            signal->emit(asio::cancellation_type::terminal);
        } else if (const auto call = subscription_of(find_member(message.params, "requestId"))) {
            call->fail(std::make_exception_ptr(transport_error(
                transport_failure::closed, name_ + ": the server has ended a subscription")));
        }
    } else if (method == "notifications/subscriptions/acknowledged") {
        const auto honoured = read_listen_params(message.params);
        const auto call = subscription_of(subscription);
        if (!honoured || !call)
            return fault(nullptr, "the server has sent a bad acknowledgement of a subscription");
        acknowledge(*call->subscription, *honoured);
    } else if (method == "notifications/resources/updated") {
        const auto uri = find_member(message.params, "uri").if_string();
        if (uri)
            cache.drop_resource(*uri);
        if (uri && on_resource_updated)
            on_resource_updated(std::string(*uri));
    } else {
        for (const list_kind kind : {list_kind::tools, list_kind::resources, list_kind::prompts})
            if (method == list_changed_method(kind)) {
                cache.drop_list(kind);
                return on_list_changed ? on_list_changed(kind) : void();
            }
        if (on_notification)
            on_notification(std::string(method),
                            message.params ? message.params.to_json() : json());
    }
}

/// Keeps the signal while its slot is in use.
struct keep_signal {
    std::shared_ptr<asio::cancellation_signal> signal;
    void operator()(std::exception_ptr) const noexcept {}
};

inline void client_core::take_request(const jsonrpc::message& message) {
    std::string refusal;
    if (message.method != "ping") {
        if (negotiated_ && is_modern(facts.revision))
            return fault(nullptr, "the server has sent a request, " + std::string(message.method) +
                                      ", which revision " + std::string(to_string(facts.revision)) +
                                      " does not allow");
        if (!negotiated_)
            refusal = "the handshake has not ended";
        else if (answers_.size() >= most_answers)
            refusal = "too many requests are under way";
    }
    const std::string id(message.id.text());
    if (replies_ >= most_replies)
        return fault(nullptr, "the server sends requests, but does not read the responses");
    if (answers_.contains(id))
        return fault(nullptr, "the server has sent two requests with the id " + id);
    const auto signal = std::make_shared<asio::cancellation_signal>();
    if (refusal.empty())
        answers_[id] = signal;
    ++replies_;
    asio::co_spawn(executor_,
                   answer_request(shared_from_this(), transport_, signal, message.id,
                                  std::string(message.method),
                                  message.params ? message.params.to_json() : json(json_object()),
                                  std::move(refusal)),
                   asio::bind_cancellation_slot(signal->slot(), keep_signal{signal}));
}

inline void client_core::fault(client_call* of, const std::string& why) {
    if (of && !of->done())
        of->fail(std::make_exception_ptr(broken(why)));
    else if (on_fault)
        on_fault(name_ + ": " + why);
}

inline void client_core::closed(std::exception_ptr why) {
    connected_ = false;
    ended_ = why;
    for (const auto& each : listenings_)
        if (const auto it = each.lock(); it && it->state == subscription_state::open) {
            it->state = subscription_state::lost;
            if (it->running)
                it->stop.emit(asio::cancellation_type::terminal);
        }
    for (const auto& [id, call] : std::exchange(under_way_, {}))
        call->fail(why);
    for (const auto& [id, signal] : std::exchange(answers_, {}))
        signal->emit(asio::cancellation_type::terminal);
}

} // namespace mcp::detail
