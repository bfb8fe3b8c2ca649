// SPDX-License-Identifier: MIT
#include <mcp/client/oauth.hpp>

#include <mcp/client/authorization_error.hpp>
#include <mcp/client/file_tokens.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <client/oauth_world.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace oauth_test;
using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

mcp::oauth_options options(world& w) {
    mcp::oauth_options out;
    out.name = "desk";
    out.agent = std::make_shared<mcp::headless_agent>();
    out.now = [&w] { return w.now.load(); };
    return out;
}

std::string call_once(mcp::authorizer& by, const world& w) {
    return result_of(call(by, w.endpoint()));
}

TEST(oauth, gets_a_token_by_the_whole_flow) {
    world w;
    mcp::oauth login(options(w));
    EXPECT_EQ(call_once(login, w), "200");
    EXPECT_THAT(w.log(),
                ElementsAre("GET /mcp", "GET /.well-known/oauth-protected-resource/mcp",
                            "GET /.well-known/oauth-authorization-server/as", "POST /as/register",
                            "GET /as/authorize", "POST /as/token authorization_code", "GET /mcp"));
    EXPECT_EQ(w.last("/as/authorize", "response_type"), "code");
    EXPECT_EQ(w.last("/as/authorize", "client_id"), "registered");
    EXPECT_EQ(w.last("/as/authorize", "code_challenge_method"), "S256");
    EXPECT_EQ(w.last("/as/authorize", "resource"), w.endpoint());
    EXPECT_EQ(w.last("/as/authorize", "scope"), "-");
    EXPECT_EQ(w.last("/as/token", "resource"), w.endpoint());
    EXPECT_EQ(w.last("/as/token", "client_id"), "registered");
    EXPECT_EQ(w.last("/as/token", "redirect_uri"), w.last("/as/authorize", "redirect_uri"));
    EXPECT_THAT(w.last("/as/register", ""), HasSubstr(R"("client_name":"desk")"));

    EXPECT_EQ(call_once(login, w), "200");
    EXPECT_THAT(w.log(), ElementsAre("GET /mcp"));
}

// Each row: how the servers behave, and what comes of a call.
struct row {
    std::string_view name;
    std::function<void(behaviour&, const world&)> change;
    std::string_view expected;
    bool asks_user;  ///< whether the authorization endpoint is reached
    bool gets_token; ///< whether the token endpoint is
};

TEST(oauth, what_is_refused) {
    const std::string_view members = R"("code_challenge_methods_supported":["S256"])";
    const auto with_iss = [members](behaviour& b, std::string_view extra) {
        b.server_members =
            std::string(members) + R"(,"authorization_response_iss_parameter_supported":true)";
        b.redirect_extra = extra;
    };
    const row rows[] = {
        {"the resource is another",
         [](behaviour& b, const world&) { b.resource = "https://e.example/mcp"; },
         "describes another resource", false, false},
        {"the issuer is another",
         [](behaviour& b, const world&) { b.issuer = "https://e.example"; },
         "is that of another issuer", false, false},
        {"no metadata", [](behaviour& b, const world&) { b.server_document = false; },
         "has no metadata", false, false},
        {"no PKCE", [](behaviour& b, const world&) { b.server_members = R"("x":1)"; },
         "does not support PKCE", false, false},
        {"no registration", [](behaviour& b, const world&) { b.registration = false; },
         "cannot register there", false, false},
        {"a registration without an id", [](behaviour& b, const world&) { b.registered = "{}"; },
         "has no client_id", false, false},
        {"the user refuses", [](behaviour& b, const world&) { b.redirect_error = "access_denied"; },
         "has refused the program (access_denied)", true, false},
        {"the server fails", [](behaviour& b, const world&) { b.redirect_error = "server_error"; },
         "answers server_error", true, false},
        {"iss is missing", [&](behaviour& b, const world&) { with_iss(b, ""); },
         "does not name its issuer", true, false},
        {"iss is right", [&](behaviour& b, const world& w) { with_iss(b, "&iss=" + w.issuer()); },
         "200", true, true},
        {"iss has a slash",
         [&](behaviour& b, const world& w) { with_iss(b, "&iss=" + w.issuer() + "/"); },
         "another issuer", true, false},
        {"iss is unexpected",
         [](behaviour& b, const world&) { b.redirect_extra = "&iss=https://e.example"; },
         "another issuer", true, false},
        {"no token", [](behaviour& b, const world&) { b.token_members = R"("token_type":"mac")"; },
         "not a JSON object", true, true}, // a repeated member
        {"the token is refused for ever",
         [](behaviour& b, const world&) { b.refuses_tokens = true; },
         "still refuses the program after 3 authorizations", true, true},
        {"the scope is never granted",
         [](behaviour& b, const world&) { b.needed_scope = "none of\\it"; },
         "still refuses the program after 3 authorizations", true, true},
    };
    for (const row& each : rows) {
        world w;
        w.change([&](behaviour& b) { each.change(b, w); });
        mcp::oauth login(options(w));
        const std::string got = call_once(login, w);
        EXPECT_THAT(got, HasSubstr(std::string(each.expected))) << each.name;
        EXPECT_THAT(got, Not(HasSubstr("secret"))) << each.name;
        const auto log = w.log();
        EXPECT_EQ(std::count(log.begin(), log.end(), "GET /as/authorize") != 0, each.asks_user)
            << each.name;
        EXPECT_EQ(std::count(log.begin(), log.end(), "POST /as/token authorization_code") != 0,
                  each.gets_token)
            << each.name;
    }
}

TEST(oauth, chooses_scopes) {
    struct scopes {
        std::string_view challenge, resource, server, own, expected;
        bool offline;
    };
    const scopes rows[] = {
        {"a b", "c", "", "", "a b", true},
        {"", "c d", "", "", "c d", true},
        {"", "", "", "", "-", true},
        {"", "", "offline_access", "", "-", true}, // the default scopes are kept
        {"a", "", "a offline_access", "", "a offline_access", true},
        {"a", "", "a offline_access", "", "a", false},
        {"a", "", "a", "z a", "a z", true},
    };
    for (const scopes& each : rows) {
        world w;
        w.change([&](behaviour& b) {
            b.challenge_scope = each.challenge;
            b.supported_scopes = each.resource;
            b.server_members += R"(,"scopes_supported":[)";
            for (std::string_view one : {"a", "offline_access"})
                if (each.server.find(one) != each.server.npos)
                    b.server_members += "\"" + std::string(one) + "\"" +
                                        (one == "a" && each.server.size() > 1 ? "," : "");
            b.server_members += "]";
        });
        auto how = options(w);
        how.scope = each.own;
        how.offline = each.offline;
        mcp::oauth login(how);
        EXPECT_EQ(call_once(login, w), "200");
        EXPECT_EQ(w.last("/as/authorize", "scope"), each.expected);
        EXPECT_EQ(w.last("/as/authorize", "prompt"),
                  each.expected.find("offline") != each.expected.npos ? "consent" : "-");
    }
}

TEST(oauth, step_up_asks_for_the_union) {
    world w;
    w.change([](behaviour& b) { b.challenge_scope = "read"; });
    mcp::oauth login(options(w));
    EXPECT_EQ(call_once(login, w), "200");
    w.change([](behaviour& b) { b.needed_scope = "write"; });
    EXPECT_EQ(call_once(login, w), "200");
    EXPECT_EQ(w.last("/as/authorize", "scope"), "read write");
    w.log();
    EXPECT_EQ(call_once(login, w), "200");
    EXPECT_THAT(w.log(), ElementsAre("GET /mcp"));
}

TEST(oauth, ways_to_get_a_client_id) {
    const auto flow = [](world& w, mcp::oauth_options how) {
        mcp::oauth login(std::move(how));
        return call_once(login, w);
    };
    { // by hand, with a secret
        world w;
        w.change([](behaviour& b) {
            b.server_members = R"("code_challenge_methods_supported":["S256"],
                "token_endpoint_auth_methods_supported":["client_secret_basic"])";
        });
        auto how = options(w);
        how.client_id = "by hand";
        how.client_secret = "s";
        EXPECT_EQ(flow(w, how), "200");
        EXPECT_EQ(w.last("/as/token", "basic"), "YnklMjBoYW5kOnM="); // by%20hand:s
        EXPECT_EQ(w.last("/as/token", "client_id"), "-");
        EXPECT_THAT(w.log(), Not(Contains("POST /as/register")));
        how.issuer = "https://other.example";
        EXPECT_THAT(flow(w, how), HasSubstr("than the one where the program is registered"));
    }
    { // a document
        world w;
        auto how = options(w);
        how.client_document = "https://desk.example/client.json";
        EXPECT_EQ(flow(w, how), "200");
        EXPECT_EQ(w.last("/as/authorize", "client_id"), "registered"); // not supported
        w.change([](behaviour& b) {
            b.server_members += R"(,"client_id_metadata_document_supported":true)";
        });
        EXPECT_EQ(flow(w, how), "200");
        EXPECT_EQ(w.last("/as/token", "client_id"), "https://desk.example/client.json");
        how.client_document = "http://desk.example/client.json";
        EXPECT_THROW(mcp::oauth{how}, std::invalid_argument);
    }
    { // by registration, with a secret
        world w;
        w.change([](behaviour& b) {
            b.registered = R"({"client_id":"c","client_secret":"s",
                               "token_endpoint_auth_method":"client_secret_post"})";
        });
        EXPECT_EQ(flow(w, options(w)), "200");
        EXPECT_EQ(w.last("/as/token", "client_secret"), "s");
        EXPECT_EQ(w.last("/as/token", "client_id"), "c");
    }
}

TEST(oauth, servers_of_2025_03_26_authorize_themselves) {
    for (const bool document : {true, false}) {
        behaviour how;
        how.resource_document = false;
        how.issuer_path = "";
        how.server_document = document;
        world w(how);
        mcp::oauth login(options(w));
        EXPECT_EQ(call_once(login, w), "200");
        EXPECT_THAT(w.log(), Contains("POST /register"));
        EXPECT_EQ(w.last("/authorize", "resource"), w.endpoint());
    }
}

TEST(oauth, refreshes_before_the_end) {
    world w;
    mcp::oauth login(options(w));
    EXPECT_EQ(call_once(login, w), "200");
    w.log();
    w.advance(3571s);
    EXPECT_EQ(call_once(login, w), "200");
    EXPECT_THAT(w.log(), ElementsAre("POST /as/token refresh_token", "GET /mcp"));
    EXPECT_EQ(w.last("/as/token", "refresh_token"), "refresh");
    EXPECT_EQ(w.last("/as/token", "resource"), w.endpoint());

    // A server that is away: the token is used as long as it is good.
    w.change([](behaviour& b) {
        b.refresh_answer = R"({"error":"temporarily_unavailable"})";
        b.token_status = 503;
    });
    w.advance(3571s);
    EXPECT_EQ(call_once(login, w), "200");
    w.advance(60s);
    EXPECT_THAT(call_once(login, w), HasSubstr("temporarily_unavailable"));

    // A refresh token that is refused: the user is asked again.
    w.change([](behaviour& b) {
        b.refresh_answer = R"({"error":"invalid_grant"})";
        b.token_status = 400;
    });
    w.log();
    EXPECT_EQ(call_once(login, w), "200");
    EXPECT_THAT(w.log(), Contains("GET /as/authorize"));
}

TEST(oauth, a_token_of_a_short_life_serves_several_requests) {
    world w;
    w.change(
        [](behaviour& b) { b.token_members = R"("expires_in":20,"refresh_token":"refresh")"; });
    mcp::oauth login(options(w));
    EXPECT_EQ(call_once(login, w), "200");
    w.advance(14s);
    w.log();
    EXPECT_EQ(call_once(login, w), "200");
    EXPECT_THAT(w.log(), ElementsAre("GET /mcp"));
    w.advance(1s);
    EXPECT_EQ(call_once(login, w), "200");
    EXPECT_THAT(w.log(), ElementsAre("POST /as/token refresh_token", "GET /mcp"));
}

TEST(oauth, a_revoked_token_is_refreshed_first) {
    world w;
    mcp::oauth login(options(w));
    EXPECT_EQ(call_once(login, w), "200");
    w.forget_tokens();
    w.advance(60s);
    w.log();
    EXPECT_EQ(call_once(login, w), "200");
    EXPECT_THAT(w.log(), Contains("POST /as/token refresh_token"));
    EXPECT_THAT(w.last("/as/token", "grant_type"), "refresh_token");
}

TEST(oauth, many_requests_wait_for_one_authorization) {
    for (const bool denied : {false, true}) {
        world w;
        if (denied)
            w.change([](behaviour& b) { b.redirect_error = "access_denied"; });
        mcp::oauth login(options(w));
        asio::io_context loop;
        std::vector<std::future<std::string>> results;
        for (int i = 0; i < 8; ++i)
            results.push_back(asio::co_spawn(loop, call(login, w.endpoint()), asio::use_future));
        loop.run();
        for (auto& each : results)
            EXPECT_THAT(each.get(), HasSubstr(denied ? "access_denied" : "200"));
        const auto log = w.log();
        EXPECT_EQ(std::count(log.begin(), log.end(), "GET /as/authorize"), 1);
        if (denied)
            continue;

        w.advance(3600s);
        loop.restart();
        results.clear();
        for (int i = 0; i < 8; ++i)
            results.push_back(asio::co_spawn(loop, call(login, w.endpoint()), asio::use_future));
        loop.run();
        for (auto& each : results)
            EXPECT_EQ(each.get(), "200");
        const auto later = w.log();
        EXPECT_EQ(std::count(later.begin(), later.end(), "POST /as/token refresh_token"), 1);
    }
}

/// A user who never comes.
class absent_user : public mcp::headless_agent {
public:
    asio::awaitable<std::string> authorize(std::string url) override {
        ++asked;
        if (present)
            return mcp::headless_agent::authorize(std::move(url));
        return wait();
    }

    int asked = 0;
    bool present = false;
    std::function<void()> waits;

private:
    asio::awaitable<std::string> wait() {
        asio::steady_timer timer(co_await asio::this_coro::executor,
                                 asio::steady_timer::time_point::max());
        waits();
        co_await timer.async_wait(asio::use_awaitable);
        co_return "";
    }
};

TEST(oauth, another_request_takes_over_from_a_cancelled_one) {
    world w;
    const auto user = std::make_shared<absent_user>();
    auto how = options(w);
    how.agent = user;
    mcp::oauth login(how);
    asio::io_context loop;
    asio::cancellation_signal cancel;
    user->waits = [&] {
        asio::post(loop, [&] {
            user->present = true;
            cancel.emit(asio::cancellation_type::terminal);
        });
    };
    std::string first;
    std::string second;
    asio::co_spawn(loop, call(login, w.endpoint()),
                   asio::bind_cancellation_slot(
                       cancel.slot(), [&](std::exception_ptr, std::string got) { first = got; }));
    asio::co_spawn(loop, call(login, w.endpoint()),
                   [&](std::exception_ptr, std::string got) { second = got; });
    loop.run();
    EXPECT_THAT(first, Not(HasSubstr("200")));
    EXPECT_EQ(second, "200");
    EXPECT_EQ(user->asked, 2);
}

/// Runs the loop until the authorization server has got a request.
void poll_until(asio::io_context& loop, world& w, const std::string& request) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    bool got = false;
    while (!got && std::chrono::steady_clock::now() < deadline) {
        loop.poll_one();
        const auto log = w.log();
        got = std::find(log.begin(), log.end(), request) != log.end();
    }
    EXPECT_TRUE(got);
}

TEST(oauth, keeps_what_it_gets_for_a_cancelled_request) {
    for (const bool refreshes : {false, true}) {
        world w;
        const mcp::memory_tokens store;
        mcp::oauth login(options(w), store);
        if (refreshes) {
            EXPECT_EQ(call_once(login, w), "200");
            w.advance(3600s);
            w.log();
        }
        asio::io_context loop;
        asio::cancellation_signal cancel;
        std::string got;
        asio::co_spawn(
            loop, call(login, w.endpoint()),
            asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr, std::string text) {
                got = std::move(text);
            }));
        poll_until(loop, w,
                   refreshes ? "POST /as/token refresh_token"
                             : "POST /as/token authorization_code");
        cancel.emit(asio::cancellation_type::terminal);
        loop.run();
        EXPECT_THAT(got, Not(HasSubstr("200")));
        const auto kept = store.load(w.endpoint());
        ASSERT_TRUE(kept);
        EXPECT_EQ(kept->access_token, refreshes ? "token-2" : "token-1");
    }
}

TEST(oauth, another_authorization_server_gets_nothing_of_the_first) {
    world w;
    mcp::oauth login(options(w));
    EXPECT_EQ(call_once(login, w), "200");
    w.change([](behaviour& b) {
        b.issuer_path = "/new";
        b.registered = R"({"client_id":"anew"})";
    });
    w.forget_tokens();
    w.advance(60s);
    w.log();
    EXPECT_EQ(call_once(login, w), "200");
    EXPECT_THAT(w.log(), Contains("POST /new/register"));
    EXPECT_EQ(w.last("/new/token", "client_id"), "anew");
    EXPECT_EQ(w.last("/new/token", "grant_type"), "authorization_code");
}

TEST(oauth, goes_on_with_stored_tokens) {
    world w;
    const mcp::memory_tokens store;
    {
        mcp::oauth login(options(w), store);
        EXPECT_EQ(call_once(login, w), "200");
    }
    const auto kept = store.load(w.endpoint());
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->issuer, w.issuer());
    EXPECT_EQ(kept->client_id, "registered");
    w.log();
    mcp::oauth again(options(w), store);
    EXPECT_EQ(call_once(again, w), "200");
    EXPECT_THAT(w.log(), ElementsAre("GET /mcp"));
    w.advance(3600s);
    mcp::oauth later(options(w), store);
    EXPECT_EQ(call_once(later, w), "200");
    EXPECT_THAT(w.log(), ElementsAre("GET /.well-known/oauth-authorization-server/as",
                                     "POST /as/token refresh_token", "GET /mcp"));
    // A registration that the server has forgotten is made anew, the next time.
    w.change([](behaviour& b) { b.redirect_error = "unauthorized_client"; });
    w.forget_tokens();
    EXPECT_EQ(call_once(later, w).empty(), false);
    w.change([](behaviour& b) { b.redirect_error = ""; });
    w.log();
    EXPECT_EQ(call_once(later, w), "200");
    EXPECT_THAT(w.log(), Contains("POST /as/register"));
}

TEST(oauth, a_store_that_fails_is_named) {
    world w;
    mcp::oauth login(options(w), mcp::file_tokens("/dev/null/tokens"));
    EXPECT_THAT(call_once(login, w), HasSubstr("the tokens cannot be loaded"));
}

// A server elsewhere must not make the client talk to this machine.
TEST(oauth, urls_on_this_machine_need_a_server_that_is_here) {
    world w;
    const auto challenge = [&](const char* url) {
        mcp::authorization_challenge out;
        out.url = url;
        out.authenticate = {"Bearer resource_metadata=\"" + w.origin() + "/x\""};
        return out;
    };
    auto how = options(w);
    how.http.timeouts.total = 2s;
    how.http.allow = [](const asio::ip::address&) { return false; };
    mcp::oauth login(how);
    EXPECT_THROW(result_of(login.challenged(challenge("https://192.0.2.1/mcp"))),
                 mcp::authorization_error);
    EXPECT_THAT(w.log(), ElementsAre());
}

} // namespace
