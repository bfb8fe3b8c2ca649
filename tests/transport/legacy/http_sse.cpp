#include <mcp/transport/legacy/http_sse.hpp>

#include <mcp/auth/static_tokens.hpp>
#include <mcp/broker/memory_broker.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/http/router.hpp>
#include <mcp/http/server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/server.hpp>
#include <mcp/session/memory_sessions.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/co_spawn.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <support/mcp_http.hpp>
#include <vector>

namespace http_sse_test {

using wire::answer;
using wire::at;
using wire::call;
using wire::client;
using wire::request;

struct colour {
    std::string name;
};

/// A process: a server that shares the broker and the sessions of others.
class process {
public:
    explicit process(std::shared_ptr<mcp::memory_broker> broker,
                     std::shared_ptr<mcp::memory_sessions> sessions) {
        auto& shared = server.environment();
        const mcp::detail::pool_source pool = [&shared] { return shared.pool(); };
        shared.topics = mcp::detail::any_broker(std::move(broker), pool, pool);
        shared.sessions = mcp::detail::any_session_store(std::move(sessions), pool);
        server.tool<"add">("Adds",
                           [](mcp::arg<"a", int> a, mcp::arg<"b", int> b) { return *a + *b; });
        server.tool<"tenant">("Its tenant", [](mcp::context& ctx) {
            return ctx.path_param<std::string>("tenant").value_or("none");
        });
        server.tool<"ask">("Asks", [](mcp::context& ctx) -> asio::awaitable<std::string> {
            const auto chosen = co_await ctx.elicit<colour>("Which colour?");
            co_return chosen ? chosen->name : "none";
        });
        server.tool<"subject">("Who calls", [](mcp::context& ctx) {
            return ctx.principal() ? ctx.principal()->subject : std::string("nobody");
        });
        server.resource<"note://one">("A note", [] { return std::string("milk"); });
        app.mount("/mcp", mcp::streamable_http{server});
        mcp::http_sse{server}.add_to(app, "/mcp");
        mcp::http_sse{server}.add_to(app, "/t/{tenant}/mcp/");
        http.emplace(app, mcp::http::server_options{.port = 0, .threads = 2});
        http->start();
    }
    ~process() {
        http->stop();
        http->join();
    }
    client connect() const { return client(http->port()); }

    mcp::server<mcp::static_tokens> server{"weather", "1.0", tokens()};
    mcp::http::router app;
    std::optional<mcp::http::server> http;

private:
    static mcp::static_tokens tokens() {
        mcp::static_tokens made;
        made.add("anns-token", {.subject = "ann"});
        made.add("bobs-token", {.subject = "bob"});
        return made;
    }
};

request with_token(request q, const std::string& token) {
    return q.set("Authorization", "Bearer " + token);
}

request open(const std::string& path = "/mcp/sse", const std::string& token = "anns-token") {
    request q;
    q.method = mcp::http::verb::get;
    q.path = path;
    q.add("Host", "localhost").add("Accept", "text/event-stream");
    return with_token(std::move(q), token);
}

request post(const std::string& path, std::string body, const std::string& token = "anns-token") {
    request q = wire::post(std::move(body));
    q.path = path;
    return with_token(std::move(q), token);
}

std::string initialize(std::string_view revision = "2024-11-05") {
    return wire::initialize(revision).body;
}

class http_sse : public testing::Test {
protected:
    /// Opens a stream and returns the path for messages.
    static std::string begin(client& stream, const request& q = open()) {
        stream.send(q);
        const answer head = stream.head();
        EXPECT_EQ(head.code, 200);
        EXPECT_EQ(head.type, "text/event-stream");
        return stream.event().value_or("");
    }
    static std::string text_of(const std::optional<std::string>& event) {
        return at(event.value_or(""), "/result/content/0/text");
    }

    std::shared_ptr<mcp::memory_broker> broker = std::make_shared<mcp::memory_broker>();
    std::shared_ptr<mcp::memory_sessions> sessions = std::make_shared<mcp::memory_sessions>();
    process one{broker, sessions};
    process two{broker, sessions};
};

std::string add(int a, int b) {
    return call("tools/call", R"("name":"add","arguments":{"a":)" + std::to_string(a) + R"(,"b":)" +
                                  std::to_string(b) + "}");
}
std::string tool(std::string_view name) {
    return call("tools/call", R"("name":")" + std::string(name) + R"(","arguments":{})");
}

TEST_F(http_sse, a_whole_session) {
    client stream = one.connect();
    const std::string path = begin(stream);
    EXPECT_TRUE(stream.text().starts_with("event: endpoint\n") ||
                stream.text().find("\nevent: endpoint\n") != std::string::npos)
        << stream.text();
    ASSERT_EQ(path.substr(0, 26), "/mcp/messages/?session_id=");
    EXPECT_EQ(path.size(), 26u + 32u);
    EXPECT_EQ(stream.last_event_id(), path.substr(26));
    client posts = one.connect();
    const answer accepted = posts.ask(post(path, initialize()));
    EXPECT_EQ(accepted.code, 202);
    EXPECT_EQ(accepted.body, "Accepted");
    EXPECT_EQ(at(stream.event().value_or(""), "/result/protocolVersion"), R"("2024-11-05")");
    EXPECT_EQ(posts.ask(post(path, call("notifications/initialized", "", ""))).code, 202);
    EXPECT_EQ(posts.ask(post(path, add(2, 3))).code, 202);
    EXPECT_EQ(text_of(stream.event()), R"("5")");
    EXPECT_EQ(posts.ask(post(path, call("ping", "", "\"p\""))).code, 202);
    EXPECT_EQ(at(stream.event().value_or(""), "/id"), R"("p")");

    one.server.tool<"new">("A new tool", [] {});
    EXPECT_EQ(at(stream.event().value_or(""), "/method"), R"("notifications/tools/list_changed")");
}

TEST_F(http_sse, statuses) {
    client stream = one.connect();
    const std::string path = begin(stream);
    struct row {
        std::string name;
        request q;
        int code;
        std::string text;
    };
    const std::string ping = call("ping");
    const std::string other = "/mcp/messages/?session_id=" + std::string(32, 'a');
    const auto put = [] {
        request q = open();
        q.method = mcp::http::verb::put;
        return q;
    };
    const std::vector<row> rows{
        {"accepted", post(path, ping), 202, "Accepted"},
        {"without the slash", post("/mcp/messages" + path.substr(14), ping), 202, "Accepted"},
        {"no id", post("/mcp/messages/", ping), 400, "session_id is required"},
        {"no id in the query", post("/mcp/messages/?id=1", ping), 400, "session_id is required"},
        {"empty id", post("/mcp/messages/?session_id=", ping), 400, "Invalid session ID"},
        {"short id", post("/mcp/messages/?session_id=abc", ping), 400, "Invalid session ID"},
        {"no hex", post("/mcp/messages/?session_id=" + std::string(32, 'g'), ping), 400,
         "Invalid session ID"},
        {"unknown id", post(other, ping), 404, "Could not find session"},
        {"no json", post(path, "{"), 400, "Could not parse message"},
        {"no message", post(path, "7"), 400, "Could not parse message"},
        {"no json type", post(path, ping).set("Content-Type", "text/plain"), 415, "Content-Type"},
        {"no token", post(path, ping).without("Authorization"), 401, "bearer"},
        {"another subject", post(path, ping, "bobs-token"), 404, "Could not find session"},
        {"wrong accept", open().set("Accept", "application/json"), 406, "text/event-stream"},
        {"stream without token", open().without("Authorization"), 401, "bearer"},
        {"origin", open().add("Origin", "https://evil.example"), 403, "Origin"},
        {"host", open().set("Host", "evil.example"), 403, "Host"},
        {"put", put(), 405, ""},
        {"get for messages", open("/mcp/messages"), 405, ""},
        {"beside it", wire::post(call("tools/list")).set("Authorization", "Bearer anns-token"), 200,
         R"("add")"},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.name);
        const answer a = one.connect().ask(each.q);
        EXPECT_EQ(a.code, each.code) << a.body;
        EXPECT_NE(a.body.find(each.text), std::string::npos) << a.body;
    }
}

TEST_F(http_sse, the_post_may_arrive_at_another_process) {
    client stream = one.connect();
    const std::string path = begin(stream);
    client posts = two.connect();
    EXPECT_EQ(posts.ask(post(path, initialize())).code, 202);
    EXPECT_TRUE(stream.event());
    EXPECT_EQ(posts.ask(post(path, add(4, 5))).code, 202);
    EXPECT_EQ(text_of(stream.event()), R"("9")");
    EXPECT_EQ(posts.ask(post(path, call("ping"), "bobs-token")).code, 404);
}

TEST_F(http_sse, a_call_that_times_out_is_an_error_on_the_stream) {
    one.server.tool<"hang">(
        "Waits",
        []() -> asio::awaitable<void> {
            asio::steady_timer timer(co_await asio::this_coro::executor,
                                     asio::steady_timer::time_point::max());
            co_await timer.async_wait(asio::use_awaitable);
        },
        mcp::timeout{std::chrono::milliseconds(5)});
    client stream = one.connect();
    const std::string path = begin(stream);
    client posts = two.connect();
    EXPECT_EQ(posts.ask(post(path, initialize())).code, 202);
    EXPECT_TRUE(stream.event());
    EXPECT_EQ(posts.ask(post(path, tool("hang"))).code, 202);
    EXPECT_EQ(at(stream.event().value_or(""), "/error/code"), "-32001");
}

TEST_F(http_sse, a_question_is_answered_by_a_post) {
    client stream = one.connect();
    const std::string path = begin(stream);
    client posts = two.connect();
    const std::string hello =
        R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",)"
        R"("capabilities":{"elicitation":{}},"clientInfo":{"name":"c","version":"1"}}})";
    EXPECT_EQ(posts.ask(post(path, hello)).code, 202);
    EXPECT_TRUE(stream.event());
    EXPECT_EQ(posts.ask(post(path, tool("ask"))).code, 202);
    const std::string asked = stream.event().value_or("");
    EXPECT_EQ(at(asked, "/method"), R"("elicitation/create")");
    EXPECT_EQ(posts
                  .ask(post(path, R"({"jsonrpc":"2.0","id":)" + at(asked, "/id") +
                                      R"(,"result":{"action":"accept","content":{"name":"red"}}})"))
                  .code,
              202);
    EXPECT_EQ(text_of(stream.event()), R"("red")");
}

TEST_F(http_sse, path_parameters_and_the_principal_reach_handlers) {
    client stream = one.connect();
    const std::string path = begin(stream, open("/t/ac%20me/mcp/sse", "bobs-token"));
    ASSERT_EQ(path.substr(0, 34), "/t/ac%20me/mcp/messages/?session_i") << path;
    client posts = one.connect();
    EXPECT_EQ(posts.ask(post(path, initialize(), "bobs-token")).code, 202);
    EXPECT_TRUE(stream.event());
    EXPECT_EQ(posts.ask(post(path, tool("tenant"), "bobs-token")).code, 202);
    EXPECT_EQ(text_of(stream.event()), R"("ac me")");
    EXPECT_EQ(posts.ask(post(path, tool("subject"), "bobs-token")).code, 202);
    EXPECT_EQ(text_of(stream.event()), R"("bob")");
}

TEST_F(http_sse, a_client_that_comes_back_needs_no_initialize) {
    std::string path;
    {
        client stream = one.connect();
        path = begin(stream);
        client posts = one.connect();
        EXPECT_EQ(posts.ask(post(path, initialize())).code, 202);
        EXPECT_TRUE(stream.event());
        EXPECT_EQ(posts.ask(post(path, call("resources/subscribe", R"("uri":"note://one")"))).code,
                  202);
        EXPECT_TRUE(stream.event());
        EXPECT_EQ(posts.ask(post(path, call("logging/setLevel", R"("level":"error")"))).code, 202);
        EXPECT_TRUE(stream.event());
        EXPECT_EQ(posts.ask(post(path, call("ping"))).code, 202); // after it the session is stored
        EXPECT_TRUE(stream.event());
    }
    const std::string id = path.substr(path.size() - 32);
    client stream = two.connect();
    EXPECT_EQ(begin(stream, open().add("Last-Event-ID", id)), path);
    client posts = one.connect();
    EXPECT_EQ(posts.ask(post(path, add(2, 2))).code, 202);
    EXPECT_EQ(text_of(stream.event()), R"("4")");
    two.server.notify_resource_updated("note://one");
    EXPECT_EQ(at(stream.event().value_or(""), "/params/uri"), R"("note://one")");

    // The newer stream displaces the older one, and another subject gets a session of its own.
    client newer = one.connect();
    EXPECT_EQ(begin(newer, open().add("Last-Event-ID", id)), path);
    EXPECT_FALSE(stream.event());
    client foreign = one.connect();
    EXPECT_NE(begin(foreign, open("/mcp/sse", "bobs-token").add("Last-Event-ID", id)), path);
    EXPECT_EQ(one.connect().ask(post(path, add(1, 2))).code, 202);
    EXPECT_EQ(text_of(newer.event()), R"("3")");
}

TEST_F(http_sse, before_initialize_only_ping_is_answered) {
    client stream = one.connect();
    const std::string path = begin(stream);
    EXPECT_EQ(one.connect().ask(post(path, call("tools/list"))).code, 202);
    EXPECT_NE(at(stream.event().value_or(""), "/error/code"), "");
}

TEST_F(http_sse, messages_of_the_server_to_one_session) {
    client stream = one.connect();
    const std::string path = begin(stream);
    EXPECT_EQ(one.connect().ask(post(path, initialize())).code, 202);
    EXPECT_TRUE(stream.event());
    const mcp::json_object params{{"level", "info"}, {"data", "Hello"}};
    auto sent = asio::co_spawn(
        two.http->executor(0),
        two.server.notify(path.substr(path.size() - 32), "notifications/message", params),
        asio::use_future);
    EXPECT_TRUE(sent.get());
    EXPECT_EQ(stream.event().value_or(""), R"({"jsonrpc":"2.0","method":"notifications/message",)"
                                           R"("params":{"level":"info","data":"Hello"}})");
}

TEST_F(http_sse, a_shutdown_ends_the_stream) {
    client stream = one.connect();
    begin(stream);
    one.http->stop();
    EXPECT_FALSE(stream.event());
    EXPECT_TRUE(stream.ended_well());
}

} // namespace http_sse_test
