#pragma once

#include <mcp/async/offload.hpp>
#include <mcp/session/impl/sqlite.hpp>
#include <mcp/session/session_store.hpp>

#include <asio/awaitable.hpp>
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// Settings of `sqlite_sessions`.
struct sqlite_sessions_options {
    std::chrono::seconds idle = std::chrono::hours(1);     ///< since the last request
    std::chrono::seconds age = std::chrono::hours(24 * 7); ///< since `initialize`
    /// How often expired sessions are removed. Only `create` does so: there is no timer.
    std::chrono::seconds sweep = std::chrono::minutes(5);
    /// The maximum number of sessions. A full store first removes expired sessions, at most once a
    /// second, and then refuses a new session (503).
    std::size_t capacity = 100'000;
    /// The maximum size of the file, without its log. Beyond it, a new session is refused as by a
    /// full store, and a change that needs more room throws `unavailable` (503).
    std::size_t bytes = std::size_t{1024} * 1024 * 1024;
    /// How long a change waits for a write of another process.
    std::chrono::milliseconds busy = std::chrono::seconds(1);
    /// The clock, replaceable in tests.
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
};

/// The `session_store` in a file: sessions survive a restart without another server.
///
///     mcp::server server{"weather", "1.0", mcp::sqlite_sessions{"/var/lib/weather/sessions.db"}};
///
/// - Several processes of one machine may share the file, which must not be on a network file
///   system. Only its owner can read it: a session id in it is a credential.
/// - `find` reads on the calling thread by primary key. The write-ahead log keeps it from waiting
///   for writers. It takes a few microseconds, about as much as a thread pool would add.
/// - Changes run on the store's own thread, one after another, and are awaited. Each takes at most
///   `busy` plus the time of the disk.
/// - After a crash of the process, no data is lost. After a crash of the machine, the last changes
///   may be lost if the disk had not stored them.
/// - The last use is recorded to a sixtieth of `idle`, so that most requests write nothing. A
///   session may live that much longer, never shorter.
/// - Failures of the file throw `unavailable`. Needs SQLite 3.37 or newer.
///
/// Needs SQLite (CMake: `asio-mcp::sqlite`).
class sqlite_sessions {
public:
    /// Opens the file, or creates it. Throws `unavailable` if the file cannot be used, and
    /// `std::invalid_argument` for a name that SQLite does not treat as a file name.
    explicit sqlite_sessions(const std::string& file, sqlite_sessions_options options = {})
        : core_(std::make_shared<core>(file, std::move(options))) {}

    [[nodiscard]] asio::awaitable<bool> create(session_record record) {
        return later([record = std::move(record)](core& c) { return c.create(record); });
    }

    session_ptr find(const std::string& id) { return core_->find(id); }

    [[nodiscard]] asio::awaitable<bool> update(session_record record) {
        return later([record = std::move(record)](core& c) {
            return c.changes.update.change(record.id, to_text(record)) > 0;
        });
    }

    [[nodiscard]] asio::awaitable<bool> replace(session_record before, session_record after) {
        return later([before = std::move(before), after = std::move(after)](core& c) {
            return c.changes.replace.change(after.id, to_text(after), to_text(before)) > 0;
        });
    }

    [[nodiscard]] asio::awaitable<bool> erase(std::string id) {
        return later([id = std::move(id)](core& c) { return c.changes.erase.change(id) > 0; });
    }

    std::chrono::seconds idle_limit() const noexcept { return core_->options.idle; }

    /// Returns the number of sessions in the file, including expired sessions that are not yet
    /// swept.
    std::size_t size() const { return core_->size(); }

private:
    using clock = std::chrono::system_clock;
    using milliseconds = std::chrono::milliseconds;

    static std::int64_t number(clock::time_point at) {
        return std::chrono::duration_cast<milliseconds>(at.time_since_epoch()).count();
    }

    /// The statements of the writer thread.
    struct changing {
        explicit changing(sqlite::database& db)
            : create(db, "INSERT INTO mcp_sessions_1(id, record, created, seen) "
                         "SELECT ?1, ?2, ?3, ?4 WHERE (SELECT n FROM mcp_sessions_1_count) < ?5 "
                         "ON CONFLICT DO NOTHING")
            , update(db, "UPDATE mcp_sessions_1 SET record = ?2 WHERE id = ?1")
            , replace(db, "UPDATE mcp_sessions_1 SET record = ?2 WHERE id = ?1 AND record = ?3")
            , touch(db, "UPDATE mcp_sessions_1 SET seen = ?2 WHERE id = ?1 AND seen < ?2")
            , erase(db, "DELETE FROM mcp_sessions_1 WHERE id = ?1")
            , sweep(db, "DELETE FROM mcp_sessions_1 WHERE seen < ?1 OR created < ?2") {}

        sqlite::statement create;
        sqlite::statement update;
        sqlite::statement replace;
        sqlite::statement touch;
        sqlite::statement erase;
        sqlite::statement sweep;
        std::optional<clock::time_point> swept;
    };

    struct core {
        core(const std::string& file, sqlite_sessions_options o)
            : options(detail::within_clocks(std::move(o)))
            , grain(milliseconds(options.idle) / 60)
            , written(file, options.busy)
            , changes(prepared(written, options.bytes))
            , read(file, milliseconds(100)) // only recovery after a crash locks the file
            , select(read, "SELECT record, created, seen FROM mcp_sessions_1 WHERE id = ?1")
            , count(read, "SELECT n FROM mcp_sessions_1_count") {}
        ~core() { writer.join(); }

        static sqlite::database& prepared(sqlite::database& db, std::size_t bytes);

        bool create(const session_record& record) {
            const auto now = options.now();
            sweep(now, options.sweep);
            return insert(record, now) ||
                   (sweep(now, std::chrono::seconds(1)) && insert(record, now));
        }

        bool insert(const session_record& record, clock::time_point now) {
            constexpr std::size_t most = std::numeric_limits<std::int64_t>::max();
            const auto room = static_cast<std::int64_t>(std::min(options.capacity, most));
            try {
                return changes.create.change(record.id, to_text(record), number(record.created),
                                             number(now), room) > 0;
            } catch (const sqlite::full&) {
                return false;
            }
        }

        /// Removes expired sessions, unless the last sweep was less than `pause` ago; returns
        /// whether that made room.
        bool sweep(clock::time_point now, std::chrono::seconds pause) {
            if (changes.swept && now - *changes.swept < pause && now >= *changes.swept)
                return false;
            const int removed = changes.sweep.change(number(now - options.idle) - grain.count(),
                                                     number(now - options.age));
            changes.swept = now;
            return removed > 0;
        }

        session_ptr find(const std::string& id) {
            std::string text;
            std::int64_t created = 0;
            std::int64_t seen = 0;
            {
                std::lock_guard lock(reading);
                const bool known = select.row(
                    [&](const sqlite::columns& row) {
                        text = row.text(0);
                        created = row.integer(1);
                        seen = row.integer(2);
                    },
                    id);
                if (!known)
                    return nullptr;
            }
            const auto now = options.now();
            if (created < number(now - options.age) ||
                seen < number(now - options.idle) - grain.count())
                return nullptr;
            std::optional<session_record> record = session_from_text(text);
            if (!record)
                return nullptr;
            if (number(now) - seen >= grain.count())
                touch(id, number(now));
            return std::make_shared<const session_record>(std::move(*record));
        }

        /// Records the last use in the background. If it fails or the queue is full, the next
        /// `find` retries.
        void touch(const std::string& id, std::int64_t now) {
            constexpr int most = 256;
            if (touches.fetch_add(1) >= most) {
                touches.fetch_sub(1);
                return;
            }
            asio::post(writer, [this, id, now] {
                touches.fetch_sub(1);
                try {
                    changes.touch.change(id, now);
                } catch (const unavailable&) {
                    return;
                }
            });
        }

        std::size_t size() {
            std::lock_guard lock(reading);
            std::int64_t n = 0;
            count.row([&](const sqlite::columns& row) { n = row.integer(0); });
            return static_cast<std::size_t>(n);
        }

        const sqlite_sessions_options options;
        const milliseconds grain;
        sqlite::database written;
        changing changes;
        std::mutex reading;
        sqlite::database read;
        sqlite::statement select;
        sqlite::statement count;
        std::atomic<int> touches{0};
        asio::thread_pool writer{1};
    };

    template <class F>
    asio::awaitable<bool> later(F f) {
        auto job = [c = core_.get(), f = std::move(f)] { return f(*c); };
        return offload(core_->writer.get_executor(), std::move(job));
    }

    std::shared_ptr<core> core_;
};

/// Creates the tables. Triggers maintain the count, so that `create` does not count all rows.
inline sqlite::database& sqlite_sessions::core::prepared(sqlite::database& db, std::size_t bytes) {
    db.run("BEGIN IMMEDIATE;"
           "CREATE TABLE IF NOT EXISTS mcp_sessions_1("
           "  id TEXT PRIMARY KEY NOT NULL, record TEXT NOT NULL,"
           "  created INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
           "CREATE TABLE IF NOT EXISTS mcp_sessions_1_count(n INTEGER NOT NULL) STRICT;"
           "INSERT INTO mcp_sessions_1_count SELECT 0"
           "  WHERE NOT EXISTS (SELECT 1 FROM mcp_sessions_1_count);"
           "CREATE TRIGGER IF NOT EXISTS mcp_sessions_1_more AFTER INSERT ON mcp_sessions_1"
           "  BEGIN UPDATE mcp_sessions_1_count SET n = n + 1; END;"
           "CREATE TRIGGER IF NOT EXISTS mcp_sessions_1_less AFTER DELETE ON mcp_sessions_1"
           "  BEGIN UPDATE mcp_sessions_1_count SET n = n - 1; END;"
           "COMMIT");
    db.limit_size(bytes);
    return db;
}

static_assert(session_store<sqlite_sessions>);

} // namespace mcp
