#pragma once

#include <mcp/async/byte_budget.hpp>
#include <mcp/http/limits.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/write.hpp>

#include <asio/basic_stream_socket.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <string>
#include <string_view>

namespace mcp::http {

class shard_member;

/// The state that the connections of one thread share: the handler, the limits and a coarse clock.
/// Only that thread uses it.
class shard {
public:
    using clock = std::chrono::steady_clock;
    using executor_type = asio::io_context::executor_type;
    using socket = asio::basic_stream_socket<asio::ip::tcp, executor_type>;

    /// Called with each response that no handler makes.
    using refusal_hook = std::function<void(const request&, response&)>;

    /// All arguments must outlive the shard. `open` counts the connections of all shards. `bytes`
    /// is the budget of all shards; null means no limit. `on_refusal` may be null.
    shard(asio::io_context& loop, const handler& answer, const limits& what,
          const std::function<void(std::exception_ptr)>& on_error, std::atomic<std::size_t>& open,
          byte_budget* bytes = nullptr, const refusal_hook* on_refusal = nullptr)
        : handle(answer)
        , limit(what)
        , in_flight(bytes)
        , loop_(loop)
        , on_error_(on_error)
        , on_refusal_(on_refusal)
        , open_(open) {}
    shard(const shard&) = delete;
    shard& operator=(const shard&) = delete;

    const handler& handle;
    const limits& limit;
    byte_budget* const in_flight;

    executor_type executor() const noexcept { return loop_.get_executor(); }

    /// Returns the time of the last tick.
    clock::time_point now() const noexcept { return now_; }

    /// Returns the value of the Date field as of the last tick.
    std::string_view date() const noexcept { return date_; }

    /// Advances the clock, which never goes back, and lets every connection check its deadlines.
    void tick(clock::time_point now, std::chrono::sys_seconds wall);

    /// Tells every connection that its current request is the last.
    void drain();

    /// Disconnects every connection.
    void abort();

    std::size_t size() const noexcept { return size_; }

    /// Passes an exception of a handler to the log of the application.
    void report(std::exception_ptr failure) const noexcept {
        try {
            if (on_error_) {
                on_error_(failure);
            }
        } catch (...) {
            // An exception of the log must not end the server.
        }
    }

    /// Lets the application complete a response that no handler makes.
    void refused(const request& q, response& r) const noexcept {
        try {
            if (on_refusal_ && *on_refusal_) {
                (*on_refusal_)(q, r);
            }
        } catch (...) {
            report(std::current_exception());
        }
    }

private:
    friend class shard_member;
    template <class F>
    void for_each(F f);

    asio::io_context& loop_;
    const std::function<void(std::exception_ptr)>& on_error_;
    const refusal_hook* on_refusal_;
    std::atomic<std::size_t>& open_;
    clock::time_point now_{};
    std::chrono::sys_seconds wall_{};
    std::string date_;
    shard_member* first_ = nullptr;
    shard_member* cursor_ = nullptr; // next in `for_each`, during which members may leave
    std::size_t size_ = 0;
};

/// A connection as its shard sees it: an entry of an intrusive list.
class shard_member {
public:
    virtual void tick() = 0;
    virtual void drain() = 0;
    virtual void abort() = 0;

protected:
    explicit shard_member(shard& home) : home_(home), next_(home.first_) {
        if (next_ != nullptr) {
            next_->previous_ = this;
        }
        home.first_ = this;
        ++home.size_;
        home.open_.fetch_add(1, std::memory_order_relaxed);
    }
    shard_member(const shard_member&) = delete;
    shard_member& operator=(const shard_member&) = delete;
    ~shard_member() { leave(); }

    shard& home() const noexcept { return home_; }

    /// Removes the connection from the list.
    void leave() noexcept {
        if (left_) {
            return;
        }
        left_ = true;
        if (home_.cursor_ == this) {
            home_.cursor_ = next_;
        }
        (previous_ != nullptr ? previous_->next_ : home_.first_) = next_;
        if (next_ != nullptr) {
            next_->previous_ = previous_;
        }
        --home_.size_;
        home_.open_.fetch_sub(1, std::memory_order_relaxed);
    }

private:
    friend class shard;
    shard& home_;
    shard_member* next_;
    shard_member* previous_ = nullptr;
    bool left_ = false;
};

template <class F>
void shard::for_each(F f) {
    for (shard_member* member = first_; member != nullptr; member = cursor_) {
        cursor_ = member->next_;
        f(*member);
    }
}

inline void shard::tick(clock::time_point now, std::chrono::sys_seconds wall) {
    if (now > now_) {
        now_ = now;
    }
    if (wall != wall_ || date_.empty()) {
        wall_ = wall;
        date_ = http_date(wall);
    }
    for_each([](shard_member& m) { m.tick(); });
}

inline void shard::drain() {
    for_each([](shard_member& m) { m.drain(); });
}

inline void shard::abort() {
    for_each([](shard_member& m) { m.abort(); });
}

} // namespace mcp::http
