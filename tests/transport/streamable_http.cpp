#include <mcp/transport/streamable_http.hpp>

#include <mcp/auth/static_tokens.hpp>
#include <mcp/server/raw_tool.hpp>
#include <mcp/server/server.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <support/mcp_http.hpp>
#include <vector>

// The gate of the endpoint, called without a socket: every status, header and error code of
// [MCP 2026-07-28 basic/transports/streamable-http] and [MCP 2025-11-25 basic/transports].

namespace streamable_http_test {

using wire::answer;
using wire::call;
using wire::in_session;
using wire::initialize;
using wire::modern;
using wire::modern_meta;
using wire::modern_tool;
using wire::post;
using wire::request;

int add(int a, int b) {
    return a + b;
}

asio::awaitable<int> later(int a) {
    asio::steady_timer soon(co_await asio::this_coro::executor, std::chrono::milliseconds(1));
    co_await soon.async_wait(asio::use_awaitable);
    co_return a;
}

struct answer_form {
    std::string name;
};

struct row {
    std::string name;
    request q;
    int code;
    int error = 0; ///< of JSON-RPC; 0: none
};

class streamable_http : public testing::Test {
protected:
    streamable_http() {
        server.tool<add, "a", "b">("Adds");
        server.tool<later, "a">("Waits a little");
        server.tool<"shout">("Logs first", [](mcp::context& ctx) {
            ctx.warning("loud");
            return std::string("done");
        });
        server.tool<"ask">("Asks", [](mcp::context& ctx) -> asio::awaitable<std::string> {
            auto who = co_await ctx.elicit<answer_form>("Who?");
            co_return who ? who->name : "nobody";
        });
        server.tool<"sample">("Samples", [](mcp::context& ctx) -> asio::awaitable<std::string> {
            mcp::sampling_request what;
            what.max_tokens = 1;
            co_await ctx.sample(std::move(what));
            co_return std::string();
        });
        server.tool(mcp::tool_definition("region", "Wants headers",
                                         R"({"type":"object","properties":{)"
                                         R"("region":{"type":"string","x-mcp-header":"Region"},)"
                                         R"("size":{"type":"integer","x-mcp-header":"Size"},)"
                                         R"("dry":{"type":"boolean","x-mcp-header":"Dry"}}})"),
                    [](const mcp::json&) { return std::string("here"); });
        server.resource<"note://{name}">("A note", [](std::string name) { return name; });
        server.prompt<"review">("Reviews", [] { return std::string("Review it"); });
    }

    template <std::size_t N>
    void check(const row (&rows)[N]) {
        for (const row& each : rows) {
            SCOPED_TRACE(each.name);
            const answer a = ask(each.q);
            EXPECT_EQ(a.code, each.code) << a.body;
            EXPECT_EQ(a.error(), each.error) << a.body;
            EXPECT_EQ(a.body.find("\"id\":null"), std::string::npos);
            if (each.error != 0) {
                EXPECT_EQ(a.type, "application/json");
            }
        }
    }
    answer ask(const request& q) { return wire::ask(endpoint(), q); }
    std::string session(std::string_view revision = "2025-11-25") {
        return wire::open_session(endpoint(), revision);
    }
    mcp::streamable_http& endpoint() {
        if (!endpoint_)
            endpoint_ =
                std::make_unique<mcp::streamable_http>(server, wire::furnish(server, options));
        return *endpoint_;
    }

    /// The next request is for an endpoint with the options of now.
    void reset() { endpoint_.reset(); }

    mcp::server<> server{"weather", "1.0"};
    wire::endpoint_options options;

private:
    std::unique_ptr<mcp::streamable_http> endpoint_;
};

std::string tool_with_meta(std::string_view meta) {
    return call("tools/call",
                R"("name":"add","arguments":{"a":1,"b":2},"_meta":)" + std::string(meta));
}

TEST_F(streamable_http, what_is_no_mcp_request_at_all) {
    const std::string ok = call("ping");
    const std::string deep = std::string(100, '[') + std::string(100, ']');
    const auto with_method = [&](mcp::http::verb verb) {
        request q = modern("tools/list");
        q.method = verb;
        return q;
    };
    using enum mcp::http::verb;
    const row rows[] = {
        {"no content type", modern("tools/list").without("content-type"), 415, -32600},
        {"text", modern("tools/list").set("Content-Type", "text/plain"), 415, -32600},
        {"gzip", modern("tools/list").set("Content-Encoding", "gzip"), 415, -32600},
        {"json-ish", modern("tools/list").set("Content-Type", "application/jsonx"), 415, -32600},
        {"charset", modern("tools/list").set("Content-Type", "application/json; charset=utf-8"),
         200},
        {"case", modern("tools/list").set("Content-Type", "Application/JSON ;a=b"), 200},
        {"evil host", modern("tools/list").set("Host", "evil.example.com"), 403, -32000},
        {"evil host by port", modern("tools/list").set("Host", "evil.example.com:8000"), 403,
         -32000},
        {"localhost suffix", modern("tools/list").set("Host", "localhost.evil.com"), 403, -32000},
        {"localhost port", modern("tools/list").set("Host", "localhost:1"), 200},
        {"ipv6 host", modern("tools/list").set("Host", "[::1]:8000"), 200},
        {"evil origin", modern("tools/list").add("Origin", "http://evil.example.com"), 403, -32000},
        {"null origin", modern("tools/list").add("Origin", "null"), 403, -32000},
        {"empty origin", modern("tools/list").add("Origin", ""), 403, -32000},
        {"own origin", modern("tools/list").add("Origin", "http://localhost:3000"), 200},
        {"two origins",
         modern("tools/list").add("Origin", "http://localhost").add("Origin", "http://evil.com"),
         403, -32000},
        {"put", with_method(put), 405, -32000},
        {"head", with_method(head), 405, -32000},
        {"options", with_method(options), 405, -32000},
        {"patch", with_method(patch), 405, -32000},
        {"empty body", modern("tools/list").text(""), 400, -32700},
        {"truncated", modern("tools/list").text(R"({"jsonrpc":"2.0",)"), 400, -32700},
        {"two values", modern("tools/list").text(ok + ok), 400, -32700},
        {"not json", modern("tools/list").text("hello"), 400, -32700},
        {"deep", modern("tools/list").text(deep), 400, -32700},
        {"deep params", modern("tools/list").text(call("x", "\"a\":" + deep)), 400, -32700},
        {"duplicate key", modern("tools/list").text(R"({"jsonrpc":"2.0","jsonrpc":"2.0"})"), 400,
         -32700},
        {"huge number", modern("tools/list").text(call("x", "\"a\":1e999")), 400, -32700},
        {"bad utf-8", modern("tools/list").text(call("x", "\"a\":\"\xff\"")), 400, -32700},
        {"raw surrogate", modern("tools/list").text(call("x", "\"a\":\"\xED\xA0\xBD\"")), 400,
         -32700},
        {"half a pair", modern("tools/list", R"("a":"\ud83d")"), 200},
        {"byte order mark", modern("tools/list").text("\xEF\xBB\xBF" + modern("tools/list").body),
         200},
        {"two byte order marks", modern("tools/list").text("\xEF\xBB\xBF\xEF\xBB\xBF" + ok), 400,
         -32700},
        {"NaN", modern("tools/list").text(call("x", R"("a":NaN)")), 400, -32700},
        {"comment", modern("tools/list").text("/**/" + ok), 400, -32700},
        {"trailing comma", modern("tools/list").text(call("x", R"("a":1,)")), 400, -32700},
    };
    check(rows);
}

TEST_F(streamable_http, an_error_has_the_id_that_could_be_read) {
    const auto text = [](std::string members, std::string id) {
        return call("tools/call", std::move(members), id);
    };
    const std::string deep = std::string(100, '[') + std::string(100, ']');
    const struct {
        std::string body;
        std::string id;
    } table[] = {
        {text(R"("a":1e999)", "7"), "7"},
        {text(R"("a":1,"a":2)", R"("x")"), R"("x")"},
        {text("\"a\":" + deep, "7"), "7"},
        {text("\"a\":\"\xFF\"", "7"), "7"},
        {"\xEF\xBB\xBF" + text(R"("a":NaN)", "7"), "7"},
        {text(R"("a":1e999)", ""), ""},
        {R"({"jsonrpc":"2.0","id":7,"result":1e999})", ""}, // of a response: it is not answered
        {R"({"jsonrpc":"2.0","id":7,"result":{},"error":{}})", ""},
        {R"({"jsonrpc":"2.0","id":7})", ""},
        {R"({"jsonrpc":"2.0","id":7,"method":)", ""},
        {R"({"jsonrpc":"2.0","id":7,"id":8,"method":"ping"})", ""},
    };
    const std::string id = session();
    for (const auto& [body, read] : table) {
        SCOPED_TRACE(body.substr(0, 80));
        for (request q : {modern("tools/call").text(body), in_session(id, body), post(body)}) {
            const answer a = ask(q);
            EXPECT_EQ(a.code, 400);
            EXPECT_EQ(a["/id"], read);
        }
    }
    options.surrogates = mcp::unpaired_surrogates::refuse;
    mcp::streamable_http strict(server, wire::furnish(server, options));
    const answer a = wire::ask(strict, modern("tools/list", R"("a":"\ud83d")"));
    EXPECT_EQ(a.error(), -32700);
    EXPECT_EQ(a["/id"], "1");
}

TEST_F(streamable_http, a_peer_elsewhere_may_use_any_host) {
    request q = modern("tools/list").set("Host", "mcp.example.com");
    q.remote = "192.0.2.7";
    EXPECT_EQ(ask(q).code, 200);
    q.remote = "::ffff:127.0.0.1";
    EXPECT_EQ(ask(q).code, 403);
    q.remote = "::1";
    EXPECT_EQ(ask(q).code, 403);
}

TEST_F(streamable_http, configured_hosts_and_origins) {
    options.policy.hosts = {"mcp.example.com"};
    options.policy.origins = {"https://app.example.com"};
    const auto with = [](const char* host, const char* origin) {
        return modern("tools/list").set("Host", host).add("Origin", origin);
    };
    const row rows[] = {
        {"host", with("mcp.example.com", "https://app.example.com"), 200},
        {"host and port", with("MCP.example.com:443", "https://app.example.com"), 200},
        {"other host", with("localhost", "https://app.example.com"), 403, -32000},
        {"other origin", with("mcp.example.com", "https://example.com"), 403, -32000},
        {"other scheme", with("mcp.example.com", "http://app.example.com"), 403, -32000},
        {"same origin", with("mcp.example.com", "https://mcp.example.com"), 200},
        {"localhost origin", with("mcp.example.com", "http://localhost"), 403, -32000},
    };
    check(rows);
}

TEST_F(streamable_http, json_limits_are_those_of_the_options) {
    options.json.depth = 5;
    options.json.object_members = 12;
    EXPECT_EQ(ask(modern("tools/list")).code, 200);
    EXPECT_EQ(ask(modern("tools/list", R"("x":[[[1]]])")).code, 200);
    EXPECT_EQ(ask(modern("tools/list", R"("x":[[[[1]]]])")).error(), -32700);
    std::string many;
    for (int i = 0; i < 13; ++i)
        many += (i ? ",\"m" : "\"m") + std::to_string(i) + "\":1";
    EXPECT_EQ(ask(modern("tools/list", many)).error(), -32700);
    mcp::streamable_http other(server);
    EXPECT_EQ(wire::ask(other, modern("tools/list", R"("x":[[[[[[1]]]]]])")).code, 200);
}

TEST_F(streamable_http, the_modern_gate) {
    constexpr std::string_view version = R"("io.modelcontextprotocol/protocolVersion")";
    constexpr std::string_view abilities = R"("io.modelcontextprotocol/clientCapabilities")";
    const auto meta = [&](std::string_view text) {
        return modern_tool("add").text(tool_with_meta(text));
    };
    const auto versions = [&](std::string_view body, std::string_view header) {
        return modern_tool("add")
            .text(tool_with_meta("{" + std::string(version) + ":\"" + std::string(body) + "\"," +
                                 std::string(abilities) + ":{}}"))
            .set("MCP-Protocol-Version", std::string(header));
    };
    const std::string body = modern_tool("add").body;
    const row rows[] = {
        {"no meta, modern header", modern_tool("add").text(call("tools/call")), 400, -32602},
        {"no meta, unknown header",
         modern_tool("add").text(call("tools/call")).set("MCP-Protocol-Version", "2099-01-01"), 400,
         -32022},
        {"no meta, no revision in the header",
         modern_tool("add").text(call("tools/call")).set("MCP-Protocol-Version", "latest"), 400,
         -32022},
        {"no meta, empty header",
         modern_tool("add").text(call("tools/call")).set("MCP-Protocol-Version", ""), 400, -32022},
        {"other meta, unknown header",
         meta(R"({"x.example/a":1})").set("MCP-Protocol-Version", "2099-01-01"), 400, -32022},
        {"no meta, unknown header, within a session",
         modern_tool("add")
             .text(call("tools/call"))
             .set("MCP-Protocol-Version", "2099-01-01")
             .add("Mcp-Session-Id", "x"),
         400, -32022},
        {"empty meta", meta("{}"), 400, -32602},
        {"meta no object", meta("7"), 400, -32602},
        {"no version", meta("{" + std::string(abilities) + ":{}}"), 400, -32602},
        {"no capabilities", meta("{" + std::string(version) + R"(:"2026-07-28"})"), 400, -32602},
        {"version no string",
         meta("{" + std::string(version) + ":7," + std::string(abilities) + ":{}}"), 400, -32602},
        {"capabilities no object",
         meta("{" + std::string(version) + R"(:"2026-07-28",)" + std::string(abilities) + ":7}"),
         400, -32602},
        {"capabilities as an empty array",
         meta("{" + std::string(version) + R"(:"2026-07-28",)" + std::string(abilities) + ":[]}"),
         200},
        {"null version",
         meta("{" + std::string(version) + ":null," + std::string(abilities) + ":{}}"), 400,
         -32602},
        {"null capabilities",
         meta("{" + std::string(version) + R"(:"2026-07-28",)" + std::string(abilities) + ":null}"),
         400, -32602},
        {"client info no object",
         modern_tool("add").text(tool_with_meta("{" + std::string(version) + R"(:"2026-07-28",)" +
                                                std::string(abilities) +
                                                R"(:{},"io.modelcontextprotocol/clientInfo":1})")),
         400, -32602},
        {"unknown log level",
         modern_tool("add").text(tool_with_meta(
             "{" + std::string(version) + R"(:"2026-07-28",)" + std::string(abilities) +
             R"(:{},"io.modelcontextprotocol/logLevel":"shout"})")),
         400, -32602},
        {"future version", versions("2099-01-01", "2099-01-01"), 400, -32022},
        {"legacy version claimed", versions("2025-11-25", "2025-11-25"), 400, -32022},
        {"mismatch before unknown", versions("2099-01-01", "2026-07-28"), 400, -32020},
        {"header says other", versions("2026-07-28", "2025-06-18"), 400, -32020},
        {"no version header", modern_tool("add").without("mcp-protocol-version"), 400, -32020},
        {"two version headers", modern_tool("add").add("mcp-protocol-version", "2026-07-28"), 400,
         -32020},
        {"no method header", modern_tool("add").without("Mcp-Method"), 400, -32020},
        {"other method", modern_tool("add").set("Mcp-Method", "tools/list"), 400, -32020},
        {"method by case", modern_tool("add").set("Mcp-Method", "Tools/Call"), 400, -32020},
        {"two methods", modern_tool("add").add("Mcp-Method", "tools/list"), 400, -32020},
        {"no name header", modern_tool("add").without("Mcp-Name"), 400, -32020},
        {"other name", modern_tool("add").set("Mcp-Name", "later"), 400, -32020},
        {"name by case", modern_tool("add").set("Mcp-Name", "Add"), 400, -32020},
        {"two names", modern_tool("add").add("Mcp-Name", "later"), 400, -32020},
        {"no uri header", modern("resources/read", R"("uri":"note://a")"), 400, -32020},
        {"uri header", modern("resources/read", R"("uri":"note://a")", "note://a"), 200},
        {"no prompt header", modern("prompts/get", R"("name":"review")"), 400, -32020},
        {"prompt header", modern("prompts/get", R"("name":"review")", "review"), 200},
        {"header names of any case",
         post(body)
             .add("mcp-protocol-version", "2026-07-28")
             .add("MCP-METHOD", "tools/call")
             .add("mCp-NaMe", "add"),
         200},
        {"id null", modern_tool("add", "{}", "null"), 400, -32600},
        {"id fraction", modern_tool("add", "{}", "1.5"), 400, -32600},
        {"id object", modern_tool("add", "{}", "{}"), 400, -32600},
        {"jsonrpc 1",
         modern_tool("add").text(R"({"jsonrpc":"1.0","id":1,"method":"tools/list",)"
                                 R"("params":{)" +
                                 std::string(modern_meta) + "}}"),
         400, -32600},
        {"batch", modern_tool("add").text("[" + body + "]"), 400, -32600},
        {"batch with one of us", modern_tool("add").text("[" + call("ping") + "," + body + "]"),
         400, -32600},
        {"accept neither", modern_tool("add").set("Accept", "text/html"), 406, -32600},
        {"accept anything", modern_tool("add").set("Accept", "*/*"), 200},
        {"accept json", modern_tool("add").set("Accept", "application/json"), 200},
        {"accept absent", modern_tool("add").without("Accept"), 200},
        {"unknown method", modern("unknown/method"), 404, -32601},
        {"ping", modern("ping"), 404, -32601},
        {"set level", modern("logging/setLevel", R"("level":"info")"), 404, -32601},
        {"subscribe", modern("resources/subscribe", R"("uri":"a")"), 404, -32601},
        {"unsubscribe", modern("resources/unsubscribe", R"("uri":"a")"), 404, -32601},
        {"initialize", modern("initialize"), 404, -32601},
        {"initialized request", modern("notifications/initialized"), 404, -32601},
        {"unknown tool", modern_tool("nope"), 200, -32602},
        {"tool without a name", modern("tools/call", R"("arguments":{})"), 200, -32602},
        {"unknown prompt", modern("prompts/get", R"("name":"x")", "x"), 200, -32602},
        {"unknown resource", modern("resources/read", R"("uri":"x:y")", "x:y"), 200, -32602},
        {"null cursor", modern("tools/list", R"("cursor":null)"), 200},
        {"null arguments", modern_tool("shout", "null"), 200},
        {"null state", modern_tool("later", R"({"a":1},"requestState":null)"), 200},
        {"arguments as an empty array", modern_tool("shout", "[]"), 200},
        {"bad cursor", modern("tools/list", R"("cursor":"nonsense")"), 200, -32602},
        {"missing capability", modern_tool("sample"), 400, -32021},
        {"listen without a filter", modern("subscriptions/listen"), 200, -32602},
        {"filter no object", modern("subscriptions/listen", R"("notifications":1)"), 200, -32602},
        {"call", modern_tool("add", R"({"a":1,"b":2})"), 200},
        {"session and event ids are ignored",
         modern_tool("add").add("Mcp-Session-Id", "none").add("Last-Event-ID", "7"), 200},
    };
    check(rows);
}

TEST_F(streamable_http, modern_errors_say_what_would_do) {
    const std::string old = R"({"io.modelcontextprotocol/protocolVersion":"1999-01-01",)"
                            R"("io.modelcontextprotocol/clientCapabilities":{}})";
    answer a =
        ask(modern_tool("add").text(tool_with_meta(old)).set("MCP-Protocol-Version", "1999-01-01"));
    EXPECT_EQ(a["/error/data"], R"({"supported":["2026-07-28"],"requested":"1999-01-01"})");
    EXPECT_EQ(a["/id"], "1");

    a = ask(modern_tool("add").text(call("tools/call")));
    EXPECT_NE(a.body.find("protocolVersion"), std::string::npos);
    EXPECT_NE(a.body.find("clientCapabilities"), std::string::npos);

    a = ask(modern_tool("sample"));
    EXPECT_EQ(a["/error/data/requiredCapabilities"], R"({"sampling":{}})");

    a = ask(modern("resources/read", R"("uri":"x:y")", "x:y"));
    EXPECT_EQ(a["/error/data/uri"], R"("x:y")");

    // What cannot be read has no id, rather than a null one.
    a = ask(modern_tool("add", "{}", "null"));
    EXPECT_EQ(a["/id"], "");
    EXPECT_EQ(ask(modern_tool("add").text("?"))["/id"], "");
}

TEST_F(streamable_http, a_list_is_shared_with_a_connection_that_takes_it) {
    const auto shared = [&](const request& of) {
        wire::spoken made(of);
        made.r.takes_shared = true;
        asio::io_context loop;
        asio::co_spawn(loop, endpoint()(made.q, made.r), asio::detached);
        loop.run();
        const auto text = made.r.shared.text;
        made.r.complete_body();
        EXPECT_EQ(made.r.body, ask(of).body);
        return text;
    };
    EXPECT_EQ(shared(modern_tool("add", R"("a":1,"b":2)")), nullptr);
    EXPECT_EQ(shared(modern("tools/list", R"("cursor":"nonsense")")), nullptr);
    const request lists[] = {modern("tools/list"), in_session(session(), call("tools/list"))};
    for (const request& each : lists) {
        const auto before = shared(each);
        ASSERT_NE(before, nullptr);
        EXPECT_EQ(shared(each), before);
        server.tool<"new">("Is new", [] { return 1; });
        EXPECT_NE(shared(each), before);
        server.remove_tool("new");
    }
}

TEST_F(streamable_http, ids_come_back_as_they_were) {
    for (const char* id : {"1", R"("1")", "0", "-7", R"("")", R"("a\"b")", "9007199254740993"}) {
        SCOPED_TRACE(id);
        EXPECT_EQ(ask(modern_tool("add", R"({"a":1,"b":2})", id))["/id"], id);
        EXPECT_EQ(ask(modern_tool("later", R"({"a":1})", id))["/id"], id);
        EXPECT_EQ(ask(modern("unknown", "", "", id))["/id"], id);
        EXPECT_EQ(ask(wire::legacy_tool(session(), "add", "{}", id))["/id"], id);
    }
}

/// An id of 100 kB comes back once and whole, and only its begin gets into the log.
TEST_F(streamable_http, a_long_id_does_not_fill_the_log) {
    std::string log;
    server.options().level = mcp::log_level::debug;
    server.options().log = [&](mcp::log_level, std::string_view line) { log += line; };
    const std::string id = '"' + std::string(100'000, 'x') + '"';
    for (const wire::request& q :
         {wire::modern("tools/list", "", "", id), wire::modern_tool("nothing", "{}", id),
          wire::post(wire::call("tools/list", "", id)),
          wire::post(wire::call("no/such", "", id))}) {
        const answer a = ask(q);
        EXPECT_EQ(a["/id"], id);
        EXPECT_LT(a.body.size(), 2 * id.size());
    }
    EXPECT_NE(log.find("xxx..."), log.npos) << log;
    EXPECT_LT(log.size(), 10'000U);
}

TEST_F(streamable_http, parameter_headers) {
    const auto with = [](std::string arguments, std::vector<std::array<std::string, 2>> headers) {
        request q = modern("tools/call", R"("name":"region","arguments":)" + arguments, "region");
        for (auto& [name, value] : headers)
            q.add("Mcp-Param-" + name, value);
        return q;
    };
    const std::string west = R"({"region":"west"})";
    const std::string umlaut = R"({"region":"Köln"})";
    const std::string size = R"({"size":42})";
    const row rows[] = {
        {"none wanted", with("{}", {}), 200},
        {"null argument", with(R"({"region":null})", {}), 200},
        {"same", with(west, {{"Region", "west"}}), 200},
        {"name of any case", with(west, {{"rEGION", "west"}}), 200},
        {"missing", with(west, {}), 400, -32020},
        {"different", with(west, {{"Region", "east"}}), 400, -32020},
        {"value by case", with(west, {{"Region", "West"}}), 400, -32020},
        {"twice", with(west, {{"Region", "west"}, {"Region", "east"}}), 400, -32020},
        {"header without argument", with("{}", {{"Region", "west"}}), 400, -32020},
        {"unknown header", with("{}", {{"Other", "west"}}), 200},
        {"encoded without need", with(west, {{"Region", "=?base64?d2VzdA==?="}}), 200},
        {"encoded", with(umlaut, {{"Region", "=?base64?S8O2bG4=?="}}), 200},
        {"raw utf-8", with(umlaut, {{"Region", "Köln"}}), 400, -32020},
        {"bad padding", with(umlaut, {{"Region", "=?base64?S8O2bG4?="}}), 400, -32020},
        {"bad alphabet", with(umlaut, {{"Region", "=?base64?S8O2bG4*?="}}), 400, -32020},
        {"bits that must be zero", with(umlaut, {{"Region", "=?base64?S8O2bG5=?="}}), 400, -32020},
        {"not utf-8", with(umlaut, {{"Region", "=?base64?/w==?="}}), 400, -32020},
        {"integer", with(size, {{"Size", "42"}}), 200},
        {"integer by value", with(size, {{"Size", "42.0"}}), 200},
        {"other integer", with(size, {{"Size", "43"}}), 400, -32020},
        {"no integer", with(size, {{"Size", "42x"}}), 400, -32020},
        {"boolean", with(R"({"dry":true})", {{"Dry", "true"}}), 200},
        {"boolean by case", with(R"({"dry":true})", {{"Dry", "True"}}), 400, -32020},
        {"name encoded", with("{}", {}).set("Mcp-Name", "=?base64?cmVnaW9u?="), 200},
        {"name badly padded", with("{}", {}).set("Mcp-Name", "=?base64?cmVnaW9u=?="), 400, -32020},
        {"name beyond ASCII",
         modern("resources/read", R"("uri":"note://ö")", "=?base64?bm90ZTovL8O2?="), 200},
        {"name raw", modern("resources/read", R"("uri":"note://ö")", "note://ö"), 400, -32020},
    };
    check(rows);
}

TEST_F(streamable_http, modern_notifications) {
    const auto note = [](std::string members) {
        return post(call("notifications/cancelled", members, ""));
    };
    const std::string claim = R"("_meta":{"io.modelcontextprotocol/protocolVersion":)";
    const row rows[] = {
        {"claim", note(std::string(modern_meta)), 202},
        {"header alone", note("").add("MCP-Protocol-Version", "2026-07-28"), 202},
        {"claim of an unknown revision", note(claim + R"("2099-01-01"})"), 400, -32022},
        {"header of an unknown revision", note("").add("MCP-Protocol-Version", "2099-01-01"), 400,
         -32022},
        {"claim is no string", note(claim + "7}"), 400, -32602},
        {"a response", post(R"({"jsonrpc":"2.0","id":1,"result":{}})"), 400, -32000},
    };
    check(rows);
    const answer a = ask(note(std::string(modern_meta)));
    EXPECT_EQ(a.body, "");
    EXPECT_EQ(a.type, "");
}

TEST_F(streamable_http, modern_only) {
    server.options().legacy = false;
    request get = modern("tools/list");
    get.method = mcp::http::verb::get;
    answer a = ask(get);
    EXPECT_EQ(a.code, 405);
    EXPECT_EQ(a.header("Allow"), "POST");
    get.method = mcp::http::verb::delete_;
    EXPECT_EQ(ask(get).code, 405);
    const row rows[] = {
        {"handshake", initialize(), 400, -32022},
        {"batch", post("[" + call("ping") + "]"), 400, -32600},
        {"response", post(R"({"jsonrpc":"2.0","id":1,"result":{}})"), 400, -32600},
        {"older revision in the header",
         post(call("tools/list")).add("MCP-Protocol-Version", "2025-11-25"), 400, -32022},
        {"call", modern_tool("add"), 200},
    };
    check(rows);
}

TEST_F(streamable_http, legacy_only) {
    server.options().modern = false;
    EXPECT_EQ(ask(post(call("ping")).add("MCP-Protocol-Version", "2099-01-01")).error(), -32022);
    const answer a = ask(modern_tool("add"));
    EXPECT_EQ(a.code, 400);
    EXPECT_EQ(a["/error/data/supported"], "[]");
    EXPECT_NE(a["/error/message"].find("begin with initialize"), std::string::npos);
    const std::string bare = R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":)"
                             R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})";
    EXPECT_EQ(ask(post(bare)).error(), -32022); // not that more is missing in its _meta
    const answer unknown = ask(post(call("tools/list")).add("MCP-Protocol-Version", "2099-01-01"));
    EXPECT_EQ(unknown.error(), -32022);
    EXPECT_EQ(unknown["/error/data/requested"], R"("2099-01-01")");
    EXPECT_EQ(ask(initialize()).code, 200);
}

TEST_F(streamable_http, handshake) {
    const struct {
        const char* asked;
        const char* agreed;
    } rows[] = {
        {"2024-11-05", "2024-11-05"}, {"2025-03-26", "2025-03-26"}, {"2025-06-18", "2025-06-18"},
        {"2025-11-25", "2025-11-25"}, {"2026-07-28", "2025-11-25"}, {"1999-01-01", "2025-11-25"},
        {"", "2025-11-25"},
    };
    for (const auto& each : rows) {
        SCOPED_TRACE(each.asked);
        const answer a = ask(initialize(each.asked));
        EXPECT_EQ(a.code, 200);
        EXPECT_EQ(a.type, "application/json");
        EXPECT_EQ(a["/result/protocolVersion"], '"' + std::string(each.agreed) + '"');
        EXPECT_EQ(a["/result/serverInfo/name"], R"("weather")");
        EXPECT_EQ(a["/id"], "0");
        const std::string id = a.header("Mcp-Session-Id");
        EXPECT_GE(id.size(), 32u);
        for (const char c : id)
            EXPECT_TRUE(c > 0x20 && c < 0x7f);
    }
}

TEST_F(streamable_http, a_handshake_is_legacy_unless_it_is_really_modern) {
    const std::string members = R"("protocolVersion":"2025-11-25","capabilities":{},)"
                                R"("clientInfo":{"name":"t","version":"1"},)"
                                R"("_meta":{"io.modelcontextprotocol/protocolVersion":)";
    const std::string abilities = R"(,"io.modelcontextprotocol/clientCapabilities":{}})";
    const auto claiming = [&](std::string_view version) {
        return post(call("initialize", members + std::string(version) + abilities))
            .add("Mcp-Method", "initialize");
    };
    const row rows[] = {
        {"modern header", initialize().add("MCP-Protocol-Version", "2026-07-28"), 200},
        {"unknown header", initialize().add("MCP-Protocol-Version", "2099-01-01"), 200},
        {"claims a legacy revision", claiming(R"("2025-11-25")"), 200},
        {"claims nonsense", claiming("7"), 200},
        {"claims ours", claiming(R"("2026-07-28")").add("MCP-Protocol-Version", "2026-07-28"), 404,
         -32601},
        {"claims ours without the header", claiming(R"("2026-07-28")"), 400, -32020},
    };
    check(rows);
}

TEST_F(streamable_http, the_legacy_gate) {
    const std::string id = session();
    const auto ping = [&] { return in_session(id, call("ping")); };
    const row rows[] = {
        {"ping", ping(), 200},
        {"version header", ping().add("MCP-Protocol-Version", "2025-11-25"), 200},
        {"no session", post(call("ping")), 200},
        {"unknown session", in_session("nope", call("ping")), 404, -32001},
        {"empty session id", in_session("", call("ping")), 404, -32001},
        {"session id by case", in_session(id + "x", call("ping")), 404, -32001},
        {"notification without session", post(call("notifications/initialized", "", "")), 202},
        {"response without session", post(R"({"jsonrpc":"2.0","id":1,"result":{}})"), 400, -32000},
        {"accept json only", ping().set("Accept", "application/json"), 406, -32000},
        {"accept sse only", ping().set("Accept", "text/event-stream"), 406, -32000},
        {"accept nothing", ping().without("Accept"), 406, -32000},
        {"accept in two fields",
         ping().set("Accept", "application/json").add("Accept", "text/event-stream"), 200},
        {"accept with weights", ping().set("Accept", "text/event-stream;q=0.5, application/*"),
         200},
        {"accept all", ping().set("Accept", "*/*"), 200},
        {"initialized", in_session(id, call("notifications/initialized", "", "")), 202},
        {"unknown notification", in_session(id, call("notifications/whatever", "", "")), 202},
        {"cancels nothing",
         in_session(id, call("notifications/cancelled", R"("requestId":99)", "")), 202},
        {"cancels badly", in_session(id, call("notifications/cancelled", "", "")), 202},
        {"response to nothing", in_session(id, R"({"jsonrpc":"2.0","id":9,"result":{}})"), 202},
        {"error to nothing",
         in_session(id, R"({"jsonrpc":"2.0","id":9,"error":{"code":1,"message":"no"}})"), 202},
        {"second initialize", initialize().add("Mcp-Session-Id", id), 400, -32600},
        {"initialize without params", post(call("initialize")), 200, -32602},
        {"initialize with an empty array",
         post(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":[]})"), 200, -32602},
        {"initialize badly", post(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":[1]})"),
         400, -32600},
        {"result beside a null error",
         in_session(id, R"({"jsonrpc":"2.0","id":9,"result":{},"error":null})"), 202},
        {"result and error",
         in_session(id, R"({"jsonrpc":"2.0","id":9,"result":{},"error":{"code":1,"message":""}})"),
         400, -32600},
        {"null cursor", in_session(id, call("tools/list", R"("cursor":null)")), 200},
        {"null arguments", wire::legacy_tool(id, "shout", "null"), 200},
        {"null params of a list",
         in_session(id, R"({"jsonrpc":"2.0","id":9,"method":"tools/list","params":null})"), 200},
        {"null params", in_session(id, R"({"jsonrpc":"2.0","id":9,"method":"ping","params":null})"),
         200},
        {"null id of a notification", in_session(id, call("notifications/initialized", "", "null")),
         202},
        {"unknown method", in_session(id, call("unknown/method")), 200, -32601},
        {"discover", in_session(id, call("server/discover")), 200, -32601},
        {"listen", in_session(id, call("subscriptions/listen")), 200, -32601},
        {"unknown tool", wire::legacy_tool(id, "nope"), 200, -32602},
        {"unknown resource", in_session(id, call("resources/read", R"("uri":"x:y")")), 200, -32002},
        {"bad level", in_session(id, call("logging/setLevel", R"("level":"x")")), 200, -32602},
        {"no object", in_session(id, "7"), 400, -32600},
        {"neither", in_session(id, R"({"jsonrpc":"2.0","id":1})"), 400, -32600},
        {"both", in_session(id, R"({"jsonrpc":"2.0","id":1,"method":"ping","result":1})"), 400,
         -32600},
        {"id null", in_session(id, call("ping", "", "null")), 400, -32600},
        {"batch", in_session(id, "[" + call("ping") + "]"), 400, -32600},
        {"empty batch", in_session(id, "[]"), 400, -32600},
        {"modern call beside", modern_tool("add"), 200},
        {"modern call with our session", modern_tool("add").add("Mcp-Session-Id", id), 200},
    };
    check(rows);
}

TEST_F(streamable_http, get_and_delete) {
    const std::string id = session();
    const auto erase = [](std::string_view s) { return wire::erase(s); };
    const row rows[] = {
        {"get without session", wire::get("x").without("mcp-session-id"), 400, -32000},
        {"get of an unknown session", wire::get("x"), 404, -32001},
        {"get that takes no stream", wire::get(id).set("Accept", "application/json"), 406, -32000},
        {"get without accept", wire::get(id).without("accept"), 406, -32000},
        {"get in an unknown revision", wire::get(id).add("MCP-Protocol-Version", "2099-01-01"), 400,
         -32000},
        {"get in a modern revision", wire::get(id).add("MCP-Protocol-Version", "2026-07-28"), 400,
         -32000},
        {"evil get", wire::get(id).add("Origin", "http://evil.com"), 403, -32000},
        {"evil delete", erase(id).add("Origin", "http://evil.com"), 403, -32000},
        {"delete without session", erase("x").without("mcp-session-id"), 400, -32000},
        {"delete of an unknown session", erase("x"), 404, -32001},
        {"delete in an unknown revision", erase(id).add("MCP-Protocol-Version", "x"), 400, -32000},
        {"delete", erase(id), 200},
        {"delete again", erase(id), 404, -32001},
        {"get afterwards", wire::get(id), 404, -32001},
        {"post afterwards", in_session(id, call("ping")), 404, -32001},
        {"initialize anew", initialize(), 200},
    };
    check(rows);
    request put = wire::get(id);
    put.method = mcp::http::verb::put;
    EXPECT_EQ(ask(put).header("Allow"), "POST, GET, DELETE");
}

TEST_F(streamable_http, batches) {
    const std::string id = session("2025-03-26");
    const std::string init = initialize().body;
    const auto batch = [&](std::string body) { return in_session(id, "[" + body + "]"); };

    answer a = ask(batch(call("ping", "", "1") + "," + call("ping", "", R"("1")")));
    EXPECT_EQ(a.code, 200);
    EXPECT_EQ(a.type, "application/json");
    EXPECT_EQ(a["/0/id"], "1");
    EXPECT_EQ(a["/1/id"], R"("1")");
    EXPECT_EQ(a["/2"], "");

    a = ask(batch(init));
    EXPECT_EQ(a.code, 200);
    EXPECT_EQ(a["/0/error/code"], "-32600");
    EXPECT_EQ(a["/0/id"], "0");

    a = ask(batch("7," + call("ping", "", "2") + ",{}"));
    EXPECT_EQ(a["/0/error/code"], "-32600");
    EXPECT_EQ(a["/0/id"], "null"); // this revision wants one
    EXPECT_EQ(a["/1/id"], "2");
    EXPECT_EQ(a["/2/error/code"], "-32600");

    for (const char* unanswered :
         {R"(,{"jsonrpc":"2.0","id":9,"result":{}})", R"(,{"jsonrpc":"2.0","id":9,"error":7})",
          R"(,{"jsonrpc":"2.0","id":9})", R"(,{"jsonrpc":"2.0","method":"m","params":7})"}) {
        a = ask(batch(call("notifications/initialized", "", "") + unanswered));
        EXPECT_EQ(a.code, 202) << unanswered;
        EXPECT_EQ(a.body, "") << unanswered;
    }

    a = ask(batch(call("ping", "", "1") + "," +
                  call("tools/call", R"("name":"later","arguments":{"a":7})", "2") + "," +
                  call("tools/call", R"("name":"shout","arguments":{})", "3")));
    EXPECT_EQ(a.code, 200);
    EXPECT_EQ(a.type, "text/event-stream");
    const auto events = a.events();
    ASSERT_EQ(events.size(), 4u) << a.body;
    EXPECT_EQ(wire::at(events[0], "/method"), R"("notifications/message")");
    EXPECT_EQ(wire::at(events[1], "/id"), "1");
    EXPECT_EQ(wire::at(events[2], "/id"), "3");
    EXPECT_EQ(wire::at(events[3], "/id"), "2");

    std::string many;
    for (int i = 0; i < 101; ++i)
        many += (i ? "," : "") + call("ping", "", std::to_string(i));
    const row rows[] = {
        {"empty", batch(""), 400, -32600},
        {"too many", batch(many), 400, -32600},
        {"no session", post("[" + call("ping") + "]"), 400, -32000},
        {"initialize without session", post("[" + init + "]"), 400, -32000},
        {"2024-11-05", in_session(session("2024-11-05"), "[" + call("ping") + "]"), 400, -32600},
        {"2025-06-18", in_session(session("2025-06-18"), "[" + call("ping") + "]"), 400, -32600},
    };
    check(rows);
}

TEST_F(streamable_http, a_stream_only_where_there_is_something_to_stream) {
    const std::string logs = R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                             R"("io.modelcontextprotocol/clientCapabilities":{},)"
                             R"("io.modelcontextprotocol/logLevel":"info"})";
    request loud =
        modern_tool("shout").text(call("tools/call", R"("name":"shout","arguments":{},)" + logs));
    answer a = ask(loud);
    EXPECT_EQ(a.type, "text/event-stream");
    EXPECT_EQ(a.header("X-Accel-Buffering"), "no");
    EXPECT_NE(a.header("Cache-Control").find("no-cache"), std::string::npos);
    ASSERT_EQ(a.events().size(), 2u);
    EXPECT_EQ(wire::at(a.events()[0], "/method"), R"("notifications/message")");
    EXPECT_EQ(wire::at(a.events()[1], "/id"), "1");

    const answer quiet = ask(loud.set("Accept", "application/json"));
    EXPECT_EQ(quiet.type, "application/json");
    EXPECT_EQ(quiet["/result/content/0/text"], R"("done")");

    EXPECT_EQ(ask(modern_tool("shout")).type, "application/json"); // no log without a level
    EXPECT_EQ(ask(modern_tool("later", R"({"a":1})")).type, "application/json");
    EXPECT_EQ(ask(wire::legacy_tool(session(), "shout")).type, "text/event-stream");
    EXPECT_EQ(ask(wire::legacy_tool(session(), "add")).type, "application/json");
}

TEST_F(streamable_http, what_is_answered_at_once_is_never_a_stream) {
    options.stream_after = std::chrono::milliseconds(1);
    for (const unsigned log : {0u, 10u}) {
        options.replay_events = log;
        reset();
        const std::string id = session();
        const struct {
            const char* method;
            std::string members{};
            std::string_view name{};
        } both[] = {
            {"tools/list"},
            {"resources/list"},
            {"resources/templates/list"},
            {"prompts/list"},
            {"tools/call", R"("name":"add","arguments":{"a":1,"b":2})", "add"},
            {"resources/read", R"("uri":"note://x")", "note://x"},
            {"prompts/get", R"("name":"review")", "review"},
            {"completion/complete", R"("ref":{"type":"ref/prompt","name":"review"},)"
                                    R"("argument":{"name":"x","value":""})"},
        };
        const auto is_json = [&](const request& q) {
            SCOPED_TRACE(q.body);
            const answer a = ask(q);
            EXPECT_EQ(a.code, 200);
            EXPECT_EQ(a.type, "application/json");
            EXPECT_NE(a["/result"], "") << a.body;
        };
        for (const auto& each : both) {
            is_json(modern(each.method, each.members, each.name));
            is_json(in_session(id, call(each.method, each.members)));
        }
        is_json(modern("server/discover"));
        is_json(initialize());
        is_json(in_session(id, call("ping")));
        is_json(in_session(id, call("logging/setLevel", R"("level":"info")")));
        is_json(in_session(id, call("resources/subscribe", R"("uri":"note://x")")));
        is_json(in_session(id, call("resources/unsubscribe", R"("uri":"note://x")")));
    }
}

TEST_F(streamable_http, always_a_stream_if_so_configured) {
    options.always_stream = true;
    for (const char* tool : {"add", "later"}) {
        SCOPED_TRACE(tool);
        for (const request& q : {modern_tool(tool), wire::legacy_tool(session(), tool)}) {
            const answer a = ask(q);
            EXPECT_EQ(a.type, "text/event-stream");
            ASSERT_EQ(a.events().size(), 1u);
            EXPECT_EQ(wire::at(a.events()[0], "/id"), "1");
        }
    }
    const answer refused = ask(modern("unknown/method"));
    EXPECT_EQ(refused.code, 404);
    EXPECT_EQ(refused.type, "application/json");
    EXPECT_EQ(ask(initialize()).type, "application/json");
}

TEST_F(streamable_http, a_modern_question_ends_the_round) {
    const answer first = ask(modern_tool("ask"));
    EXPECT_EQ(first.code, 200);
    EXPECT_EQ(first["/result/resultType"], R"("input_required")");
    const std::string state = first["/result/requestState"];
    const std::string key = "elicitation-1";
    EXPECT_EQ(first["/result/inputRequests/" + key + "/method"], R"("elicitation/create")");
    const answer second = ask(modern("tools/call",
                                     R"("name":"ask","arguments":{},"requestState":)" + state +
                                         R"(,"inputResponses":{")" + key +
                                         R"(":{"action":"accept","content":{"name":"Ada"}}})",
                                     "ask", "2"));
    EXPECT_EQ(second["/result/content/0/text"], R"("Ada")") << second.body;
    EXPECT_EQ(second["/id"], "2");
}

TEST_F(streamable_http, capacity) {
    options.sessions.capacity = 2;
    const std::string first = session();
    EXPECT_FALSE(session().empty());
    const answer full = ask(initialize());
    EXPECT_EQ(full.code, 503);
    EXPECT_EQ(full.error(), -32000);
    EXPECT_FALSE(full.header("Retry-After").empty());
    EXPECT_EQ(full.header("Mcp-Session-Id"), "");
    EXPECT_EQ(ask(in_session(first, call("ping"))).code, 200);
    EXPECT_EQ(ask(modern_tool("add")).code, 200);
    EXPECT_EQ(ask(wire::erase(first)).code, 200);
    EXPECT_EQ(ask(initialize()).code, 200);
}

TEST_F(streamable_http, sessions_expire) {
    using namespace std::chrono_literals;
    auto now = std::make_shared<std::chrono::steady_clock::time_point>();
    *now += 24h;
    options.sessions.now = [now] { return *now; };
    options.sessions.idle = 60s;
    options.sessions.age = 600s;
    const std::string busy = session();
    const std::string idle = session();
    for (int i = 0; i < 11; ++i) {
        *now += 50s;
        EXPECT_EQ(ask(in_session(busy, call("ping"))).code, 200);
    }
    EXPECT_EQ(ask(in_session(idle, call("ping"))).code, 404);
    *now += 59s;
    EXPECT_EQ(ask(in_session(busy, call("ping"))).code, 404) << "older than any session may be";
    session();
}

TEST_F(streamable_http, a_route_without_mount) {
    request q = modern_tool("add");
    q.path = "/any/where";
    EXPECT_EQ(ask(q).code, 200);
}

TEST_F(streamable_http, shows_a_page_to_a_person) {
    const auto opened = [](std::string_view accept, mcp::http::verb verb = mcp::http::verb::get) {
        request q;
        q.method = verb;
        q.path = "/mcp";
        q.add("Host", "localhost:8000").add("Accept", std::string(accept));
        return q;
    };
    const std::string browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    const answer page = ask(opened(browser));
    EXPECT_EQ(page.code, 200);
    EXPECT_EQ(page.type, "text/html; charset=utf-8");
    EXPECT_EQ(page.header("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'");
    EXPECT_NE(page.body.find("weather 1.0"), page.body.npos) << page.body;
    EXPECT_NE(page.body.find(": localhost:8000/mcp</p>"), page.body.npos) << page.body;
    EXPECT_EQ(page.body.find("shout"), page.body.npos) << page.body;
    EXPECT_EQ(page.body.find("authenticate"), page.body.npos) << page.body;

    const std::string others[] = {"",
                                  "*/*",
                                  "text/event-stream",
                                  "application/json",
                                  "text/html;q=0",
                                  "text/event-stream, text/html"};
    for (const std::string& accept : others)
        EXPECT_NE(ask(opened(accept)).type, "text/html; charset=utf-8") << accept;
    EXPECT_NE(ask(opened(browser, mcp::http::verb::post)).code, 200);
    request elsewhere = opened(browser);
    elsewhere.headers.clear();
    elsewhere.add("Host", "evil.example").add("Accept", browser);
    EXPECT_EQ(ask(elsewhere).code, 403);

    mcp::server titled{
        mcp::server_info{
            .name = "x", .version = "9.9", .title = "<b>\"A\" & B", .description = "Says <hello>."},
        mcp::static_tokens({{"secret", {"ann", {}}}})};
    mcp::streamable_http guarded(titled);
    const std::string body = wire::ask(guarded, opened(browser)).body;
    EXPECT_NE(body.find("<h1>&lt;b&gt;&quot;A&quot; &amp; B</h1>\n<p>Says &lt;hello&gt;.</p>"),
              body.npos)
        << body;
    EXPECT_NE(body.find("Clients must authenticate."), body.npos) << body;
    EXPECT_EQ(body.find("9.9"), body.npos) << body;
    mcp::streamable_http plain(titled, {.page = false});
    EXPECT_EQ(wire::ask(plain, opened(browser)).code, 401);
}

TEST_F(streamable_http, below_a_mount_there_is_nothing) {
    mcp::http::request q;
    const request text = modern_tool("add");
    q.method = mcp::http::verb::post;
    for (const auto& [name, value] : text.headers)
        q.headers.add(name, value);
    q.body = text.body;
    const struct {
        const char* path;
        mcp::http::status code;
    } rows[] = {{"/mcp", mcp::http::status::ok},
                {"/mcp/", mcp::http::status::ok},
                {"/mcp/x", mcp::http::status::not_found}};
    for (const auto& each : rows) {
        SCOPED_TRACE(each.path);
        q.path = each.path;
        q.mounted = 4;
        mcp::http::response r;
        asio::io_context loop;
        asio::co_spawn(loop, endpoint()(q, r), asio::detached);
        loop.run();
        EXPECT_EQ(r.code, each.code);
    }
}

} // namespace streamable_http_test
