#include <mcp/async/sleep_for.hpp>
#include <mcp/server/server.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <support/mcp_http.hpp>
#include <utility>
#include <vector>

// Legacy clients that call without a session, as curl does, and the policies for sessions.

namespace streamable_http_stateless_test {

using mcp::session_policy;
using wire::answer;
using wire::call;
using wire::in_session;
using wire::post;
using wire::request;

int add(int a, int b) {
    return a + b;
}

struct colour {
    std::string name;
};

asio::awaitable<std::string> ask(mcp::context& ctx) {
    const auto chosen = co_await ctx.elicit<colour>("Which colour?");
    co_return chosen ? chosen->name : "none";
}

asio::awaitable<std::string> describe_client(mcp::context& ctx) {
    co_await mcp::sleep_for(std::chrono::milliseconds(1));
    ctx.warning("loud");
    co_return std::string(mcp::to_string(ctx.revision())) + "/" +
        (ctx.client() ? ctx.client()->name : "somebody") + std::string(ctx.session_id());
}

struct row {
    std::string name;
    request q;
    int code;
    std::string text; ///< a part of the response
};

class streamable_http_stateless : public testing::Test {
protected:
    streamable_http_stateless() {
        server.tool<add, "a", "b">("Adds");
        server.tool<ask>("Asks");
        server.tool<"who">("Describes the client", describe_client);
        server.resource<"note://one">("A note", [] { return std::string("milk"); });
        server.prompt<"review">("Reviews", [] { return std::string("Review it"); });
    }

    mcp::streamable_http endpoint(mcp::streamable_http_options options = {}) {
        return mcp::streamable_http{server, std::move(options)};
    }
    void check(const mcp::streamable_http& to, const std::vector<row>& rows) {
        for (const row& each : rows) {
            SCOPED_TRACE(each.name);
            const answer a = wire::ask(to, each.q);
            EXPECT_EQ(a.code, each.code) << a.body;
            EXPECT_NE(a.body.find(each.text), std::string::npos) << a.body;
            EXPECT_EQ(a.header("Mcp-Session-Id"), "");
        }
    }

    mcp::server<> server{"weather", "1.0"};
};

request with_method(mcp::http::verb method) {
    request q = post("");
    q.method = method;
    return q;
}

request tool(std::string_view name, std::string_view arguments = "") {
    return post(call("tools/call", R"("name":")" + std::string(name) + R"(","arguments":{)" +
                                       std::string(arguments) + "}"));
}

request revision(request q, std::string name) {
    return q.add("MCP-Protocol-Version", std::move(name));
}

TEST_F(streamable_http_stateless, each_method_without_a_session) {
    const std::string needed = " needs a session; send initialize first";
    check(
        endpoint(),
        {
            {"list", post(call("tools/list")), 200, R"("name":"add")"},
            {"call", tool("add", R"("a":2,"b":3)"), 200, "5"},
            {"read", post(call("resources/read", R"("uri":"note://one")")), 200, "milk"},
            {"prompt", post(call("prompts/get", R"("name":"review")")), 200, "Review it"},
            {"ping", post(call("ping")), 200, R"("result":{})"},
            {"level", post(call("logging/setLevel", R"("level":"error")")), 200, R"("result":{})"},
            {"unknown method", post(call("tools/fetch")), 200, "-32601"},
            {"bad arguments", tool("add", R"("a":2)"), 200, "is missing"},
            {"notification", post(call("notifications/initialized", "", "")), 202, ""},
            {"cancels nothing", post(call("notifications/cancelled", R"("requestId":1)", "")), 202,
             ""},
            {"response", post(R"({"jsonrpc":"2.0","id":1,"result":{}})"), 400,
             "A response" + needed},
            {"malformed response", post(R"({"jsonrpc":"2.0","id":1,"error":7})"), 400, "error"},
            {"batch", post("[" + call("ping") + "]"), 400, "A batch" + needed},
            {"subscribe", post(call("resources/subscribe", R"("uri":"note://one")")), 400,
             "resources/subscribe" + needed},
            {"unsubscribe", post(call("resources/unsubscribe", R"("uri":"note://one")")), 400,
             "resources/unsubscribe" + needed},
            {"question", tool("ask"), 200, "elicitation"},
            {"get", with_method(mcp::http::verb::get), 400, "Mcp-Session-Id is required"},
            {"delete", with_method(mcp::http::verb::delete_), 400, "Mcp-Session-Id is required"},
        });
}

TEST_F(streamable_http_stateless, the_revision_is_that_of_the_header) {
    check(endpoint(),
          {
              {"none", tool("who"), 200, "2025-03-26/somebody"},
              {"2024-11-05", revision(tool("who"), "2024-11-05"), 200, "2024-11-05/somebody"},
              {"2025-06-18", revision(tool("who"), "2025-06-18"), 200, "2025-06-18/somebody"},
              {"2025-11-25", revision(tool("who"), "2025-11-25"), 200, "2025-11-25/somebody"},
              {"unknown", revision(tool("who"), "2024-01-01"), 400, "2024-01-01"},
          });
    check(endpoint({.require_protocol_version_header = true}),
          {
              {"none", tool("who"), 400, "MCP-Protocol-Version is required"},
              {"2025-06-18", revision(tool("who"), "2025-06-18"), 200, "2025-06-18/somebody"},
          });
}

TEST_F(streamable_http_stateless, a_policy_requires_sessions) {
    const auto strict = endpoint({.sessions = mcp::require_sessions});
    const std::string needed = "Mcp-Session-Id is required";
    check(strict,
          {
              {"list", post(call("tools/list")), 400, needed},
              {"notification", post(call("notifications/initialized", "", "")), 400, needed},
              {"response", post(R"({"jsonrpc":"2.0","id":1,"result":{}})"), 400, needed},
              {"batch", post("[" + call("ping") + "]"), 400, needed},
          });
    EXPECT_EQ(wire::ask(strict, in_session(wire::open_session(strict), call("ping"))).code, 200);
}

TEST_F(streamable_http_stateless, requests_of_a_session_before_initialized_are_refused_if_wished) {
    server.options().require_initialized = true;
    const auto to = endpoint();
    const std::string id = wire::open_session(to, "2025-03-26");
    const std::string sum = tool("add", R"("a":1,"b":2)").body;
    const auto ask = [&](const std::string& body) {
        const answer a = wire::ask(to, in_session(id, body));
        return std::to_string(a.code) + ' ' + std::to_string(a.error()) + a["/error/message"];
    };
    const std::string refused = R"(400 -32600"Send notifications/initialized first")";
    EXPECT_EQ(ask(sum), refused);
    EXPECT_EQ(ask("[" + sum + "]"), refused);
    EXPECT_EQ(ask(call("ping")), "200 0");
    EXPECT_EQ(ask(call("notifications/initialized", "", "")), "202 0");
    EXPECT_EQ(ask(sum), "200 0");
    EXPECT_EQ(ask(call("notifications/initialized", "", "")), "202 0") << "again";
    EXPECT_EQ(wire::ask(to, tool("add", R"("a":1,"b":2)")).code, 200) << "without a session";
}

TEST_F(streamable_http_stateless, a_policy_begins_no_sessions) {
    const auto open = endpoint({.sessions = mcp::no_sessions});
    check(open, {
                    {"initialize", wire::initialize("2025-06-18"), 200,
                     R"("protocolVersion":"2025-06-18")"},
                    {"initialize with an id", wire::initialize().add("Mcp-Session-Id", "x"), 200,
                     "serverInfo"},
                    {"list", post(call("tools/list")), 200, R"("name":"add")"},
                    {"an id of another server", in_session("x", call("ping")), 200, "result"},
                    {"get", with_method(mcp::http::verb::get), 405, "Method not allowed"},
                    {"delete", with_method(mcp::http::verb::delete_), 405, "Method not allowed"},
                });
    EXPECT_EQ(wire::ask(open, with_method(mcp::http::verb::get)).header("Allow"), "POST");
}

TEST_F(streamable_http_stateless, sessions_are_kept_by_clients_that_initialize) {
    const auto both = endpoint();
    const std::string id = wire::open_session(both);
    EXPECT_NE(id, "");
    EXPECT_EQ(wire::ask(both, in_session(id, call("ping"))).code, 200);
    EXPECT_EQ(wire::ask(both, in_session("nope", call("ping"))).code, 404);
    EXPECT_EQ(wire::ask(both, post(call("ping"))).code, 200);
}

} // namespace streamable_http_stateless_test
