// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/redis/channels.hpp>
#include <mcp/redis/reply.hpp>
#include <mcp/replay/redis_replay.hpp>

#include <asio/awaitable.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

namespace detail {

// Redis may evict single keys of a session. Without the counters, old events would refuse the
// new ids, so they are deleted. Without the order, each stream still has its own limit. The sum
// of bytes is computed again from the order. The cost of the occasional scan of streams is
// amortized over the streams added since the last scan.
inline constexpr std::string_view replay_append_script = R"(
local most = math.max(1, tonumber(ARGV[2]))
local room = tonumber(ARGV[5])
local held = tonumber(redis.call('GET', KEYS[4]) or '')
if not held then
    held = 0
    for _, each in ipairs(redis.call('LRANGE', KEYS[3], 0, -1)) do
        held = held + (tonumber(string.match(each, ' (%d+)')) or 0)
    end
end
local kept = #ARGV[4] <= room
local n = redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
local queued = redis.call('LLEN', KEYS[3])
while kept and queued > 0 and (queued >= most or held + #ARGV[4] > room) do
    local stream, bytes = string.match(redis.call('LPOP', KEYS[3]), '^(%d+) ?(%d*)')
    local old = KEYS[1] .. ':' .. stream
    local size = redis.call('XLEN', old)
    if size > 1 then redis.call('XTRIM', old, 'MAXLEN', size - 1) else redis.call('DEL', old) end
    held = math.max(0, held - (tonumber(bytes) or 0))
    queued = queued - 1
end
if kept then
    local id = string.format('%.0f-0', n)
    local added = redis.pcall('XADD', KEYS[2], 'MAXLEN', most, id, 'm', ARGV[4])
    if type(added) == 'table' and added.err then
        redis.call('DEL', KEYS[2])
        redis.call('XADD', KEYS[2], 'MAXLEN', most, id, 'm', ARGV[4])
    end
    redis.call('RPUSH', KEYS[3], ARGV[1] .. ' ' .. #ARGV[4])
    redis.call('SET', KEYS[4], string.format('%.0f', (queued > 0 and held or 0) + #ARGV[4]))
end
if redis.call('HLEN', KEYS[1]) > 2 * most + 1 then
    for _, stream in ipairs(redis.call('HKEYS', KEYS[1])) do
        if stream ~= '0' and redis.call('EXISTS', KEYS[1] .. ':' .. stream) == 0 then
            redis.call('HDEL', KEYS[1], stream)
        end
    end
end
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[3]) end
if not ARGV[6] or ARGV[6] == '' then return {n} end
return {n, redis.call('PUBLISH', ARGV[6], string.format('%.0f', n) .. ARGV[4])})";
inline constexpr std::string_view replay_after_script = R"(
return {redis.call('HGET', KEYS[1], ARGV[1]) or '0',
        redis.call('XRANGE', KEYS[2], ARGV[2] .. '-0', '+')})";
inline constexpr std::string_view replay_forget_script = R"(
for _, stream in ipairs(redis.call('HKEYS', KEYS[1])) do
    redis.call('DEL', KEYS[1] .. ':' .. stream)
end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
return 1)";

inline std::uint64_t replay_number(const std::string& text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

inline asio::awaitable<std::uint64_t> read_sequence(asio::awaitable<redis::reply> pending) {
    const redis::reply reply = co_await std::move(pending);
    co_return static_cast<std::uint64_t>(reply.elements().at(0).integer());
}

inline asio::awaitable<recorded> read_recorded(asio::awaitable<redis::reply> pending) {
    const redis::reply reply = co_await std::move(pending);
    recorded result{static_cast<std::uint64_t>(reply.elements().at(0).integer())};
    if (reply.elements().size() > 1)
        result.taken = static_cast<std::size_t>(reply.elements()[1].integer());
    co_return result;
}

inline asio::awaitable<void> await_reply(asio::awaitable<redis::reply> pending) {
    co_await std::move(pending);
}

inline asio::awaitable<replayed> read_replayed(asio::awaitable<redis::reply> pending,
                                               std::uint64_t sequence) {
    const redis::reply reply = co_await std::move(pending);
    const std::uint64_t last = replay_number(reply.elements().at(0).text());
    replayed found;
    found.last = last;
    for (const redis::reply& entry : reply.elements().at(1).elements()) {
        const std::uint64_t number = replay_number(entry.elements().at(0).text());
        found.whole = found.whole && number == ++sequence;
        sequence = number;
        found.events.push_back({number, entry.elements().at(1).elements().at(1).text()});
    }
    found.whole = found.whole && sequence == last;
    co_return found;
}

} // namespace detail

MCP_DECL redis_replay::redis_replay(redis::connection redis, redis_replay_options options)
    : redis_(std::move(redis))
    , options_(std::move(options)) {
    // Redis refuses larger numbers.
    options_.keep = detail::within_clocks(options_.keep);
    options_.events = std::min(options_.events, std::size_t{1} << 30);
}

MCP_DECL asio::awaitable<std::uint64_t>
redis_replay::append(std::string session, std::uint64_t stream, std::string message) {
    return detail::read_sequence(
        redis_.command("EVAL", detail::replay_append_script, 4, counters(session),
                       events(session, stream), order(session), bytes(session), stream,
                       options_.events, options_.keep.count(), message, options_.bytes));
}

MCP_DECL asio::awaitable<recorded> redis_replay::append(std::string session, std::uint64_t stream,
                                                        std::string message, std::string topic) {
    return detail::read_recorded(redis_.command(
        "EVAL", detail::replay_append_script, 4, counters(session), events(session, stream),
        order(session), bytes(session), stream, options_.events, options_.keep.count(), message,
        options_.bytes, channel_of(topic)));
}

MCP_DECL void redis_replay::publish_on(const redis::channels& channels) {
    if (channels.redis == redis_)
        channels_ = channels.prefix;
}

MCP_DECL asio::awaitable<replayed> redis_replay::after(std::string session, std::uint64_t stream,
                                                       std::uint64_t sequence) {
    return detail::read_replayed(redis_.command("EVAL", detail::replay_after_script, 2,
                                                counters(session), events(session, stream), stream,
                                                sequence + 1),
                                 sequence);
}

MCP_DECL asio::awaitable<void> redis_replay::forget(std::string session) {
    return detail::await_reply(redis_.command("EVAL", detail::replay_forget_script, 3,
                                              counters(session), order(session), bytes(session)));
}

MCP_DECL std::string redis_replay::counters(const std::string& session) const {
    return options_.prefix + ":{" + session + '}';
}

MCP_DECL std::string redis_replay::events(const std::string& session, std::uint64_t stream) const {
    return counters(session) + ':' + std::to_string(stream);
}

MCP_DECL std::string redis_replay::channel_of(const std::string& topic) const {
    return channels_ ? redis::channels::name(*channels_, topic) : std::string();
}

} // namespace mcp
