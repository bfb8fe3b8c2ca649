#include <mcp/session/sqlite_sessions.hpp>

#include <mcp/testing/session_store_suite.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <memory>
#include <sqlite3.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace sqlite_sessions_test {

using namespace std::chrono_literals;
using mcp::testing::settled;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
namespace fs = std::filesystem;

/// Holds the right to write, as another process would.
class foreign_writer {
public:
    explicit foreign_writer(const std::string& file) {
        sqlite3_open(file.c_str(), &db_);
        run("BEGIN IMMEDIATE");
    }
    foreign_writer(const foreign_writer&) = delete;
    foreign_writer& operator=(const foreign_writer&) = delete;
    ~foreign_writer() { sqlite3_close(db_); }
    void run(const char* sql) {
        ASSERT_EQ(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    }

private:
    sqlite3* db_ = nullptr;
};

class sqlite_sessions : public testing::Test {
protected:
    sqlite_sessions() {
        std::string name = (fs::temp_directory_path() / "mcp-sessions-XXXXXX").string();
        folder = mkdtemp(name.data());
    }
    ~sqlite_sessions() override { fs::remove_all(folder); }

    std::string file(const std::string& name = "sessions.db") const {
        return (folder / name).string();
    }
    mcp::sqlite_sessions_options limits(std::size_t capacity = 100) const {
        mcp::sqlite_sessions_options options;
        options.idle = 60s;
        options.age = 600s;
        options.sweep = 10s;
        options.capacity = capacity;
        options.busy = 50ms;
        options.now = [now = now] { return *now; };
        return options;
    }
    mcp::session_record record(std::string id) const {
        mcp::session_record made;
        made.id = std::move(id);
        made.owner = "ann";
        made.created = *now;
        return made;
    }
    static bool create(mcp::sqlite_sessions& store, const mcp::session_record& record) {
        return settled([&] { return store.create(record); });
    }
    static bool erase(mcp::sqlite_sessions& store, const std::string& id) {
        return settled([&] { return store.erase(id); });
    }
    /// Returns when the changes that were asked for are made: they are made one after another.
    static void settle(mcp::sqlite_sessions& store) { erase(store, "nobody"); }

    fs::path folder;
    std::shared_ptr<std::chrono::system_clock::time_point> now =
        std::make_shared<std::chrono::system_clock::time_point>(24h * 20'000);
};

TEST_F(sqlite_sessions, keeps_the_contract) {
    int number = 0;
    EXPECT_THAT(mcp::testing::check_session_store([&] {
                    return std::make_shared<mcp::sqlite_sessions>(file(std::to_string(++number)));
                }),
                IsEmpty());
}

TEST_F(sqlite_sessions, survive_a_restart) {
    {
        mcp::sqlite_sessions store(file(), limits());
        auto made = record("a");
        made.subscriptions = {"file:///x", "file:///'y\""};
        EXPECT_TRUE(create(store, made));
        made.threshold = mcp::log_level::alert;
        EXPECT_TRUE(settled([&] { return store.update(made); }));
    }
    mcp::sqlite_sessions store(file(), limits());
    const auto found = store.find("a");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->owner, "ann");
    EXPECT_EQ(found->subscriptions.back(), "file:///'y\"");
    EXPECT_EQ(found->threshold, mcp::log_level::alert);
    EXPECT_EQ(store.size(), 1u);
}

TEST_F(sqlite_sessions, survive_a_process_that_is_killed) {
    const pid_t child = fork();
    if (child == 0) {
        const auto end = [&]() noexcept {
            mcp::sqlite_sessions store(file(), limits());
            create(store, record("a"));
            kill(getpid(), SIGKILL);
        };
        end();
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    mcp::sqlite_sessions store(file(), limits());
    EXPECT_TRUE(store.find("a"));
    EXPECT_TRUE(create(store, record("b")));
}

TEST_F(sqlite_sessions, are_those_of_all_who_share_the_file) {
    mcp::sqlite_sessions one(file(), limits());
    mcp::sqlite_sessions two(file(), limits());
    EXPECT_TRUE(create(one, record("a")));
    EXPECT_TRUE(two.find("a"));
    EXPECT_FALSE(create(two, record("a")));
    auto changed = record("a");
    changed.owner = "bob";
    EXPECT_TRUE(settled([&] { return two.update(changed); }));
    EXPECT_EQ(one.find("a")->owner, "bob");
    EXPECT_TRUE(erase(two, "a"));
    EXPECT_FALSE(one.find("a"));
    EXPECT_EQ(one.size(), 0u);
}

TEST_F(sqlite_sessions, many_open_a_new_file_and_write_at_once) {
    std::atomic<int> made{0};
    std::vector<std::thread> threads;
    auto options = limits();
    options.busy = 20s; // the file is theirs alone; a slow disk is no failure
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            try {
                mcp::sqlite_sessions store(file(), options);
                for (int i = 0; i < 20; ++i)
                    made += create(store, record(std::to_string(t) + "-" + std::to_string(i)));
            } catch (const std::exception& failure) {
                ADD_FAILURE() << failure.what();
            }
        });
    for (auto& each : threads)
        each.join();
    EXPECT_EQ(made, 80);
    EXPECT_EQ(mcp::sqlite_sessions(file(), options).size(), 80u);
}

TEST_F(sqlite_sessions, expire_by_idleness_and_by_age) {
    mcp::sqlite_sessions store(file(), limits());
    create(store, record("busy"));
    create(store, record("idle"));
    for (int i = 0; i < 11; ++i) {
        *now += 50s;
        EXPECT_TRUE(store.find("busy")) << i;
        settle(store);
    }
    EXPECT_FALSE(store.find("idle"));
    *now += 51s;
    EXPECT_FALSE(store.find("busy")) << "older than any session may be";
    EXPECT_TRUE(create(store, record("new")));
    EXPECT_EQ(store.size(), 1u) << "the old ones are swept";
}

TEST_F(sqlite_sessions, may_live_for_ever) {
    auto unlimited = limits();
    unlimited.idle = unlimited.age = unlimited.sweep = std::chrono::seconds::max();
    unlimited.busy = std::chrono::milliseconds::max();
    unlimited.capacity = unlimited.bytes = SIZE_MAX;
    mcp::sqlite_sessions store(file(), unlimited);
    EXPECT_TRUE(create(store, record("a")));
    EXPECT_TRUE(store.find("a"));
}

TEST_F(sqlite_sessions, last_use_is_noted_for_all_to_a_sixtieth_of_the_idle_time) {
    mcp::sqlite_sessions one(file(), limits());
    mcp::sqlite_sessions two(file(), limits());
    create(one, record("a"));
    *now += 999ms;
    EXPECT_TRUE(one.find("a"));
    settle(one);
    *now += 60s + 1ms; // a minute and a second since it was last noted
    EXPECT_TRUE(two.find("a"));
    settle(two);
    *now += 61s;
    EXPECT_TRUE(one.find("a"));
    settle(one);
    *now += 61s + 1ms;
    EXPECT_FALSE(one.find("a"));
    EXPECT_FALSE(two.find("a"));
}

TEST_F(sqlite_sessions, a_full_store_takes_no_more_until_some_have_gone) {
    mcp::sqlite_sessions store(file(), limits(2));
    mcp::sqlite_sessions other(file(), limits(2));
    EXPECT_TRUE(create(store, record("a")));
    EXPECT_TRUE(create(other, record("b")));
    EXPECT_FALSE(create(store, record("c")));
    EXPECT_FALSE(create(other, record("c")));
    EXPECT_TRUE(erase(store, "a"));
    EXPECT_TRUE(create(other, record("c")));
    *now += 62s;
    EXPECT_TRUE(create(store, record("d"))) << "expired sessions make room";
    EXPECT_EQ(store.size(), 1u);
}

TEST_F(sqlite_sessions, a_full_store_looks_for_room_before_it_refuses_once_a_second) {
    mcp::sqlite_sessions store(file(), limits(1));
    EXPECT_TRUE(create(store, record("a")));
    *now += 60s + 500ms; // idle, but times are kept to the second
    EXPECT_FALSE(create(store, record("b")));
    *now += 700ms;
    EXPECT_FALSE(create(store, record("b"))) << "a has expired, which nobody has seen yet";
    *now += 400ms;
    EXPECT_TRUE(create(store, record("b")));
    EXPECT_EQ(store.size(), 1u);
}

TEST_F(sqlite_sessions, who_writes_holds_up_no_reader_and_other_writers_for_a_while_only) {
    mcp::sqlite_sessions store(file(), limits());
    create(store, record("a"));
    {
        foreign_writer other(file());
        *now += 30s;
        EXPECT_TRUE(store.find("a"));
        try {
            create(store, record("b"));
            FAIL() << "written while another had the right to write";
        } catch (const mcp::unavailable& failure) {
            EXPECT_THAT(failure.what(), HasSubstr("database is locked"));
            EXPECT_THAT(failure.what(), Not(HasSubstr(folder.string())));
        }
        EXPECT_THROW(mcp::sqlite_sessions(file(), limits()), mcp::unavailable);
    }
    EXPECT_TRUE(create(store, record("b")));
}

TEST_F(sqlite_sessions, a_file_that_is_none_of_sqlite_is_said_to_be_so) {
    const std::string noise(8192, 'x');
    std::ofstream(file()) << noise;
    try {
        mcp::sqlite_sessions store(file(), limits());
        FAIL();
    } catch (const mcp::unavailable& failure) {
        EXPECT_THAT(failure.what(), HasSubstr("file is not a database"));
    }
    std::ifstream kept(file());
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(kept), {}), noise) << "it is left alone";
    EXPECT_THROW(mcp::sqlite_sessions(folder.string(), limits()), mcp::unavailable);
    EXPECT_THROW(mcp::sqlite_sessions(file("no/such/folder"), limits()), mcp::unavailable);
    for (const char* name : {"", ":memory:", "file:x?mode=memory"})
        EXPECT_THROW(mcp::sqlite_sessions(name, limits()), std::invalid_argument);
}

TEST_F(sqlite_sessions, a_file_that_breaks_is_unavailable_and_harms_nobody_else) {
    {
        mcp::sqlite_sessions store(file(), limits());
        for (int i = 0; i < 50; ++i)
            create(store, record("s" + std::to_string(i)));
    }
    ASSERT_GT(fs::file_size(file()), 3 * 4096u);
    {
        std::fstream broken(file(), std::ios::in | std::ios::out | std::ios::binary);
        broken.seekp(4096);
        broken << std::string(static_cast<std::size_t>(fs::file_size(file())) - 4096, '\xee');
    }
    const auto use = [&] {
        mcp::sqlite_sessions store(file(), limits());
        store.find("s1");
    };
    EXPECT_THROW(use(), mcp::unavailable);
    mcp::sqlite_sessions other(file("other"), limits());
    EXPECT_TRUE(create(other, record("a")));
}

TEST_F(sqlite_sessions, what_is_no_record_is_no_session) {
    mcp::sqlite_sessions store(file(), limits());
    create(store, record("a"));
    foreign_writer other(file());
    other.run("UPDATE mcp_sessions_1 SET record = '{]'");
    other.run("COMMIT");
    EXPECT_FALSE(store.find("a"));
}

TEST_F(sqlite_sessions, only_the_owner_may_read_the_file) {
    mcp::sqlite_sessions store(file(), limits());
    create(store, record("a"));
    for (const auto& each : fs::directory_iterator(folder))
        EXPECT_EQ(each.status().permissions() & (fs::perms::group_all | fs::perms::others_all),
                  fs::perms::none)
            << each.path();
}

TEST_F(sqlite_sessions, an_id_is_never_taken_for_sql) {
    mcp::sqlite_sessions store(file(), limits());
    const std::string id = "x'; DROP TABLE mcp_sessions_1; --";
    create(store, record(id));
    EXPECT_TRUE(store.find(id));
    EXPECT_FALSE(store.find("x' OR '1'='1"));
    EXPECT_TRUE(erase(store, id));
    EXPECT_FALSE(store.find(id));
}

TEST_F(sqlite_sessions, the_file_is_bounded_in_bytes) {
    auto options = limits(100'000);
    options.bytes = 1024 * 1024;
    mcp::sqlite_sessions store(file(), options);
    int made = 0;
    auto large = record("");
    large.client.name.assign(40'000, 'x');
    for (bool room = true; room && made < 100; made += room ? 1 : 0) {
        large.id = std::to_string(made);
        room = create(store, large);
    }
    EXPECT_GT(made, 15);
    EXPECT_LT(made, 27);
    EXPECT_EQ(store.size(), static_cast<std::size_t>(made));
    auto grown = *store.find("0");
    grown.client.name.assign(400'000, 'x');
    EXPECT_THROW(settled([&] { return store.update(grown); }), mcp::unavailable);
    EXPECT_EQ(store.find("0")->client.name.size(), 40'000U);
    EXPECT_TRUE(erase(store, "1"));
    EXPECT_TRUE(create(store, large)) << "there is room again";
    *now += 90s;
    large.id = "new";
    large.created = *now;
    EXPECT_TRUE(create(store, large)) << "expired sessions make room";
    EXPECT_EQ(store.size(), 1U);
    EXPECT_LE(fs::file_size(file()), options.bytes);
}

} // namespace sqlite_sessions_test
