#include <mcp/server/around.hpp>

#include <mcp/async/invoke.hpp>
#include <mcp/server/observer.hpp>
#include <mcp/server/permission.hpp>
#include <mcp/server/raw_tool.hpp>
#include <mcp/server/server.hpp>

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace around_test {

using mcp::call_info;
using mcp::call_result;
using mcp::context;
using mcp::tool_result;
using test::peer;

struct person {
    std::string name;
};

asio::awaitable<void> yield() {
    const auto here = co_await asio::this_coro::executor;
    co_await asio::post(here, asio::use_awaitable);
}

/// A server with tools of each kind, whose handlers note that they have run.
class around : public ::testing::Test {
protected:
    around() {
        server.tool<"plain">("", [this](mcp::arg<"x", int> x) {
            ran.push_back("plain");
            return std::to_string(*x);
        });
        server.tool<"awaitable">("", [this](mcp::arg<"x", int> x) -> asio::awaitable<std::string> {
            co_await yield();
            ran.push_back("awaitable");
            co_return std::to_string(*x);
        });
        server.tool<"blocking">("", mcp::blocking([this](mcp::arg<"x", int> x) {
                                    ran.push_back("blocking");
                                    return std::to_string(*x);
                                }));
        server.tool<"fails">(
            "", [](mcp::arg<"x", int>) -> std::string { throw mcp::tool_error("no luck"); });
        server.tool<"number">("", [](mcp::arg<"x", int> x) { return *x; });
        server.tool<"pair">("", [](mcp::arg<"x", int> x) {
            return std::map<std::string, int>{{"twice", *x + *x}};
        });
        server.prompt<"greet">("A greeting",
                               [](mcp::arg<"name", std::string> name) { return "Hello " + *name; });
        server.resource<"note://{id}">("", [](std::string id) { return "note " + id; });
        server.resource<"note://first">("", [](context& ctx) -> asio::awaitable<std::string> {
            co_await yield();
            co_return std::string(ctx.params().find("uri").if_string().value_or(""));
        });
    }

    std::vector<std::string> ran;
    mcp::server<> server{"test", "1"};
    peer client{server};
    peer old{server, mcp::revision::v2025_06_18};
};

constexpr std::string_view handlers[] = {"plain", "awaitable", "blocking"};

TEST_F(around, functions_nest_in_order_of_registration) {
    using log = std::vector<std::string>;
    server.around([this](context&, const call_info& call) {
        ran.push_back("check " + std::string(call.name));
    });
    server.around([this](context&, const call_info&, auto next) -> asio::awaitable<tool_result> {
        ran.push_back("in");
        tool_result result = co_await next();
        ran.push_back("out");
        co_return result;
    });
    server.around([this](context&, const call_info&, tool_result& result) {
        ran.push_back("after");
        result.content.emplace_back("added");
    });
    server.around(mcp::blocking([this](context&, const call_info&) { ran.push_back("pool"); }));
    server.tool<"own">(
        "",
        [this] {
            ran.push_back("own");
            return "done";
        },
        mcp::around([this](context&, const call_info&) { ran.push_back("first"); }),
        mcp::around([this](context&, const call_info&) -> asio::awaitable<void> {
            co_await yield();
            ran.push_back("second");
        }));
    for (peer* each : {&client, &old}) {
        for (const std::string_view name : handlers) {
            ran.clear();
            const auto got = each->tool(name, R"({"x":3})");
            EXPECT_EQ(got->words(), "3") << got->text();
            EXPECT_EQ(got->result("/content/1/text"), R"("added")");
            EXPECT_EQ(ran, (log{"check " + std::string(name), "in", "pool", std::string(name),
                                "after", "out"}));
        }
        ran.clear();
        each->tool("own");
        EXPECT_EQ(ran, (log{"check own", "in", "pool", "first", "second", "own", "after", "out"}));
    }
}

TEST_F(around, a_plain_function_around_a_plain_handler_needs_no_coroutine) {
    server.around([](context&, const call_info&) {});
    server.around([](context&, const call_info&) -> std::optional<tool_result> { return {}; });
    server.around([](context&, const call_info&, tool_result&) {});
    EXPECT_TRUE(client.start_tool("plain", R"({"x":1})")->done());
    EXPECT_EQ(client.call, nullptr);
    EXPECT_FALSE(client.start_tool("awaitable", R"({"x":1})")->done());
    client.settle();
}

TEST_F(around, what_functions_see) {
    std::string seen;
    server.around([&](context& ctx, const call_info& call) {
        seen = std::string(call.method) + " " + std::string(call.name) + " " +
               (call.arguments ? mcp::encode(call.arguments.to_json()) : "-") + " " +
               std::string(ctx.params().find("uri").if_string().value_or("-")) + " " +
               std::string(call.request_id) +
               (ctx.principal() ? " " + ctx.principal()->subject : "");
    });
    client.who = std::make_shared<const mcp::principal>(mcp::principal{.subject = "ann"});
    const struct {
        const char* method;
        const char* params;
        const char* sees;
    } rows[] = {
        {"tools/call", R"({"name":"plain","arguments":{"x":1}})",
         R"(tools/call plain {"x":1} - 1 ann)"},
        {"tools/call", R"({"name":"awaitable","arguments":{"x":1}})",
         R"(tools/call awaitable {"x":1} - 2 ann)"},
        {"tools/call", R"({"name":"plain"})", R"(tools/call plain {} - 3 ann)"},
        {"prompts/get", R"({"name":"greet","arguments":{"name":"Bo"}})",
         R"(prompts/get greet {"name":"Bo"} - 4 ann)"},
        {"resources/read", R"({"uri":"note://7"})", "resources/read note://{id} - note://7 5 ann"},
        {"resources/read", R"({"uri":"note://first"})",
         "resources/read note://first - note://first 6 ann"},
        {"tools/list", "{}", ""},
        {"tools/call", R"({"name":"unknown"})", ""},
    };
    for (const auto& each : rows) {
        seen.clear();
        client.ask(each.method, each.params);
        EXPECT_EQ(seen, each.sees);
    }
}

/// A function refuses by what it throws, whatever form it has.
TEST_F(around, refusals) {
    std::function<void()> refuse;
    server.around([&](context&, const call_info&, auto next) -> asio::awaitable<call_result> {
        call_result result = co_await next(); // an exception of a tool is a result out here
        co_return result;
    });
    server.around([&](context&, const call_info& call) {
        if (call.name != "free")
            refuse();
    });
    const struct {
        const char* name;
        std::function<void()> refuse;
        const char* tool; ///< the text of the result of a tool; empty if there is an error
        int code;         ///< of prompts and resources, and of a tool without a text
        mcp::reply_status status;
    } rows[] = {
        {"tool error", [] { throw mcp::tool_error("not today"); }, "not today", -32603,
         mcp::reply_status::ok},
        {"protocol error", [] { throw mcp::protocol_error(mcp::invalid_params("odd")); }, "",
         -32602, mcp::reply_status::ok},
        {"forbidden", [] { throw mcp::forbidden({"x:write"}); }, "", mcp::errc::forbidden,
         mcp::reply_status::forbidden},
        {"other", [] { throw std::runtime_error("secret"); },
         "tool plain failed; the server's log has the reason", -32603, mcp::reply_status::ok},
    };
    test::kept_log log(server);
    for (const auto& each : rows) {
        SCOPED_TRACE(each.name);
        refuse = each.refuse;
        const auto tool = client.tool("plain", R"({"x":1})");
        EXPECT_EQ(tool->words(), each.tool) << tool->text();
        EXPECT_EQ(tool->is_error(), *each.tool != '\0');
        if (!*each.tool) {
            EXPECT_EQ(tool->code(), each.code);
            EXPECT_EQ(tool->status(), each.status);
        }
        const auto prompt =
            client.ask("prompts/get", R"({"name":"greet","arguments":{"name":"x"}})");
        EXPECT_EQ(prompt->code(), each.code) << prompt->text();
        const auto resource = client.ask("resources/read", R"({"uri":"note://1"})");
        EXPECT_EQ(resource->code(), each.code) << resource->text();
    }
    EXPECT_TRUE(ran.empty());
    EXPECT_TRUE(log.has("secret"));
}

TEST_F(around, results_are_replaced) {
    server.around([](context&, const call_info& call) -> std::optional<tool_result> {
        if (call.arguments.find("x").to_json() == mcp::json(13))
            return tool_result("never 13");
        return std::nullopt;
    });
    server.around([](context&, const call_info&, mcp::prompt_result& result) {
        result.messages.push_back(mcp::assistant_message("Yes?"));
        result.description.clear();
    });
    server.around(
        [](context&, const call_info&, auto next) -> asio::awaitable<mcp::resource_result> {
            mcp::resource_result result = co_await next();
            result.contents.front().mime_type = "text/x-note";
            co_return result;
        });
    server.around([](context&, const call_info&, call_result& result) {
        if (auto* of_tool = std::get_if<tool_result>(&result))
            of_tool->meta["seen"] = true;
    });
    const struct {
        const char* method;
        const char* params;
        const char* path;
        const char* found;
    } rows[] = {
        {"tools/call", R"({"name":"plain","arguments":{"x":13}})", "/content/0/text",
         R"("never 13")"},
        {"tools/call", R"({"name":"awaitable","arguments":{"x":13}})", "/content/0/text",
         R"("never 13")"},
        {"tools/call", R"({"name":"plain","arguments":{"x":12}})", "/content/0/text", R"("12")"},
        {"tools/call", R"({"name":"plain","arguments":{"x":12}})", "/_meta/seen", "true"},
        {"prompts/get", R"({"name":"greet","arguments":{"name":"Bo"}})", "/messages/1/content/text",
         R"("Yes?")"},
        {"prompts/get", R"({"name":"greet","arguments":{"name":"Bo"}})", "/description",
         R"("A greeting")"},
        {"resources/read", R"({"uri":"note://7"})", "/contents/0/mimeType", R"("text/x-note")"},
        {"resources/read", R"({"uri":"note://first"})", "/contents/0/mimeType", R"("text/x-note")"},
    };
    for (const auto& each : rows) {
        for (peer* with : {&client, &old}) {
            const auto got = with->ask(each.method, each.params);
            EXPECT_EQ(got->result(each.path), each.found) << got->text();
        }
    }
}

/// A result is the same with and without a function around the call.
TEST_F(around, a_result_that_is_left_as_it_is_stays_the_same) {
    server.tool(mcp::tool_definition("raw", "", R"({"type":"object"})"),
                [](const mcp::json& given) { return given; });
    server.tool<"mixed">("", [] {
        return std::vector<mcp::content>{"a", mcp::image(mcp::bytes{1, 2}, "image/png")};
    });
    server.tool<"none">("", [] {});
    server.resource<"note://bytes">("", [] { return mcp::bytes{1, 2, 3}; });
    server.resource<"note://none">("", []() -> std::optional<std::string> { return {}; });
    const std::pair<const char*, const char*> calls[] = {
        {"tools/call", R"({"name":"plain","arguments":{"x":1}})"},
        {"tools/call", R"({"name":"plain","arguments":{"x":"wrong"}})"},
        {"tools/call", R"({"name":"awaitable","arguments":{"x":1}})"},
        {"tools/call", R"({"name":"blocking","arguments":{"x":1}})"},
        {"tools/call", R"({"name":"fails","arguments":{"x":1}})"},
        {"tools/call", R"({"name":"number","arguments":{"x":1}})"},
        {"tools/call", R"({"name":"pair","arguments":{"x":1}})"},
        {"tools/call", R"({"name":"raw","arguments":{"a":[1,null,"\u20ac"],"b":1.5}})"},
        {"tools/call", R"({"name":"mixed"})"},
        {"tools/call", R"({"name":"none"})"},
        {"prompts/get", R"({"name":"greet","arguments":{"name":"Bo"}})"},
        {"prompts/get", R"({"name":"greet"})"},
        {"resources/read", R"({"uri":"note://7"})"},
        {"resources/read", R"({"uri":"note://bytes"})"},
        {"resources/read", R"({"uri":"note://none"})"},
        {"resources/read", R"({"uri":"note://first"})"},
    };
    std::vector<mcp::json> without;
    for (const mcp::revision r : test::revisions)
        for (const auto& [method, params] : calls)
            without.push_back(peer(server, r).ask(method, params)->value());
    server.around([](context&, const call_info&, call_result&) {});
    std::size_t at = 0;
    for (const mcp::revision r : test::revisions)
        for (const auto& [method, params] : calls)
            EXPECT_EQ(peer(server, r).ask(method, params)->value(), without.at(at++));
    server.around([](context&, const call_info&, auto next) -> asio::awaitable<call_result> {
        call_result result = co_await next();
        co_return result;
    });
    at = 0;
    for (const mcp::revision r : test::revisions)
        for (const auto& [method, params] : calls)
            EXPECT_EQ(peer(server, r).ask(method, params)->value(), without.at(at++));
}

TEST_F(around, a_cache_serves_clients_of_all_revisions) {
    std::map<std::string, tool_result> kept;
    server.around([&](context&, const call_info& call, auto next) -> asio::awaitable<tool_result> {
        const std::string key = std::string(call.name) + mcp::encode(call.arguments.to_json());
        if (const auto found = kept.find(key); found != kept.end())
            co_return found->second;
        tool_result result = co_await next();
        kept.emplace(key, result);
        co_return result;
    });
    EXPECT_EQ(client.tool("number", R"({"x":5})")->result("/structuredContent"), "5");
    EXPECT_EQ(old.tool("number", R"({"x":5})")->result("/structuredContent"), R"({"result":5})");
    EXPECT_EQ(kept.size(), 1U);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(client.tool("awaitable", R"({"x":5})")->words(), "5");
    EXPECT_EQ(ran, std::vector<std::string>{"awaitable"});
}

TEST_F(around, next_may_be_called_again) {
    int failures = 2;
    server.tool<"flaky">("", [&]() -> std::string {
        if (failures-- > 0)
            throw mcp::tool_error("busy");
        return "done";
    });
    server.around([](context&, const call_info&,
                     mcp::next_call<tool_result> next) -> asio::awaitable<tool_result> {
        tool_result result = co_await next();
        for (int i = 0; result.is_error && i < 2; ++i)
            result = co_await next();
        co_return result;
    });
    EXPECT_EQ(client.tool("flaky")->words(), "done");
}

TEST_F(around, each_round_of_a_call_passes_through) {
    server.tool<"ask">("", [](context& ctx) -> asio::awaitable<std::string> {
        auto who = co_await ctx.elicit<person>("Who?");
        co_return who->name;
    });
    int begun = 0;
    int ended = 0;
    server.around([&](context&, const call_info&, auto next) -> asio::awaitable<tool_result> {
        ++begun;
        tool_result result = co_await next();
        ++ended;
        co_return result;
    });
    const auto asked = client.tool("ask");
    ASSERT_EQ(asked->result("/resultType"), R"("input_required")") << asked->text();
    const std::string key = asked->result("/inputRequests");
    EXPECT_EQ(begun, 1);
    EXPECT_EQ(ended, 0);
    const auto done =
        client.tool("ask", "{}",
                    R"(,"inputResponses":{")" +
                        std::string(mcp::json(test::parse(key)).as_object().begin()->key()) +
                        R"(":{"action":"accept","content":{"name":"Ann"}}},"requestState":)" +
                        asked->result("/requestState"));
    EXPECT_EQ(done->words(), "Ann") << done->text();
    EXPECT_EQ(begun, 2);
    EXPECT_EQ(ended, 1);

    old.answers = [](const mcp::json&) { return R"({"action":"accept","content":{"name":"Bo"}})"; };
    EXPECT_EQ(old.tool("ask")->words(), "Bo");
    EXPECT_EQ(begun, 3);
    EXPECT_EQ(ended, 2);
}

TEST_F(around, a_cancelled_call_ends_its_functions) {
    const auto alive = std::make_shared<int>(1);
    server.around([alive](context&, const call_info&, auto next) -> asio::awaitable<tool_result> {
        const auto held = std::make_shared<std::shared_ptr<int>>(alive);
        tool_result result = co_await next();
        co_return result;
    });
    server.tool<"wait">("", []() -> asio::awaitable<std::string> {
        asio::steady_timer never(co_await asio::this_coro::executor,
                                 asio::steady_timer::time_point::max());
        co_await never.async_wait(asio::use_awaitable);
        co_return "";
    });
    const long before = alive.use_count();
    const auto begun = client.start_tool("wait");
    client.settle();
    EXPECT_FALSE(begun->done());
    EXPECT_EQ(alive.use_count(), before + 1);
    client.call->cancel();
    client.run(begun);
    EXPECT_EQ(begun->text(), "");
    EXPECT_EQ(alive.use_count(), before);
}

TEST_F(around, permissions_come_first) {
    server.tool<"closed">("", [] { return "open"; }, mcp::scopes("x"));
    server.tool<"judged">(
        "", [] { return "open"; },
        mcp::allow_if([](const mcp::principal& who, const mcp::json_object&) {
            return who.subject == "ann";
        }));
    int seen = 0;
    server.around([&](context&, const call_info&) { ++seen; });
    EXPECT_EQ(client.tool("closed")->status(), mcp::reply_status::forbidden);
    EXPECT_EQ(client.tool("judged")->status(), mcp::reply_status::forbidden);
    EXPECT_EQ(seen, 0);
    client.who =
        std::make_shared<const mcp::principal>(mcp::principal{.subject = "ann", .scopes = {"x"}});
    EXPECT_EQ(client.tool("closed")->words(), "open");
    EXPECT_EQ(client.tool("judged")->words(), "open");
    EXPECT_EQ(seen, 2);
}

TEST_F(around, a_result_of_another_kind_is_a_fault_of_the_server) {
    server.around([](context&, const call_info&) -> std::optional<call_result> {
        return call_result(tool_result("of a tool"));
    });
    test::kept_log log(server);
    EXPECT_EQ(client.tool("plain", R"({"x":1})")->words(), "of a tool");
    EXPECT_EQ(client.ask("prompts/get", R"({"name":"greet","arguments":{"name":"x"}})")->code(),
              -32603);
    EXPECT_TRUE(log.has("another kind of call")) << log.text();
}

TEST_F(around, blocking_functions_run_on_the_pool) {
    const auto loop = std::this_thread::get_id();
    std::thread::id before;
    std::thread::id after;
    server.around(mcp::blocking([&](context&, const call_info&) -> std::optional<tool_result> {
        before = std::this_thread::get_id();
        return std::nullopt;
    }));
    server.around(mcp::blocking([&](context&, const call_info&, const tool_result& result) {
        after = result.is_error ? loop : std::this_thread::get_id();
    }));
    for (const std::string_view name : handlers) {
        before = after = loop;
        EXPECT_EQ(client.tool(name, R"({"x":1})")->words(), "1");
        EXPECT_NE(before, loop);
        EXPECT_NE(after, loop);
    }
}

} // namespace around_test
