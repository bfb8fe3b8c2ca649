#pragma once

// Minimal types for each concept of a collaborator, in each style: sync methods, awaitable methods,
// a mix of both, and blocking methods. They wrap the collaborators that work in the process. None
// can be copied or default-constructed.

#include <mcp/auth/static_tokens.hpp>
#include <mcp/broker/memory_broker.hpp>
#include <mcp/http/message.hpp>
#include <mcp/limit/fixed_window.hpp>
#include <mcp/replay/memory_log.hpp>
#include <mcp/session/memory_sessions.hpp>
#include <mcp/state/parked_state.hpp>

#include <asio/awaitable.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>

namespace archetype {

enum class style { sync, awaitable, mixed, blocking };

/// Records the methods that were called, and the threads on which blocking methods ran.
class trace {
public:
    void add(std::string method, bool blocking) {
        std::lock_guard lock(mutex_);
        methods_.insert(std::move(method));
        if (blocking)
            threads_.insert(std::this_thread::get_id());
    }
    std::set<std::string> methods() const {
        std::lock_guard lock(mutex_);
        return methods_;
    }
    bool blocked(std::thread::id thread) const {
        std::lock_guard lock(mutex_);
        return threads_.contains(thread);
    }

private:
    mutable std::mutex mutex_;
    std::set<std::string> methods_;
    std::set<std::thread::id> threads_;
};
using trace_ptr = std::shared_ptr<trace>;

/// Suspends the caller, then returns `f()`.
template <class F>
asio::awaitable<std::invoke_result_t<F&>> later(F f) {
    co_await asio::post(asio::use_awaitable);
    if constexpr (std::is_void_v<std::invoke_result_t<F&>>)
        f();
    else
        co_return f();
}

/// The base of all archetypes of a style.
template <style Style>
class part {
public:
    [[maybe_unused]] static constexpr bool blocking = Style == style::blocking;

    explicit part(trace_ptr seen) : seen_(std::move(seen)) {}
    part(part&&) = default;
    part& operator=(part&&) = delete;

protected:
    /// Runs `f` in the style of the archetype. With `mixed`, every second method is awaitable.
    template <int Method, class F>
    auto answer(const char* name, F f) {
        seen_->add(name, blocking);
        if constexpr (Style == style::awaitable || (Style == style::mixed && Method % 2 == 1))
            return later(std::move(f));
        else
            return f();
    }

private:
    trace_ptr seen_;
};

/// Accepts the token `ann-has-a-token` for the subject `ann`.
template <style Style>
class auth : public part<Style> {
public:
    using part<Style>::part;

    auto authenticate(const mcp::http::request& request) {
        return this->template answer<1>("authenticate",
                                        [this, &request] { return inner_->authenticate(request); });
    }

private:
    std::unique_ptr<mcp::static_tokens> inner_{
        new mcp::static_tokens{{"ann-has-a-token", mcp::principal{"ann"}}}};
};

template <style Style>
class limiter : public part<Style> {
public:
    explicit limiter(trace_ptr seen, mcp::rate limit = {.permits = 10'000})
        : part<Style>(std::move(seen))
        , inner_(limit) {}

    auto acquire(std::string key) {
        return this->template answer<1>(
            "acquire", [this, key = std::move(key)] { return inner_.acquire(key); });
    }

private:
    mcp::fixed_window inner_;
};

template <style Style>
class sessions : public part<Style> {
public:
    using part<Style>::part;

    auto create(mcp::session_record record) {
        return this->template answer<1>(
            "create", [this, record = std::move(record)] { return inner_.create(record); });
    }
    auto find(std::string id) {
        return this->template answer<2>("find",
                                        [this, id = std::move(id)] { return inner_.find(id); });
    }
    auto update(mcp::session_record record) {
        return this->template answer<3>(
            "update", [this, record = std::move(record)] { return inner_.update(record); });
    }
    auto erase(std::string id) {
        return this->template answer<4>("erase",
                                        [this, id = std::move(id)] { return inner_.erase(id); });
    }

private:
    mcp::memory_sessions inner_;
};

template <style Style>
class broker : public part<Style> {
public:
    using part<Style>::part;

    auto subscribe(std::string topic, std::shared_ptr<mcp::subscriber> who) {
        return this->template answer<1>("subscribe",
                                        [this, topic = std::move(topic), who = std::move(who)] {
                                            inner_.subscribe(topic, who);
                                        });
    }
    auto claim(std::string topic, std::shared_ptr<mcp::subscriber> who) {
        return this->template answer<2>(
            "claim",
            [this, topic = std::move(topic), who = std::move(who)] { inner_.claim(topic, who); });
    }
    void unsubscribe(const std::string& topic, const mcp::subscriber* who) {
        inner_.unsubscribe(topic, who);
    }
    auto publish(std::string topic, std::string message) {
        return this->template answer<3>(
            "publish", [this, topic = std::move(topic), message = std::move(message)] {
                return inner_.publish(topic, message);
            });
    }

private:
    mcp::memory_broker inner_;
};

template <style Style>
class replay : public part<Style> {
public:
    using part<Style>::part;

    auto append(std::string session, std::uint64_t stream, std::string message) {
        return this->template answer<1>(
            "append", [this, session = std::move(session), stream, message = std::move(message)] {
                return inner_.append(session, stream, message);
            });
    }
    auto after(std::string session, std::uint64_t stream, std::uint64_t sequence) {
        return this->template answer<2>("after",
                                        [this, session = std::move(session), stream, sequence] {
                                            return inner_.after(session, stream, sequence);
                                        });
    }
    auto forget(std::string session) {
        return this->template answer<3>(
            "forget", [this, session = std::move(session)] { inner_.forget(session); });
    }

private:
    mcp::memory_log inner_;
};

template <style Style>
class state : public part<Style> {
public:
    using part<Style>::part;

    auto seal(const mcp::state_binding& binding, std::string payload) {
        return this->template answer<1>("seal",
                                        [this, binding, payload = std::move(payload)]() mutable {
                                            return inner_->seal(binding, std::move(payload));
                                        });
    }
    auto open(const mcp::state_binding& binding, std::string_view text) {
        return this->template answer<2>("open", [this, binding, text = std::string(text)] {
            return inner_->open(binding, text);
        });
    }

private:
    std::unique_ptr<mcp::parked_state> inner_ = std::make_unique<mcp::parked_state>();
};

} // namespace archetype
