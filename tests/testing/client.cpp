#include <mcp/testing/client.hpp>

#include <mcp/async/invoke.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/permission.hpp>
#include <mcp/server/server.hpp>

#include <asio/error_code.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <gmock/gmock.h>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace client_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct point {
    int x = 0;
    int y = 0;
    friend bool operator==(const point&, const point&) = default;
};

enum class colour { red, green };

struct point_of_sum {
    int a = 0, b = 0;
};

struct choice {
    colour picked = colour::red;
};

int add(int a, int b) {
    return a + b;
}

/// A server with something of everything.
class everything {
public:
    everything() {
        server.options().page_size = 2;
        server.options().log = [](mcp::log_level, std::string_view) {};
        server.tool<add, "a", "b">("Add two numbers");
        server.tool<"mirror">("", [](point at) { return point{at.y, at.x}; });
        server.tool<"words">("", [] { return std::vector<std::string>{"one", "two"}; });
        server.tool<"greet">("",
                             [](mcp::arg<"name", std::string> name) { return "Hello, " + *name; });
        server.tool<"blocks">("", [] { return std::vector<mcp::content>{"one", "two"}; });
        server.tool<"fail">("", []() -> int { throw mcp::tool_error("no such city"); });
        server.tool<"refuse">(
            "", []() -> int { throw mcp::protocol_error(mcp::invalid_params("not today")); });
        server.tool<"count">("", mcp::blocking([](mcp::context& ctx) {
                                 ctx.progress(1, 2);
                                 ctx.progress(2, 2, "done");
                                 ctx.warning("slow");
                                 return 2;
                             }));
        server.tool<"who">(
            "", [](mcp::context& ctx) { return ctx.principal()->subject; }, mcp::scopes("read"));
        server.tool<"hang">("", []() -> asio::awaitable<void> {
            asio::steady_timer never(co_await asio::this_coro::executor, std::chrono::hours(1));
            co_await never.async_wait(asio::use_awaitable);
        });
        server.tool<"wait">("", [this](mcp::context& ctx) -> asio::awaitable<std::string> {
            asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
            door = &timer;
            ctx.progress(1, 2);
            asio::error_code opened;
            co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, opened));
            door = nullptr;
            ++left;
            if (!ctx.cancelled())
                ctx.progress(2, 2);
            co_return std::string(ctx.path_param("tenant").value_or("nobody"));
        });
        server.tool<"open">("", [this] { door->cancel(); });
        server.tool<"pick">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
            const auto first = co_await ctx.elicit<choice>("First?", mcp::key("first"));
            const auto second = co_await ctx.elicit<choice>("Second?", mcp::key("second"));
            co_return shown(first) + ' ' + shown(second);
        });
        server.tool<"visit">("", [](mcp::context& ctx) -> asio::awaitable<bool> {
            const auto done = co_await ctx.elicit_url("Log in", "https://example.com", "1");
            co_return done.action() == mcp::elicit_action::accept;
        });
        server.tool<"write">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
            const auto answer = co_await ctx.sample(mcp::sampling_request("A poem", 10));
            co_return answer.text();
        });
        server.tool<"where">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
            const auto roots = co_await ctx.roots();
            co_return roots.empty() ? "nowhere" : roots[0].uri;
        });
        server.resource<"config://app">("", [] { return std::string(R"({"x":1,"y":2})"); });
        server.resource<"image://dot">("", [] { return mcp::bytes("\x01\x02"); });
        server.resource<"user://{name}">("", [](std::string name) { return "I am " + name; });
        server.prompt<"review">("",
                                [](mcp::arg<"code", std::string> code, mcp::arg<"line", int> n) {
                                    return *code + " at " + std::to_string(*n);
                                });
        server.prompt<"empty">("", [] { return mcp::prompt_result(); });
        server.prompt<"third">("", [] { return "3"; });
        server.complete<"review", "code">(
            [](std::string typed) { return std::vector<std::string>{typed + "++", typed + "#"}; });
    }

    static std::string shown(const mcp::elicit_result<choice>& answer) {
        return !answer                         ? std::string(mcp::to_string(answer.action()))
               : answer->picked == colour::red ? "red"
                                               : "green";
    }

    asio::steady_timer* door = nullptr; ///< where "wait" waits
    int left = 0;                       ///< how often it has ended
    mcp::server<> server{"test", "1"};
};

class client : public ::testing::TestWithParam<mcp::revision>, public everything {
protected:
    mcp::testing::client_options options() const { return {.revision = GetParam()}; }
};

INSTANTIATE_TEST_SUITE_P(revisions, client, ::testing::ValuesIn(mcp::all_revisions),
                         [](const auto& param) {
                             std::string name(mcp::to_string(param.param));
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

TEST_P(client, gets_what_a_tool_returns) {
    mcp::testing::client caller(server, options());
    EXPECT_EQ(caller.call<int>("add", {{"a", 2}, {"b", 3}}), 5);
    EXPECT_EQ(caller.call<mcp::json>("add", {{"a", 2}, {"b", 3}}), 5);
    EXPECT_EQ(caller.call<std::string>("add", {{"a", 2}, {"b", 3}}), "5");
    EXPECT_EQ(caller.call<point>("mirror", point{1, 2}), (point{2, 1}));
    EXPECT_EQ(caller.call<mcp::json>("mirror", {{"x", 1}}), (mcp::json{{"x", 0}, {"y", 1}}));
    EXPECT_THAT(caller.call<std::vector<std::string>>("words"), ElementsAre("one", "two"));
    EXPECT_EQ(caller.call<std::string>("greet", {{"name", "Ann"}}), "Hello, Ann");
    EXPECT_EQ(caller.call<mcp::json>("greet", {{"name", "Ann"}}), "Hello, Ann");
    EXPECT_EQ(caller.call<std::string>("blocks"), "one\ntwo");
    EXPECT_EQ(caller.call("blocks").content.size(), 2U);
    EXPECT_EQ(caller.request("tools/list").at("tools").as_array().size(), 2U);
}

TEST_P(client, throws_what_the_server_reports) {
    mcp::testing::client caller(server, options());
    try {
        caller.call("fail");
        FAIL();
    } catch (const mcp::tool_error& failure) {
        EXPECT_STREQ(failure.what(), "no such city");
        EXPECT_TRUE(failure.result().is_error);
    }
    try {
        caller.call("refuse");
        FAIL();
    } catch (const mcp::protocol_error& failure) {
        EXPECT_STREQ(failure.what(), "not today");
        EXPECT_EQ(failure.error().code, mcp::jsonrpc::errc::invalid_params);
    }
    EXPECT_THROW(caller.call("unknown"), mcp::protocol_error);
    EXPECT_THROW(caller.read("config://other"), mcp::protocol_error);
}

TEST_P(client, says_what_does_not_fit) {
    mcp::testing::client caller(server, options());
    const auto text_of = [](auto call) {
        try {
            call();
        } catch (const mcp::testing::client_failure& failure) {
            return std::string(failure.what());
        }
        return std::string();
    };
    EXPECT_EQ(text_of([&] { caller.call<bool>("add", {{"a", 2}, {"b", 3}}); }),
              "tools/call add: expected boolean, got number: 5");
    EXPECT_EQ(text_of([&] { caller.call<int>("greet", {{"name", "Ann"}}); }),
              R"(tools/call greet: expected integer, got string: "Hello, Ann")");
    EXPECT_THAT(text_of([&] { caller.read<int>("config://app"); }),
                HasSubstr("resources/read config://app: expected integer, got object"));
    EXPECT_THAT(text_of([&] { caller.read<std::string>("image://dot"); }),
                HasSubstr("resources/read image://dot: the contents are no single text: {"));
    if (mcp::has_elicitation(GetParam())) {
        EXPECT_THAT(text_of([&] { caller.call("pick"); }),
                    AllOf(HasSubstr("on_elicit"), HasSubstr(R"("message":"First?")")));
    }
    EXPECT_THAT(text_of([&] { caller.call("write"); }), HasSubstr("on_sample"));
    EXPECT_EQ(caller.call<int>("add", {{"a", 2}, {"b", 3}}), 5) << "after a failure";
}

TEST_P(client, a_handler_that_hangs_ends_the_test) {
    auto hurried = options();
    hurried.timeout = std::chrono::milliseconds(20);
    mcp::testing::client caller(server, hurried);
    try {
        caller.call("hang");
        FAIL();
    } catch (const mcp::testing::client_failure& failure) {
        EXPECT_STREQ(failure.what(), "tools/call hang: nothing has come within 20 ms");
    }
    EXPECT_THROW(caller.next_notification("notifications/never"), mcp::testing::client_failure);
}

TEST_P(client, lists_reads_prompts_and_completes) {
    mcp::testing::client caller(server, options());
    EXPECT_EQ(caller.tools().size(), 16U);
    EXPECT_EQ(caller.tools()[0].description, "Add two numbers");
    EXPECT_EQ(caller.resources().size(), 2U);
    EXPECT_EQ(caller.resource_templates().at(0).uri_template, "user://{name}");
    EXPECT_EQ(caller.prompts().size(), 3U);

    EXPECT_EQ(caller.read<std::string>("user://ann"), "I am ann");
    EXPECT_EQ(caller.read<point>("config://app"), (point{1, 2}));
    EXPECT_EQ(caller.read<mcp::bytes>("image://dot"), mcp::bytes("\x01\x02"));
    EXPECT_EQ(caller.read("config://app").contents.size(), 1U);

    EXPECT_EQ(caller.prompt<std::string>("review", {{"code", "x"}, {"line", 3}}), "x at 3");
    EXPECT_THAT(caller.prompt("empty").messages, IsEmpty());
    EXPECT_THAT(caller.complete("review", "code", "c").values, ElementsAre("c++", "c#"));
}

TEST_P(client, collects_progress_and_log) {
    mcp::testing::client caller(server, options());
    EXPECT_EQ(caller.call<int>("count"), 2);
    EXPECT_THAT(caller.progress(),
                ElementsAre(mcp::progress_update(1, 2),
                            mcp::progress_update(
                                2, 2, mcp::has_progress_message(GetParam()) ? "done" : "")));
    EXPECT_THAT(caller.log(), ElementsAre(mcp::log_message(mcp::log_level::warning, R"("slow")")));
    caller.clear();
    EXPECT_THAT(caller.progress(), IsEmpty());
    EXPECT_THAT(caller.log(), IsEmpty());

    auto quiet = options();
    quiet.level = mcp::log_level::error;
    mcp::testing::client other(server, quiet);
    other.call("count");
    EXPECT_THAT(other.log(), IsEmpty());
}

TEST_P(client, runs_several_calls_at_once) {
    mcp::testing::client_options options = this->options();
    options.path = {{"tenant", "acme"}};
    mcp::testing::client caller(server, options);
    auto waits = caller.start<std::string>("wait");
    EXPECT_NE(door, nullptr); // the handler has begun
    EXPECT_FALSE(waits.ready());
    EXPECT_THAT(waits.progress(), ElementsAre(mcp::progress_update(1, 2)));
    auto sum = caller.start<int>("add", point_of_sum{1, 2});
    caller.on_sample("a poem");
    auto poem = caller.start<std::string>("write");
    EXPECT_EQ(poem.get(), "a poem");
    EXPECT_TRUE(sum.ready());
    EXPECT_EQ(sum.get(), 3);
    EXPECT_THAT(sum.progress(), IsEmpty());
    caller.call("open");
    EXPECT_EQ(waits.next_progress(), mcp::progress_update(1, 2));
    EXPECT_EQ(waits.next_progress(), mcp::progress_update(2, 2));
    EXPECT_EQ(waits.get(), "acme");
    EXPECT_EQ(waits.get(), "acme");
    EXPECT_THROW(waits.next_progress(), mcp::testing::client_failure);
    waits.cancel(); // has ended: nothing happens
    EXPECT_EQ(waits.get(), "acme");
    EXPECT_EQ(caller.progress().size(), 2u);
    EXPECT_THROW(caller.start("fail").get(), mcp::tool_error);
    EXPECT_THROW(caller.start("none").get(), mcp::protocol_error);
}

TEST_P(client, cancels_a_call) {
    mcp::testing::client caller(server, options());
    auto waits = caller.start("wait");
    EXPECT_EQ(waits.next_progress(), mcp::progress_update(1, 2));
    waits.cancel();
    EXPECT_TRUE(waits.ready());
    EXPECT_EQ(left, 1);
    try {
        waits.get();
        FAIL() << "a cancelled call has a result";
    } catch (const mcp::testing::client_failure& failure) {
        EXPECT_STREQ(failure.what(), "tools/call wait: was cancelled");
    }
    EXPECT_THROW(waits.next_progress(), mcp::testing::client_failure);
    {
        auto dropped = caller.start("wait");
        const auto moved = std::move(dropped);
    }
    EXPECT_EQ(left, 2);
    EXPECT_EQ(caller.call<int>("add", point_of_sum{1, 2}), 3);
}

TEST_P(client, answers_elicitations) {
    mcp::testing::client caller(server, options());
    if (!mcp::has_elicitation(GetParam())) {
        EXPECT_THROW(caller.call("pick"), mcp::protocol_error);
        return;
    }
    caller.on_elicit(choice{colour::green});
    EXPECT_EQ(caller.call<std::string>("pick"), "green green");
    caller.on_elicit(choice{colour::green}, mcp::elicit_action::decline);
    EXPECT_EQ(caller.call<std::string>("pick"), "green decline");
    EXPECT_EQ(caller.call<std::string>("pick"), "decline decline");
    caller.on_elicit<choice>({colour::red});
    EXPECT_EQ(caller.call<std::string>("pick"), "red red");
    caller.on_elicit(mcp::json_object{{"picked", "red"}}, [] { return choice{colour::green}; });
    EXPECT_EQ(caller.call<std::string>("pick"), "red green");
    std::vector<std::string> asked;
    caller.on_elicit(
        [&](const std::string& message) {
            asked.push_back(message);
            return choice{};
        },
        [&](const mcp::elicitation_params& question) {
            asked.push_back(question.form->message);
            return mcp::elicit_result<choice>(mcp::elicit_action::cancel);
        });
    EXPECT_EQ(caller.call<std::string>("pick"), "red cancel");
    EXPECT_THAT(asked, ElementsAre("First?", "Second?"));
    caller.on_elicit([]() -> choice { throw std::logic_error("the test"); });
    EXPECT_THROW(caller.call("pick"), std::logic_error);
    if (mcp::has_url_elicitation(GetParam())) {
        caller.on_elicit(choice{});
        EXPECT_TRUE(caller.call<bool>("visit"));
    }
}

TEST_P(client, answers_sampling_and_roots) {
    mcp::testing::client caller(server, options());
    caller.on_sample("Roses", [](const mcp::sampling_request& asked) {
        return std::to_string(asked.max_tokens) + " tokens";
    });
    EXPECT_EQ(caller.call<std::string>("write"), "Roses");
    EXPECT_EQ(caller.call<std::string>("write"), "10 tokens");
    EXPECT_EQ(caller.call<std::string>("where"), "nowhere");
    caller.on_roots({mcp::root("file:///work")});
    EXPECT_EQ(caller.call<std::string>("where"), "file:///work");
}

TEST_P(client, can_lack_capabilities) {
    auto plain = options();
    plain.capabilities = {};
    mcp::testing::client caller(server, plain);
    caller.on_sample("Roses");
    EXPECT_THROW(caller.call("write"), mcp::protocol_error);
}

TEST_P(client, has_a_principal_of_choice) {
    struct case_ {
        std::optional<mcp::principal> who;
        std::string outcome;
    };
    const std::vector<case_> cases{
        {std::nullopt, "refused"},
        {mcp::principal{.subject = "ann"}, "refused"},
        {mcp::principal{.subject = "ann", .scopes = {"read"}}, "ann"},
    };
    for (const auto& [who, outcome] : cases) {
        auto known = options();
        known.principal = who;
        mcp::testing::client caller(server, known);
        std::string got = "refused";
        try {
            got = caller.call<std::string>("who");
        } catch (const mcp::protocol_error& failure) {
            EXPECT_EQ(failure.error().code, mcp::errc::forbidden);
        }
        EXPECT_EQ(got, outcome);
    }
}

TEST_P(client, hears_of_changes) {
    mcp::testing::client caller(server, options());
    mcp::subscription_filter filter;
    filter.tools_list_changed = true;
    filter.resource_subscriptions = {"config://app"};
    caller.listen(filter);
    server.notify_resource_updated("config://app");
    const auto updated = caller.next_notification("notifications/resources/updated");
    EXPECT_EQ(updated.params.at("uri"), "config://app");
    server.remove_tool("count");
    caller.next_notification("notifications/tools/list_changed");
    EXPECT_THAT(caller.notifications(), IsEmpty());
}

TEST(client_of_a_server, several_at_once) {
    everything all;
    mcp::testing::client modern(all.server);
    mcp::testing::client legacy(all.server, {.revision = mcp::latest_legacy});
    EXPECT_EQ(modern.call<int>("add", {{"a", 1}, {"b", 1}}), 2);
    EXPECT_EQ(legacy.call<int>("add", {{"a", 1}, {"b", 1}}), 2);
    EXPECT_EQ(modern.call<int>("add", std::map<std::string, int>{{"a", 2}, {"b", 2}}), 4);
}

TEST(client_of_a_server, an_era_that_is_off_is_an_error) {
    everything all;
    all.server.options().modern = false;
    EXPECT_THROW(mcp::testing::client(all.server).tools(), mcp::protocol_error);
}

} // namespace client_test
