#pragma once

#include <mcp/redis/connection.hpp>
#include <mcp/session/session_store.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// Settings of `redis_sessions`.
struct redis_sessions_options {
    std::string prefix = "mcp:session";                    ///< keys are `prefix:id`
    std::chrono::seconds idle = std::chrono::hours(1);     ///< since the last request
    std::chrono::seconds age = std::chrono::hours(24 * 7); ///< since `initialize`
};

/// The `session_store` for several processes. Records are JSON texts in Redis 6.2 or newer; each
/// call takes one round trip. Redis expires idle sessions.
class redis_sessions {
public:
    explicit redis_sessions(redis::connection redis, redis_sessions_options options = {})
        : redis_(std::move(redis))
        , options_(detail::within_clocks(std::move(options))) {}

    [[nodiscard]] asio::awaitable<bool> create(session_record record) {
        return stored(redis_.command("SET", key(record.id), to_text(record), "NX", "EX", idle()));
    }

    [[nodiscard]] asio::awaitable<session_ptr> find(std::string id) {
        const std::string name = key(id);
        return read(redis_, redis_.command("GETEX", name, "EX", idle()), name, options_.age);
    }

    [[nodiscard]] asio::awaitable<bool> update(session_record record) {
        return stored(redis_.command("SET", key(record.id), to_text(record), "XX", "EX", idle()));
    }

    [[nodiscard]] asio::awaitable<bool> replace(session_record before, session_record after) {
        return counted(redis_.command("EVAL", replace_script, 1, key(after.id), to_text(before),
                                      to_text(after), idle()));
    }

    [[nodiscard]] asio::awaitable<bool> erase(std::string id) {
        return counted(redis_.command("DEL", key(id)));
    }

    std::chrono::seconds idle_limit() const noexcept { return options_.idle; }

    /// Returns the health of the connection to Redis.
    health_state health() const { return redis_.health(); }

private:
    using answer = asio::awaitable<redis::reply>;

    static constexpr std::string_view replace_script = R"(
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1)";

    std::string key(const std::string& id) const { return options_.prefix + ':' + id; }
    std::chrono::seconds::rep idle() const { return options_.idle.count(); }

    static asio::awaitable<bool> stored(answer asked) {
        const redis::reply said = co_await std::move(asked);
        co_return !said.is_nil();
    }
    static asio::awaitable<bool> counted(answer asked) {
        const redis::reply said = co_await std::move(asked);
        co_return said.integer() > 0;
    }
    static asio::awaitable<session_ptr> read(redis::connection redis, answer asked,
                                             std::string name, std::chrono::seconds age) {
        const redis::reply said = co_await std::move(asked);
        if (said.is_nil())
            co_return nullptr;
        std::optional<session_record> record = session_from_text(said.text());
        if (!record)
            co_return nullptr;
        if (session_record::clock::now() - record->created > age) {
            redis.post({"DEL", name});
            co_return nullptr;
        }
        co_return std::make_shared<const session_record>(std::move(*record));
    }

    redis::connection redis_;
    redis_sessions_options options_;
};

static_assert(session_store<redis_sessions>);

} // namespace mcp
