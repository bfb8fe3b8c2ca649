#include <mcp/server/context.hpp>

#include <mcp/auth/principal.hpp>
#include <mcp/server/server.hpp>

#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace context_test {

using mcp::revision;
using test::peer;

struct person {
    std::string name;
    int age = 0;
};

class context_in_both_eras : public ::testing::TestWithParam<revision> {
protected:
    bool modern() const { return mcp::is_modern(GetParam()); }

    mcp::server<> server{"test", "1"};
    test::kept_log log{server};
};

INSTANTIATE_TEST_SUITE_P(context, context_in_both_eras, ::testing::ValuesIn(test::revisions));

std::string level_name(mcp::log_level level) {
    return std::string(mcp::to_string(level));
}

TEST_P(context_in_both_eras, knows_the_caller) {
    server.tool<"look">("", [](mcp::context& ctx) {
        EXPECT_EQ(ctx.client()->name, "tester");
        EXPECT_TRUE(ctx.capabilities().roots);
        EXPECT_TRUE(ctx.capabilities().elicitation_form);
        EXPECT_FALSE(ctx.cancelled());
        EXPECT_EQ(ctx.request_id(), "1");
        EXPECT_TRUE(ctx.request_meta().find("com.example/trace"));
        EXPECT_EQ(ctx.path_param("user"), "ann");
        EXPECT_EQ(ctx.path_param<int>("shard"), 7);
        EXPECT_EQ(ctx.path_param<int>("user"), std::nullopt);
        EXPECT_EQ(ctx.path_param("none"), std::nullopt);
        return std::string(ctx.session_id());
    });
    peer client(server, GetParam());
    client.meta = R"("com.example/trace":"x")";
    client.path = mcp::http::path_params();
    client.path.add("user", "ann");
    client.path.add("shard", "7");
    EXPECT_EQ(client.tool("look")->words(), modern() ? "" : "s-1");
}

TEST_P(context_in_both_eras, progress_grows_or_is_dropped) {
    server.tool<"work">("", [](mcp::context& ctx) {
        ctx.progress(1, 10, "first");
        ctx.progress(1, 10, "the same");
        ctx.progress(0.5);
        ctx.progress(std::nan(""));
        ctx.progress(INFINITY);
        ctx.progress(1.5, INFINITY);
        ctx.progress(-1);
        ctx.progress(2);
    });
    peer client(server, GetParam());
    EXPECT_TRUE(client.tool("work")->messages().empty()) << "it was not wanted";
    for (const std::string_view token : {R"("t-1")", "7", "-3"}) {
        client.meta = R"("progressToken":)" + std::string(token);
        const auto done = client.tool("work");
        ASSERT_EQ(done->messages().size(), 3U);
        const auto& first = done->messages()[0];
        EXPECT_EQ(test::at(first, "/method"), R"("notifications/progress")");
        EXPECT_EQ(test::at(first, "/params/progressToken"), token);
        EXPECT_EQ(test::at(first, "/params/progress"), "1");
        EXPECT_EQ(test::at(first, "/params/total"), "10");
        EXPECT_EQ(test::at(first, "/params/message"),
                  GetParam() == revision::v2024_11_05 ? "" : R"("first")");
        EXPECT_EQ(test::at(done->messages()[1], "/params/progress"), "1.5");
        EXPECT_EQ(test::at(done->messages()[1], "/params/total"), "");
        EXPECT_EQ(test::at(done->messages()[2], "/params/progress"), "2");
    }
}

TEST_P(context_in_both_eras, a_token_that_is_none_gets_no_progress) {
    server.tool<"work">("", [](mcp::context& ctx) { ctx.progress(1); });
    peer client(server, GetParam());
    for (const std::string_view token : {"null", "1.5", "[]", "{}", "true"}) {
        client.meta = R"("progressToken":)" + std::string(token);
        const auto done = client.tool("work");
        EXPECT_TRUE(done->messages().empty()) << token;
        EXPECT_FALSE(done->is_error());
    }
}

/// A handler that goes on after its request has ended tells nobody.
TEST_P(context_in_both_eras, nothing_follows_the_answer) {
    bool went_on = false;
    server.tool<"endless">("", [&](mcp::context& ctx) -> asio::awaitable<void> {
        co_await asio::this_coro::throw_if_cancelled(false);
        asio::steady_timer timer(co_await asio::this_coro::executor);
        timer.expires_at(asio::steady_timer::time_point::max());
        std::error_code ec;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        EXPECT_TRUE(ctx.cancelled());
        ctx.progress(1);
        ctx.error("too late");
        went_on = true;
    });
    peer client(server, GetParam());
    client.meta = R"("progressToken":1,"io.modelcontextprotocol/logLevel":"debug")";
    const auto call = client.start_tool("endless");
    client.settle();
    EXPECT_FALSE(call->done());
    client.call->cancel();
    client.run(call);
    client.settle();
    EXPECT_TRUE(went_on);
    EXPECT_EQ(call->text(), "") << "a cancelled request has no answer";
    EXPECT_TRUE(call->messages().empty());
}

TEST_P(context_in_both_eras, logs_reach_who_wants_them) {
    server.tool<"talk">("", [](mcp::context& ctx) {
        ctx.debug("d");
        ctx.info("i");
        ctx.warning("w");
        ctx.error("e");
        ctx.log(mcp::log_level::emergency, mcp::json_object{{"n", 1}}, "db");
    });
    peer client(server, GetParam());
    const auto heard = [&](std::string_view level) {
        if (modern())
            client.meta = R"("io.modelcontextprotocol/logLevel":")" + std::string(level) + '"';
        else
            EXPECT_EQ(
                client.ask("logging/setLevel", R"({"level":")" + std::string(level) + R"("})")
                    ->code(),
                0);
        return client.tool("talk")->messages();
    };
    EXPECT_EQ(client.tool("talk")->messages().size(), modern() ? 0U : 4U);
    EXPECT_EQ(heard("debug").size(), 5U);
    EXPECT_EQ(heard("info").size(), 4U);
    EXPECT_EQ(heard("notice").size(), 3U);
    EXPECT_EQ(heard("error").size(), 2U);
    const auto last = heard("emergency");
    ASSERT_EQ(last.size(), 1U);
    EXPECT_EQ(test::at(last[0], "/method"), R"("notifications/message")");
    EXPECT_EQ(test::at(last[0], "/params/level"),
              '"' + level_name(mcp::log_level::emergency) + '"');
    EXPECT_EQ(test::at(last[0], "/params/data"), R"({"n":1})");
    EXPECT_EQ(test::at(last[0], "/params/logger"), R"("db")");
    if (!modern()) {
        EXPECT_EQ(client.ask("logging/setLevel", R"({"level":"loud"})")->code(), -32602);
        EXPECT_EQ(client.ask("logging/setLevel", "{}")->code(), -32602);
    } else {
        EXPECT_EQ(client.ask("logging/setLevel", R"({"level":"info"})")->code(), -32601);
    }
}

// Questions. One helper plays the client on both wires: `answer` gives the result for the key, or
// on the legacy wire for the method, of a question.

using answers = std::vector<std::pair<std::string, std::string>>;

class asking : public context_in_both_eras {
protected:
    /// Calls the tool and answers its questions in order, until it is done.
    std::shared_ptr<test::exchange> play(peer& client, std::string_view tool, answers given) {
        std::size_t next = 0;
        client.answers = [&](const mcp::json& request) {
            asked.push_back(request);
            return next < given.size() ? given[next++].second : "{}";
        };
        auto last = client.tool(tool);
        while (modern() && last->result("/resultType") == R"("input_required")") {
            std::string responses;
            for (const auto& each :
                 last->value().at_pointer("/result/inputRequests").get_object()) {
                asked.push_back(each.value());
                if (next < given.size()) {
                    responses += (responses.empty() ? "" : ",");
                    responses += mcp::encode(std::string(each.key())) + ":" + given[next++].second;
                }
            }
            ++rounds;
            if (rounds > 20)
                throw std::runtime_error("asks for ever");
            last = client.tool(tool, "{}",
                               R"(,"inputResponses":{)" + responses + R"(},"requestState":)" +
                                   last->result("/requestState"));
        }
        return last;
    }

    std::vector<mcp::json> asked;
    int rounds = 0;
};

INSTANTIATE_TEST_SUITE_P(context, asking,
                         ::testing::Values(revision::v2025_06_18, revision::v2025_11_25,
                                           revision::v2026_07_28));

const std::string ann = R"({"action":"accept","content":{"name":"Ann","age":30}})";

TEST_P(asking, elicits_a_form) {
    server.tool<"ask">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        auto who = co_await ctx.elicit<person>("Who are you?");
        if (!who.accepted())
            co_return std::string(mcp::to_string(who.action()));
        co_return who->name + std::to_string(who->age);
    });
    peer client(server, GetParam());
    EXPECT_EQ(play(client, "ask", {{"", ann}})->words(), "Ann30");
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(test::at(asked[0], "/method"), R"("elicitation/create")");
    EXPECT_EQ(test::at(asked[0], "/params/message"), R"("Who are you?")");
    EXPECT_EQ(test::at(asked[0], "/params/requestedSchema/type"), R"("object")");
    EXPECT_EQ(test::at(asked[0], "/params/requestedSchema/properties/name/type"), R"("string")");
    EXPECT_EQ(play(client, "ask", {{"", R"({"action":"decline"})"}})->words(), "decline");
    EXPECT_EQ(play(client, "ask", {{"", R"({"action":"cancel"})"}})->words(), "cancel");
}

TEST_P(asking, several_in_a_row_come_back_in_order) {
    server.tool<"ask">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        std::string all;
        for (int i = 0; i < 3; ++i) {
            auto who = co_await ctx.elicit<person>("Who is " + std::to_string(i) + "?");
            all += who->name;
        }
        co_return all;
    });
    peer client(server, GetParam());
    const auto named = [](std::string name) {
        return std::pair(std::string(),
                         R"({"action":"accept","content":{"name":")" + name + R"(","age":1}})");
    };
    EXPECT_EQ(play(client, "ask", {named("a"), named("b"), named("c")})->words(), "abc");
    EXPECT_EQ(rounds, modern() ? 3 : 0);
    EXPECT_EQ(asked.size(), 3U);
}

TEST_P(asking, a_side_effect_happens_once) {
    int booked = 0, noted = 0;
    server.tool<"book">("", [&](mcp::context& ctx) -> asio::awaitable<std::string> {
        auto book = [&] { return "B" + std::to_string(++booked); };
        auto note = [&]() -> asio::awaitable<void> {
            ++noted;
            co_return;
        };
        const std::string id = co_await ctx.once("book", book);
        co_await ctx.once("note", note);
        auto who = co_await ctx.elicit<person>("For whom?");
        const std::string again = co_await ctx.once("book", book);
        auto sure = co_await ctx.elicit<person>("Sure?");
        co_return id + again + who->name + sure->name;
    });
    peer client(server, GetParam());
    EXPECT_EQ(play(client, "book", {{"", ann}, {"", ann}})->words(), "B1B1AnnAnn");
    EXPECT_EQ(booked, 1);
    EXPECT_EQ(noted, 1);
    EXPECT_EQ(play(client, "book", {{"", ann}, {"", ann}})->words(), "B2B2AnnAnn");
}

TEST_P(asking, what_is_recorded_once_may_be_larger_than_what_clients_may_send) {
    std::map<std::string, int> many;
    for (int i = 0; i < 10'001; ++i)
        many.emplace(std::to_string(i), i);
    int loaded = 0;
    server.tool<"load">("", [&](mcp::context& ctx) -> asio::awaitable<std::size_t> {
        auto load = [&] {
            ++loaded;
            return many;
        };
        const auto rows = co_await ctx.once("rows", load);
        auto who = co_await ctx.elicit<person>("Who?");
        co_return rows.size();
    });
    peer client(server, GetParam());
    EXPECT_EQ(play(client, "load", {{"", ann}})->words(), "10001");
    EXPECT_EQ(loaded, 1);
}

TEST_P(asking, what_fails_once_may_be_tried_again) {
    int tries = 0;
    server.tool<"try">("", [&](mcp::context& ctx) -> asio::awaitable<int> {
        auto work = [&]() -> int {
            if (++tries == 1)
                throw std::runtime_error("not yet");
            return tries;
        };
        int got = 0;
        try {
            got = co_await ctx.once("w", work);
        } catch (const std::runtime_error&) {
        }
        if (got == 0)
            got = co_await ctx.once("w", work);
        auto who = co_await ctx.elicit<person>("Who?");
        co_return got;
    });
    peer client(server, GetParam());
    EXPECT_EQ(play(client, "try", {{"", ann}})->words(), "2");
}

TEST_P(asking, several_at_once) {
    server.tool<"ask">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        auto all = co_await ctx.ask(mcp::elicitation<person>("Who?", mcp::key("who")),
                                    mcp::list_roots(mcp::key("where")));
        auto& [who, where] = all;
        co_return who->name + "@" + where.at(0).uri;
    });
    peer client(server, GetParam());
    EXPECT_EQ(play(client, "ask", {{"", ann}, {"", R"({"roots":[{"uri":"file:///a"}]})"}})->words(),
              "Ann@file:///a");
    EXPECT_EQ(rounds, modern() ? 1 : 0);
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(test::at(asked[1], "/method"), R"("roots/list")");
}

TEST_P(asking, one_of_two_answers_asks_for_the_other) {
    if (!modern())
        return;
    server.tool<"ask">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        auto all = co_await ctx.ask(mcp::elicitation<person>("A?", mcp::key("a")),
                                    mcp::elicitation<person>("B?", mcp::key("b")));
        co_return std::get<0>(all)->name + std::get<1>(all)->name;
    });
    peer client(server, GetParam());
    const auto first = client.tool("ask");
    const auto second = client.tool("ask", "{}",
                                    R"(,"inputResponses":{"b":)" + ann + R"(},"requestState":)" +
                                        first->result("/requestState"));
    EXPECT_EQ(second->result("/inputRequests/b"), "");
    EXPECT_NE(second->result("/inputRequests/a"), "");
    const auto third = client.tool("ask", "{}",
                                   R"(,"inputResponses":{"a":)" + ann + R"(},"requestState":)" +
                                       second->result("/requestState"));
    EXPECT_EQ(third->words(), "AnnAnn");
}

TEST_P(asking, samples_and_lists_roots) {
    server.tool<"sample">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        mcp::sampling_request request("Say hello");
        request.max_tokens = 10;
        auto said = co_await ctx.sample(std::move(request));
        co_return said.model;
    });
    server.tool<"roots">("", [](mcp::context& ctx) -> asio::awaitable<int> {
        auto all = co_await ctx.roots();
        co_return static_cast<int>(all.size());
    });
    peer client(server, GetParam());
    EXPECT_EQ(
        play(client, "sample", {{"", R"({"role":"assistant","model":"m-1","content":{"type":"text",
                      "text":"hello"}})"}})
            ->words(),
        "m-1");
    EXPECT_EQ(test::at(asked[0], "/method"), R"("sampling/createMessage")");
    EXPECT_EQ(test::at(asked[0], "/params/maxTokens"), "10");
    EXPECT_EQ(play(client, "roots", {{"", R"({"roots":[]})"}})->words(), "0");
}

TEST_P(asking, elicits_by_url_and_by_schema_at_run_time) {
    server.tool<"form">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        auto got = co_await ctx.elicit("Colour?",
                                       R"({"type":"object","properties":{"c":{"type":"string"}}})",
                                       mcp::key("colour"));
        co_return mcp::encode(mcp::json(*got));
    });
    server.tool<"visit">("", [](mcp::context& ctx) -> asio::awaitable<bool> {
        auto got = co_await ctx.elicit_url("Sign in", "https://x/y");
        co_return got.accepted();
    });
    peer client(server, GetParam());
    EXPECT_EQ(play(client, "form", {{"", R"({"action":"accept","content":{"c":"red"}})"}})->words(),
              R"({"c":"red"})");
    asked.clear();
    EXPECT_EQ(play(client, "visit", {{"", R"({"action":"accept"})"}})->words(), "true");
    EXPECT_EQ(test::at(asked[0], "/params/url"), R"("https://x/y")");
    EXPECT_EQ(test::at(asked[0], "/params/mode"), R"("url")");
    EXPECT_NE(test::at(asked[0], "/params/elicitationId"), "");
}

// The schema is checked when it is asked, the content against it when it is answered.
TEST_P(asking, what_is_entered_conforms_to_the_schema_at_run_time) {
    const auto form = [](std::string schema) {
        return [schema](mcp::context& ctx) -> asio::awaitable<std::string> {
            auto got = co_await ctx.elicit("How many?", schema, mcp::key("count"));
            co_return std::string(mcp::to_string(got.action()));
        };
    };
    server.tool<"form">(
        "", form(R"({"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]})"));
    server.tool<"no_json">("", form("{"));
    server.tool<"no_schema">("", form(R"({"type":"strnig"})"));
    peer client(server, GetParam());
    struct row {
        std::string_view answer;
        std::string_view words;
        std::string_view error;
    };
    const row rows[] = {
        {R"({"action":"accept","content":{"n":1}})", "accept", ""},
        {R"({"action":"decline"})", "decline", ""},
        {R"({"action":"cancel"})", "cancel", ""},
        {R"({"action":"accept","content":{"n":"1"}})", "",
         R"("params.inputResponses.count.content.n: expected integer, got string")"},
        {R"({"action":"accept","content":{}})", "",
         R"("params.inputResponses.count.content: member \"n\" is missing")"},
        {R"({"action":"accept"})", "",
         R"("params.inputResponses.count.content: member \"n\" is missing")"},
    };
    for (const auto& [answer, words, error] : rows) {
        asked.clear();
        const auto got = play(client, "form", {{"", std::string(answer)}});
        EXPECT_EQ(got->error(), error);
        if (error.empty()) {
            EXPECT_EQ(got->words(), words);
        }
    }
    for (const std::string_view name : {"no_json", "no_schema"}) {
        asked.clear();
        EXPECT_TRUE(client.tool(name)->is_error()) << name;
        EXPECT_TRUE(asked.empty());
    }
}

TEST_P(asking, what_the_client_cannot_do_is_not_asked) {
    server.tool<"ask">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        auto who = co_await ctx.elicit<person>("Who?");
        co_return who->name;
    });
    server.tool<"visit">("", [](mcp::context& ctx) -> asio::awaitable<bool> {
        auto got = co_await ctx.elicit_url("Sign in", "https://x/y");
        co_return got.accepted();
    });
    peer bare(server, GetParam(), "{}");
    const auto refused = bare.tool("ask");
    const int wanted = modern() ? -32021 : -32600;
    EXPECT_EQ(refused->code(), wanted) << refused->text();
    EXPECT_NE(test::at(refused->value(), "/error/data/requiredCapabilities/elicitation"), "");
    EXPECT_EQ(refused->status(), modern() ? mcp::reply_status::bad_request : mcp::reply_status::ok);
    EXPECT_TRUE(refused->messages().empty());

    peer old(server, GetParam(), R"({"elicitation":{}})"); // means forms
    EXPECT_EQ(old.tool("visit")->code(), wanted);
    EXPECT_EQ(play(old, "ask", {{"", ann}})->words(), "Ann");
}

TEST_P(asking, malformed_answers_are_told_by_path) {
    server.tool<"ask">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        auto who = co_await ctx.elicit<person>("Who?", mcp::key("who"));
        co_return who->name;
    });
    peer client(server, GetParam());
    for (const std::string_view wrong :
         {R"({"action":"accept","content":{"name":1,"age":1}})",
          R"({"action":"accept","content":{"name":"x","age":"y"}})", R"({"action":"maybe"})",
          R"({"action":7})", "{}", "[]", "null", "7", R"({"action":"accept","content":[]})"}) {
        const auto answer = play(client, "ask", {{"", std::string(wrong)}});
        EXPECT_EQ(answer->code(), -32602) << wrong << answer->text();
        EXPECT_NE(answer->error().find("inputResponses.who"), std::string::npos)
            << wrong << answer->text();
    }
}

struct counted {
    void count(std::string_view name, std::uint64_t by) {
        *seen += std::string(name) + "+" + std::to_string(by) + " ";
    }
    std::shared_ptr<std::string> seen;
};

TEST(context, counts_and_names_the_subject) {
    const auto counts = std::make_shared<std::string>();
    mcp::server server("test", "1", counted{counts});
    server.tool<"who">("", [](mcp::context& ctx) {
        ctx.count("app.asked");
        ctx.count("app.bytes", 7);
        return std::string(ctx.subject());
    });
    peer client(server);
    EXPECT_EQ(client.tool("who")->words(), "");
    const auto who = std::make_shared<mcp::principal>();
    who->subject = "ann";
    client.who = who;
    EXPECT_EQ(client.tool("who")->words(), "ann");
    EXPECT_EQ(*counts, "app.asked+1 app.bytes+7 app.asked+1 app.bytes+7 ");
}

} // namespace context_test
