#include <mcp/transport/operations.hpp>

#include <mcp/http/message.hpp>
#include <mcp/http/router.hpp>
#include <mcp/http/server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/metrics.hpp>
#include <mcp/server/server.hpp>
#include <mcp/session/memory_sessions.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <http/raw_client.hpp>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <support/mcp_http.hpp>

namespace operations_test {

/// A store that fails if the test says so.
class sessions : public mcp::memory_sessions {
public:
    explicit sessions(std::shared_ptr<bool> ok) : ok_(std::move(ok)) {}
    mcp::health_state health() const {
        return *ok_ ? mcp::health_state{} : mcp::health_state{false, "the \"disk\" is full", {}};
    }

private:
    std::shared_ptr<bool> ok_;
};

mcp::http::response ask(const mcp::http::handler& handler) {
    asio::io_context loop;
    mcp::http::request q;
    mcp::http::response r;
    asio::co_spawn(loop, handler(q, r), asio::detached);
    loop.run();
    EXPECT_EQ(r.content_type, "application/json");
    EXPECT_EQ(r.headers, "Cache-Control: no-store\r\n");
    return r;
}

TEST(operations, health_shows_tools_only_if_wished) {
    mcp::server server{"weather \"x\"", "1.0.0"};
    server.tool("add", "Adds.", [] { return 1; });
    server.tool("sub", "Subtracts.", [] { return 1; });
    const auto hidden = ask(mcp::health_handler(server));
    EXPECT_EQ(hidden.body, R"({"status":"healthy","server":"weather \"x\""})");
    EXPECT_EQ(static_cast<int>(hidden.code), 200);
    EXPECT_EQ(ask(mcp::health_handler(server, {.tool_names = true})).body,
              R"({"status":"healthy","server":"weather \"x\"","tools_count":2,)"
              R"("tools":["add","sub"]})");
}

TEST(operations, readiness_has_each_collaborator) {
    const auto ok = std::make_shared<bool>(true);
    mcp::server server{"weather", "1.0.0", sessions(ok)};
    const auto handler = mcp::readiness_handler(server);
    struct row {
        bool ok;
        bool draining;
        int code;
        std::string_view body;
    };
    const row rows[] = {
        {true, false, 200, R"({"status":"healthy","collaborators":{"session_store":{"ok":true}}})"},
        {false, false, 503,
         R"({"status":"degraded","collaborators":{"session_store":)"
         R"({"ok":false,"reason":"the \"disk\" is full"}}})"},
        {true, true, 503, R"({"status":"draining","collaborators":{"session_store":{"ok":true}}})"},
    };
    for (const row& each : rows) {
        *ok = each.ok;
        server.environment().draining = each.draining;
        const auto got = ask(handler);
        EXPECT_EQ(static_cast<int>(got.code), each.code);
        EXPECT_EQ(got.body, each.body);
    }
}

/// All threads of the pool are taken, and more calls wait for them.
TEST(operations, checks_and_pings_are_answered_while_blocking_handlers_take_all_threads) {
    mcp::server server{"weather", "1.0.0"};
    server.options().blocking_threads = 2;
    std::promise<void> gate;
    const auto opened = gate.get_future().share();
    std::atomic<int> begun{0};
    std::atomic<int> ended{0};
    server.tool<"block">("", mcp::blocking([&] {
                             ++begun;
                             opened.wait();
                             return ++ended;
                         }));
    mcp::http::router app;
    app.mount("/mcp", mcp::streamable_http{server});
    app.add(mcp::http::verb::get, "/health", mcp::health_handler(server));
    mcp::http::server http(app, {.port = 0});
    http.start();
    std::list<wire::client> calls;
    for (int i = 0; i < 8; ++i)
        calls.emplace_back(http.port()).send(wire::modern_tool("block"));
    wire::client other(http.port());
    const std::string session = other.ask(wire::initialize()).header("Mcp-Session-Id");
    const auto& waiting = server.environment().waiting_for_pool;
    for (int i = 0; i < 100'000 && (begun < 2 || waiting.value() != 6); ++i)
        EXPECT_EQ(other.ask(wire::modern("tools/list")).code, 200);
    EXPECT_EQ(waiting.value(), 6U);
    wire::request health;
    health.method = mcp::http::verb::get;
    health.path = "/health";
    EXPECT_EQ(other.ask(health.add("Host", "localhost")).body,
              R"({"status":"healthy","server":"weather"})");
    EXPECT_EQ(other.ask(wire::in_session(session, wire::call("ping")))["/result"], "{}");
    EXPECT_EQ(ended, 0) << "they still wait";
    gate.set_value();
    for (wire::client& each : calls)
        EXPECT_EQ(each.whole().code, 200);
    EXPECT_EQ(ended, 8);
    http.stop();
    http.join();
    server.environment().join_pool();
}

TEST(operations, gauges_follow_the_servers) {
    const auto ok = std::make_shared<bool>(true);
    mcp::server server{"wea\"ther", "1.0.0", sessions(ok)};
    mcp::metrics metrics;
    mcp::add_gauges(metrics, server);
    const auto shows = [&](std::string_view line) {
        return metrics.text().find("\n" + std::string(line) + "\n") != std::string::npos;
    };
    EXPECT_TRUE(shows(R"(mcp_server_info{name="wea\"ther",version="1.0.0"} 1)")) << metrics.text();
    EXPECT_TRUE(shows(R"(mcp_collaborator_healthy{role="session_store"} 1)"));
    *ok = false;
    EXPECT_TRUE(shows(R"(mcp_collaborator_healthy{role="session_store"} 0)"));
    EXPECT_TRUE(shows("mcp_stream_queue_bytes 0"));
    EXPECT_TRUE(shows("mcp_blocking_calls_waiting 0"));
    {
        const auto waits = server.environment().waiting_for_pool.add();
        const auto live = server.environment().live_sessions.add();
        EXPECT_TRUE(shows("mcp_blocking_calls_waiting 1"));
        EXPECT_TRUE(shows("mcp_legacy_sessions 1"));
    }
    {
        mcp::http::server_options options;
        options.port = 0;
        options.records.on_end = metrics.on_end();
        mcp::http::server http(metrics.handler(), options);
        mcp::add_gauges(metrics, http);
        http.start();
        raw_client client(http.port());
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        const std::string got = client.read_response();
        EXPECT_NE(got.find("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"),
                  got.npos);
        EXPECT_NE(got.find("\nmcp_http_connections 1\n"), got.npos) << got;
        EXPECT_NE(got.find("\nmcp_http_streams 0\n"), got.npos) << got;
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_NE(client.read_response().find(R"({method="GET",status="200"} 1)"), got.npos);
        mcp::remove_http_gauges(metrics);
    }
    EXPECT_EQ(metrics.text().find("mcp_http_connections"), std::string::npos);
}

} // namespace operations_test
