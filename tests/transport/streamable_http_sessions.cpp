#include <mcp/http/router.hpp>
#include <mcp/http/server.hpp>
#include <mcp/redis/connection.hpp>
#include <mcp/server/server.hpp>
#include <mcp/session/redis_sessions.hpp>
#include <mcp/session/sqlite_sessions.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/awaitable.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <gmock/gmock.h>
#include <memory>
#include <optional>
#include <redis/redis_server.hpp>
#include <string>
#include <string_view>
#include <support/mcp_http.hpp>
#include <thread>
#include <utility>
#include <vector>

// What requests change of the record of their session, when many come at once.

namespace streamable_http_sessions_test {

using ::testing::Contains;
using ::testing::Not;
using ::testing::UnorderedElementsAreArray;
using wire::answer;
using wire::call;
using wire::client;
using wire::in_session;

std::string subscribe(std::string_view uri, std::string_view id = "1") {
    return call("resources/subscribe", R"("uri":")" + std::string(uri) + '"', id);
}
std::string unsubscribe(std::string_view uri, std::string_view id = "1") {
    return call("resources/unsubscribe", R"("uri":")" + std::string(uri) + '"', id);
}
std::string set_level(std::string_view level, std::string_view id = "1") {
    return call("logging/setLevel", R"("level":")" + std::string(level) + '"', id);
}

/// A server with a store, on four loops.
class house {
public:
    template <class Store>
    explicit house(std::shared_ptr<Store> store) {
        auto& shared = server.environment();
        shared.sessions =
            mcp::any_session_store(std::move(store), [&shared] { return shared.pool(); });
        app.mount("/mcp", mcp::streamable_http{server});
        http.emplace(app, mcp::http::server_options{.port = 0, .threads = 4});
        http->start();
    }
    ~house() {
        http->stop();
        http->join();
    }

    client connect() { return client(http->port()); }
    std::string session(std::string_view revision = "2025-11-25") {
        return connect().ask(wire::initialize(revision)).header("Mcp-Session-Id");
    }
    mcp::session_ptr record(const std::string& id) {
        auto read = [](mcp::server_core& s, std::string name) -> asio::awaitable<mcp::session_ptr> {
            auto step = s.environment().sessions.find(std::move(name));
            if (!step.ready())
                co_await step.settle();
            co_return step.take();
        };
        return asio::co_spawn(http->executor(0), read(server, id), asio::use_future).get();
    }

    mcp::server<> server{"house", "1.0"};
    mcp::http::router app;
    std::optional<mcp::http::server> http;
};

/// Four clients of one session: what each was told to be done is on record afterwards.
void expect_all_kept(house& h) {
    constexpr int clients = 4;
    constexpr int each = 50;
    const std::string id = h.session();
    ASSERT_EQ(h.connect().ask(in_session(id, subscribe("n://old"))).code, 200);
    std::vector<std::string> wanted;
    for (int t = 0; t < clients; ++t)
        for (int i = 0; i < each; ++i)
            wanted.push_back("n://" + std::to_string(t) + '-' + std::to_string(i));
    std::atomic<int> done{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < clients; ++t)
        threads.emplace_back([&, t] {
            client c = h.connect();
            for (int i = 0; i < each; ++i) {
                const auto at = static_cast<std::size_t>(t * each + i);
                done += c.ask(in_session(id, subscribe(wanted[at]))).code == 200;
                if (t == 0 && i == each / 2)
                    done += c.ask(in_session(id, set_level("alert"))).code == 200;
                if (t == 1 && i == each / 2)
                    done += c.ask(in_session(id, unsubscribe("n://old"))).code == 200;
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(done, clients * each + 2);
    const mcp::session_ptr record = h.record(id);
    ASSERT_TRUE(record);
    EXPECT_THAT(record->subscriptions, UnorderedElementsAreArray(wanted));
    EXPECT_EQ(record->threshold, mcp::log_level::alert);
}

TEST(streamable_http_sessions, memory_keeps_what_many_change_at_once) {
    house h(std::make_shared<mcp::memory_sessions>());
    expect_all_kept(h);
}

TEST(streamable_http_sessions, a_file_keeps_what_many_change_at_once) {
    std::string folder = (std::filesystem::temp_directory_path() / "mcp-shared-XXXXXX").string();
    ASSERT_TRUE(mkdtemp(folder.data()));
    {
        house h(std::make_shared<mcp::sqlite_sessions>(folder + "/sessions.db"));
        expect_all_kept(h);
    }
    std::filesystem::remove_all(folder);
}

TEST(streamable_http_sessions, redis_keeps_what_many_change_at_once) {
    if (!test::redis_server::installed())
        GTEST_SKIP() << "redis-server is not installed (Debian: apt install redis-server)";
    test::redis_server redis;
    house h(std::make_shared<mcp::redis_sessions>(mcp::redis::connection(redis.settings())));
    expect_all_kept(h);
}

/// A store of an application, which has no `replace`.
class plain_sessions {
public:
    bool create(const mcp::session_record& record) { return inner_.create(record); }
    mcp::session_ptr find(const std::string& id) { return inner_.find(id); }
    bool update(const mcp::session_record& record) { return inner_.update(record); }
    bool erase(const std::string& id) { return inner_.erase(id); }

private:
    mcp::memory_sessions inner_;
};

TEST(streamable_http_sessions, a_store_that_cannot_compare_keeps_what_one_process_changes) {
    house h(std::make_shared<plain_sessions>());
    expect_all_kept(h);
}

TEST(streamable_http_sessions, what_a_batch_changes_is_kept) {
    house h(std::make_shared<mcp::memory_sessions>());
    const std::string id = h.session("2025-03-26");
    ASSERT_EQ(h.connect().ask(in_session(id, subscribe("n://old"))).code, 200);
    const answer a = h.connect().ask(
        in_session(id, "[" + subscribe("n://1", "1") + "," + subscribe("n://2", "2") + "," +
                           set_level("error", "3") + "," + unsubscribe("n://2", "4") + "," +
                           unsubscribe("n://old", "5") + "," + subscribe("n://old", "6") + "]"));
    EXPECT_EQ(a.code, 200);
    const mcp::session_ptr record = h.record(id);
    ASSERT_TRUE(record);
    EXPECT_THAT(record->subscriptions, UnorderedElementsAreArray({"n://1", "n://old"}));
    EXPECT_EQ(record->threshold, mcp::log_level::error);
}

} // namespace streamable_http_sessions_test
