// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/pending.hpp>
#include <mcp/config.hpp>

#include <asio/awaitable.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mcp {

/// An event of a stream: its sequence and its message.
struct replay_event {
    std::uint64_t sequence = 0;
    std::string message;
};

/// The events of a stream after a given sequence.
struct replayed {
    std::vector<replay_event> events; ///< in order
    bool whole = true;                ///< false if events between are lost: the client is told
    /// The newest sequence of the stream, if the log knows it. If it is smaller than a sequence
    /// that a client has, the log has been lost and counts anew.
    std::optional<std::uint64_t> last = std::nullopt;
};

/// The result of recording a message, and perhaps publishing it.
struct recorded {
    std::uint64_t sequence = 0;
    /// How many subscribers accepted it, if the log has published it; otherwise the caller
    /// publishes.
    std::optional<std::size_t> taken = std::nullopt;
};

/// Records the events of streams, so that a client that lost its connection receives the events it
/// missed.
///
/// - `append(session, stream, message)`: records the message and returns its sequence: 1 for the
///   first of a stream, then one more for each, in any process.
/// - `after(session, stream, sequence)`: returns the events of the stream after that sequence. If
///   the log does not know the sequence, and it is not 0, the result is not whole.
/// - `forget(session)`: removes the events of a session that has ended.
///
/// Two optional members let a log record and publish in one step. Then no recorded message remains
/// unpublished, and the order of publishing is the order of recording:
///
/// - `append(session, stream, message, topic)`: appends, and publishes the sequence followed by the
///   message on that topic, if it can; returns `recorded`.
/// - `publish_on(broker.channels())`: called when a server is made of both, with the channels of
///   the broker.
///
/// Logs are bounded, in size for each session and in time. All members may be called from any
/// thread concurrently; they may be sync, awaitable (awaited on any executor), or `blocking`.
template <class T>
concept replay_log =
    requires(T& log, const std::string session, std::uint64_t number, const std::string message) {
        { log.append(session, number, message) };
        { log.after(session, number, number) };
        { log.forget(session) };
        requires std::same_as<detail::awaited_t<decltype(log.append(session, number, message))>,
                              std::uint64_t>;
        requires std::same_as<detail::awaited_t<decltype(log.after(session, number, number))>,
                              replayed>;
        requires std::same_as<detail::awaited_t<decltype(log.forget(session))>, void>;
    };

namespace detail {

/// Makes the result of a log that does not publish.
asio::awaitable<recorded> recorded_later(pending<std::uint64_t> sequence);

/// Any `replay_log`, type-erased.
class any_replay_log {
public:
    template <replay_log Log>
    any_replay_log(std::shared_ptr<Log> log, pool_source pool)
        : self_(std::make_unique<model<Log>>(std::move(log), std::move(pool))) {}

    /// Records the message. If there is a topic and the log can publish, publishes it as well.
    pending<recorded> append(std::string session, std::uint64_t stream, std::string message,
                             std::string topic = {}) const {
        return self_->append(std::move(session), stream, std::move(message), std::move(topic));
    }
    pending<replayed> after(std::string session, std::uint64_t stream,
                            std::uint64_t sequence) const {
        return self_->after(std::move(session), stream, sequence);
    }
    pending<nothing> forget(std::string session) const { return self_->forget(std::move(session)); }

private:
    struct interface {
        virtual ~interface() = default;
        virtual pending<recorded> append(std::string, std::uint64_t, std::string, std::string) = 0;
        virtual pending<replayed> after(std::string, std::uint64_t, std::uint64_t) = 0;
        virtual pending<nothing> forget(std::string) = 0;
    };

    template <class Log>
    struct model final : interface {
        model(std::shared_ptr<Log> l, pool_source p) : log(std::move(l)), pool(std::move(p)) {}

        pending<recorded> append(std::string session, std::uint64_t stream, std::string message,
                                 std::string topic) override {
            if constexpr (publishes) {
                if (!topic.empty())
                    return call_collaborator<Log>(pool, [l = log, session = std::move(session),
                                                         stream, message = std::move(message),
                                                         topic = std::move(topic)] {
                        return l->append(session, stream, message, topic);
                    });
            }
            auto appended = call_collaborator<Log>(pool, [l = log, session = std::move(session),
                                                          stream, message = std::move(message)] {
                return l->append(session, stream, message);
            });
            if (appended.ready())
                return pending<recorded>(recorded{appended.take()});
            return pending<recorded>(recorded_later(std::move(appended)));
        }
        pending<replayed> after(std::string session, std::uint64_t stream,
                                std::uint64_t sequence) override {
            return call_collaborator<Log>(
                pool, [l = log, session = std::move(session), stream, sequence] {
                    return l->after(session, stream, sequence);
                });
        }
        pending<nothing> forget(std::string session) override {
            return call_collaborator<Log>(
                pool, [l = log, session = std::move(session)] { return l->forget(session); });
        }

        static constexpr bool publishes = requires(Log& l, std::string text, std::uint64_t number) {
            { l.append(text, number, text, text) };
        };

        std::shared_ptr<Log> log;
        pool_source pool;
    };

    std::unique_ptr<interface> self_;
};

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/replay/impl/replay_log.ipp>
#endif
