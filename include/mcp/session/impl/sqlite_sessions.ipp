// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/offload.hpp>
#include <mcp/async/saturating_time.hpp>
#include <mcp/session/impl/sqlite.hpp>
#include <mcp/session/session_record.hpp>
#include <mcp/session/sqlite_sessions.hpp>

#include <asio/awaitable.hpp>
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace mcp {

struct sqlite_sessions::core {
    using clock = std::chrono::system_clock;
    using milliseconds = std::chrono::milliseconds;

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

    core(const std::string& file, sqlite_sessions_options o)
        : options(within_clocks(std::move(o)))
        , grain(milliseconds(options.idle) / 60)
        , written(file, options.busy)
        , changes(prepared(written, options.bytes))
        , read(file, milliseconds(100)) // only recovery after a crash locks the file
        , select(read, "SELECT record, created, seen FROM mcp_sessions_1 WHERE id = ?1")
        , count(read, "SELECT n FROM mcp_sessions_1_count") {}
    ~core() { writer.join(); }

    static sqlite_sessions_options within_clocks(sqlite_sessions_options options) {
        options.idle = detail::within_clocks(options.idle);
        options.age = detail::within_clocks(options.age);
        options.sweep = detail::within_clocks(options.sweep);
        return options;
    }

    static std::int64_t number(clock::time_point at) {
        return std::chrono::duration_cast<milliseconds>(at.time_since_epoch()).count();
    }

    /// Creates the tables. Triggers maintain the count, so that `create` does not count all rows.
    static sqlite::database& prepared(sqlite::database& db, std::size_t bytes);

    /// Runs `f` on the thread of the store.
    template <class F>
    asio::awaitable<bool> later(F f) {
        auto job = [this, f = std::move(f)] { return f(*this); };
        return offload(writer.get_executor(), std::move(job));
    }

    bool create(const session_record& record) {
        const auto now = options.now();
        sweep(now, options.sweep);
        return insert(record, now) || (sweep(now, std::chrono::seconds(1)) && insert(record, now));
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

MCP_DECL sqlite::database& sqlite_sessions::core::prepared(sqlite::database& db,
                                                           std::size_t bytes) {
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

MCP_DECL sqlite_sessions::sqlite_sessions(const std::string& file, sqlite_sessions_options options)
    : core_(std::make_shared<core>(file, std::move(options))) {}

MCP_DECL asio::awaitable<bool> sqlite_sessions::create(session_record record) {
    return core_->later([record = std::move(record)](core& c) { return c.create(record); });
}

MCP_DECL session_ptr sqlite_sessions::find(const std::string& id) {
    return core_->find(id);
}

MCP_DECL asio::awaitable<bool> sqlite_sessions::update(session_record record) {
    return core_->later([record = std::move(record)](core& c) {
        return c.changes.update.change(record.id, to_text(record)) > 0;
    });
}

MCP_DECL asio::awaitable<bool> sqlite_sessions::replace(session_record before,
                                                        session_record after) {
    return core_->later([before = std::move(before), after = std::move(after)](core& c) {
        return c.changes.replace.change(after.id, to_text(after), to_text(before)) > 0;
    });
}

MCP_DECL asio::awaitable<bool> sqlite_sessions::erase(std::string id) {
    return core_->later([id = std::move(id)](core& c) { return c.changes.erase.change(id) > 0; });
}

MCP_DECL std::chrono::seconds sqlite_sessions::idle_limit() const noexcept {
    return core_->options.idle;
}

MCP_DECL std::size_t sqlite_sessions::size() const {
    return core_->size();
}

} // namespace mcp
