// SPDX-License-Identifier: MIT
#include <mcp/client/subscription.hpp>

#include <mcp/client/client.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/value.hpp>

#include <asio/awaitable.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
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
#include <system_error>
#include <utility>
#include <vector>

namespace subscription_test {

using namespace mcp::test;
using namespace std::chrono_literals;

const std::string able =
    R"({"tools":{"listChanged":true},"prompts":{},"resources":{"subscribe":true,"listChanged":true}})";

std::string acknowledged(const std::string& honoured) {
    return notification("subscriptions/acknowledged",
                        R"({"_meta":{"io.modelcontextprotocol/subscriptionId":$id},)"
                        R"("notifications":)" +
                            honoured + "}");
}

const std::string tools_acknowledged = acknowledged(R"({"toolsListChanged":true})");
const std::string tools_changed = notification("tools/list_changed");
const std::string ended = result(R"({"resultType":"complete"})");

/// Waits until something has happened.
struct event {
    std::unique_ptr<asio::steady_timer> timer{};
    bool happened = false;

    void set() {
        happened = true;
        if (timer)
            timer->cancel();
    }
};

asio::awaitable<void> wait(event& of) {
    of.timer = std::make_unique<asio::steady_timer>(co_await asio::this_coro::executor,
                                                    asio::steady_timer::time_point::max());
    std::error_code woken;
    if (!of.happened)
        co_await of.timer->async_wait(asio::redirect_error(asio::use_awaitable, woken));
    of.timer.reset();
}

mcp::subscription_filter tools_only() {
    mcp::subscription_filter filter;
    filter.tools_list_changed = true;
    return filter;
}

mcp::subscription_filter of_resources(std::vector<std::string> uris) {
    mcp::subscription_filter filter;
    filter.resource_subscriptions = std::move(uris);
    return filter;
}

/// What `subscriptions/listen` gets: the texts for each time, the last for ever.
std::shared_ptr<scripted_server> listening_server(answer_table answers,
                                                  std::vector<std::vector<std::string>> listens,
                                                  bool streams) {
    const auto server = server_of(std::move(answers), streams);
    const auto times = std::make_shared<std::size_t>(0);
    server->answer = [others = server->answer, listens,
                      times](const mcp::json& message) -> std::vector<std::string> {
        if (mcp::json_view(message).find("method").if_string() != "subscriptions/listen")
            return others(message);
        return listens[std::min((*times)++, listens.size() - 1)];
    };
    return server;
}

mcp::client_options quick(std::size_t attempts = 20) {
    mcp::client_options options;
    options.listen_delay = 2ms;
    options.listen_attempts = attempts;
    return options;
}

asio::awaitable<void> hear_of_tools(mcp::client& client, std::shared_ptr<scripted_server> server,
                                    std::size_t changes, std::string& state) {
    event done;
    std::size_t heard = 0;
    client.on_notification([&](const std::string&, const mcp::json&) { done.set(); });
    client.on_fault([&](const std::string&) { done.set(); });
    co_await connect(client, server);
    client.on_list_changed([&](mcp::list_kind) {
        if (++heard == changes)
            done.set();
    });
    mcp::subscription subscription = co_await client.listen(tools_only());
    EXPECT_TRUE(subscription.honoured().tools_list_changed);
    co_await wait(done);
    constexpr const char* names[] = {"open", "closed", "refused", "lost"};
    state = names[static_cast<int>(subscription.state())];
    subscription.close();
    EXPECT_NE(subscription.state(), mcp::subscription_state::open);
    const auto executor = co_await asio::this_coro::executor;
    for (int turn = 0; turn < 20; ++turn) // of the event loop, in which the server is told
        co_await asio::post(executor, asio::use_awaitable);
    co_await client.close();
}

TEST(subscription, listens_again_after_a_break) {
    using texts = std::vector<std::string>;
    const texts heard{tools_acknowledged, tools_changed};
    const texts broken{tools_acknowledged, tools_changed, "$end"};
    const texts gracefully{tools_acknowledged, tools_changed, ended};
    const struct {
        const char* name;
        std::vector<texts> listens;
        std::size_t changes;
        std::size_t requests;
        std::string state;
        std::string failure;
    } table[] = {
        {"one", {heard}, 1, 1, "open", ""},
        {"broken", {broken, heard}, 2, 2, "open", ""},
        {"without an answer", {broken, {"$end"}, heard}, 2, 3, "open", ""},
        {"ended", {gracefully, heard}, 2, 2, "open", ""},
        {"always broken", {broken}, 99, 4, "lost", ""},
        {"refused later", {broken, {error(-32603)}}, 99, 2, "refused", ""},
        {"refused", {{error(-32601)}}, 1, 1, "", "protocol_error -32601: no"},
        {"not acknowledged",
         {{ended}},
         1,
         1,
         "",
         "transport_error: scripted: subscriptions/listen ended without an acknowledgement"},
    };
    for (const auto& each : table) {
        const auto server =
            listening_server({{"server/discover", {discovered(able)}}}, each.listens, true);
        mcp::client client(quick(3));
        std::string state;
        EXPECT_EQ(run(hear_of_tools(client, server, each.changes, state)), each.failure)
            << each.name;
        EXPECT_EQ(state, each.state) << each.name;
        EXPECT_EQ(std::count(server->log.begin(), server->log.end(), "subscriptions/listen"),
                  static_cast<int>(each.requests))
            << each.name;
    }
}

TEST(subscription, its_end_is_told) {
    for (const bool streams : {true, false}) {
        const auto server = listening_server({{"server/discover", {discovered(able)}}},
                                             {{tools_acknowledged, tools_changed}}, streams);
        mcp::client client(quick());
        std::string state;
        EXPECT_EQ(run(hear_of_tools(client, server, 1, state)), "");
        EXPECT_EQ(server->methods(),
                  streams ? "open server/discover agreed 2026-07-28 subscriptions/listen aborted "
                            "close"
                          : "open server/discover agreed 2026-07-28 subscriptions/listen "
                            "notifications/cancelled close");
    }
}

asio::awaitable<void> connect_and_close(mcp::client& client,
                                        std::shared_ptr<scripted_server> server) {
    co_await connect(client, server);
    co_await client.ping();
    co_await client.close();
}

TEST(subscription, begins_by_itself_if_there_is_a_handler) {
    const struct {
        std::string capabilities;
        bool modern;
        bool handler;
        bool listen;
        std::string filter;
    } table[] = {
        {able, true, true, true, R"({"toolsListChanged":true,"resourcesListChanged":true})"},
        {able, true, false, true, ""},
        {able, true, true, false, ""},
        {able, false, true, true, ""},
        {R"({"tools":{}})", true, true, true, ""},
    };
    for (const auto& each : table) {
        const auto server = listening_server(
            {{"server/discover", {each.modern ? discovered(each.capabilities) : error(-32601)}},
             {"initialize", {initialized(each.capabilities)}},
             {"ping", {result("{}")}}},
            {{tools_acknowledged}}, true);
        mcp::client client({.listen = each.listen});
        if (each.handler)
            client.on_list_changed([](mcp::list_kind) {});
        EXPECT_EQ(run(connect_and_close(client, server)), "");
        std::string filter;
        for (const mcp::json& sent : server->sent)
            if (mcp::json_view(sent).find("method").if_string() == "subscriptions/listen")
                filter += mcp::encode(sent.at("params").at("notifications"));
        EXPECT_EQ(filter, each.filter);
    }
}

/// Returns the URIs that the client has sent, with the methods.
std::string resource_log(const scripted_server& server) {
    std::string all;
    for (const mcp::json& sent : server.sent) {
        const mcp::json_view message(sent);
        const std::string method(message.find("method").if_string().value_or(""));
        const mcp::json_view params = message.find("params");
        if (method.starts_with("resources/"))
            all += method.substr(10) + ' ' + std::string(params.find("uri").get_string()) + "; ";
        if (method == "initialize")
            all += "initialize; ";
        if (method == "subscriptions/listen")
            all +=
                mcp::encode(params.find("notifications").find("resourceSubscriptions").to_json());
    }
    return all;
}

asio::awaitable<void> take(mcp::client& client, std::vector<mcp::subscription>& held,
                           std::string step) {
    const std::string what = step.substr(0, step.find(' '));
    const std::string uri = step.substr(step.find(' ') + 1);
    if (what == "subscribe") {
        const bool honoured = co_await client.subscribe(uri);
        EXPECT_EQ(honoured, uri != "a:unknown");
    } else if (what == "unsubscribe") {
        co_await client.unsubscribe(uri);
    } else if (what == "listen") {
        const std::vector<std::string> uris(2, uri);
        held.push_back(co_await client.listen(of_resources(uris)));
    } else if (what == "drop") {
        held.erase(held.begin());
    }
    co_await client.ping();
}

asio::awaitable<void> take_all(mcp::client& client, std::shared_ptr<scripted_server> server,
                               std::vector<std::string> steps) {
    co_await connect(client, server);
    std::vector<mcp::subscription> held;
    for (const std::string& step : steps)
        co_await take(client, held, step);
    co_await client.close();
}

TEST(subscription, resources_in_both_eras) {
    const struct {
        const char* name;
        std::vector<std::string> steps;
        std::string legacy;
        std::string modern;
    } table[] = {
        {"one", {"subscribe a:1", "subscribe a:1"}, "subscribe a:1; ", R"(["a:1"])"},
        {"two",
         {"subscribe a:1", "subscribe a:2", "unsubscribe a:1", "unsubscribe a:2"},
         "subscribe a:1; subscribe a:2; unsubscribe a:1; unsubscribe a:2; ",
         R"(["a:1"]["a:1","a:2"]["a:2"])"},
        {"objects",
         {"listen a:1", "listen a:1", "drop", "drop"},
         "subscribe a:1; unsubscribe a:1; ",
         R"(["a:1","a:1"]["a:1","a:1"])"},
        {"never subscribed", {"unsubscribe a:1"}, "", ""},
        {"a new session",
         {"subscribe a:1", "listen a:2", "renew"},
         "subscribe a:1; subscribe a:2; initialize; subscribe a:1; subscribe a:2; ",
         R"(["a:1"]["a:2","a:2"])"},
    };
    for (const bool modern : {true, false})
        for (const auto& each : table) {
            const auto server = std::make_shared<scripted_server>();
            server->streams = true;
            bool renew = each.steps.back() == "renew";
            std::size_t pings = 0;
            server->answer = [&](const mcp::json& message) -> std::vector<std::string> {
                const std::string method(
                    mcp::json_view(message).find("method").if_string().value_or(""));
                if (method == "server/discover")
                    return {modern ? discovered(able) : error(-32601)};
                if (method == "initialize")
                    return {initialized(able)};
                if (method == "subscriptions/listen")
                    return {acknowledged(mcp::encode(message.at("params").at("notifications")))};
                if (method == "ping" && ++pings == each.steps.size() && std::exchange(renew, false))
                    throw mcp::transport_error(mcp::transport_failure::session_ended, "forgotten");
                return {result("{}")};
            };
            mcp::client client;
            EXPECT_EQ(run(take_all(client, server, each.steps)), "") << each.name;
            const std::string log = resource_log(*server);
            EXPECT_EQ(log, modern ? each.modern : "initialize; " + each.legacy) << each.name;
        }
}

asio::awaitable<void> lose(mcp::client& client, std::shared_ptr<scripted_server> server) {
    co_await connect(client, server);
    const mcp::subscription subscription = co_await client.listen(tools_only());
    EXPECT_EQ(subscription.state(), mcp::subscription_state::open);
    server->receiver->closed(std::make_exception_ptr(
        mcp::transport_error(mcp::transport_failure::closed, "the process has died")));
    EXPECT_EQ(subscription.state(), mcp::subscription_state::lost);
}

TEST(subscription, is_lost_with_the_connection) {
    for (const bool modern : {true, false}) {
        const auto server =
            listening_server({{"server/discover", {modern ? discovered(able) : error(-32601)}},
                              {"initialize", {initialized(able)}}},
                             {{tools_acknowledged}}, false);
        mcp::client client(quick());
        EXPECT_EQ(run(lose(client, server)), "");
        EXPECT_EQ(server->methods().find("cancelled"), std::string::npos);
    }
}

} // namespace subscription_test
