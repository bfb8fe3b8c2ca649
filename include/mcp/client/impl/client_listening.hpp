// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/impl/client_core.hpp>
#include <mcp/client/impl/client_exchange.hpp>
#include <mcp/client/impl/listening.hpp>
#include <mcp/client/subscription.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/subscriptions.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <random>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp::detail {

/// Marks that the coroutine of a subscription runs.
struct listening_run {
    std::shared_ptr<listening> it;
    explicit listening_run(std::shared_ptr<listening> it_) : it(std::move(it_)) {
        it->running = true;
    }
    listening_run(const listening_run&) = delete;
    listening_run& operator=(const listening_run&) = delete;
    ~listening_run() {
        it->running = false;
        it->changed();
    }
};

/// Lets a coroutine wait for a subscription.
struct listening_wait {
    std::shared_ptr<listening> it;
    listening_wait(std::shared_ptr<listening> it_, asio::steady_timer& timer) : it(std::move(it_)) {
        it->waiter = &timer;
    }
    listening_wait(const listening_wait&) = delete;
    listening_wait& operator=(const listening_wait&) = delete;
    ~listening_wait() { it->waiter = nullptr; }
};

/// Ends a subscription while its client exists.
struct end_of_listening {
    std::weak_ptr<client_core> core;
    void operator()(listening& it) const {
        if (const auto held = core.lock())
            held->end(it);
    }
};

/// Keeps the subscription while the slot of its signal is in use.
struct keep_listening {
    std::shared_ptr<listening> it;
    void operator()(std::exception_ptr) const noexcept {}
};

inline client_request request_for(std::string_view method, std::string_view uri) {
    std::string members = "\"uri\":";
    json_writer w(members);
    w.value(uri);
    return client_request(method, std::move(members), std::string(uri));
}

/// Returns the time until the next attempt, which grows; clients that a server has lost at once do
/// not come back at once.
inline std::chrono::milliseconds next_delay(std::chrono::milliseconds first, std::size_t failures) {
    std::chrono::milliseconds delay = first;
    for (std::size_t i = 1; i < failures && delay < std::chrono::seconds(30); ++i)
        delay *= 2;
    thread_local std::minstd_rand random{std::random_device{}()};
    return delay / 2 + std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(
                           0, delay.count() / 2)(random));
}

/// Keeps a `subscriptions/listen` request open: sends it again after a break.
inline asio::awaitable<void> client_core::run_listening(std::shared_ptr<client_core> self,
                                                        std::shared_ptr<listening> it,
                                                        std::string filter) {
    const listening_run run(it);
    client_request what("subscriptions/listen", "\"notifications\":" + filter);
    what.subscription = it;
    call_options unlimited;
    unlimited.timeout = std::chrono::milliseconds(0);
    std::size_t failures = 0;
    bool before = false; // it has been acknowledged once
    while (it->state == subscription_state::open) {
        const auto begun = call_times::clock::now();
        it->acknowledged = false;
        std::exception_ptr failure;
        client_response response;
        try {
            response =
                co_await self->exchange(what, unlimited, {}, call_times::clock::time_point::max());
        } catch (...) {
            failure = std::current_exception();
        }
        if (it->state != subscription_state::open)
            co_return;
        const bool refused = !failure && response.message.kind == jsonrpc::message_kind::error;
        if (refused)
            failure = std::make_exception_ptr(protocol_error(response.message.error));
        else if (!failure && !it->acknowledged)
            failure = std::make_exception_ptr(
                self->broken("subscriptions/listen ended without an acknowledgement"));
        before = before || it->acknowledged;
        const bool lasted =
            it->acknowledged && call_times::clock::now() - begun > std::chrono::seconds(10);
        failures = lasted ? 1 : failures + 1;
        if (refused || !before || !self->connected_ || failures > self->options.listen_attempts) {
            it->state = refused ? subscription_state::refused : subscription_state::lost;
            it->failure = failure;
            if (before)
                self->fault(nullptr, "a subscription has ended: the server does not keep it open");
            co_return;
        }
        asio::steady_timer pause(self->executor_, next_delay(self->options.listen_delay, failures));
        std::error_code woken;
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
}

inline asio::awaitable<std::shared_ptr<listening>>
client_core::open_listening(subscription_filter wanted) {
    const auto self = shared_from_this();
    client_core::transport();
    const auto it = std::make_shared<listening>();
    it->end = end_of_listening{self};
    std::erase_if(listenings_, [](const auto& each) { return each.expired(); });
    listenings_.push_back(it);
    try {
        if (is_modern(facts.revision))
            co_await open_modern(it, wanted);
        else
            co_await open_legacy(it, wanted);
    } catch (...) {
        end(*it);
        throw;
    }
    co_return it;
}

/// Begins to listen, and waits for the acknowledgement.
inline asio::awaitable<void> client_core::open_modern(std::shared_ptr<listening> it,
                                                      subscription_filter wanted) {
    std::string filter;
    json_writer w(filter);
    write(w, wanted);
    asio::steady_timer changed(executor_, options.timeout.count() > 0
                                              ? later(call_times::clock::now(), options.timeout)
                                              : call_times::clock::time_point::max());
    const listening_wait wait(it, changed);
    asio::co_spawn(executor_, run_listening(shared_from_this(), it, std::move(filter)),
                   asio::bind_cancellation_slot(it->stop.slot(), keep_listening{it}));
    const auto state = co_await asio::this_coro::cancellation_state;
    while (!it->acknowledged && it->state == subscription_state::open) {
        std::error_code ended;
        co_await changed.async_wait(asio::redirect_error(asio::use_awaitable, ended));
        if (state.cancelled() != asio::cancellation_type::none)
            throw std::system_error(asio::error::operation_aborted);
        if (!ended && !it->acknowledged)
            throw transport_error(transport_failure::timeout,
                                  name_ + ": subscriptions/listen got no response in time");
    }
    if (it->failure)
        std::rethrow_exception(it->failure);
    if (!it->acknowledged)
        throw transport_error(transport_failure::closed, "the client has closed the connection");
}

/// Subscribes to the resources. Changes of lists come by themselves.
inline asio::awaitable<void> client_core::open_legacy(std::shared_ptr<listening> it,
                                                      subscription_filter wanted) {
    const server_capabilities can = facts.capabilities;
    it->honoured.tools_list_changed = wanted.tools_list_changed && can.tools_list_changed;
    it->honoured.prompts_list_changed = wanted.prompts_list_changed && can.prompts_list_changed;
    it->honoured.resources_list_changed =
        wanted.resources_list_changed && can.resources_list_changed;
    for (const std::string& uri : wanted.resource_subscriptions) {
        if (!can.resources_subscribe || it->honoured.wants_resource(uri))
            continue;
        co_await subscribe_legacy(uri);
        it->honoured.resource_subscriptions.push_back(uri);
    }
}

inline asio::awaitable<subscription> client_core::listen(subscription_filter wanted) {
    auto it = co_await open_listening(std::move(wanted));
    co_return subscription(std::move(it));
}

/// Subscribes to a resource, unless another subscription has.
inline asio::awaitable<void> client_core::subscribe_legacy(std::string uri) {
    if (++subscribed_[uri] > 1)
        co_return;
    const client_request what = request_for("resources/subscribe", uri);
    const call_options given;
    std::exception_ptr failure;
    try {
        co_await request(what, given);
    } catch (...) {
        failure = std::current_exception();
    }
    if (!failure)
        co_return;
    if (const auto found = subscribed_.find(uri);
        found != subscribed_.end() && --found->second == 0)
        subscribed_.erase(found);
    std::rethrow_exception(failure);
}

/// Sends a request whose failure is only reported.
inline asio::awaitable<void> client_core::request_quietly(std::shared_ptr<client_core> self,
                                                          client_request what) {
    const call_options given;
    try {
        co_await self->request(what, given);
    } catch (const std::exception& failure) {
        self->fault(nullptr, failure.what());
    }
}

inline void client_core::unsubscribe_legacy(const std::string& uri) {
    const auto found = subscribed_.find(uri);
    if (found == subscribed_.end() || --found->second > 0)
        return;
    subscribed_.erase(found);
    if (connected_)
        asio::co_spawn(
            executor_,
            request_quietly(shared_from_this(), request_for("resources/unsubscribe", uri)),
            asio::detached);
}

/// Subscribes again in a new session.
inline asio::awaitable<void> client_core::restore_subscriptions() {
    const auto subscribed = subscribed_;
    for (const auto& [uri, count] : subscribed) {
        const client_request what = request_for("resources/subscribe", uri);
        const call_options given;
        const client_response response =
            co_await exchange(what, given, {}, call_times::clock::time_point::max());
        if (response.message.kind == jsonrpc::message_kind::error)
            fault(nullptr, "the new session refuses resources/subscribe " + uri);
    }
}

inline void client_core::acknowledge(listening& it, subscription_filter honoured) {
    // The cache may be out of date: a change before has not been heard of.
    for (const list_kind kind : {list_kind::tools, list_kind::resources, list_kind::prompts})
        if (honoured.wants(kind))
            cache.drop_list(kind);
    for (const std::string& uri : honoured.resource_subscriptions)
        cache.drop_resource(uri);
    it.honoured = std::move(honoured);
    it.acknowledged = true;
    it.changed();
}

inline void client_core::end(listening& it) {
    if (it.state != subscription_state::open)
        return;
    it.state = subscription_state::closed;
    if (it.running)
        it.stop.emit(asio::cancellation_type::terminal);
    else
        for (const std::string& uri : it.honoured.resource_subscriptions)
            unsubscribe_legacy(uri);
}

inline void client_core::end_listenings() {
    own_.reset();
    own_wanted_ = subscription_filter();
    for (const auto& each : std::exchange(listenings_, {}))
        if (const auto it = each.lock())
            end(*it);
    subscribed_.clear();
}

/// Begins to listen for changes of lists, if there is a handler of them.
inline void client_core::listen_by_itself() {
    const server_capabilities& can = facts.capabilities;
    if (!on_list_changed || !options.listen || is_legacy(facts.revision))
        return;
    own_wanted_.tools_list_changed = can.tools_list_changed;
    own_wanted_.prompts_list_changed = can.prompts_list_changed;
    own_wanted_.resources_list_changed = can.resources_list_changed;
    if (own_wanted_ != subscription_filter())
        asio::co_spawn(executor_, listen_quietly(shared_from_this()), asio::detached);
}

inline asio::awaitable<void> client_core::listen_quietly(std::shared_ptr<client_core> self) {
    try {
        co_await self->renew_own();
    } catch (const std::exception& failure) {
        self->fault(nullptr, failure.what());
    }
}

/// Replaces the subscription of the client itself by one for what it wants now.
inline asio::awaitable<void> client_core::renew_own() {
    const std::uint64_t version = ++own_version_;
    std::shared_ptr<listening> fresh;
    if (own_wanted_ != subscription_filter())
        fresh = co_await open_listening(own_wanted_);
    if (version < own_installed_) { // a later one has been quicker
        if (fresh)
            end(*fresh);
        co_return;
    }
    own_installed_ = version;
    if (const auto old = std::exchange(own_, fresh))
        end(*old);
}

inline asio::awaitable<bool> client_core::subscribe(std::string uri) {
    const auto self = shared_from_this();
    client_core::transport();
    if (own_wanted_.wants_resource(uri))
        co_return true;
    if (is_legacy(facts.revision) && !facts.capabilities.resources_subscribe)
        co_return false;
    own_wanted_.resource_subscriptions.push_back(uri);
    std::exception_ptr failure;
    bool honoured = true;
    try {
        if (is_legacy(facts.revision)) {
            co_await subscribe_legacy(uri);
        } else {
            co_await renew_own();
            honoured = own_ && own_->honoured.wants_resource(uri);
        }
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure || !honoured)
        std::erase(own_wanted_.resource_subscriptions, uri);
    if (failure)
        std::rethrow_exception(failure);
    co_return honoured;
}

inline asio::awaitable<void> client_core::unsubscribe(std::string uri) {
    const auto self = shared_from_this();
    client_core::transport();
    if (std::erase(own_wanted_.resource_subscriptions, uri) == 0)
        co_return;
    if (is_modern(facts.revision)) {
        co_await renew_own();
        co_return;
    }
    unsubscribe_legacy(uri);
}

} // namespace mcp::detail
