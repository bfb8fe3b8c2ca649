#pragma once

#include <mcp/async/health_state.hpp>
#include <mcp/redis/connection.hpp>
#include <mcp/redis/impl/line.hpp>
#include <mcp/redis/listener.hpp>
#include <mcp/redis/reply.hpp>
#include <mcp/redis/settings.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mcp::redis {

namespace detail {

/// A waiter for an operation of the core. `done` is called once, on the core's thread.
class completion {
public:
    virtual ~completion() = default;
    virtual void done(std::exception_ptr failure, reply answer) = 0;
};
using completion_ptr = std::unique_ptr<completion>;

inline std::exception_ptr away(const char* why) {
    return std::make_exception_ptr(unavailable(why));
}

/// Both connections and all operations under way on them. Everything runs on the thread of `io`.
class core {
public:
    explicit core(settings s) : to_(std::move(s)) {}

    asio::io_context& io() noexcept { return io_; }
    unsigned database() const noexcept { return to_.database; }
    bool healthy() const noexcept { return commands_.up() && events_.up(); }

    health_state health() const {
        health_state state;
        if (refuses())
            return {false, "Redis refuses commands",
                    std::chrono::system_clock::time_point(refused_since_.load())};
        for (const line* each : {&commands_, &events_}) {
            if (each->up())
                continue;
            const auto since = each->down_since();
            if (state.ok || since < *state.since)
                state = {false, "Redis cannot be reached", since};
        }
        return state;
    }

    void start() {
        commands_.start();
        events_.start();
        beat();
    }

    void stop() {
        stopped_ = true;
        commands_.stop();
        events_.stop();
        deadline_.cancel();
        heartbeat_.cancel();
        work_.reset(); // queued work still runs
    }

    void send(link::arguments command, completion_ptr who) {
        if (commands_.up())
            launch(command, std::move(who));
        else if (commands_.first() && !stopped_)
            early_.push_back({std::move(command), std::move(who)});
        else
            who->done(away("Redis cannot be reached"), {});
    }

    void listen(const std::string& channel, std::weak_ptr<listener> who) {
        const auto [at, added] = channels_.try_emplace(channel);
        at->second.who = std::move(who);
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
            asked_.emplace_back();
            events_.wire().send_subscription("UNSUBSCRIBE", channel);
        }
    }

    void confirm(const std::string& channel, completion_ptr who) {
        const auto at = channels_.find(channel);
        if (at == channels_.end() || at->second.confirmed)
            who->done(nullptr, {});
        else if (events_.up() || (events_.first() && !stopped_))
            at->second.waiting.push_back(std::move(who));
        else
            who->done(away("Redis cannot be reached"), {});
    }

private:
    using clock = std::chrono::steady_clock;

    struct early {
        link::arguments command;
        completion_ptr who;
    };
    struct flight {
        completion_ptr who;
        clock::time_point until;
    };
    struct interest {
        std::weak_ptr<listener> who;
        bool confirmed = false;
        bool seen = false;   ///< confirmed once, perhaps on an earlier connection
        bool untold = false; ///< confirmed again, but the listener is not told yet
        std::vector<completion_ptr> waiting;
    };

    void launch(const link::arguments& command, completion_ptr who) {
        flying_.push_back({std::move(who), clock::now() + to_.command_timeout});
        commands_.wire().send(command, [this](reply answer) {
            if (flying_.empty())
                return;
            const auto waiting = std::move(flying_.front().who);
            flying_.pop_front();
            finish(*waiting, std::move(answer));
        });
        if (!armed_)
            arm();
    }

    /// The cause of an error.
    enum class fault {
        command, ///< the command is wrong or not allowed
        passing, ///< a temporary state of Redis, or a state that an operator can mend
        server,  ///< this server is not, or no longer, the right server
    };

    static fault fault_of(std::string_view error) {
        constexpr std::pair<std::string_view, fault> codes[] = {
            {"READONLY", fault::server}, {"MASTERDOWN", fault::server},
            {"LOADING", fault::server},  {"CLUSTERDOWN", fault::server},
            {"NOAUTH", fault::server},   {"BUSY", fault::passing},
            {"OOM", fault::passing},     {"NOREPLICAS", fault::passing},
            {"MISCONF", fault::passing}, {"TRYAGAIN", fault::passing}};
        // Before Redis 7, the error of a command in a script is at the end of the script's error.
        if (error.starts_with("ERR Error running script")) {
            const auto inner = error.rfind(": -");
            if (inner != error.npos)
                error.remove_prefix(inner + 3);
        }
        const auto code = error.substr(0, error.find(' '));
        for (const auto& [name, whose] : codes)
            if (name == code)
                return whose;
        return fault::command;
    }

    void finish(completion& who, reply answer) {
        if (!answer.is_error())
            return who.done(nullptr, std::move(answer));
        const std::string text = answer.error();
        const fault whose = fault_of(text);
        if (whose == fault::command)
            return who.done(std::make_exception_ptr(command_error(text)), {});
        refused(whose);
        who.done(away("Redis refuses commands at the moment"), {});
    }

    /// Records a refusal. A server that has become a replica keeps its connections, so both are
    /// opened anew. The name is resolved again, because it may now belong to another server.
    void refused(fault whose) {
        if (!refuses())
            refused_since_.store(std::chrono::system_clock::now().time_since_epoch());
        refused_.store(clock::now().time_since_epoch());
        if (whose != fault::server)
            return;
        for (line* each : {&commands_, &events_})
            if (each->up())
                each->drop();
    }

    /// Returns whether Redis has recently refused a command.
    bool refuses() const noexcept {
        return clock::now() - clock::time_point(refused_.load()) < 5 * to_.command_timeout;
    }

    /// Arms one timer for all commands: their deadlines expire in the order of the commands.
    void arm() {
        if (flying_.empty()) {
            armed_ = false;
            return;
        }
        armed_ = true;
        deadline_.expires_at(flying_.front().until);
        deadline_.async_wait([this](asio::error_code failure) {
            if (failure || stopped_)
                return;
            if (!flying_.empty() && flying_.front().until <= clock::now())
                commands_.drop();
            arm();
        });
    }

    void commands_risen() {
        for (auto& [command, who] : std::exchange(early_, {}))
            launch(command, std::move(who));
        for (auto& [name, each] : channels_)
            tell_restored(name, each);
    }

    void commands_fallen() {
        for (const auto& each : std::exchange(flying_, {}))
            each.who->done(away("the connection to Redis was lost"), {});
        for (const auto& each : std::exchange(early_, {}))
            each.who->done(away("Redis cannot be reached"), {});
    }

    void subscribe(const std::string& name) {
        ++unconfirmed_[name];
        asked_.push_back(name);
        events_.wire().send_subscription("SUBSCRIBE", name);
    }

    void events_risen() {
        events_.wire().hear([this](const reply& event) { heard(event); });
        alive_ = true;
        subscribe(to_.alive_channel);
        for (const auto& [name, each] : channels_)
            subscribe(name);
    }

    void events_fallen() {
        unconfirmed_.clear();
        asked_.clear();
        std::vector<completion_ptr> waiting;
        for (auto& [name, each] : channels_) {
            each.confirmed = false;
            for (auto& one : std::exchange(each.waiting, {}))
                waiting.push_back(std::move(one));
        }
        for (const auto& each : waiting)
            each->done(away("the connection to Redis was lost"), {});
    }

    /// Takes every message on the subscription connection. Ignores those that are neither a reply
    /// to a subscription nor a published message.
    void heard(const reply& event) {
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
            if (const auto who = at->second.who.lock())
                quietly([&] { who->message(name, parts[2].text()); });
        } else if (verb == "unsubscribe") {
            next_asked();
        } else if (verb == "subscribe") {
            next_asked();
            if (!last_of(name) || at == channels_.end())
                return;
            confirmed(name, at->second);
        }
    }

    /// Removes the oldest pending SUBSCRIBE or UNSUBSCRIBE; returns its name, empty for an
    /// UNSUBSCRIBE.
    std::string next_asked() {
        if (asked_.empty())
            return {};
        std::string name = std::move(asked_.front());
        asked_.pop_front();
        return name;
    }

    /// Counts a reply to a SUBSCRIBE; returns whether no further reply for that name is due.
    bool last_of(const std::string& name) {
        const auto open = unconfirmed_.find(name);
        if (open != unconfirmed_.end() && --open->second > 0)
            return false;
        if (open != unconfirmed_.end())
            unconfirmed_.erase(open);
        return true;
    }

    void subscription_refused(const std::string& error) {
        if (fault_of(error) != fault::command)
            return refused(fault::server);
        const std::string name = next_asked();
        const auto at = channels_.find(name);
        if (!last_of(name) || at == channels_.end())
            return;
        for (const auto& each : std::exchange(at->second.waiting, {}))
            each->done(std::make_exception_ptr(command_error(error)), {});
    }

    /// Drops the exceptions of user code, which must not end the thread.
    static void quietly(const auto& call) noexcept {
        try {
            call();
        } catch (...) {
        }
    }

    void confirmed(const std::string& name, interest& of) {
        of.confirmed = true;
        of.untold = std::exchange(of.seen, true) || of.untold;
        for (const auto& each : std::exchange(of.waiting, {}))
            each->done(nullptr, {});
        tell_restored(name, of);
    }

    /// Tells the listener to look for missed messages, once commands can be sent as well.
    void tell_restored(const std::string& name, interest& of) {
        if (!of.untold || !of.confirmed || !commands_.up())
            return;
        of.untold = false;
        if (const auto who = of.who.lock())
            quietly([&] { who->restored(name); });
    }

    /// Sends a heartbeat; drops the connection if nothing has arrived since the last heartbeat.
    void beat() {
        heartbeat_.expires_after(to_.command_timeout);
        heartbeat_.async_wait([this](asio::error_code failure) {
            if (failure || stopped_)
                return;
            if (events_.up()) {
                if (!std::exchange(alive_, false))
                    events_.drop();
                else
                    subscribe(to_.alive_channel);
            }
            beat();
        });
    }

    const settings to_;
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
    line commands_{io_, to_, [this] { commands_risen(); }, [this] { commands_fallen(); }};
    line events_{io_, to_, [this] { events_risen(); }, [this] { events_fallen(); }};
    asio::steady_timer deadline_{io_};
    asio::steady_timer heartbeat_{io_};
    std::deque<early> early_;
    std::deque<flight> flying_;
    std::unordered_map<std::string, interest> channels_;
    std::unordered_map<std::string, std::size_t> unconfirmed_; ///< pending SUBSCRIBEs by name
    std::deque<std::string> asked_; ///< their names in order; empty for an UNSUBSCRIBE
    std::atomic<std::chrono::system_clock::duration> refused_since_{};
    std::atomic<clock::duration> refused_{clock::duration::min() / 2};
    bool armed_ = false;
    bool alive_ = true;
    bool stopped_ = false;
};

} // namespace detail
} // namespace mcp::redis
