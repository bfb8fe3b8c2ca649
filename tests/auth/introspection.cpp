#include <mcp/auth/introspection.hpp>

#include <mcp/async/mailbox.hpp>
#include <mcp/encoding/base64.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/server.hpp>
#include <mcp/testing/auth_backend_suite.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <gmock/gmock.h>
#include <http/scripted_peer.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace introspection_test {

using namespace std::chrono_literals;
using mcp::auth_result;
using mcp::introspection;
using mcp::introspection_options;
using reason = mcp::auth_failure::reason;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::chrono::sys_seconds noon{1'800'000'000s};

/// An authorization server whose responses a test sets. It counts requests.
class endpoint {
public:
    explicit endpoint(std::string says = R"({"active": true, "sub": "ann"})", int code = 200)
        : text_(std::move(says))
        , code_(code)
        , server_([this](mcp::http::request& q, mcp::http::response& r) { return respond(q, r); },
                  {.port = 0}) {
        server_.start();
    }
    ~endpoint() {
        gate_.close();
        server_.stop();
        server_.join();
    }

    introspection_options options() const {
        introspection_options out;
        out.endpoint = "http://127.0.0.1:" + std::to_string(server_.port()) + "/introspect";
        out.client_id = "server";
        out.client_secret = "key";
        out.now = [this] { return now_.load(); };
        return out;
    }

    void respond_with(std::string text) {
        const std::lock_guard lock(mutex_);
        text_ = std::move(text);
    }
    void advance(std::chrono::seconds by) { now_ = now_.load() + by; }
    int requests() const { return requests_; }
    std::string last() {
        const std::lock_guard lock(mutex_);
        return last_;
    }

    /// From now on answers wait until `open`.
    void hold() { held_ = true; }
    void open() {
        held_ = false;
        gate_.close();
    }

private:
    asio::awaitable<void> respond(mcp::http::request& request, mcp::http::response& response) {
        {
            const std::lock_guard lock(mutex_);
            last_ = std::string(request.method_name).append(" ").append(request.path);
            for (const char* name : {"authorization", "content-type", "accept"})
                last_.append("\n").append(request.headers.find(name).value_or("none"));
            last_.append("\n").append(request.body);
            response.body = text_;
        }
        ++requests_;
        if (held_)
            co_await gate_.wait();
        response.code = static_cast<mcp::http::status>(code_);
        response.content_type = "application/json";
    }

    std::mutex mutex_;
    std::string text_;
    std::string last_;
    int code_;
    std::atomic<int> requests_{0};
    std::atomic<bool> held_{false};
    std::atomic<std::chrono::system_clock::time_point> now_{noon};
    mcp::mailbox gate_;
    mcp::http::server server_;
};

/// A request with these Authorization headers.
struct bearer {
    explicit bearer(std::vector<std::string> values) : texts(std::move(values)) {
        for (const std::string& each : texts)
            request.headers.add("Authorization", each);
    }
    std::vector<std::string> texts;
    mcp::http::request request;
};

auth_result authenticated(const introspection& auth, std::string_view token = "abc") {
    asio::io_context loop;
    const bearer outcome({"Bearer " + std::string(token)});
    return test::run_on(loop, auth.authenticate(outcome.request));
}

auth_result about(std::string says,
                  const std::function<void(introspection_options&)>& adjust = {}) {
    const endpoint server(std::move(says));
    introspection_options options = server.options();
    if (adjust)
        adjust(options);
    return authenticated(introspection(options));
}

TEST(introspection, asks_as_the_rfc_wants_it) {
    endpoint server;
    introspection_options options = server.options();
    options.client_id = "a b";
    options.client_secret = "p:w+\xc3\xa4";
    EXPECT_TRUE(authenticated(introspection(options), "a+b/c==&x"));
    EXPECT_EQ(server.last(), "POST /introspect\nBasic " + mcp::to_base64("a%20b:p%3Aw%2B%C3%A4") +
                                 "\napplication/x-www-form-urlencoded\napplication/json\n"
                                 "token=a%2Bb%2Fc%3D%3D%26x&token_type_hint=access_token");
}

TEST(introspection, makes_a_principal_of_a_good_token) {
    const auth_result outcome = about(
        R"({"active": true, "sub": "ann", "client_id": "app", "scope": " read  write ",
            "aud": ["https://a/mcp", "https://b/mcp"], "iss": "https://login", "exp": 1800000060,
            "nbf": 1799999999.5, "token_type": "Bearer", "team": 7})");
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->subject, "ann");
    EXPECT_THAT(outcome->scopes, ElementsAre("read", "write"));
    EXPECT_THAT(outcome->audience, ElementsAre("https://a/mcp", "https://b/mcp"));
    EXPECT_EQ(outcome->expires, noon + 60s);
    EXPECT_EQ(outcome->claims.at("team").as_int64(), 7);

    const auth_result client = about(R"({"active": true, "client_id": "app", "aud": "x"})");
    ASSERT_TRUE(client);
    EXPECT_EQ(client->subject, "app");
    EXPECT_THAT(client->audience, ElementsAre("x"));
    EXPECT_THAT(client->scopes, IsEmpty());
    EXPECT_FALSE(client->expires);
}

TEST(introspection, takes_times_without_an_end) {
    const auto endless = [](introspection_options& o) {
        o.leeway = o.cache_time = o.refused_cache_time = std::chrono::seconds::max();
        o.timeout = std::chrono::milliseconds::max();
    };
    for (const auto& [response, accepted] :
         {std::pair{R"({"active": true, "sub": "ann"})", true},
          std::pair{R"({"active": true, "sub": "ann", "exp": 1})", true},
          std::pair{R"({"active": true, "sub": "ann", "exp": 253402300799})", true},
          std::pair{R"({"active": true, "sub": "ann", "nbf": 1800000060})", true},
          std::pair{R"({"active": false})", false}}) {
        endpoint server(response);
        introspection_options options = server.options();
        endless(options);
        const introspection auth(options);
        EXPECT_EQ(static_cast<bool>(authenticated(auth)), accepted) << response;
        server.advance(std::chrono::hours(24));
        EXPECT_EQ(static_cast<bool>(authenticated(auth)), accepted) << response;
        EXPECT_EQ(server.requests(), 1) << response;
    }
}

TEST(introspection, refuses_a_token_that_is_not_good) {
    const auto strict = [](introspection_options& o) {
        o.audience = "https://a/mcp";
        o.issuer = "https://login";
    };
    const std::string base = R"({"active": true, "sub": "ann", "iss": "https://login", )";
    EXPECT_TRUE(about(base + R"("aud": "https://a/mcp"})", strict));
    EXPECT_TRUE(about(base + R"("aud": ["x", "https://a/mcp"]})", strict));
    const std::string bad[] = {
        R"({"active": false})",
        R"({"active": false, "sub": "ann", "iss": "https://login", "aud": "https://a/mcp"})",
        base + R"("aud": "https://a/mcp/"})",
        base + R"("aud": "https://a"})",
        base + R"("aud": "HTTPS://A/MCP"})",
        base + R"("aud": ["https://a/mcp2", 7, null]})",
        base + R"("aud": {"https://a/mcp": true}})",
        base + R"("x": 1})",
        R"({"active": true, "sub": "ann", "aud": "https://a/mcp"})",
        R"({"active": true, "sub": "ann", "iss": "https://login2", "aud": "https://a/mcp"})",
        R"({"active": true, "sub": "ann", "iss": ["https://login"], "aud": "https://a/mcp"})",
        base + R"("aud": "https://a/mcp", "exp": 1799999970})",
        base + R"("aud": "https://a/mcp", "exp": "1800000060"})",
        base + R"("aud": "https://a/mcp", "exp": null})",
        base + R"("aud": "https://a/mcp", "exp": -1})",
        base + R"("aud": "https://a/mcp", "exp": 1e300})",
        base + R"("aud": "https://a/mcp", "nbf": 1800000031})",
        base + R"("aud": "https://a/mcp", "nbf": 1800000030.5})",
        base + R"("aud": "https://a/mcp", "nbf": 9999999999})", // beyond what the clock can tell
        base + R"("aud": "https://a/mcp", "nbf": 253402300799})",
        base + R"("aud": "https://a/mcp", "token_type": "DPoP"})",
        R"({"active": true, "iss": "https://login", "aud": "https://a/mcp"})",
        R"({"active": true, "sub": "", "iss": "https://login", "aud": "https://a/mcp"})",
        R"({"active": true, "sub": 7, "iss": "https://login", "aud": "https://a/mcp"})",
    };
    for (const std::string& each : bad) {
        const auth_result outcome = about(each, strict);
        ASSERT_FALSE(outcome) << each;
        EXPECT_EQ(outcome.error().why, reason::invalid_token) << each;
    }
    // Clocks may differ by the leeway.
    EXPECT_TRUE(about(base + R"("aud": "https://a/mcp", "exp": 1799999971})", strict));
    EXPECT_TRUE(about(base + R"("aud": "https://a/mcp", "nbf": 1800000030})", strict));
    for (const char* far : {"9999999999", "32503680000", "253402300799"})
        EXPECT_TRUE(about(base + R"("aud": "https://a/mcp", "exp": )" + far + '}', strict)) << far;
}

TEST(introspection, says_that_it_cannot_know) {
    const struct {
        std::string says;
        int code;
        const char* log;
    } rows[] = {
        {R"({"active": true, "sub": "ann"})", 401, "the response has status 401"},
        {R"({"active": true, "sub": "ann"})", 302, "the response has status 302"},
        {"", 500, "the response has status 500"},
        {"", 200, "not an introspection response"},
        {"[]", 200, "not an introspection response"},
        {R"({"sub": "ann"})", 200, "not an introspection response"},
        {R"({"active": "true", "sub": "ann"})", 200, "not an introspection response"},
    };
    for (const auto& row : rows) {
        const endpoint server(row.says, row.code);
        introspection_options options = server.options();
        std::vector<std::string> log;
        options.on_failure = [&](const std::string& sentence) { log.push_back(sentence); };
        const introspection auth(options);
        for (int i = 1; i < 3; ++i) { // which is not remembered
            const auth_result outcome = authenticated(auth);
            ASSERT_FALSE(outcome);
            EXPECT_EQ(outcome.error().why, reason::unavailable);
            EXPECT_EQ(server.requests(), i);
        }
        EXPECT_THAT(log, ElementsAre(HasSubstr(row.log), HasSubstr(row.log)));
    }
    introspection_options nowhere;
    {
        const endpoint gone;
        nowhere = gone.options();
        nowhere.now = std::chrono::system_clock::now;
    }
    std::string log;
    nowhere.on_failure = [&](const std::string& sentence) { log = sentence; };
    const auth_result outcome = authenticated(introspection(nowhere));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().why, reason::unavailable);
    EXPECT_THAT(outcome.error().description, Not(HasSubstr("127.0.0.1")));
    EXPECT_THAT(log, HasSubstr("cannot connect"));
    EXPECT_THAT(log, Not(HasSubstr("abc")));
}

TEST(introspection, asks_nothing_without_a_token) {
    const endpoint server;
    const introspection auth(server.options());
    asio::io_context loop;
    const struct {
        std::vector<std::string> values;
        reason why;
    } rows[] = {
        {{}, reason::no_token},
        {{"Basic YTpi"}, reason::no_token},
        {{"Bearer"}, reason::no_token},
        {{"Bearer abc", "Bearer abc"}, reason::bad_request},
    };
    for (const auto& row : rows) {
        const bearer request(row.values);
        const auth_result outcome = test::run_on(loop, auth.authenticate(request.request));
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().why, row.why);
    }
    EXPECT_EQ(server.requests(), 0);
}

TEST(introspection, remembers_a_good_token_until_it_expires_or_for_a_while) {
    endpoint server(R"({"active": true, "sub": "ann", "exp": 1800000070})");
    introspection_options options = server.options();
    options.cache_time = 60s;
    options.leeway = 5s;
    const introspection auth(options);
    EXPECT_TRUE(authenticated(auth));
    server.advance(59s);
    EXPECT_TRUE(authenticated(introspection(auth))); // a copy
    EXPECT_EQ(server.requests(), 1);
    EXPECT_TRUE(authenticated(auth, "other"));
    EXPECT_EQ(server.requests(), 2);
    server.advance(1s);
    EXPECT_TRUE(authenticated(auth));
    EXPECT_EQ(server.requests(), 3);
    server.advance(14s);
    EXPECT_TRUE(authenticated(auth));
    EXPECT_EQ(server.requests(), 3);
    server.advance(1s);
    EXPECT_FALSE(authenticated(auth));
    EXPECT_EQ(server.requests(), 4);
}

TEST(introspection, remembers_a_bad_token_for_a_short_while) {
    endpoint server(R"({"active": false})");
    const introspection auth(server.options());
    EXPECT_FALSE(authenticated(auth));
    server.respond_with(R"({"active": true, "sub": "ann"})");
    server.advance(4s);
    EXPECT_FALSE(authenticated(auth));
    EXPECT_EQ(server.requests(), 1);
    server.advance(1s);
    EXPECT_TRUE(authenticated(auth));
    EXPECT_EQ(server.requests(), 2);
}

TEST(introspection, remembers_so_many_tokens_and_bad_ones_drive_out_no_good_ones) {
    endpoint server;
    introspection_options options = server.options();
    options.cache_entries = 2;
    const introspection auth(options);
    authenticated(auth, "1");
    authenticated(auth, "2");
    server.respond_with(R"({"active": false})");
    for (const char* token : {"x", "y", "z"})
        EXPECT_FALSE(authenticated(auth, token));
    EXPECT_EQ(server.requests(), 5);
    EXPECT_TRUE(authenticated(auth, "1"));
    EXPECT_EQ(server.requests(), 5);
    server.respond_with(R"({"active": true, "sub": "ann"})");
    authenticated(auth, "3"); // in place of the oldest, 1
    authenticated(auth, "2");
    EXPECT_EQ(server.requests(), 6);
    authenticated(auth, "1");
    EXPECT_EQ(server.requests(), 7);

    options.cache_entries = 0;
    const introspection forgetful(options);
    authenticated(forgetful);
    authenticated(forgetful);
    EXPECT_EQ(server.requests(), 9);
}

/// Runs what is ready and what becomes so, until the condition holds.
template <class Condition>
void run_until(asio::io_context& loop, Condition holds) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!holds() && std::chrono::steady_clock::now() < deadline) {
        loop.restart();
        loop.run_for(1ms);
    }
    ASSERT_TRUE(holds());
}

TEST(introspection, asks_once_for_many_on_all_loops) {
    endpoint server;
    server.hold();
    const introspection auth(server.options());
    const bearer outcome({"Bearer abc"});
    asio::io_context loops[2];
    std::atomic<int> in{0};
    const auto count = [&](std::exception_ptr failure, const auth_result& result) {
        in += !failure && result && result->subject == "ann" ? 1 : 0;
    };
    for (auto& loop : loops)
        for (int i = 0; i < 10; ++i)
            asio::co_spawn(loop, auth.authenticate(outcome.request), count);
    run_until(loops[0], [&] { return server.requests() == 1; });
    loops[1].poll();
    server.open();
    std::thread other([&] { run_until(loops[1], [&] { return in == 20; }); });
    run_until(loops[0], [&] { return in == 20; });
    other.join();
    EXPECT_EQ(server.requests(), 1);
}

TEST(introspection, asks_again_for_those_who_wait_if_whoever_asks_is_cancelled) {
    endpoint server;
    server.hold();
    const introspection auth(server.options());
    const bearer outcome({"Bearer abc"});
    asio::io_context loop;
    asio::cancellation_signal cancel;
    std::exception_ptr first;
    int in = 0;
    asio::co_spawn(
        loop, auth.authenticate(outcome.request),
        asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr failure,
                                                        const auth_result&) { first = failure; }));
    for (int i = 0; i < 3; ++i)
        asio::co_spawn(
            loop, auth.authenticate(outcome.request),
            [&](std::exception_ptr, const auth_result& result) { in += result ? 1 : 0; });
    run_until(loop, [&] { return server.requests() == 1; });
    cancel.emit(asio::cancellation_type::terminal);
    run_until(loop, [&] { return server.requests() == 2; });
    EXPECT_TRUE(first);
    server.open();
    run_until(loop, [&] { return in == 3; });
    EXPECT_EQ(server.requests(), 2);
}

TEST(introspection, needs_an_endpoint) {
    for (const char* bad : {"", "login.example.com", "ftp://a/", "http://me:secret@a/",
                            "http://login.example.com/introspect"}) {
        introspection_options options;
        options.endpoint = bad;
        EXPECT_THROW(introspection{options}, std::invalid_argument) << bad;
    }
}

TEST(introspection_contract, is_kept) {
    const auto respond = [](mcp::http::request& request,
                            mcp::http::response& response) -> asio::awaitable<void> {
        response.body = request.body.starts_with("token=ann-has-a-token&")
                            ? R"({"active": true, "sub": "ann"})"
                            : R"({"active": false})";
        co_return;
    };
    mcp::http::server server(respond, {.port = 0});
    server.start();
    const auto make = [&] {
        introspection_options options;
        options.endpoint = "http://127.0.0.1:" + std::to_string(server.port());
        return std::make_shared<introspection>(options);
    };
    EXPECT_THAT(mcp::testing::check_auth_backend(make, {.good = "Bearer ann-has-a-token",
                                                        .subject = "ann",
                                                        .bad = {"Bearer bob-had-a-token"}}),
                IsEmpty());
    server.stop();
    server.join();
}

} // namespace introspection_test
