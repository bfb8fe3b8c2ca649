#pragma once

#include <mcp/redis/channels.hpp>
#include <mcp/redis/connection.hpp>
#include <mcp/replay/replay_log.hpp>

#include <asio/awaitable.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// Settings of `redis_replay`.
struct redis_replay_options {
    std::string prefix = "mcp:replay";
    std::size_t events = 1024; ///< for each session, all streams together
    /// The maximum bytes of messages of a session; beyond it, the oldest events are dropped. A
    /// larger message is not kept. The total of all sessions is a setting of Redis (`maxmemory`).
    std::size_t bytes = 8 * 1024 * 1024;
    std::chrono::seconds keep = std::chrono::hours(24); ///< since the last event of a stream
};

/// The `replay_log` for several processes. Each session has in Redis:
///
/// - a Redis stream for each of its streams, with the sequences as ids;
/// - a hash of the last sequences;
/// - a list of the streams in the order of their events, with the bytes of each event;
/// - the sum of these bytes.
///
/// When all events of a stream are dropped, its last sequence is kept until `events` other streams
/// have come. Stream 0, the session's own, keeps it as long as the session.
///
/// If the server's broker is a `redis_broker` of the same connection, one script records a message
/// and publishes it. While Redis is unreachable, `append` throws and nothing is queued: the sender
/// gets an error. Appended events are as durable as the data of Redis: with `appendonly yes` and
/// `appendfsync always` they survive a crash of Redis, with weaker settings the last moment may be
/// lost.
///
/// The keys of a session have the session as their hash tag, so all of them are on one node of a
/// cluster.
class redis_replay {
public:
    explicit redis_replay(redis::connection redis, redis_replay_options options = {})
        : redis_(std::move(redis))
        , options_(std::move(options)) {
        // Redis refuses `seconds::max()`.
        options_.keep = std::min<std::chrono::seconds>(options_.keep, std::chrono::years(100));
    }

    [[nodiscard]] asio::awaitable<std::uint64_t> append(std::string session, std::uint64_t stream,
                                                        std::string message) {
        return sequence(redis_.command("EVAL", append_script, 4, counters(session),
                                       events(session, stream), order(session), bytes(session),
                                       stream, options_.events, options_.keep.count(), message,
                                       options_.bytes));
    }

    [[nodiscard]] asio::awaitable<recorded> append(std::string session, std::uint64_t stream,
                                                   std::string message, std::string topic) {
        return read(redis_.command("EVAL", append_script, 4, counters(session),
                                   events(session, stream), order(session), bytes(session), stream,
                                   options_.events, options_.keep.count(), message, options_.bytes,
                                   channel_of(topic)));
    }

    /// Makes `append` with a topic also publish on its channel, if these channels belong to the
    /// same connection. Call it before the log is used.
    void publish_on(const redis::channels& channels) {
        if (channels.redis == redis_)
            channels_ = channels.prefix;
    }

    /// Returns the events after `sequence`. If the log does not know that place, for example
    /// because all events of the stream are gone, `whole` is false.
    [[nodiscard]] asio::awaitable<replayed> after(std::string session, std::uint64_t stream,
                                                  std::uint64_t sequence) {
        return read(redis_.command("EVAL", after_script, 2, counters(session),
                                   events(session, stream), stream, sequence + 1),
                    sequence);
    }

    [[nodiscard]] asio::awaitable<void> forget(std::string session) {
        return done(redis_.command("EVAL", forget_script, 3, counters(session), order(session),
                                   bytes(session)));
    }

    /// Returns the health of the connection to Redis.
    health_state health() const { return redis_.health(); }

private:
    using answer = asio::awaitable<redis::reply>;

    // Redis may evict single keys of a session. Without the counters, old events would refuse the
    // new ids, so they are deleted. Without the order, each stream still has its own limit. The sum
    // of bytes is computed again from the order. The cost of the occasional scan of streams is
    // amortized over the streams added since the last scan.
    static constexpr std::string_view append_script = R"(
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
    static constexpr std::string_view after_script = R"(
return {redis.call('HGET', KEYS[1], ARGV[1]) or '0',
        redis.call('XRANGE', KEYS[2], ARGV[2] .. '-0', '+')})";
    static constexpr std::string_view forget_script = R"(
for _, stream in ipairs(redis.call('HKEYS', KEYS[1])) do
    redis.call('DEL', KEYS[1] .. ':' .. stream)
end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
return 1)";

    std::string counters(const std::string& session) const {
        return options_.prefix + ":{" + session + '}';
    }
    std::string events(const std::string& session, std::uint64_t stream) const {
        return counters(session) + ':' + std::to_string(stream);
    }

    std::string order(const std::string& session) const { return counters(session) + ":order"; }
    std::string bytes(const std::string& session) const { return counters(session) + ":bytes"; }

    static std::uint64_t number(const std::string& text) {
        std::uint64_t value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    }

    static asio::awaitable<std::uint64_t> sequence(answer asked) {
        const redis::reply said = co_await std::move(asked);
        co_return static_cast<std::uint64_t>(said.elements().at(0).integer());
    }
    static asio::awaitable<recorded> read(answer asked) {
        const redis::reply said = co_await std::move(asked);
        recorded done{static_cast<std::uint64_t>(said.elements().at(0).integer())};
        if (said.elements().size() > 1)
            done.taken = static_cast<std::size_t>(said.elements()[1].integer());
        co_return done;
    }
    static asio::awaitable<void> done(answer asked) { co_await std::move(asked); }
    static asio::awaitable<replayed> read(answer asked, std::uint64_t sequence) {
        const redis::reply said = co_await std::move(asked);
        const std::uint64_t last = number(said.elements().at(0).text());
        replayed found;
        found.last = last;
        for (const redis::reply& entry : said.elements().at(1).elements()) {
            const std::uint64_t place = number(entry.elements().at(0).text());
            found.whole = found.whole && place == ++sequence;
            sequence = place;
            found.events.push_back({place, entry.elements().at(1).elements().at(1).text()});
        }
        found.whole = found.whole && sequence == last;
        co_return found;
    }

    std::string channel_of(const std::string& topic) const {
        return channels_ ? redis::channels::name(*channels_, topic) : std::string();
    }

    redis::connection redis_;
    redis_replay_options options_;
    std::optional<std::string> channels_; ///< of the channels to publish on
};

static_assert(replay_log<redis_replay>);

} // namespace mcp
