// SPDX-License-Identifier: MIT
#include <mcp/client/call_many.hpp>

#include <mcp/client/client.hpp>
#include <mcp/client/impl/client_call.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/value.hpp>

#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "support/scripted_client.hpp"
#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Calls of a client: many at once, their times, their cancellation, what surrounds them.
namespace call_many_test {

using namespace mcp::test;
using namespace std::chrono_literals;

const std::string aborted = "exception: Operation aborted.";
const std::string done = result(R"({"resultType":"complete","content":[]})");

std::string method_of(const mcp::json& message) {
    return std::string(mcp::json_view(message).find("method").if_string().value_or("response"));
}

answer_table of_era(bool modern, answer_table more) {
    more["server/discover"] = {modern ? discovered() : error(-32601)};
    more["initialize"] = {initialized(R"({"tools":{},"logging":{}})")};
    return more;
}

asio::awaitable<void> turns(int count) {
    const auto executor = co_await asio::this_coro::executor;
    for (int turn = 0; turn < count; ++turn)
        co_await asio::post(executor, asio::use_awaitable);
}

/// Answers the calls that wait, after some turns of the event loop.
asio::awaitable<void> answer_later(std::shared_ptr<scripted_server> server,
                                   std::vector<mcp::json>& waiting, std::size_t& most) {
    co_await turns(20);
    most = std::max(most, waiting.size());
    for (const mcp::json& each : std::exchange(waiting, {})) {
        const auto x = each.at("params").at("arguments").at("x").as_int64();
        std::string text = x % 5 == 4 ? error(-32602)
                                      : result(R"({"content":[{"type":"text","text":")" +
                                               std::to_string(x * x) + "\"}]}");
        text.replace(text.find("$id"), 3, mcp::encode(each.at("id")));
        server->receiver->receive(std::move(text));
    }
}

asio::awaitable<void> square_all(std::shared_ptr<scripted_server> server, int count,
                                 std::size_t at_once, std::string& out) {
    mcp::client client;
    co_await connect(client, server);
    std::vector<mcp::tool_call> calls;
    for (int i = 0; i < count; ++i) {
        mcp::json_object arguments;
        arguments["x"] = i;
        calls.emplace_back("square", mcp::call_arguments(arguments));
    }
    const auto squares = co_await mcp::call_many<int>(client, std::move(calls), at_once);
    for (const auto& each : squares)
        out += each.has_value() ? std::to_string(each.value()) + " "
                                : "(" + failure_text(each.failure()) + ") ";
    co_await client.close();
}

TEST(call_many, keeps_the_order_and_its_bound) {
    const struct {
        int count;
        std::size_t at_once;
        std::size_t most;
        std::string out;
    } table[] = {
        {6, 2, 2, "0 1 4 9 (protocol_error -32602: no) 25 "},
        {3, 8, 3, "0 1 4 "},
        {2, 0, 1, "0 1 "},
        {0, 8, 0, ""},
    };
    for (const auto& each : table) {
        asio::io_context io(1);
        std::vector<mcp::json> waiting;
        std::size_t most = 0;
        const auto server = std::make_shared<scripted_server>();
        server->answer = [&](const mcp::json& message) -> std::vector<std::string> {
            if (method_of(message) != "tools/call")
                return {discovered()};
            waiting.push_back(message);
            if (waiting.size() == 1)
                asio::co_spawn(io, answer_later(server, waiting, most), [](std::exception_ptr) {});
            return {};
        };
        std::string out;
        std::string failure = "none";
        asio::co_spawn(io, square_all(server, each.count, each.at_once, out),
                       [&](std::exception_ptr end) { failure = failure_text(end); });
        io.run();
        EXPECT_EQ(failure, "");
        EXPECT_EQ(out, each.out);
        EXPECT_EQ(most, each.most);
        server->answer = nullptr;
    }
}

/// Awaits something, and is cancelled as soon as the server has got the request.
std::string run_cancelled(std::function<asio::awaitable<void>(mcp::client&)> work,
                          std::shared_ptr<scripted_server> server, const std::string& at) {
    asio::io_context io(1);
    asio::cancellation_signal signal;
    server->answer = [&io, &signal, at, others = server->answer](const mcp::json& message) {
        if (method_of(message) == at)
            asio::post(io, [&signal] { signal.emit(asio::cancellation_type::terminal); });
        return others(message);
    };
    mcp::client client;
    std::string failure = "none";
    const auto connect_and_work = [&]() -> asio::awaitable<void> {
        co_await connect(client, server);
        auto later = work(client);
        co_await std::move(later);
    };
    const auto close = [&]() -> asio::awaitable<void> {
        co_await turns(20);
        co_await client.close();
    };
    asio::co_spawn(io, connect_and_work,
                   asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr end) {
                       failure = failure_text(end);
                       asio::co_spawn(io, close, [](std::exception_ptr) {});
                   }));
    io.run();
    return failure;
}

asio::awaitable<void> call_once(mcp::client& client) {
    co_await client.call("slow");
}

asio::awaitable<void> call_two(mcp::client& client) {
    std::vector<mcp::tool_call> calls;
    calls.emplace_back("slow");
    calls.emplace_back("slow");
    co_await mcp::call_many(client, std::move(calls), 1);
}

/// Returns the ids of the `notifications/cancelled` that the client has sent, and of the calls.
std::pair<std::string, std::string> cancelled_ids(const scripted_server& server) {
    std::pair<std::string, std::string> ids;
    for (const mcp::json& each : server.sent) {
        if (method_of(each) == "notifications/cancelled")
            ids.first += mcp::encode(each.at("params").at("requestId"));
        if (method_of(each) == "tools/call")
            ids.second += mcp::encode(each.at("id"));
    }
    return ids;
}

TEST(call_many, cancellation_is_told_to_the_server) {
    for (const bool modern : {true, false})
        for (const bool streams : {true, false})
            for (const auto work : {call_once, call_two}) {
                const auto server = server_of(of_era(modern, {}), streams);
                EXPECT_EQ(run_cancelled(work, server, "tools/call"), aborted);
                const auto [told, called] = cancelled_ids(*server);
                EXPECT_EQ(told, modern && streams ? "" : called);
                EXPECT_EQ(called.size(), 1U) << "one call";
                EXPECT_EQ(server->methods().find("aborted") != std::string::npos, streams);
            }
}

asio::awaitable<void> call_with(mcp::client& client, std::shared_ptr<scripted_server> server,
                                mcp::call_options options) {
    co_await connect(client, server);
    std::string failure;
    try {
        co_await client.call("slow", {}, options);
    } catch (const std::exception& e) {
        failure = e.what();
    }
    EXPECT_EQ(failure, "scripted: tools/call slow got no response in time");
    co_await turns(20);
    co_await client.close();
}

TEST(call_many, times_of_a_call) {
    mcp::call_options one;
    one.timeout = 1ms;
    mcp::call_options whole;
    whole.timeout = 0ms;
    whole.total_timeout = 1ms;
    for (const bool modern : {true, false})
        for (const bool streams : {true, false})
            for (const mcp::call_options& options : {one, whole}) {
                const auto server = server_of(of_era(modern, {}), streams);
                mcp::client client;
                EXPECT_EQ(run(call_with(client, server, options)), "");
                const auto [told, called] = cancelled_ids(*server);
                EXPECT_EQ(told, modern && streams ? "" : called);
            }
}

TEST(call_many, progress_extends_the_time_of_a_response_if_so_set) {
    using mcp::detail::call_times;
    const auto start = call_times::clock::now();
    const auto latest = [](call_times times) {
        const auto before = call_times::clock::now();
        while (call_times::clock::now() == before) {
        }
        const auto end = times.end();
        times.progressed();
        return times.end() - end;
    };
    EXPECT_GT(latest(call_times(1h, call_times::clock::time_point::max(), true)).count(), 0);
    EXPECT_EQ(latest(call_times(1h, call_times::clock::time_point::max(), false)).count(), 0);
    EXPECT_EQ(latest(call_times(1h, start + 1min, true)).count(), 0)
        << "the whole call has its end";
}

asio::awaitable<void>
call_for_progress(mcp::client& client, std::shared_ptr<scripted_server> server, std::string& seen) {
    client.on_log([&](const mcp::log_message&) { throw std::runtime_error("full"); });
    client.on_fault([&](const std::string& why) { seen += why; });
    co_await connect(client, server);
    mcp::call_options options;
    options.on_progress = [&](const mcp::progress_update& now) {
        seen += std::to_string(static_cast<int>(now.progress)) + " ";
    };
    co_await client.call("slow", {}, options);
    co_await client.close();
}

TEST(call_many, progress_and_handlers_that_throw) {
    for (const bool streams : {true, false}) {
        const auto progress = [](int value, const std::string& token) {
            return notification("progress", "{\"progressToken\":" + token +
                                                ",\"progress\":" + std::to_string(value) + "}");
        };
        const auto server = server_of(
            of_era(true, {{"tools/call",
                           {progress(1, "$id"), progress(2, "777"), progress(3, "$id"),
                            notification("message", R"({"level":"info","data":"x"})"), done}}}),
            streams);
        mcp::client client;
        std::string seen;
        EXPECT_EQ(run(call_for_progress(client, server, seen)), "");
        EXPECT_EQ(seen, "1 3 scripted: the handler of notifications/message has failed: full");
    }
}

asio::awaitable<mcp::elicit_action> never_answer(bool& cancelled) {
    asio::steady_timer never(co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max());
    try {
        co_await never.async_wait(asio::use_awaitable);
    } catch (const std::system_error&) {
        cancelled = true;
        throw;
    }
    co_return mcp::elicit_action::cancel;
}

asio::awaitable<void> be_asked(mcp::client& client, std::shared_ptr<scripted_server> server,
                               bool& cancelled) {
    client.on_elicit([&] { return never_answer(cancelled); });
    co_await connect(client, server);
    co_await client.call("asks");
    co_await turns(5);
    server->receiver->receive(notification("cancelled", R"({"requestId":"q1"})"));
    co_await turns(20);
    co_await client.close();
}

TEST(call_many, a_legacy_server_cancels_its_question) {
    const std::string question =
        R"({"jsonrpc":"2.0","id":"q1","method":"elicitation/create","params":{"message":"?",)"
        R"("requestedSchema":{"type":"object","properties":{}}}})";
    const auto server = server_of(of_era(false, {{"tools/call", {question, done}}}));
    mcp::client client;
    bool cancelled = false;
    EXPECT_EQ(run(be_asked(client, server, cancelled)), "");
    EXPECT_TRUE(cancelled);
    EXPECT_EQ(server->methods().find("response"), std::string::npos);
}

asio::awaitable<void> list_tools(mcp::client& client, std::shared_ptr<scripted_server> server) {
    co_await connect(client, server);
    co_await client.tools();
}

TEST(call_many, rounds_and_pages_are_bounded) {
    const std::string asks =
        result(R"({"resultType":"input_required","requestState":"x","inputRequests":{}})");
    const auto call = [](mcp::client& client,
                         std::shared_ptr<scripted_server> server) -> asio::awaitable<void> {
        co_await connect(client, server);
        co_await client.call("asks");
    };
    const auto asking = server_of(of_era(true, {{"tools/call", {asks}}}));
    mcp::client asked({.rounds = 2});
    EXPECT_EQ(run(call(asked, asking)),
              "transport_error: scripted: tools/call asks asked for input 3 times");

    for (const bool repeats : {true, false}) {
        std::size_t count = 0;
        const auto server = std::make_shared<scripted_server>();
        server->answer = [&](const mcp::json& message) -> std::vector<std::string> {
            if (method_of(message) == "server/discover")
                return {discovered()};
            ++count;
            return {result(R"({"tools":[],"nextCursor":")" +
                           std::to_string(repeats ? count % 2 : count) + "\"}")};
        };
        mcp::client client({.pages = 4});
        const std::string failure = run(list_tools(client, server));
        EXPECT_NE(failure.find(repeats ? "the server repeats a cursor"
                                       : "the list has more than 4 pages"),
                  std::string::npos)
            << failure;
        EXPECT_EQ(count, repeats ? 3U : 4U);
    }
}

asio::awaitable<void> level_and_ping(mcp::client& client, std::shared_ptr<scripted_server> server) {
    co_await connect(client, server);
    co_await client.set_level(mcp::log_level::warning);
    co_await client.ping();
    co_await client.call("any");
}

TEST(call_many, level_and_ping_in_both_eras) {
    for (const bool modern : {true, false}) {
        const auto server = server_of(of_era(modern, {{"ping", {result("{}")}},
                                                      {"logging/setLevel", {result("{}")}},
                                                      {"tools/call", {done}}}));
        mcp::client client;
        EXPECT_EQ(run(level_and_ping(client, server)), "");
        EXPECT_EQ(server->methods(),
                  modern ? "open server/discover agreed 2026-07-28 server/discover tools/call"
                         : "open server/discover initialize agreed 2025-11-25 "
                           "notifications/initialized logging/setLevel ping tools/call");
        const std::string params = mcp::encode(server->sent.back().at("params"));
        EXPECT_EQ(params.find(R"("io.modelcontextprotocol/logLevel":"warning")") != params.npos,
                  modern);
    }
}

asio::awaitable<void> call_three(mcp::client& client, std::shared_ptr<scripted_server> server,
                                 std::string& out) {
    co_await connect(client, server);
    std::vector<mcp::tool_call> calls(3, mcp::tool_call("any"));
    const auto outcomes = co_await mcp::call_many(client, std::move(calls), 3);
    for (const auto& each : outcomes)
        out += "(" + failure_text(each.failure()) + ")";
    co_await client.close();
}

TEST(call_many, one_new_session_for_all_calls) {
    const struct {
        bool renews;
        std::string second;
        std::size_t handshakes;
        std::string out;
    } table[] = {
        {true, initialized(), 2, "()()()"},
        {true, error(-32603), 2,
         "(protocol_error -32603: no)(protocol_error -32603: no)(protocol_error -32603: no)"},
        {false, initialized(), 1,
         "(transport_error: forgotten)(transport_error: forgotten)(transport_error: forgotten)"},
    };
    for (const auto& each : table) {
        std::size_t handshakes = 0;
        const auto server = std::make_shared<scripted_server>();
        server->turns = 3; // all calls are under way when the first one fails
        server->answer = [&](const mcp::json& message) -> std::vector<std::string> {
            const std::string method = method_of(message);
            if (method == "server/discover")
                return {error(-32601)};
            if (method == "initialize")
                return {++handshakes == 1 ? initialized() : each.second};
            if (method == "tools/call" && handshakes == 1)
                throw mcp::transport_error(mcp::transport_failure::session_ended, "forgotten");
            return method == "tools/call" ? std::vector{done} : std::vector<std::string>();
        };
        mcp::client client({.renew_session = each.renews});
        std::string out;
        EXPECT_EQ(run(call_three(client, server, out)), "");
        EXPECT_EQ(handshakes, each.handshakes);
        EXPECT_EQ(out, each.out);
    }
}

} // namespace call_many_test
