#include <mcp/transport/legacy/session_use.hpp>

#include <mcp/async/mailbox.hpp>
#include <mcp/server/server.hpp>
#include <mcp/session/memory_sessions.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <support/mcp_http.hpp>
#include <utility>

namespace session_use_test {

using namespace std::chrono_literals;
using wire::call;
using wire::in_session;
using wire::legacy_tool;

/// A store in which a session is soon idle; it tells of each use.
class hasty_sessions {
public:
    explicit hasty_sessions(wire::happening& used) : used_(&used) {}

    bool create(const mcp::session_record& record) { return kept_.create(record); }
    mcp::session_ptr find(const std::string& id) {
        used_->happen();
        return kept_.find(id);
    }
    bool update(const mcp::session_record& record) { return kept_.update(record); }
    bool erase(const std::string& id) { return kept_.erase(id); }
    std::chrono::milliseconds idle_limit() const { return 3ms; }

private:
    wire::happening* used_;
    mcp::memory_sessions kept_;
};

/// One that does not say, and cannot be reached.
struct lost_sessions {
    bool create(const mcp::session_record&) { return true; }
    mcp::session_ptr find(const std::string&) { throw mcp::unavailable("lost"); }
    bool update(const mcp::session_record&) { return true; }
    bool erase(const std::string&) { return true; }
};

/// One whose records may be idle for that long.
template <class Duration>
struct patient_sessions : lost_sessions {
    explicit patient_sessions(Duration limit) : limit_(limit) {}
    Duration idle_limit() const { return limit_; }

private:
    Duration limit_;
};

template <class Store>
mcp::detail::any_session_store any(Store store) {
    return {std::make_shared<Store>(std::move(store)), mcp::detail::pool_source()};
}

TEST(session_use, stores_say_how_long_a_record_may_be_idle) {
    EXPECT_EQ(any(mcp::memory_sessions({.idle = 90s})).idle_limit(), 90s);
    EXPECT_EQ(any(lost_sessions()).idle_limit(), 1min);
    EXPECT_EQ(any(patient_sessions(1500ms)).idle_limit(), 1500ms);
    // Without a limit, the store is not asked without a pause.
    EXPECT_EQ(any(patient_sessions(std::chrono::hours::max())).idle_limit(), 24h);
    EXPECT_EQ(any(patient_sessions(std::chrono::milliseconds::max())).idle_limit(), 24h);
    EXPECT_EQ(any(patient_sessions(0s)).idle_limit(), 24h);
}

TEST(session_use, is_told_until_it_ends) {
    wire::happening used;
    mcp::server_environment environment{mcp::server_info{.name = "s", .version = "1"}};
    environment.sessions = any(hasty_sessions(used));
    asio::io_context loop;
    auto use = std::make_optional<mcp::legacy::session_use>(environment, loop.get_executor(), "id");
    while (used.count() < 3)
        loop.run_one();
    use.reset();
    loop.run(); // ends: nothing is waited for any more
}

TEST(session_use, may_outlive_its_loop) {
    mcp::server_environment environment{mcp::server_info{.name = "s", .version = "1"}};
    auto loop = std::make_unique<asio::io_context>();
    const mcp::legacy::session_use use(environment, loop->get_executor(), "id");
    loop->poll();
    loop.reset();
}

struct person {
    std::string name;
};

/// What is under way when its session would be idle.
struct example {
    const char* what;
    const char* revision;
    bool log;
    wire::request (*make)(const std::string& session);
};

const example examples[] = {
    {"a silent call", "2025-11-25", false,
     [](const std::string& id) { return legacy_tool(id, "hold"); }},
    {"a call with a log", "2025-11-25", true,
     [](const std::string& id) { return legacy_tool(id, "hold"); }},
    {"a question", "2025-11-25", false,
     [](const std::string& id) { return legacy_tool(id, "ask"); }},
    {"a batch", "2025-03-26", false,
     [](const std::string& id) {
         const std::string one = legacy_tool(id, "hold").body;
         return in_session(id, '[' + one + ',' + call("ping", "", "2") + ']');
     }},
    {"a stream", "2025-11-25", false, [](const std::string& id) { return wire::get(id); }},
    {"a stream with a log", "2025-11-25", true,
     [](const std::string& id) { return wire::get(id); }},
};

TEST(session_use, what_is_under_way_keeps_its_session) {
    for (const example& each : examples) {
        SCOPED_TRACE(each.what);
        wire::happening used;
        mcp::server<> server{"weather", "1.0"};
        server.tool<"hold">("", [](mcp::context&) -> asio::awaitable<void> {
            const auto never = std::make_shared<mcp::mailbox>();
            co_await never->wait();
        });
        server.tool<"ask">("", [](mcp::context& ctx) -> asio::awaitable<void> {
            co_await ctx.elicit<person>("Who?");
        });
        auto settings = wire::furnish(server, {.replay_events = each.log ? 10u : 0u});
        server.environment().sessions = any(hasty_sessions(used));
        mcp::streamable_http endpoint(server, std::move(settings));
        const std::string id = wire::open_session(endpoint, each.revision);
        wire::spoken asked(each.make(id));
        asio::io_context loop;
        auto read = [&]() -> asio::awaitable<void> {
            co_await endpoint(asked.q, asked.r);
            while (asked.r.stream)
                co_await asked.r.stream->read(asked.r.body);
        };
        asio::co_spawn(loop, read(), [](std::exception_ptr) {});
        const int before = used.count();
        while (used.count() < before + 5 && loop.run_one_for(20s) != 0) {
        }
        EXPECT_GE(used.count(), before + 5);
    }
}

} // namespace session_use_test
