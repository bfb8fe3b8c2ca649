#include <mcp/server/server.hpp>
#include <mcp/testing/collaborator.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/co_spawn.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <gmock/gmock.h>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <support/archetypes.hpp>
#include <support/mcp_http.hpp>
#include <thread>
#include <type_traits>
#include <utility>

// Collaborators of every style make a server, in any order, and are used through the endpoint.

namespace composition_test {

using archetype::style;
using archetype::trace_ptr;

struct person {
    std::string name;
};

void offer(mcp::any_server& server) {
    server.options().log = [](mcp::log_level, std::string_view) {};
    server.tool<"whoami">("Say who calls", [](mcp::context& ctx) {
        return ctx.principal() ? ctx.principal()->subject : std::string("nobody");
    });
    server.tool<"ask">("Ask for a name", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        auto who = co_await ctx.elicit<person>("Who?", mcp::key("who"));
        co_return who->name;
    });
}

wire::request ann(wire::request q) {
    return std::move(q.add("Authorization", "Bearer ann-has-a-token"));
}

std::string words(const wire::answer& a) {
    return a["/result/content/0/text"];
}

/// A GET stream, read by a thread of its own until it ends.
class listener {
public:
    listener(mcp::streamable_http& endpoint, wire::request what)
        : get_(std::move(what))
        , thread_([this, &endpoint] {
            asio::io_context loop;
            asio::co_spawn(loop, read(endpoint), [](std::exception_ptr e) { EXPECT_FALSE(e); });
            loop.run_for(std::chrono::seconds(20));
        }) {}
    ~listener() { thread_.join(); }
    listener(const listener&) = delete;

    bool reads(std::string_view part) {
        return mcp::testing::soon([&] {
            std::lock_guard lock(mutex_);
            return body_.find(part) != body_.npos;
        });
    }
    bool ends() {
        return mcp::testing::soon([&] {
            std::lock_guard lock(mutex_);
            return ended_;
        });
    }
    std::string body() {
        std::lock_guard lock(mutex_);
        return body_;
    }

private:
    asio::awaitable<void> read(mcp::streamable_http& endpoint) {
        co_await endpoint(get_.q, get_.r);
        std::string some;
        bool more = get_.r.stream != nullptr;
        while (more) {
            more = co_await get_.r.stream->read(some);
            std::lock_guard lock(mutex_);
            body_ += std::exchange(some, {});
        }
        std::lock_guard lock(mutex_);
        ended_ = true;
        get_.r.stream.reset();
    }

    wire::spoken get_;
    std::mutex mutex_;
    std::string body_;
    bool ended_ = false;
    std::thread thread_;
};

bool notify(mcp::any_server& server, const std::string& session, std::string message) {
    return mcp::testing::settled([&] { return server.notify(session, message); });
}

/// One client of each era does all that needs a collaborator.
void walk(mcp::any_server& server) {
    offer(server);
    mcp::streamable_http endpoint(server);

    const auto asked = wire::ask(endpoint, ann(wire::modern_tool("ask")));
    ASSERT_EQ(asked.code, 200) << asked.body;
    const auto got = wire::ask(
        endpoint,
        ann(wire::modern("tools/call",
                         R"("name":"ask","arguments":{},"inputResponses":{"who":{"action":)"
                         R"("accept","content":{"name":"Ann"}}},"requestState":)" +
                             asked["/result/requestState"],
                         "ask", "2")));
    EXPECT_EQ(words(got), "\"Ann\"") << got.body;

    const auto begun = wire::ask(endpoint, ann(wire::initialize()));
    ASSERT_EQ(begun.code, 200) << begun.body;
    const std::string id = begun.header("Mcp-Session-Id");
    EXPECT_EQ(words(wire::ask(endpoint, ann(wire::legacy_tool(id, "whoami")))), "\"ann\"");
    EXPECT_EQ(wire::ask(endpoint, ann(wire::in_session(
                                      id, wire::call("logging/setLevel", R"("level":"error")"))))
                  .code,
              200);

    EXPECT_FALSE(notify(server, id, R"({"n":0})")) << "nobody listens yet";
    listener first(endpoint, ann(wire::get(id)));
    ASSERT_TRUE(mcp::testing::soon([&] { return notify(server, id, R"({"n":1})"); }));
    EXPECT_TRUE(first.reads(R"(data: {"n":1})")) << first.body();
    // The next GET takes over, and asks for what it missed since the first event.
    listener second(endpoint, ann(wire::get(id).add("Last-Event-ID", "0-1")));
    EXPECT_TRUE(first.ends());
    EXPECT_TRUE(second.reads(R"(data: {"n":1})")) << second.body();
    EXPECT_TRUE(notify(server, id, R"({"n":2})"));
    EXPECT_TRUE(second.reads(R"(data: {"n":2})")) << second.body();
    EXPECT_EQ(wire::ask(endpoint, ann(wire::erase(id))).code, 200);
    EXPECT_TRUE(second.ends());
    EXPECT_EQ(second.body().find(R"({"n":0})"), std::string::npos);
    EXPECT_EQ(wire::ask(endpoint, ann(wire::legacy_tool(id, "whoami"))).code, 404);

    EXPECT_EQ(wire::ask(endpoint, wire::modern_tool("whoami")).code, 401);
}

void check(const trace_ptr& seen) {
    EXPECT_THAT(seen->methods(),
                testing::UnorderedElementsAre("authenticate", "acquire", "create", "find", "update",
                                              "erase", "subscribe", "claim", "publish", "append",
                                              "after", "forget", "seal", "open"));
    EXPECT_FALSE(seen->blocked(std::this_thread::get_id())) << "blocked the loop";
}

TEST(composition, of_what_answers_at_once) {
    const auto seen = std::make_shared<archetype::trace>();
    {
        mcp::server server{"composed",
                           "1",
                           archetype::auth<style::sync>(seen),
                           archetype::limiter<style::sync>(seen),
                           archetype::sessions<style::sync>(seen),
                           archetype::broker<style::sync>(seen),
                           archetype::replay<style::sync>(seen),
                           archetype::state<style::sync>(seen)};
        walk(server);
    }
    check(seen);
}

TEST(composition, of_what_is_awaited_in_reverse) {
    const auto seen = std::make_shared<archetype::trace>();
    {
        mcp::server server{"composed",
                           "1",
                           archetype::state<style::awaitable>(seen),
                           archetype::replay<style::awaitable>(seen),
                           archetype::broker<style::awaitable>(seen),
                           archetype::sessions<style::awaitable>(seen),
                           archetype::limiter<style::awaitable>(seen),
                           archetype::auth<style::awaitable>(seen)};
        walk(server);
    }
    check(seen);
}

TEST(composition, of_what_is_partly_awaited) {
    const auto seen = std::make_shared<archetype::trace>();
    {
        mcp::server server{mcp::server_info{.name = "composed", .version = "1"},
                           archetype::sessions<style::mixed>(seen),
                           archetype::auth<style::mixed>(seen),
                           archetype::state<style::mixed>(seen),
                           archetype::broker<style::mixed>(seen),
                           archetype::limiter<style::mixed>(seen),
                           archetype::replay<style::mixed>(seen)};
        walk(server);
    }
    check(seen);
}

TEST(composition, of_what_blocks) {
    const auto seen = std::make_shared<archetype::trace>();
    {
        mcp::server server{std::string("composed"),
                           std::string("1"),
                           archetype::broker<style::blocking>(seen),
                           archetype::state<style::blocking>(seen),
                           archetype::replay<style::blocking>(seen),
                           archetype::auth<style::blocking>(seen),
                           archetype::sessions<style::blocking>(seen),
                           archetype::limiter<style::blocking>(seen)};
        walk(server);
    }
    check(seen);
}

TEST(composition, of_all_styles_at_once) {
    const auto seen = std::make_shared<archetype::trace>();
    {
        mcp::server server{mcp::server_info{.name = "composed", .version = "1"},
                           archetype::replay<style::sync>(seen),
                           archetype::auth<style::blocking>(seen),
                           archetype::broker<style::mixed>(seen),
                           archetype::limiter<style::awaitable>(seen),
                           archetype::state<style::blocking>(seen),
                           archetype::sessions<style::awaitable>(seen)};
        walk(server);
    }
    check(seen);
}

TEST(composition, of_any_subset) {
    const auto seen = std::make_shared<archetype::trace>();
    mcp::server sessions{"composed", "1", archetype::sessions<style::awaitable>(seen)};
    static_assert(
        std::is_same_v<decltype(sessions), mcp::server<archetype::sessions<style::awaitable>>>);
    mcp::server quiet{"composed", "1", mcp::no_broker{}, archetype::auth<style::sync>(seen)};
    static_assert(
        std::is_same_v<decltype(quiet), mcp::server<mcp::no_broker, archetype::auth<style::sync>>>);

    offer(sessions);
    mcp::streamable_http open(sessions);
    const std::string id = wire::open_session(open);
    EXPECT_EQ(words(wire::ask(open, wire::legacy_tool(id, "whoami"))), "\"nobody\"");
    EXPECT_THAT(seen->methods(), testing::IsSupersetOf({"create", "find"}));

    offer(quiet);
    mcp::streamable_http closed(quiet);
    EXPECT_EQ(words(wire::ask(closed, ann(wire::modern_tool("whoami")))), "\"ann\"");
    EXPECT_EQ(wire::ask(closed, ann(wire::get("none"))).code, 405);
}

/// Where those wait that a test wants to.
class gate {
public:
    void wait() {
        std::unique_lock lock(mutex_);
        ++waiting_;
        changed_.wait(lock, [this] { return open_; });
    }
    void open() {
        std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }
    int waiting() {
        std::lock_guard lock(mutex_);
        return waiting_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
    int waiting_ = 0;
};

/// A store, as one in a slow database, that takes its time for one session.
class slow_sessions {
public:
    [[maybe_unused]] static constexpr bool blocking = true;

    slow_sessions(std::shared_ptr<gate> closed, std::shared_ptr<std::string> slow)
        : gate_(std::move(closed))
        , slow_(std::move(slow)) {}

    bool create(const mcp::session_record& record) { return inner_.create(record); }
    mcp::session_ptr find(const std::string& id) {
        if (id == *slow_)
            gate_->wait();
        return inner_.find(id);
    }
    bool update(const mcp::session_record& record) { return inner_.update(record); }
    bool erase(const std::string& id) { return inner_.erase(id); }

private:
    std::shared_ptr<gate> gate_;
    std::shared_ptr<std::string> slow_;
    mcp::memory_sessions inner_;
};

/// A backend that takes its time for one token.
class slow_auth {
public:
    [[maybe_unused]] static constexpr bool blocking = true;

    explicit slow_auth(std::shared_ptr<gate> closed) : gate_(std::move(closed)) {}

    mcp::auth_result authenticate(const mcp::http::request& request) {
        const auto token = mcp::bearer_token(request);
        if (!token)
            return mcp::auth_failure{};
        if (*token == "slow")
            gate_->wait();
        return mcp::principal{std::string(*token)};
    }

private:
    std::shared_ptr<gate> gate_;
};

/// Runs the loop until something is so; false after a patience that only failing tests need.
template <class F>
bool runs_until(asio::io_context& loop, F so) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!so() && std::chrono::steady_clock::now() < end)
        loop.run_for(
            std::chrono::milliseconds(1)); // returns at once if there is nothing to wait for
    return so();
}

/// On one loop, `slow` is held up by a collaborator that blocks; `other` is answered meanwhile.
void passes(mcp::streamable_http& endpoint, gate& held, const wire::request& slow,
            const wire::request& other) {
    asio::io_context loop;
    const auto work = asio::make_work_guard(loop);
    wire::spoken one(slow);
    bool one_done = false;
    asio::co_spawn(loop, endpoint(one.q, one.r), [&](std::exception_ptr) { one_done = true; });
    EXPECT_TRUE(runs_until(loop, [&] { return held.waiting() == 1; }));
    wire::spoken two(other);
    bool two_done = false;
    asio::co_spawn(loop, endpoint(two.q, two.r), [&](std::exception_ptr) { two_done = true; });
    EXPECT_TRUE(runs_until(loop, [&] { return two_done; })) << "the other waits, too";
    EXPECT_FALSE(one_done);
    EXPECT_EQ(static_cast<int>(two.r.code), 200) << two.r.body;
    held.open();
    EXPECT_TRUE(runs_until(loop, [&] { return one_done; }));
    EXPECT_EQ(static_cast<int>(one.r.code), 200) << one.r.body;
}

TEST(composition, a_ping_passes_a_store_that_blocks) {
    const auto held = std::make_shared<gate>();
    const auto slow = std::make_shared<std::string>();
    mcp::server server{"composed", "1", slow_sessions(held, slow)};
    offer(server);
    mcp::streamable_http endpoint(server);
    const std::string first = wire::open_session(endpoint);
    const std::string second = wire::open_session(endpoint);
    *slow = first;
    passes(endpoint, *held, wire::legacy_tool(first, "whoami"),
           wire::in_session(second, wire::call("ping")));
}

TEST(composition, a_ping_passes_a_backend_that_blocks) {
    const auto held = std::make_shared<gate>();
    mcp::server server{"composed", "1", slow_auth(held)};
    offer(server);
    mcp::streamable_http endpoint(server);
    const auto bob = [](wire::request q) {
        return std::move(q.add("Authorization", "Bearer bob"));
    };
    const std::string id = wire::ask(endpoint, bob(wire::initialize())).header("Mcp-Session-Id");
    passes(endpoint, *held, wire::modern_tool("whoami").add("Authorization", "Bearer slow"),
           bob(wire::in_session(id, wire::call("ping"))));
}

/// A request that is under way on a loop.
struct under_way {
    under_way(asio::io_context& loop, mcp::streamable_http& endpoint, const wire::request& what)
        : call(what) {
        asio::co_spawn(loop, endpoint(call.q, call.r), [this](std::exception_ptr) { done = true; });
    }
    wire::spoken call;
    bool done = false;
};

TEST(composition, a_ping_passes_handlers_that_block) {
    const auto held = std::make_shared<gate>();
    mcp::server server{"composed", "1", slow_sessions(held, std::make_shared<std::string>())};
    offer(server);
    server.tool<"hold">("Waits", mcp::blocking([held] {
                            held->wait();
                            return std::string("held");
                        }));
    mcp::streamable_http endpoint(server);
    const std::string id = wire::open_session(endpoint);
    asio::io_context loop;
    const auto work = asio::make_work_guard(loop);
    std::list<under_way> calls;
    const auto threads = static_cast<int>(server.options().blocking_threads);
    for (int i = 0; i < threads; ++i)
        calls.emplace_back(loop, endpoint, wire::modern_tool("hold"));
    EXPECT_TRUE(runs_until(loop, [&] { return held->waiting() == threads; }));
    under_way ping(loop, endpoint, wire::in_session(id, wire::call("ping")));
    EXPECT_TRUE(runs_until(loop, [&] { return ping.done; })) << "its store waits for handlers";
    EXPECT_EQ(static_cast<int>(ping.call.r.code), 200) << ping.call.r.body;
    held->open();
    for (under_way& each : calls)
        EXPECT_TRUE(runs_until(loop, [&] { return each.done; }));
}

/// A store that needs a tenth of a second to find one of its sessions.
class store_of_100ms : public mcp::memory_sessions {
public:
    [[maybe_unused]] static constexpr bool blocking = true;

    struct slow_one {
        std::string id;
        std::atomic<int> looked_for{0};
    };
    explicit store_of_100ms(std::shared_ptr<slow_one> slow) : slow_(std::move(slow)) {}

    mcp::session_ptr find(const std::string& id) {
        if (id == slow_->id) {
            ++slow_->looked_for;
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        return memory_sessions::find(id);
    }

private:
    std::shared_ptr<slow_one> slow_;
};

// The best of many: only a loop that stands still each time fails.
TEST(composition, with_a_store_of_100_ms_a_ping_answers_within_5) {
    const auto slow = std::make_shared<store_of_100ms::slow_one>();
    mcp::server server{"composed", "1", store_of_100ms(slow)};
    offer(server);
    mcp::streamable_http endpoint(server);
    const std::string second = wire::open_session(endpoint);
    slow->id = wire::open_session(endpoint);
    asio::io_context loop;
    const auto work = asio::make_work_guard(loop);
    auto best = std::chrono::steady_clock::duration::max();
    for (int round = 1; round <= 100 && best > std::chrono::milliseconds(5); ++round) {
        under_way one(loop, endpoint, wire::legacy_tool(slow->id, "whoami"));
        ASSERT_TRUE(runs_until(loop, [&] { return slow->looked_for == round; }));
        const auto start = std::chrono::steady_clock::now();
        under_way ping(loop, endpoint, wire::in_session(second, wire::call("ping")));
        ASSERT_TRUE(runs_until(loop, [&] { return ping.done; }));
        const auto took = std::chrono::steady_clock::now() - start;
        ASSERT_EQ(static_cast<int>(ping.call.r.code), 200) << ping.call.r.body;
        if (!one.done)
            best = std::min(best, took);
        ASSERT_TRUE(runs_until(loop, [&] { return one.done; }));
    }
    EXPECT_LE(best, std::chrono::milliseconds(5));
}

} // namespace composition_test
