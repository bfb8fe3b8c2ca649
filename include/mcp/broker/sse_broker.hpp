// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/pending.hpp>
#include <mcp/broker/subscriber.hpp>
#include <mcp/config.hpp>

#include <asio/awaitable.hpp>

#include <atomic>
#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// Carries messages by topic from publishers to subscribers, in this process or in several.
///
/// - `subscribe(topic, receiver)`: adds `receiver`. Every message published after it has returned
///   (or its awaitable has completed) is delivered. A repeated call has no effect.
/// - `claim(topic, receiver)`: subscribes, and displaces every other subscriber of the topic in any
///   process: `taken_over` tells each of them, and they receive nothing more.
/// - `unsubscribe(topic, receiver)`: removes `receiver`; sync, without waiting, cannot fail.
/// - `publish(topic, message)`: delivers the message to all subscribers, in order for each
///   publisher and topic; returns how many accepted it, as far as is known.
///
/// The broker holds `receiver` while it is subscribed. It calls `deliver` from any thread,
/// concurrently for several publishers. All members may be called from any thread concurrently. All
/// but `unsubscribe` may be sync or awaitable, and an awaitable may be awaited on any executor.
/// Failures are exceptions: the request that needs the broker then gets 503.
template <class T>
concept sse_broker =
    requires(T& broker, const std::string topic, std::shared_ptr<subscriber> receiver,
             const subscriber* gone, const std::string message) {
        { broker.subscribe(topic, receiver) };
        { broker.claim(topic, receiver) };
        { broker.unsubscribe(topic, gone) } -> std::same_as<void>;
        { broker.publish(topic, message) };
        requires std::same_as<detail::awaited_t<decltype(broker.subscribe(topic, receiver))>, void>;
        requires std::same_as<detail::awaited_t<decltype(broker.claim(topic, receiver))>, void>;
        requires std::convertible_to<detail::awaited_t<decltype(broker.publish(topic, message))>,
                                     std::size_t>;
    };

namespace detail {

/// Runs an operation on `queue` to its end. No caller waits for its result.
void run_detached(const pool_source& queue, asio::awaitable<void> operation);

/// Any `sse_broker`, type-erased.
class any_broker {
public:
    /// `join` and `post`, whose result no caller awaits, run on `queue`. It has one thread, so they
    /// keep their order.
    template <sse_broker Broker>
    any_broker(std::shared_ptr<Broker> broker, pool_source pool, pool_source queue)
        : self_(std::make_unique<model<Broker>>(std::move(broker), std::move(pool),
                                                std::move(queue))) {}

    pending<nothing> subscribe(std::string topic, std::shared_ptr<subscriber> receiver) const {
        self_->used.store(true, std::memory_order_relaxed);
        return self_->subscribe(std::move(topic), std::move(receiver));
    }
    pending<nothing> claim(std::string topic, std::shared_ptr<subscriber> receiver) const {
        self_->used.store(true, std::memory_order_relaxed);
        return self_->claim(std::move(topic), std::move(receiver));
    }
    void unsubscribe(const std::string& topic, const subscriber* receiver) const {
        self_->unsubscribe(topic, receiver);
    }
    pending<std::size_t> publish(std::string topic, std::string message) const {
        return self_->publish(std::move(topic), std::move(message));
    }

    /// Returns whether sessions have their own streams; false only if the broker declares
    /// `static constexpr bool streams = false`.
    bool streams() const noexcept { return self_->streams(); }

    /// Returns whether there has been a call to subscribe in this process, even a failed one.
    bool in_use() const noexcept { return self_->used.load(std::memory_order_relaxed); }

    /// Subscribes without waiting for the confirmation. Calls of `join` and `post` from one thread
    /// start in that order and wait for nothing else.
    void join(std::string topic, std::shared_ptr<subscriber> receiver) const {
        self_->used.store(true, std::memory_order_relaxed);
        self_->join(std::move(topic), std::move(receiver));
    }

    /// Publishes without waiting for the result, in the order of `join`.
    void post(std::string topic, std::string message) const {
        self_->post(std::move(topic), std::move(message));
    }

private:
    struct interface {
        virtual ~interface() = default;
        virtual pending<nothing> subscribe(std::string, std::shared_ptr<subscriber>) = 0;
        virtual pending<nothing> claim(std::string, std::shared_ptr<subscriber>) = 0;
        virtual void unsubscribe(const std::string&, const subscriber*) = 0;
        virtual pending<std::size_t> publish(std::string, std::string) = 0;
        virtual bool streams() const noexcept = 0;
        virtual void join(std::string, std::shared_ptr<subscriber>) = 0;
        virtual void post(std::string, std::string) = 0;
        std::atomic<bool> used{false};
    };

    template <class Broker>
    struct model final : interface {
        model(std::shared_ptr<Broker> b, pool_source p, pool_source q)
            : broker(std::move(b))
            , pool(std::move(p))
            , queue(std::move(q)) {}

        pending<nothing> subscribe(std::string topic,
                                   std::shared_ptr<subscriber> receiver) override {
            return subscribe_on(pool, std::move(topic), std::move(receiver));
        }
        pending<nothing> claim(std::string topic, std::shared_ptr<subscriber> receiver) override {
            return call_collaborator<Broker>(
                pool, [b = broker, topic = std::move(topic), receiver = std::move(receiver)] {
                    return b->claim(topic, receiver);
                });
        }
        void unsubscribe(const std::string& topic, const subscriber* receiver) override {
            broker->unsubscribe(topic, receiver);
        }
        pending<std::size_t> publish(std::string topic, std::string message) override {
            return publish_on(pool, std::move(topic), std::move(message));
        }
        bool streams() const noexcept override {
            if constexpr (requires { Broker::streams; })
                return Broker::streams;
            else
                return true;
        }
        void join(std::string topic, std::shared_ptr<subscriber> receiver) override {
            run_detached(subscribe_on(queue, std::move(topic), std::move(receiver)));
        }
        void post(std::string topic, std::string message) override {
            run_detached(publish_on(queue, std::move(topic), std::move(message)));
        }

        pending<nothing> subscribe_on(const pool_source& where, std::string topic,
                                      std::shared_ptr<subscriber> receiver) {
            return call_collaborator<Broker>(
                where, [b = broker, topic = std::move(topic), receiver = std::move(receiver)] {
                    return b->subscribe(topic, receiver);
                });
        }
        pending<std::size_t> publish_on(const pool_source& where, std::string topic,
                                        std::string message) {
            return call_collaborator<Broker>(
                where, [b = broker, topic = std::move(topic), message = std::move(message)] {
                    return b->publish(topic, message);
                });
        }

        template <class T>
        void run_detached(pending<T> operation) {
            if (!operation.ready())
                detail::run_detached(queue, settle(std::move(operation)));
        }
        template <class T>
        static asio::awaitable<void> settle(pending<T> operation) {
            try {
                co_await operation.settle();
            } catch (...) { // the caller does not wait for the result
            }
        }

        std::shared_ptr<Broker> broker;
        pool_source pool;
        pool_source queue;
    };

    std::unique_ptr<interface> self_;
};

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/broker/impl/sse_broker.ipp>
#endif
