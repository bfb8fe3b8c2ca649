// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/pending.hpp>
#include <mcp/async/saturating_time.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <limits>
#include <memory>
#include <sqlite3.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>

namespace mcp::sqlite {

/// Thrown when the file has reached its maximum size, or the disk is full.
class full : public unavailable {
public:
    using unavailable::unavailable;
};

/// Throws `unavailable` if `code` is an error. The text does not name the file.
inline void check(int code, const char* action) {
    if (code == SQLITE_FULL)
        throw full(std::string("SQLite: cannot ") + action + ": " + sqlite3_errstr(code));
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE)
        throw unavailable(std::string("SQLite: cannot ") + action + ": " + sqlite3_errstr(code));
}

/// A file with a write-ahead log, for one thread at a time.
class database {
public:
    database(const std::string& file, std::chrono::milliseconds busy) {
        if (file.empty() || file.starts_with(':') || file.starts_with("file:"))
            throw std::invalid_argument("SQLite: a file name is required");
        // Creates a missing file with mode 0600, which SQLite copies to the files beside it. Leaves
        // an existing file alone: closing it would end the locks of this process on it.
        const int created = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (created >= 0)
            ::close(created);
        sqlite3* opened = nullptr;
        const int code = sqlite3_open_v2(
            file.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
            nullptr);
        db_.reset(opened);
        check(code, "open the file");
        constexpr std::chrono::milliseconds longest(std::numeric_limits<int>::max());
        sqlite3_busy_timeout(opened, static_cast<int>(std::min(busy, longest).count()));
        keep_log(busy);
        run("PRAGMA synchronous = NORMAL");
    }

    sqlite3* get() const noexcept { return db_.get(); }

    /// Limits the size of the file; a file that is already larger stops growing.
    void limit_size(std::size_t bytes);

    void run(const char* sql) {
        const int code = sqlite3_exec(get(), sql, nullptr, nullptr, nullptr);
        if (code != SQLITE_OK && sqlite3_get_autocommit(get()) == 0)
            sqlite3_exec(get(), "ROLLBACK", nullptr, nullptr, nullptr);
        check(code, "prepare the file");
    }

private:
    struct close {
        void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
    };

    /// Enables the write-ahead log. SQLite does not wait if several processes create the file at
    /// once, so this function retries for `busy`.
    void keep_log(std::chrono::milliseconds busy);

    std::unique_ptr<sqlite3, close> db_;
};

/// The current row of a statement; texts are valid until the next step.
class columns {
public:
    explicit columns(sqlite3_stmt* of) : of_(of) {}
    std::int64_t integer(int column) const { return sqlite3_column_int64(of_, column); }
    std::string_view text(int column) const {
        const auto* first = reinterpret_cast<const char*>(sqlite3_column_text(of_, column));
        return first == nullptr
                   ? std::string_view()
                   : std::string_view(first,
                                      static_cast<std::size_t>(sqlite3_column_bytes(of_, column)));
    }

private:
    sqlite3_stmt* of_;
};

/// A prepared statement. It must not outlive its database.
class statement {
public:
    statement(const database& of, std::string_view sql) : db_(of.get()) {
        sqlite3_stmt* prepared = nullptr;
        const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                            SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
        statement_.reset(prepared);
        check(code, "prepare a statement");
    }

    /// Runs the statement; returns the number of changed rows.
    template <class... Arguments>
    int change(const Arguments&... arguments) {
        const running now(*this, arguments...);
        check(sqlite3_step(statement_.get()), "write");
        return sqlite3_changes(db_);
    }

    /// Runs the statement and passes its first row to `f`; returns false if there is none.
    template <class F, class... Arguments>
    bool row(F f, const Arguments&... arguments) {
        const running now(*this, arguments...);
        const int code = sqlite3_step(statement_.get());
        check(code, "read");
        if (code != SQLITE_ROW)
            return false;
        f(columns(statement_.get()));
        return true;
    }

private:
    struct finalize {
        void operator()(sqlite3_stmt* each) const noexcept { sqlite3_finalize(each); }
    };

    /// Resets the statement at the end: otherwise it keeps its transaction open.
    struct running {
        template <class... Arguments>
        explicit running(statement& s, const Arguments&... arguments) : of(s.statement_.get()) {
            [[maybe_unused]] int at = 0;
            (check(bind(of, ++at, arguments), "bind an argument"), ...);
        }
        running(const running&) = delete;
        running& operator=(const running&) = delete;
        ~running() {
            sqlite3_reset(of);
            sqlite3_clear_bindings(of);
        }
        sqlite3_stmt* of;
    };

    static int bind(sqlite3_stmt* to, int at, std::int64_t value) {
        return sqlite3_bind_int64(to, at, value);
    }
    /// The text must outlive the run.
    static int bind(sqlite3_stmt* to, int at, std::string_view text) {
        return sqlite3_bind_text64(to, at, text.data(), text.size(), nullptr, SQLITE_UTF8);
    }

    sqlite3* db_;
    std::unique_ptr<sqlite3_stmt, finalize> statement_;
};

inline void database::limit_size(std::size_t bytes) {
    constexpr std::size_t most = 1'073'741'823; // SQLite's own limit; it ignores larger numbers
    std::size_t page = 1;
    statement(*this, "PRAGMA page_size").row([&](const columns& row) {
        page = static_cast<std::size_t>(row.integer(0));
    });
    const auto pages = std::clamp<std::size_t>(bytes / page, 1, most);
    run(("PRAGMA max_page_count = " + std::to_string(pages)).c_str());
}

inline void database::keep_log(std::chrono::milliseconds busy) {
    const auto end = mcp::detail::later(std::chrono::steady_clock::now(), busy);
    while (true) {
        try {
            statement pragma(*this, "PRAGMA journal_mode = WAL");
            std::string mode;
            pragma.row([&](const columns& row) { mode = row.text(0); });
            if (mode == "wal")
                return;
            throw unavailable("SQLite: the file does not support a write-ahead log");
        } catch (const unavailable&) {
            const bool locked = (sqlite3_errcode(get()) & 0xff) == SQLITE_BUSY;
            if (!locked || std::chrono::steady_clock::now() > end)
                throw;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

} // namespace mcp::sqlite
