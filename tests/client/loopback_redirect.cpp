// SPDX-License-Identifier: MIT
#include <mcp/client/loopback_redirect.hpp>

#include <mcp/client/authorization_error.hpp>

#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/co_spawn.hpp>
#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/address_v4.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>
#include <client/oauth_world.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <gmock/gmock.h>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// The port of a redirect URI.
std::uint16_t port_of(const std::string& uri) {
    return mcp::http::parse_web_url(uri).value().site.port;
}

asio::awaitable<std::string> get(std::string url) {
    const mcp::http::client client;
    mcp::http::client_request request(std::move(url));
    auto response = co_await client.send(std::move(request));
    co_return std::to_string(static_cast<int>(response.code)) + " " + response.body;
}

/// The browser of a user: opens a connection that says nothing, asks for wrong things, and then
/// follows the redirect.
asio::awaitable<std::string> browse(std::string redirect) {
    auto executor = co_await asio::this_coro::executor;
    asio::ip::tcp::socket silent(executor);
    const asio::ip::tcp::endpoint to(asio::ip::address_v4::loopback(), port_of(redirect));
    co_await silent.async_connect(to, asio::use_awaitable);
    const std::string site = redirect.substr(0, redirect.rfind('/'));
    std::string seen;
    for (const char* each : {"/favicon.ico", "/callback", "/callback?code=x&state=wrong",
                             "/callback?code=c%2B&state=the+state"}) {
        std::string url = site + each;
        seen += co_await get(std::move(url)) + "\n";
    }
    co_return seen;
}

asio::awaitable<std::string> whole(mcp::loopback_redirect& agent, std::string& seen,
                                   std::string& redirect) {
    redirect = co_await agent.redirect_uri("");
    auto executor = co_await asio::this_coro::executor;
    asio::co_spawn(executor, browse(redirect),
                   [&](std::exception_ptr, std::string text) { seen = std::move(text); });
    const std::string query = co_await agent.authorize("https://a.example/?x=1&state=the%20state");
    co_return query;
}

/// Runs work on a loop that outlives the agents.
template <class T>
T result_on(asio::io_context& loop, asio::awaitable<T> work) {
    loop.restart();
    auto result = asio::co_spawn(loop, std::move(work), asio::use_future);
    loop.run();
    return result.get();
}

TEST(loopback_redirect, gets_the_redirect_with_its_state) {
    std::string opened;
    mcp::loopback_options options;
    options.page = "done";
    options.open = [&](const std::string& url) { opened = url; };
    mcp::loopback_redirect agent(options);
    std::string seen;
    std::string redirect;
    EXPECT_EQ(oauth_test::result_of(whole(agent, seen, redirect)), "code=c%2B&state=the+state");
    EXPECT_EQ(seen, "404 Not found\n404 Not found\n404 Not found\n200 done\n");
    EXPECT_THAT(redirect, StartsWith("http://127.0.0.1:"));
    EXPECT_EQ(opened, "https://a.example/?x=1&state=the%20state");
}

TEST(loopback_redirect, prefers_the_port_of_the_registration) {
    asio::io_context loop;
    mcp::loopback_redirect agent;
    const std::string first = result_on(loop, agent.redirect_uri(""));
    EXPECT_EQ(result_on(loop, agent.redirect_uri(first)), first);
    mcp::loopback_redirect other;
    const std::string second = result_on(loop, other.redirect_uri(first)); // it is taken
    EXPECT_NE(second, first);
    mcp::loopback_options fixed;
    fixed.port = port_of(first);
    mcp::loopback_redirect third(fixed);
    EXPECT_THROW(result_on(loop, third.redirect_uri("")), mcp::authorization_error);
    EXPECT_NE(port_of(result_on(loop, other.redirect_uri("https://127.0.0.1:1/callback"))), 1);
}

TEST(loopback_redirect, does_not_wait_for_ever) {
    asio::io_context loop;
    mcp::loopback_options options;
    options.timeout = 1ms;
    options.open = [](const std::string&) {};
    mcp::loopback_redirect agent(options);
    result_on(loop, agent.redirect_uri(""));
    std::string seen;
    std::string redirect;
    const auto late = [](mcp::loopback_redirect& by) -> asio::awaitable<std::string> {
        const std::string uri = co_await by.redirect_uri("");
        const std::string query = co_await by.authorize("https://a.example/?state=s");
        co_return uri + query;
    };
    EXPECT_THROW(result_on(loop, late(agent)), mcp::authorization_error);
}

TEST(loopback_redirect, is_cancelled_with_its_caller) {
    asio::io_context loop;
    asio::cancellation_signal cancel;
    mcp::loopback_options options;
    options.open = [&](const std::string&) {
        asio::post(loop, [&] { cancel.emit(asio::cancellation_type::terminal); });
    };
    mcp::loopback_redirect agent(options);
    const auto login = [](mcp::loopback_redirect& by) -> asio::awaitable<std::string> {
        co_await by.redirect_uri("");
        const std::string query = co_await by.authorize("https://a.example/?state=s");
        co_return query;
    };
    std::exception_ptr failure;
    asio::co_spawn(loop, login(agent),
                   asio::bind_cancellation_slot(
                       cancel.slot(), [&](std::exception_ptr end, std::string) { failure = end; }));
    loop.run();
    ASSERT_TRUE(failure);
    EXPECT_THROW(std::rethrow_exception(failure), std::system_error);
}

} // namespace
