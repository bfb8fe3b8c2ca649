// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/redis/reply.hpp>
#include <mcp/session/redis_sessions.hpp>
#include <mcp/session/session_record.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

namespace detail {

inline constexpr std::string_view replace_session_script = R"(
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1)";

inline asio::awaitable<bool> is_stored(asio::awaitable<redis::reply> pending) {
    const redis::reply reply = co_await std::move(pending);
    co_return !reply.is_nil();
}

inline asio::awaitable<bool> counts_any(asio::awaitable<redis::reply> pending) {
    const redis::reply reply = co_await std::move(pending);
    co_return reply.integer() > 0;
}

inline asio::awaitable<session_ptr> read_session(redis::connection redis,
                                                 asio::awaitable<redis::reply> pending,
                                                 std::string name, std::chrono::seconds age) {
    const redis::reply reply = co_await std::move(pending);
    if (reply.is_nil())
        co_return nullptr;
    std::optional<session_record> record = session_from_text(reply.text());
    if (!record)
        co_return nullptr;
    if (session_record::clock::now() - record->created > age) {
        redis.post({"DEL", name});
        co_return nullptr;
    }
    co_return std::make_shared<const session_record>(std::move(*record));
}

} // namespace detail

MCP_DECL redis_sessions::redis_sessions(redis::connection redis, redis_sessions_options options)
    : redis_(std::move(redis))
    , options_(std::move(options)) {
    options_.idle = detail::within_clocks(options_.idle);
    options_.age = detail::within_clocks(options_.age);
}

MCP_DECL asio::awaitable<bool> redis_sessions::create(session_record record) {
    return detail::is_stored(
        redis_.command("SET", key(record.id), to_text(record), "NX", "EX", options_.idle.count()));
}

MCP_DECL asio::awaitable<session_ptr> redis_sessions::find(std::string id) {
    const std::string name = key(id);
    return detail::read_session(redis_, redis_.command("GETEX", name, "EX", options_.idle.count()),
                                name, options_.age);
}

MCP_DECL asio::awaitable<bool> redis_sessions::update(session_record record) {
    return detail::is_stored(
        redis_.command("SET", key(record.id), to_text(record), "XX", "EX", options_.idle.count()));
}

MCP_DECL asio::awaitable<bool> redis_sessions::replace(session_record before,
                                                       session_record after) {
    return detail::counts_any(redis_.command("EVAL", detail::replace_session_script, 1,
                                             key(after.id), to_text(before), to_text(after),
                                             options_.idle.count()));
}

MCP_DECL asio::awaitable<bool> redis_sessions::erase(std::string id) {
    return detail::counts_any(redis_.command("DEL", key(id)));
}

} // namespace mcp
