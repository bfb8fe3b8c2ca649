// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/health_state.hpp>
#include <mcp/async/resumption_queue.hpp>
#include <mcp/async/saturating_time.hpp>
#include <mcp/async/suspended.hpp>
#include <mcp/async/task_queue.hpp>
#include <mcp/redis/connection.hpp>
#include <mcp/redis/impl/completion.hpp>
#include <mcp/redis/impl/error_cause.hpp>
#include <mcp/redis/impl/reconnecting_connection.hpp>
#include <mcp/redis/listener.hpp>
#include <mcp/redis/reply.hpp>
#include <mcp/redis/settings.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/defer.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mcp::redis {

namespace detail {

/// Both connections and all operations under way on them. Everything but `hand_over` and the health
/// runs on the thread of `io`.
class core : public std::enable_shared_from_this<core> {
public:
    explicit core(settings s) : settings_(within_clocks(std::move(s))) {}

    static settings within_clocks(settings s) {
        for (auto* each : {&s.connect_timeout, &s.command_timeout, &s.backoff_min, &s.backoff_max})
            *each = mcp::detail::within_clocks(*each);
        return s;
    }

    asio::io_context& io() noexcept { return io_; }
    unsigned database() const noexcept { return settings_.database; }
    bool healthy() const noexcept { return commands_.up() && events_.up(); }

    health_state health() const {
        health_state state;
        if (refuses())
            return {false, "Redis refuses commands",
                    std::chrono::system_clock::time_point(refused_since_.load())};
        for (const reconnecting_connection* each : {&commands_, &events_}) {
            if (each->up())
                continue;
            const auto since = each->down_since();
            if (state.ok || since < *state.since)
                state = {false, "Redis cannot be reached", since};
        }
        return state;
    }

    /// Runs a task as soon as possible. Any thread may call this.
    void hand_over(mcp::detail::task_ptr one) { tasks_.push(std::move(one)); }

    /// Runs a task at the end of the turn of the event loop of `from`; see `task_queue`.
    void hand_over(mcp::detail::task_ptr one, const asio::any_io_executor& from) {
        tasks_.push(std::move(one), from, shared_from_this());
    }

    /// Resumes a coroutine, together with those that other replies of one read resume.
    void resume(mcp::detail::suspended<std::exception_ptr, reply> handler,
                std::exception_ptr failure, reply received) {
        if (resumptions_.empty())
            asio::defer(io_, [this] { resumptions_.resume_all(); });
        resumptions_.add(std::move(handler), std::move(failure), std::move(received));
    }

    void start() {
        commands_.start();
        events_.start();
        send_heartbeat();
    }

    void stop() {
        stopped_ = true;
        commands_.stop();
        events_.stop();
        deadline_.cancel();
        heartbeat_.cancel();
        work_.reset(); // queued work still runs
    }

    void send(hiredis_connection::arguments command, completion_ptr waiting) {
        if (commands_.up())
            launch(command, std::move(waiting));
        else if (commands_.first() && !stopped_)
            early_.push_back({std::move(command), std::move(waiting)});
        else
            waiting->done(unavailable_error("Redis cannot be reached"), {});
    }

    void listen(const std::string& channel, std::weak_ptr<listener> receiver) {
        const auto [at, added] = channels_.try_emplace(channel);
        at->second.receiver = std::move(receiver);
        if (added && events_.up())
            subscribe(channel);
    }

    void mute(const std::string& channel) {
        const auto at = channels_.find(channel);
        if (at == channels_.end())
            return;
        auto waiting = std::move(at->second.waiting);
        channels_.erase(at);
        for (const auto& each : waiting)
            each->done(nullptr, {});
        if (events_.up()) {
            subscription_commands_.emplace_back();
            events_.get().send_subscription("UNSUBSCRIBE", channel);
        }
    }

    void confirm(const std::string& channel, completion_ptr waiting) {
        const auto at = channels_.find(channel);
        if (at == channels_.end() || at->second.confirmed)
            waiting->done(nullptr, {});
        else if (events_.up() || (events_.first() && !stopped_))
            at->second.waiting.push_back(std::move(waiting));
        else
            waiting->done(unavailable_error("Redis cannot be reached"), {});
    }

private:
    using clock = std::chrono::steady_clock;

    struct early_command {
        hiredis_connection::arguments command;
        completion_ptr waiting;
    };
    struct pending_command {
        completion_ptr waiting;
        clock::time_point sent, until;
    };
    struct subscription {
        std::weak_ptr<listener> receiver;
        bool confirmed = false;
        bool seen = false;            ///< confirmed once, perhaps on an earlier connection
        bool restoration_due = false; ///< confirmed again, but the listener does not know yet
        std::vector<completion_ptr> waiting;
    };

    void launch(const hiredis_connection::arguments& command, completion_ptr waiting) {
        const auto now = clock::now();
        pending_.push_back(
            {std::move(waiting), now, mcp::detail::later(now, settings_.command_timeout)});
        commands_.get().send(command, [this](reply received) {
            if (pending_.empty())
                return;
            const pending_command oldest = std::move(pending_.front());
            pending_.pop_front();
            tell(oldest, true);
            finish(*oldest.waiting, std::move(received));
        });
        if (!armed_)
            arm();
    }

    void tell(const pending_command& to, bool answered) const {
        if (settings_.on_reply)
            settings_.on_reply(clock::now() - to.sent, answered);
    }

    void finish(completion& waiting, reply received) {
        if (!received.is_error())
            return waiting.done(nullptr, std::move(received));
        const std::string text = received.error();
        const error_cause cause = cause_of(text);
        if (cause == error_cause::command)
            return waiting.done(std::make_exception_ptr(command_error(text)), {});
        refused(cause);
        waiting.done(unavailable_error("Redis refuses commands at the moment"), {});
    }

    /// Records a refusal. A server that has become a replica keeps its connections, so both are
    /// opened anew. The name is resolved again, because it may now belong to another server.
    void refused(error_cause cause) {
        if (!refuses())
            refused_since_.store(std::chrono::system_clock::now().time_since_epoch());
        refused_.store(clock::now().time_since_epoch());
        if (cause != error_cause::server)
            return;
        for (reconnecting_connection* each : {&commands_, &events_})
            if (each->up())
                each->drop();
    }

    /// Returns whether Redis has recently refused a command.
    bool refuses() const noexcept {
        return clock::now() - clock::time_point(refused_.load()) <
               mcp::detail::within_clocks(5 * settings_.command_timeout);
    }

    /// Arms one timer for all commands: their deadlines expire in the order of the commands.
    void arm() {
        if (pending_.empty()) {
            armed_ = false;
            return;
        }
        armed_ = true;
        deadline_.expires_at(pending_.front().until);
        deadline_.async_wait([this](asio::error_code failure) {
            if (failure || stopped_)
                return;
            if (!pending_.empty() && pending_.front().until <= clock::now())
                commands_.drop();
            arm();
        });
    }

    void commands_up() {
        for (auto& [command, waiting] : std::exchange(early_, {}))
            launch(command, std::move(waiting));
        for (auto& [name, each] : channels_)
            notify_restored(name, each);
    }

    void commands_down() {
        for (const auto& each : std::exchange(pending_, {})) {
            tell(each, false);
            each.waiting->done(unavailable_error("the connection to Redis was lost"), {});
        }
        for (const auto& each : std::exchange(early_, {}))
            each.waiting->done(unavailable_error("Redis cannot be reached"), {});
    }

    void subscribe(const std::string& name) {
        ++unconfirmed_[name];
        subscription_commands_.push_back(name);
        events_.get().send_subscription("SUBSCRIBE", name);
    }

    void events_up() {
        events_.get().on_push([this](const reply& event) { receive(event); });
        alive_ = true;
        subscribe(settings_.alive_channel);
        for (const auto& [name, each] : channels_)
            subscribe(name);
    }

    void events_down() {
        unconfirmed_.clear();
        subscription_commands_.clear();
        std::vector<completion_ptr> waiting;
        for (auto& [name, each] : channels_) {
            each.confirmed = false;
            for (auto& one : std::exchange(each.waiting, {}))
                waiting.push_back(std::move(one));
        }
        for (const auto& each : waiting)
            each->done(unavailable_error("the connection to Redis was lost"), {});
    }

    /// Takes every message on the subscription connection. Ignores those that are neither a reply
    /// to a subscription nor a published message.
    void receive(const reply& event) {
        if (!events_.up())
            return;
        alive_ = true;
        if (event.is_error())
            return subscription_refused(event.error());
        if (event.type() != reply::kind::array)
            return;
        const std::vector<reply>& parts = event.elements();
        constexpr auto text = reply::kind::text;
        if (parts.size() != 3 || parts[0].type() != text || parts[1].type() != text)
            return;
        const std::string& verb = parts[0].text();
        const std::string& name = parts[1].text();
        const auto at = channels_.find(name);
        if (verb == "message") {
            if (at == channels_.end() || parts[2].type() != text)
                return;
            if (const auto receiver = at->second.receiver.lock())
                without_exceptions([&] { receiver->message(name, parts[2].text()); });
        } else if (verb == "unsubscribe") {
            next_subscription_command();
        } else if (verb == "subscribe") {
            next_subscription_command();
            if (!last_reply_for(name) || at == channels_.end())
                return;
            confirmed(name, at->second);
        }
    }

    /// Removes the oldest pending SUBSCRIBE or UNSUBSCRIBE; returns its name, empty for an
    /// UNSUBSCRIBE.
    std::string next_subscription_command() {
        if (subscription_commands_.empty())
            return {};
        std::string name = std::move(subscription_commands_.front());
        subscription_commands_.pop_front();
        return name;
    }

    /// Counts a reply to a SUBSCRIBE; returns whether no further reply for that name is due.
    bool last_reply_for(const std::string& name) {
        const auto count = unconfirmed_.find(name);
        if (count != unconfirmed_.end() && --count->second > 0)
            return false;
        if (count != unconfirmed_.end())
            unconfirmed_.erase(count);
        return true;
    }

    void subscription_refused(const std::string& error) {
        if (cause_of(error) != error_cause::command)
            return refused(error_cause::server);
        const std::string name = next_subscription_command();
        const auto at = channels_.find(name);
        if (!last_reply_for(name) || at == channels_.end())
            return;
        for (const auto& each : std::exchange(at->second.waiting, {}))
            each->done(std::make_exception_ptr(command_error(error)), {});
    }

    /// Drops the exceptions of user code, which must not end the thread.
    static void without_exceptions(const auto& call) noexcept {
        try {
            call();
        } catch (...) {
        }
    }

    void confirmed(const std::string& name, subscription& entry) {
        entry.confirmed = true;
        entry.restoration_due = std::exchange(entry.seen, true) || entry.restoration_due;
        for (const auto& each : std::exchange(entry.waiting, {}))
            each->done(nullptr, {});
        notify_restored(name, entry);
    }

    /// Tells the listener to look for missed messages, once commands can be sent as well.
    void notify_restored(const std::string& name, subscription& entry) {
        if (!entry.restoration_due || !entry.confirmed || !commands_.up())
            return;
        entry.restoration_due = false;
        if (const auto receiver = entry.receiver.lock())
            without_exceptions([&] { receiver->restored(name); });
    }

    /// Sends a heartbeat; drops the connection if nothing has arrived since the last heartbeat.
    void send_heartbeat() {
        heartbeat_.expires_after(settings_.command_timeout);
        heartbeat_.async_wait([this](asio::error_code failure) {
            if (failure || stopped_)
                return;
            if (events_.up()) {
                if (!std::exchange(alive_, false))
                    events_.drop();
                else
                    subscribe(settings_.alive_channel);
            }
            send_heartbeat();
        });
    }

    const settings settings_;
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
    reconnecting_connection commands_{io_, settings_, [this] { commands_up(); },
                                      [this] { commands_down(); }};
    reconnecting_connection events_{io_, settings_, [this] { events_up(); },
                                    [this] { events_down(); }};
    asio::steady_timer deadline_{io_};
    asio::steady_timer heartbeat_{io_};
    std::deque<early_command> early_;
    std::deque<pending_command> pending_;
    std::unordered_map<std::string, subscription> channels_;
    std::unordered_map<std::string, std::size_t> unconfirmed_; ///< pending SUBSCRIBEs by name
    std::deque<std::string>
        subscription_commands_; ///< their names in order; empty for an UNSUBSCRIBE
    mcp::detail::resumption_queue<std::exception_ptr, reply> resumptions_;
    mcp::detail::task_queue tasks_{io_};
    std::atomic<std::chrono::system_clock::duration> refused_since_{};
    std::atomic<clock::duration> refused_{clock::duration::min() / 2};
    bool armed_ = false;
    bool alive_ = true;
    bool stopped_ = false;
};

} // namespace detail
} // namespace mcp::redis
