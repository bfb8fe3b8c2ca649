#include <mcp/server/observer.hpp>

#include <mcp/server/server.hpp>

#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace observer_test {

using mcp::revision;
using test::peer;

// Archetypes: each does one thing, one does all.
struct with_span {
    int begin(const mcp::call_info&) { return 1; }
    void end(int, const mcp::call_info&, const mcp::call_end&) {}
};
struct without_span {
    void begin(mcp::call_info) const {}
    void end(mcp::call_info, mcp::call_end) const {}
};
struct logger {
    void log(const mcp::log_line&) {}
};
struct meter {
    void count(std::string_view, std::uint64_t) {}
};
static_assert(mcp::observer<with_span> && mcp::observer<without_span> && mcp::observer<logger> &&
              mcp::observer<meter>);

struct no_end {
    int begin(const mcp::call_info&);
    void log(const mcp::log_line&);
};
struct end_of_another_span : with_span {
    void end(std::string&, const mcp::call_info&, const mcp::call_end&);
};
struct awaitable_begin {
    asio::awaitable<int> begin(const mcp::call_info&);
    void end(asio::awaitable<int>&, const mcp::call_info&, const mcp::call_end&);
};
struct awaitable_end : with_span {
    asio::awaitable<void> end(int, const mcp::call_info&, const mcp::call_end&);
};
struct awaitable_log : meter {
    asio::awaitable<void> log(const mcp::log_line&);
};
struct other_count : logger {
    std::size_t count() const;
};
static_assert(!mcp::observer<no_end> && !mcp::observer<end_of_another_span> &&
              !mcp::observer<awaitable_begin> && !mcp::observer<awaitable_end> &&
              !mcp::observer<awaitable_log> && !mcp::observer<other_count> && !mcp::observer<int>);

/// Keeps all that it sees, as text.
class recorder {
public:
    struct book {
        std::mutex mutex;
        std::vector<std::string> spans; ///< as they end
        std::vector<std::string> lines;
        std::string everything;
        int begun = 0;
        std::chrono::nanoseconds longest{};
        std::string last_arguments;
    };
    explicit recorder(std::shared_ptr<book> to) : to_(std::move(to)) {}

    std::string begin(const mcp::call_info& call) {
        std::lock_guard lock(to_->mutex);
        ++to_->begun;
        to_->last_arguments = call.arguments ? mcp::encode(call.arguments) : "none";
        std::string title = std::string(call.method).append("|").append(call.name);
        title.append("|").append(call.request_id).append("|").append(call.trace.trace_id());
        to_->everything.append(title).append(call.trace.parent).append(call.trace.state);
        return title;
    }
    void end(const std::string& title, const mcp::call_info& call, const mcp::call_end& how) {
        std::lock_guard lock(to_->mutex);
        EXPECT_TRUE(title.starts_with(std::string(call.method).append("|").append(call.name)));
        EXPECT_FALSE(call.arguments);
        EXPECT_GE(how.duration.count(), 0);
        to_->longest = std::max(to_->longest, how.duration);
        std::string text = title + "|" + std::string(mcp::to_string(how.outcome));
        if (how.code != 0)
            text += std::to_string(how.code);
        to_->spans.push_back(text);
        to_->everything += text;
    }
    void log(const mcp::log_line& line) {
        std::lock_guard lock(to_->mutex);
        to_->lines.push_back(std::string(mcp::to_string(line.level))
                                 .append("|")
                                 .append(line.text)
                                 .append("|")
                                 .append(line.request_id));
        to_->everything += to_->lines.back();
    }

private:
    std::shared_ptr<book> to_;
};

struct person {
    std::string name;
};

constexpr std::string_view secret = "hunter2";
constexpr std::string_view trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr std::string_view parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

class observer : public ::testing::TestWithParam<revision> {
protected:
    observer() {
        server.tool<"now">("", [](mcp::arg<"text", std::string>) { return 1; });
        server.tool<"later">(
            "", [](mcp::arg<"text", std::string>) -> asio::awaitable<int> { co_return 1; });
        server.tool<"slow">("", mcp::blocking([](mcp::arg<"text", std::string>) { return 1; }));
        server.tool<"sorry">("", [](mcp::arg<"text", std::string>) -> int {
            throw mcp::tool_error("no such city");
        });
        server.tool<"failure">(
            "", [](mcp::arg<"text", std::string>) { return mcp::tool_error("sorry").result(); });
        server.tool<"broken">("", [](mcp::arg<"text", std::string>) -> int {
            throw std::runtime_error("disk full");
        });
        server.tool<"refused">("", [](mcp::arg<"text", std::string>) -> asio::awaitable<int> {
            throw mcp::protocol_error(mcp::invalid_params("no such region"));
            co_return 1;
        });
        server.tool<"asks">(
            "",
            [](mcp::arg<"text", std::string>, mcp::context& ctx) -> asio::awaitable<std::string> {
                auto who = co_await ctx.elicit<person>("Who?", mcp::key("who"));
                co_return who->name;
            });
        server.tool<"waits">("", [](mcp::arg<"text", std::string>) -> asio::awaitable<int> {
            asio::steady_timer timer(co_await asio::this_coro::executor,
                                     asio::steady_timer::time_point::max());
            co_await timer.async_wait(asio::use_awaitable);
            co_return 1;
        });
        server.tool<"admins">(
            "", [](mcp::arg<"text", std::string>) { return 1; }, mcp::scopes("admin"));
        server.tool<"some">(
            "", [](mcp::arg<"text", std::string>) { return 1; },
            mcp::allow_if([](const mcp::principal&, const mcp::json_object&) { return false; }));
        server.prompt<"greet">("", [](mcp::arg<"name", std::string> name) { return *name; });
        server.resource<"notes://{id}">("", [](std::string) { return "a note"; });
        server.resource<"config://app">("", [] { return "x"; });
        server.complete<"greet", "name">([](std::string) { return std::vector<std::string>{}; });
        client.answers = [](const mcp::json&) {
            return R"({"action":"accept","content":{"name":"Ann"}})";
        };
        client.who = std::make_shared<const mcp::principal>(mcp::principal{.subject = "ann"});
    }

    static std::string arguments() { return R"({"text":")" + std::string(secret) + "\"}"; }

    /// The span of the one request that was made since the last call.
    std::string span() {
        client.settle();
        std::lock_guard lock(book->mutex);
        EXPECT_EQ(book->spans.size(), 1U);
        EXPECT_EQ(book->begun, 1);
        book->begun = 0;
        auto spans = std::exchange(book->spans, {});
        return spans.empty() ? "" : spans.back();
    }
    std::string call(std::string_view tool) {
        client.tool(tool, arguments());
        return span();
    }
    std::string ask(std::string_view method, std::string_view params = "{}") {
        client.ask(method, params);
        return span();
    }
    bool modern() const { return mcp::is_modern(GetParam()); }

    std::shared_ptr<recorder::book> book = std::make_shared<recorder::book>();
    mcp::server<recorder> server{mcp::server_info{.name = "test", .version = "1"}, recorder(book)};
    peer client{server, GetParam()};
};

TEST_P(observer, sees_each_outcome_of_a_tool) {
    EXPECT_EQ(call("now"), "tools/call|now|1||ok");
    EXPECT_EQ(call("later"), "tools/call|later|2||ok");
    EXPECT_EQ(call("slow"), "tools/call|slow|3||ok");
    EXPECT_EQ(call("sorry"), "tools/call|sorry|4||tool_error");
    EXPECT_EQ(call("failure"), "tools/call|failure|5||tool_error");
    EXPECT_EQ(call("broken"), "tools/call|broken|6||tool_error");
    EXPECT_EQ(call("refused"), "tools/call|refused|7||error-32602");
    EXPECT_EQ(call("admins"), "tools/call|admins|8||refused-31403");
    EXPECT_EQ(call("some"), "tools/call|some|9||refused-31403");
    EXPECT_EQ(call("asks"),
              modern() ? "tools/call|asks|10||input_required" : "tools/call|asks|10||ok");
    client.tool("now", R"({"text":7})");
    EXPECT_EQ(span(), "tools/call|now|11||tool_error");
    EXPECT_GT(book->longest.count(), 0);
}

TEST_P(observer, sees_that_a_request_was_cancelled) {
    const auto waiting = client.start_tool("waits", arguments());
    client.settle();
    EXPECT_TRUE(book->spans.empty());
    client.call->cancel();
    client.run(waiting);
    EXPECT_EQ(span(), "tools/call|waits|1||cancelled");
}

TEST_P(observer, names_what_the_server_offers_and_nothing_that_clients_make_up) {
    EXPECT_EQ(ask("tools/list"), "tools/list||1||ok");
    EXPECT_EQ(ask("prompts/get", R"({"name":"greet","arguments":{"name":"hunter2"}})"),
              "prompts/get|greet|2||ok");
    EXPECT_EQ(ask("resources/read", R"({"uri":"notes://hunter2"})"),
              "resources/read|notes://{id}|3||ok");
    EXPECT_EQ(ask("resources/read", R"({"uri":"config://app"})"),
              "resources/read|config://app|4||ok");
    EXPECT_EQ(ask("completion/complete", R"({"ref":{"type":"ref/prompt","name":"greet"},)"
                                         R"("argument":{"name":"name","value":"hunter2"}})"),
              "completion/complete|greet|5||ok");
    EXPECT_EQ(ask("tools/call", R"({"name":"hunter2\nx"})"), "tools/call||6||error-32602");
    EXPECT_EQ(ask("hunter2"), "||7||error-32601");
    EXPECT_TRUE(ask("resources/read", R"({"uri":"none://hunter2"})")
                    .starts_with("resources/read||8||error-32"));
    EXPECT_EQ(ask("tools/call", R"({"name":7})"), "tools/call||9||error-32602");
    EXPECT_EQ(book->everything.find(secret), std::string::npos) << book->everything;
}

TEST_P(observer, gets_the_exception_whole_and_with_the_id_but_never_an_argument) {
    server.options().level = mcp::log_level::debug;
    for (const std::string_view tool :
         {"now", "later", "slow", "sorry", "broken", "refused", "admins", "some", "asks"})
        call(tool);
    ASSERT_EQ(book->lines.size(), 1U);
    EXPECT_EQ(book->lines[0],
              "warning|tool broken failed for ann: std::runtime_error: disk full|5");
    EXPECT_EQ(book->everything.find(secret), std::string::npos) << book->everything;
    EXPECT_EQ(book->last_arguments, "none");

    server.options().log_arguments = true;
    call("now");
    EXPECT_EQ(book->last_arguments, arguments());
}

TEST_P(observer, and_handler_get_the_trace_context) {
    std::string heard;
    server.tool<"traced">("", [&](mcp::context& ctx) {
        heard = std::string(ctx.trace().parent).append("|").append(ctx.trace().state);
        return 1;
    });
    server.tool<"traced_later">("", [&](mcp::context& ctx) -> asio::awaitable<int> {
        heard = std::string(ctx.trace().parent).append("|").append(ctx.trace().state);
        co_return 1;
    });
    client.meta = R"("traceparent":")" + std::string(parent) + R"(","tracestate":"a=1")";
    for (const std::string tool : {"traced", "traced_later"}) {
        heard.clear();
        client.tool(tool);
        EXPECT_EQ(heard, std::string(parent) + "|a=1");
        EXPECT_NE(span().find(trace_id), std::string::npos);
    }
    client.meta = R"("traceparent":"00-hunter2","tracestate":"a=1")";
    client.tool("traced");
    EXPECT_EQ(heard, "|");
    EXPECT_EQ(span().find(secret), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(observer, observer, ::testing::ValuesIn(test::revisions));

TEST(observer_of_a_server, the_built_in_log_shows_registrations_and_calls_at_debug) {
    mcp::server server("test", "1");
    test::kept_log log(server);
    server.tool<"early">("", [] { return 1; });
    server.options().level = mcp::log_level::debug;
    server.tool<"add">("", [](mcp::arg<"text", std::string>) { return 1; });
    server.tool<"broken">("", [](mcp::arg<"text", std::string>) -> asio::awaitable<int> {
        throw std::runtime_error("disk full");
        co_return 1;
    });
    server.prompt<"greet">("", [] { return "x"; });
    server.resource<"notes://{id}">("", [](std::string) { return "x"; });
    server.remove_prompt("greet");
    EXPECT_EQ(log.text(), "tool add registered\ntool broken registered\nprompt greet registered\n"
                          "resource notes://{id} registered\nprompt greet removed\n");
    server.log_offers();
    EXPECT_TRUE(log.has("tool early is registered\n"));
    EXPECT_TRUE(log.has("resource notes://{id} is registered\n"));

    peer client(server);
    client.tool("add", R"({"text":"hunter2"})");
    EXPECT_TRUE(log.has("tools/call add begins (id 1)\n"));
    EXPECT_TRUE(log.has("tools/call add ended: ok after "));
    client.tool("broken", R"({"text":"hunter2"})");
    EXPECT_TRUE(log.has("tool broken failed: std::runtime_error: disk full (id 2)\n"));
    EXPECT_TRUE(log.has("tools/call broken ended: tool_error after "));
    EXPECT_FALSE(log.has(secret)) << log.text();
    server.options().log_arguments = true;
    client.tool("add", R"({"text":"hunter2"})");
    EXPECT_TRUE(log.has(R"(tools/call add begins, arguments {"text":"hunter2"} (id 3))"));
}

struct throwing {
    int begin(const mcp::call_info&) { throw std::runtime_error("begin"); }
    void end(int, const mcp::call_info&, const mcp::call_end&) { throw 1; }
    void log(const mcp::log_line&) { throw std::runtime_error("log"); }
    void count(std::string_view, std::uint64_t) { throw std::runtime_error("count"); }
};

TEST(observer_of_a_server, that_throws_does_no_harm_to_others) {
    const auto book = std::make_shared<recorder::book>();
    mcp::server server{"test", "1", throwing{}, recorder(book), throwing{}};
    server.tool<"now">("", [] { return 1; });
    server.tool<"broken">("", []() -> asio::awaitable<int> {
        throw std::runtime_error("disk full");
        co_return 1;
    });
    server.environment().count("hits");
    peer client(server);
    EXPECT_EQ(client.tool("now")->words(), "1");
    EXPECT_TRUE(client.tool("broken")->is_error());
    client.settle();
    EXPECT_EQ(book->spans.size(), 2U);
    EXPECT_EQ(book->lines.size(), 1U);
}

struct ill_state {
    std::string seal(const mcp::state_binding&, std::string payload) { return payload; }
    std::optional<std::string> open(const mcp::state_binding&, std::string_view text) {
        return std::string(text);
    }
    mcp::health_state health() const { return {false, "no disk", {}}; }
};

TEST(health_of_a_server, is_that_of_its_collaborators) {
    mcp::server well("test", "1");
    EXPECT_TRUE(well.health().healthy());
    mcp::server server{"test", "1", ill_state{}, throwing{}};
    const auto report = server.health();
    EXPECT_EQ(report.status(), "degraded");
    ASSERT_EQ(report.parts.size(), 1U);
    EXPECT_EQ(report.parts[0].role, "request_state");
    EXPECT_EQ(report.parts[0].state.reason, "no disk");
    EXPECT_TRUE(report.parts[0].state.since);
}

} // namespace observer_test
