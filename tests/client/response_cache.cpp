// SPDX-License-Identifier: MIT
#include <mcp/client/response_cache.hpp>

#include <mcp/client/client.hpp>
#include <mcp/json/value.hpp>

#include <asio/awaitable.hpp>
#include <gtest/gtest.h>

#include "support/scripted_client.hpp"
#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace response_cache_test {

using namespace mcp::test;
using namespace std::chrono_literals;
using mcp::cache_policy;
using mcp::cache_scope;
using key = mcp::response_cache::key;

struct clock {
    std::shared_ptr<std::chrono::steady_clock::time_point> at =
        std::make_shared<std::chrono::steady_clock::time_point>();
    std::chrono::steady_clock::time_point operator()() const { return *at; }
};

TEST(response_cache, keeps_as_long_as_the_server_allows) {
    const struct {
        cache_policy policy;
        std::chrono::milliseconds after;
        std::string partition;
        std::string found;
    } table[] = {
        {cache_policy(10s), 9999ms, "a", "text"},
        {cache_policy(10s), 10s, "a", "-"},
        {cache_policy(10s), 0ms, "b", "-"},
        {cache_policy(10s), 0ms, "", "-"},
        {cache_policy(10s, cache_scope::public_), 0ms, "b", "text"},
        {cache_policy(0ms), 0ms, "a", "-"},
        {cache_policy(std::chrono::milliseconds::max()), 24h - 1ms, "a", "text"},
        {cache_policy(std::chrono::milliseconds::max()), 24h, "a", "-"},
    };
    for (const auto& each : table) {
        const clock now;
        mcp::response_cache cache({.now = now});
        cache.put(key("s", "a", "m"), each.policy, "text", cache.begin());
        *now.at += each.after;
        EXPECT_EQ(cache.find(key("s", each.partition, "m")).value_or("-"), each.found);
        EXPECT_FALSE(cache.find(key("other", each.partition, "m")));
        EXPECT_FALSE(cache.find(key("s", each.partition, "m", "target")));
    }
}

TEST(response_cache, drops_what_has_changed) {
    const auto with = [](mcp::response_cache& cache) {
        for (const char* partition : {"a", "b"})
            for (const char* target : {"x", "xy"})
                cache.put(key("s", partition, "m", target), cache_policy(10s), "1", cache.begin());
        cache.put(key("s", "a", "mm"), cache_policy(10s), "1", cache.begin());
        cache.put(key("ss", "a", "m"), cache_policy(10s, cache_scope::public_), "1", cache.begin());
        EXPECT_EQ(cache.size(), 6U);
    };
    mcp::response_cache cache;
    with(cache);
    cache.drop("s", "m", "x");
    EXPECT_EQ(cache.size(), 4U);
    EXPECT_TRUE(cache.find(key("s", "b", "m", "xy")));
    cache.drop("s", "m");
    EXPECT_EQ(cache.size(), 2U);
    cache.clear();
    EXPECT_EQ(cache.size(), 0U);
    const auto begun = cache.begin();
    cache.drop("s", "m");
    cache.put(key("s", "a", "m"), cache_policy(10s), "1", begun); // it was sent before the change
    EXPECT_EQ(cache.size(), 0U);
}

TEST(response_cache, is_bounded) {
    mcp::response_cache few({.entries = 2});
    mcp::response_cache small({.bytes = 600});
    for (mcp::response_cache* cache : {&few, &small}) {
        for (const char* each : {"1", "2"})
            cache->put(key("s", "a", each), cache_policy(10s), "text", cache->begin());
        EXPECT_TRUE(cache->find(key("s", "a", "1")));
        cache->put(key("s", "a", "3"), cache_policy(10s), "text", cache->begin());
        EXPECT_TRUE(cache->find(key("s", "a", "1")));
        EXPECT_FALSE(cache->find(key("s", "a", "2"))) << "its use is the oldest";
        EXPECT_TRUE(cache->find(key("s", "a", "3")));
    }
    small.put(key("s", "a", "4"), cache_policy(10s), std::string(600, 'x'), small.begin());
    EXPECT_EQ(small.size(), 2U);
    small.put(key("s", "a", "3"), cache_policy(0ms), "new", small.begin());
    EXPECT_FALSE(small.find(key("s", "a", "3"))) << "a newer response replaces it";
}

/// Lists with two pages, resources, and no caching where "ttlMs" is 0.
std::shared_ptr<scripted_server> server_with(const std::string& ttl, const std::string& scope) {
    const auto server = std::make_shared<scripted_server>();
    server->identity = "https://example.com/mcp?tenant=1";
    const std::string caching = R"(,"ttlMs":)" + ttl + R"(,"cacheScope":")" + scope + "\"}";
    server->answer = [=](const mcp::json& message) -> std::vector<std::string> {
        const std::string method(mcp::json_view(message).find("method").get_string());
        if (method == "server/discover")
            return {discovered(R"({"tools":{},"resources":{}})")};
        if (method == "resources/read")
            return {result(R"({"resultType":"complete","contents":[{"uri":"a:b","text":"hello"}])" +
                           caching)};
        if (!message.at("params").as_object().contains("cursor"))
            return {result(R"({"tools":[{"name":"one","inputSchema":{"type":"object"}}],)"
                           R"("nextCursor":"2","ttlMs":90000,"cacheScope":"public"})")};
        return {result(R"({"tools":[{"name":"two","inputSchema":{"type":"object"}}])" + caching)};
    };
    return server;
}

using steps = std::vector<std::string>;

asio::awaitable<void> take(mcp::client& client, scripted_server& server, std::string step) {
    mcp::call_options options;
    options.cache = step.ends_with("refresh")  ? mcp::cache_use::refresh
                    : step.ends_with("bypass") ? mcp::cache_use::bypass
                                               : mcp::cache_use::use;
    if (step.starts_with("tools") && !step.ends_with("changed")) {
        const auto tools = co_await client.tools(options);
        EXPECT_EQ(tools.size(), 2U) << step;
    } else if (step.starts_with("read")) {
        const auto text = co_await client.read<std::string>("a:b", options);
        EXPECT_EQ(text, "hello");
    } else {
        std::string params = "{}";
        if (step == "resources/updated")
            params = R"({"uri":"a:b"})";
        server.receiver->receive(notification(step, params));
    }
}

asio::awaitable<void> take_all(std::vector<std::unique_ptr<mcp::client>>& clients,
                               std::shared_ptr<scripted_server> server, steps todo) {
    for (const std::string& step : todo) {
        mcp::client& client = *clients[step[0] == '2' ? 1 : 0];
        if (!client.connected())
            co_await connect(client, server);
        co_await take(client, *server, step.substr(step[0] == '2' ? 1 : 0));
    }
    for (const auto& client : clients)
        co_await client->close();
}

TEST(response_cache, serves_lists_and_resources) {
    const struct {
        const char* name;
        std::string ttl;
        steps todo;
        std::size_t requests;
        std::string partitions = "a a";
        std::string scope = "private";
    } table[] = {
        {"fresh list", "60000", {"tools", "tools"}, 2},
        {"fresh resource", "60000", {"read", "read"}, 1},
        {"none allowed", "0", {"tools", "tools", "read", "read"}, 6},
        {"refreshed", "60000", {"read", "read refresh", "read"}, 2},
        {"bypassed", "60000", {"read bypass", "read"}, 2},
        {"list changed", "60000", {"tools", "tools/list_changed", "tools"}, 4},
        {"another list changed", "60000", {"tools", "prompts/list_changed", "tools"}, 2},
        {"resource updated", "60000", {"read", "resources/updated", "read"}, 2},
        {"another client", "60000", {"tools", "2tools", "read", "2read"}, 3},
        {"another user", "60000", {"tools", "2tools", "read", "2read"}, 6, "a b"},
        {"unknown users", "60000", {"read", "2read"}, 2, " "},
        {"public", "60000", {"tools", "2tools", "read", "2read"}, 3, "a b", "public"},
    };
    for (const auto& each : table) {
        const auto server = server_with(each.ttl, each.scope);
        const auto cache = std::make_shared<mcp::response_cache>();
        std::vector<std::unique_ptr<mcp::client>> clients;
        const auto space = each.partitions.find(' ');
        for (const std::string& partition :
             {each.partitions.substr(0, space), each.partitions.substr(space + 1)}) {
            mcp::client_options options{.cache = cache, .cache_partition = partition};
            clients.push_back(std::make_unique<mcp::client>(std::move(options)));
        }
        EXPECT_EQ(run(take_all(clients, server, each.todo)), "") << each.name;
        const auto requests =
            std::count_if(server->log.begin(), server->log.end(), [](const std::string& what) {
                return what == "tools/list" || what == "resources/read";
            });
        EXPECT_EQ(static_cast<std::size_t>(requests), each.requests) << each.name;
    }
}

asio::awaitable<void> connect_twice(std::shared_ptr<scripted_server> server,
                                    std::shared_ptr<mcp::response_cache> cache) {
    for (int i = 0; i < 2; ++i) {
        mcp::client client({.cache = cache, .cache_partition = "a"});
        co_await connect(client, server);
        EXPECT_EQ(client.server().info.name, "") << "not said";
        EXPECT_TRUE(client.server().capabilities.tools);
        co_await client.close();
    }
}

TEST(response_cache, keeps_what_a_server_says_of_itself) {
    for (const bool known : {true, false}) {
        const auto server =
            server_of({{"server/discover", {discovered(R"({"tools":{}})", "5000")}}});
        server->identity = known ? "https://example.com" : "";
        EXPECT_EQ(run(connect_twice(server, std::make_shared<mcp::response_cache>())), "");
        EXPECT_EQ(server->methods(), known ? "open server/discover agreed 2026-07-28 close "
                                             "open agreed 2026-07-28 close"
                                           : "open server/discover agreed 2026-07-28 close "
                                             "open server/discover agreed 2026-07-28 close");
    }
}

} // namespace response_cache_test
