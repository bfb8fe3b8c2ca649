#include <mcp/http/router.hpp>
#include <mcp/http/server.hpp>
#include <mcp/protocol/subscriptions.hpp>
#include <mcp/redis/connection.hpp>
#include <mcp/server/server.hpp>
#include <mcp/session/redis_sessions.hpp>
#include <mcp/session/sqlite_sessions.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/use_future.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <exception>
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

// What requests change of the record of their session, when many come at once; what an application
// can choose about sessions and their streams; what the log says of those that are refused.

namespace streamable_http_sessions_test {

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
class test_server {
public:
    template <class Store>
    explicit test_server(std::shared_ptr<Store> store, mcp::streamable_http_options options = {}) {
        auto& shared = server.environment();
        shared.sessions =
            mcp::detail::any_session_store(std::move(store), [&shared] { return shared.pool(); });
        app.mount("/mcp", mcp::streamable_http{server, std::move(options)});
        http.emplace(app, mcp::http::server_options{.port = 0, .threads = 4});
        http->start();
    }
    ~test_server() {
        http->stop();
        http->join();
    }

    client connect() { return client(http->port()); }
    std::string session(std::string_view revision = "2025-11-25") {
        return connect().ask(wire::initialize(revision)).header("Mcp-Session-Id");
    }
    mcp::session_ptr record(const std::string& id) {
        auto read = [](mcp::any_server& s, std::string name) -> asio::awaitable<mcp::session_ptr> {
            auto step = s.environment().sessions.find(std::move(name));
            if (!step.ready())
                co_await step.settle();
            co_return step.take();
        };
        return asio::co_spawn(http->executor(0), read(server, id), asio::use_future).get();
    }

    client events(const std::string& id) {
        client c = connect();
        c.send(wire::get(id));
        c.head();
        return c;
    }

    mcp::server<> server{"weather", "1.0"};
    mcp::http::router app;
    std::optional<mcp::http::server> http;
};

/// Four clients of one session: what each was told to be done is on record afterwards.
void expect_all_kept(test_server& h) {
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
    test_server h(std::make_shared<mcp::memory_sessions>());
    expect_all_kept(h);
}

TEST(streamable_http_sessions, a_file_keeps_what_many_change_at_once) {
    std::string folder = (std::filesystem::temp_directory_path() / "mcp-shared-XXXXXX").string();
    ASSERT_TRUE(mkdtemp(folder.data()));
    {
        test_server h(std::make_shared<mcp::sqlite_sessions>(folder + "/sessions.db"));
        expect_all_kept(h);
    }
    std::filesystem::remove_all(folder);
}

TEST(streamable_http_sessions, redis_keeps_what_many_change_at_once) {
    if (!test::redis_server::installed())
        GTEST_SKIP() << "redis-server is not installed (Debian: apt install redis-server)";
    test::redis_server redis;
    test_server h(std::make_shared<mcp::redis_sessions>(mcp::redis::connection(redis.settings())));
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
    test_server h(std::make_shared<plain_sessions>());
    expect_all_kept(h);
}

TEST(streamable_http_sessions, what_a_batch_changes_is_kept) {
    test_server h(std::make_shared<mcp::memory_sessions>());
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

// ---- what can be chosen

TEST(streamable_http_sessions, a_second_stream_may_be_refused) {
    test_server h(std::make_shared<mcp::memory_sessions>(),
                  {.second_get = mcp::second_get_policy::reject});
    const std::string id = h.session();
    const std::string other = h.session();
    client first = h.events(id);
    const answer refused = h.connect().ask(wire::get(id));
    EXPECT_EQ(refused.code, 409);
    EXPECT_EQ(refused.error(), -32000);
    client of_another = h.connect();
    of_another.send(wire::get(other));
    EXPECT_EQ(of_another.head().code, 200);
    h.server.notify_list_changed(mcp::list_kind::tools);
    EXPECT_TRUE(first.event()) << "the first goes on";

    first.close();
    client next = h.connect();
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    int code = 0;
    do { // until the server has seen that the first has gone
        next.send(wire::get(id));
        code = next.head().code;
    } while (code == 409 && std::chrono::steady_clock::now() < patience);
    EXPECT_EQ(code, 200);
}

TEST(streamable_http_sessions, two_clients_that_come_back_do_not_push_each_other_out_for_ever) {
    struct example {
        std::chrono::milliseconds pause;
        int changes; ///< how often the stream changes hands, of ten times that it is asked for
    };
    for (const example& each : {example{std::chrono::hours(1), 4}, {std::chrono::hours(0), 10}}) {
        SCOPED_TRACE(each.changes);
        test_server h(std::make_shared<mcp::memory_sessions>(), {.take_over_pause = each.pause});
        const std::string id = h.session();
        auto holder = std::make_unique<client>(h.events(id));
        int changes = 0;
        for (int i = 0; i < 10; ++i) { // as an EventSource does whose stream has ended
            auto other = std::make_unique<client>(h.connect());
            other->send(wire::get(id));
            const answer a = other->head();
            if (a.code == 200) {
                ++changes;
                EXPECT_FALSE(holder->event()) << "the one before ends";
                holder = std::move(other);
            } else {
                EXPECT_EQ(a.code, 409);
                EXPECT_EQ(a.header("Retry-After"), "3600");
            }
        }
        EXPECT_EQ(changes, each.changes);
        h.server.notify_list_changed(mcp::list_kind::tools);
        EXPECT_TRUE(holder->event());
    }
}

TEST(streamable_http_sessions, what_a_request_that_names_a_session_is_answered_with) {
    mcp::server<> server{"weather", "1.0"};
    mcp::streamable_http endpoint(server);
    const std::string ended = wire::open_session(endpoint);
    ASSERT_EQ(wire::ask(endpoint, wire::erase(ended)).code, 200);
    const std::string open = wire::open_session(endpoint, "2025-03-26");
    struct example {
        const char* what;
        wire::request (*make)(const std::string& id);
        int of_open; ///< the status, if the session is there
    };
    constexpr example examples[] = {
        {"initialize",
         [](const std::string& id) { return in_session(id, wire::initialize().body); }, 400},
        {"a request", [](const std::string& id) { return in_session(id, call("ping")); }, 200},
        {"a batch", [](const std::string& id) { return in_session(id, '[' + call("ping") + ']'); },
         200},
        {"a notification",
         [](const std::string& id) {
             return in_session(id, call("notifications/initialized", "", ""));
         },
         202},
        {"an answer",
         [](const std::string& id) {
             return in_session(id, R"({"jsonrpc":"2.0","id":1,"result":{}})");
         },
         202},
        {"a DELETE", [](const std::string& id) { return wire::erase(id); }, 200},
    };
    for (const example& each : examples) {
        SCOPED_TRACE(each.what);
        for (const std::string& id : {ended, std::string("never-was")})
            EXPECT_EQ(wire::ask(endpoint, each.make(id)).code, 404);
        EXPECT_EQ(wire::ask(endpoint, each.make(open)).code, each.of_open);
    }
    for (const std::string& id : {ended, std::string("never-was")})
        EXPECT_EQ(wire::ask(endpoint, wire::get(id)).code, 404);
}

TEST(streamable_http_sessions, an_answer_is_accepted_before_what_it_lets_continue) {
    mcp::server<> server{"weather", "1.0"};
    bool went_on = false;
    server.tool<"ask">("", [&](mcp::context& ctx) -> asio::awaitable<void> {
        co_await ctx.roots();
        went_on = true;
    });
    mcp::streamable_http endpoint(server);
    const std::string id = [&] {
        const answer begun = wire::ask(endpoint, wire::initialize("2025-03-26", R"({"roots":{}})"));
        return begun.header("Mcp-Session-Id");
    }();
    for (const bool in_batch : {false, true}) {
        SCOPED_TRACE(in_batch);
        went_on = false;
        asio::io_context calling; // the loop of the call, beside that of the answer
        wire::request asks = wire::legacy_tool(id, "ask");
        wire::spoken call(asks);
        asio::co_spawn(calling, endpoint(call.q, call.r), asio::detached);
        while (!call.r.stream && calling.run_one() != 0) {
        }
        ASSERT_TRUE(call.r.stream);
        std::string question;
        asio::co_spawn(calling, call.r.stream->read(question), asio::detached);
        calling.poll();
        const auto data = question.find("data: ") + 6;
        const std::string number =
            wire::at(question.substr(data, question.find('\n', data) - data), "/id");
        std::string text = R"({"jsonrpc":"2.0","id":)" + number + R"(,"result":{"roots":[]}})";
        wire::spoken reply(in_session(id, in_batch ? '[' + text + ']' : text));

        asio::io_context answering;
        auto accept = [&]() -> asio::awaitable<void> {
            co_await endpoint(reply.q, reply.r);
            EXPECT_EQ(static_cast<int>(reply.r.code), 202);
            calling.poll();
            EXPECT_FALSE(went_on) << "the 202 is not written yet";
        };
        asio::co_spawn(answering, accept(), [](std::exception_ptr e) { EXPECT_FALSE(e); });
        answering.run();
        calling.poll();
        EXPECT_TRUE(went_on);
    }
}

TEST(streamable_http_sessions, the_status_of_a_delete) {
    for (const auto status : {mcp::http::status::ok, mcp::http::status::no_content}) {
        mcp::server<> server{"weather", "1.0"};
        mcp::streamable_http endpoint(server, {.deleted = status});
        const std::string id = wire::open_session(endpoint);
        EXPECT_EQ(wire::ask(endpoint, wire::in_session(id, wire::call("ping"))).code, 200);
        EXPECT_EQ(server.environment().live_sessions.value(), 1U);
        const answer a = wire::ask(endpoint, wire::erase(id));
        EXPECT_EQ(server.environment().live_sessions.value(), 0U);
        EXPECT_EQ(a.code, static_cast<int>(status));
        EXPECT_EQ(a.body, "");
        EXPECT_EQ(wire::ask(endpoint, wire::erase(id)).code, 404);
    }
}

TEST(streamable_http_sessions, the_version_header_may_be_required) {
    mcp::server<> server{"weather", "1.0"};
    for (const bool required : {false, true}) {
        SCOPED_TRACE(required);
        mcp::streamable_http endpoint(server, {.require_protocol_version_header = required});
        const std::string id = wire::open_session(endpoint);
        ASSERT_NE(id, "") << "initialize has none yet";
        const wire::request ping = in_session(id, call("ping"));
        for (const wire::request& q : {ping, wire::get("x"), wire::erase("x")}) {
            const int code = wire::ask(endpoint, q).code;
            EXPECT_EQ(code == 400, required) << code;
        }
        wire::request named = ping;
        EXPECT_EQ(wire::ask(endpoint, named.add("MCP-Protocol-Version", "2025-11-25")).code, 200);
        wire::request wrong = ping;
        EXPECT_EQ(wire::ask(endpoint, wrong.add("MCP-Protocol-Version", "x")).code, 400);
    }
}

TEST(streamable_http_sessions, what_must_be_accepted) {
    struct example {
        const char* accept; ///< null: no such header
        int post_strict;
        int post_lenient;
        int get_strict;
        int get_lenient;
    };
    // A GET of an unknown session that is not refused for this is answered with 404.
    constexpr example examples[] = {
        {"application/json, text/event-stream", 200, 200, 404, 404},
        {"*/*", 200, 200, 404, 404},
        {"application/json", 406, 200, 406, 406},
        {"text/event-stream", 406, 200, 404, 404},
        {"text/html, application/*", 406, 200, 406, 406},
        {"text/html", 406, 406, 406, 406},
        {"", 406, 406, 406, 406},
        {nullptr, 406, 200, 406, 404},
    };
    mcp::server<> server{"weather", "1.0"};
    mcp::streamable_http strict(server);
    mcp::streamable_http lenient(server, {.strict_accept = false});
    const std::string id = wire::open_session(strict);
    for (const example& each : examples) {
        SCOPED_TRACE(each.accept ? each.accept : "none");
        const auto accepting = [&](wire::request q) {
            q.without("accept");
            return each.accept ? q.add("Accept", each.accept) : q;
        };
        const wire::request post = accepting(in_session(id, call("ping")));
        const wire::request get = accepting(wire::get("x"));
        EXPECT_EQ(wire::ask(strict, post).code, each.post_strict);
        EXPECT_EQ(wire::ask(lenient, post).code, each.post_lenient);
        EXPECT_EQ(wire::ask(strict, get).code, each.get_strict);
        EXPECT_EQ(wire::ask(lenient, get).code, each.get_lenient);
    }
}

// ---- what the log says

TEST(streamable_http_sessions, that_are_refused_are_logged_by_the_beginning_of_their_ids) {
    mcp::server<> server{"weather", "1.0"};
    std::vector<std::string> lines;
    server.environment().options.log = [&](mcp::log_level level, std::string_view text) {
        EXPECT_EQ(level, mcp::log_level::warning);
        lines.emplace_back(text);
    };
    mcp::session_limits limits;
    limits.capacity = 1;
    server.environment().sessions =
        mcp::detail::any_session_store(std::make_shared<mcp::memory_sessions>(limits),
                                       [&] { return server.environment().pool(); });
    mcp::streamable_http endpoint(server);
    const std::string id = wire::open_session(endpoint);
    ASSERT_EQ(lines.size(), 0u);
    EXPECT_EQ(wire::ask(endpoint, wire::initialize()).code, 503);
    EXPECT_EQ(lines.back(), "a new session was refused: the limit of sessions is reached");

    EXPECT_EQ(wire::ask(endpoint, in_session("0123456789", call("ping"))).code, 404);
    EXPECT_EQ(lines.back(), "session 01234567... refused: it is unknown or has ended");
    EXPECT_EQ(wire::ask(endpoint, wire::get("a\tb\xff")).code, 404);
    EXPECT_EQ(lines.back(), "session a?b?... refused: it is unknown or has ended");

    mcp::session_record foreign = *server.environment().sessions.find(id).take();
    foreign.owner = "eve";
    EXPECT_TRUE(server.environment().sessions.update(foreign).take());
    EXPECT_EQ(wire::ask(endpoint, wire::erase(id)).code, 404);
    EXPECT_EQ(lines.back(),
              "session " + id.substr(0, 8) + "... refused: it belongs to another subject");
    EXPECT_EQ(lines.size(), 4u);
    for (const std::string& line : lines)
        EXPECT_EQ(line.find(id), std::string::npos);
}

} // namespace streamable_http_sessions_test
