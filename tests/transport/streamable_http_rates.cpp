#include <mcp/auth/static_tokens.hpp>
#include <mcp/limit/fixed_window.hpp>
#include <mcp/limit/sliding_window.hpp>
#include <mcp/limit/token_bucket.hpp>
#include <mcp/server/server.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <support/mcp_http.hpp>
#include <utility>
#include <vector>

// Real limiters, at the endpoint: who is counted as whom, what costs how much, what is told.

namespace streamable_http_rates_test {

using wire::answer;
using wire::modern;
using wire::request;
using namespace std::chrono_literals;

struct manual_clock {
    std::chrono::steady_clock::time_point now{};
    mcp::limiter_options options() {
        mcp::limiter_options made;
        made.now = [this] { return now; };
        return made;
    }
};

request from(std::string_view address, request q) {
    q.remote = std::string(address);
    return std::move(q.set("Host", "mcp.example.com"));
}

template <class Limiter>
class streamable_http_rates : public ::testing::Test {
protected:
    Limiter limiter(std::uint32_t permits) {
        return Limiter(mcp::rate{permits, 60s}, clock.options());
    }
    manual_clock clock;
};
using limiters = ::testing::Types<mcp::fixed_window, mcp::sliding_window, mcp::token_bucket>;
TYPED_TEST_SUITE(streamable_http_rates, limiters);

TYPED_TEST(streamable_http_rates, too_many_requests_are_429_until_the_time_that_is_told) {
    mcp::server server{"rates", "1", this->limiter(3)};
    mcp::streamable_http endpoint(server);
    const request list = modern("tools/list");
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(wire::ask(endpoint, list).code, 200);
    const answer refused = wire::ask(endpoint, list);
    EXPECT_EQ(refused.code, 429);
    EXPECT_EQ(refused["/error/data/retryAfter"], refused.header("Retry-After"));
    const std::chrono::seconds wait(std::stoi(refused.header("Retry-After")));
    EXPECT_GE(wait, 20s); // what one permit of the bucket takes
    EXPECT_LE(wait, 60s);
    this->clock.now += wait - 1s;
    EXPECT_EQ(wire::ask(endpoint, list).code, 429);
    this->clock.now += 1s;
    EXPECT_EQ(wire::ask(endpoint, list).code, 200);
}

TYPED_TEST(streamable_http_rates, who_comes_over_a_unix_domain_socket_is_counted_by_user) {
    mcp::server server{"rates", "1", this->limiter(1)};
    mcp::streamable_http_options behind;
    behind.proxies.count = 1;
    mcp::streamable_http endpoint(server, behind);
    const auto code = [&](unsigned user, std::string_view forwarded) {
        request q = from("0.0.0.0", modern("tools/list"));
        q.user = user;
        if (!forwarded.empty())
            q.add("X-Forwarded-For", std::string(forwarded));
        return wire::ask(endpoint, q).code;
    };
    EXPECT_EQ(code(1000, ""), 200);
    EXPECT_EQ(code(1000, ""), 429);
    EXPECT_EQ(code(1001, ""), 200);
    EXPECT_EQ(code(33, "192.0.2.1"), 200) << "a proxy, which names its clients";
    EXPECT_EQ(code(33, "192.0.2.2"), 200);
    EXPECT_EQ(code(33, "192.0.2.2"), 429);
}

TYPED_TEST(streamable_http_rates, who_is_nobody_in_particular_is_counted_by_address) {
    mcp::server server{"rates", "1", mcp::allow_any{}, this->limiter(1)};
    mcp::streamable_http endpoint(server);
    for (const char* address : {"192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1"}) {
        SCOPED_TRACE(address);
        EXPECT_EQ(wire::ask(endpoint, from(address, modern("tools/list"))).code, 200);
        EXPECT_EQ(wire::ask(endpoint, from(address, modern("tools/list"))).code, 429);
    }
    EXPECT_EQ(wire::ask(endpoint, from("2001:db8::2", modern("tools/list"))).code, 429)
        << "of the network of one of them";
}

TYPED_TEST(streamable_http_rates, behind_a_proxy_it_is_the_address_that_the_proxy_tells) {
    mcp::server server{"rates", "1", mcp::allow_any{}, this->limiter(1)};
    mcp::streamable_http direct(server);
    mcp::streamable_http behind(server, {.proxies = {.count = 1}});
    const auto by = [](std::string_view client) {
        return from("10.0.0.9",
                    modern("tools/list").add("X-Forwarded-For", "6.6.6.6, " + std::string(client)));
    };
    EXPECT_EQ(wire::ask(behind, by("192.0.2.1")).code, 200);
    EXPECT_EQ(wire::ask(behind, by("192.0.2.2")).code, 200);
    EXPECT_EQ(wire::ask(behind, by("192.0.2.1")).code, 429);
    EXPECT_EQ(wire::ask(direct, by("192.0.2.3")).code, 200);
    EXPECT_EQ(wire::ask(direct, by("192.0.2.4")).code, 429) << "anybody can write the header";
}

TYPED_TEST(streamable_http_rates, a_batch_costs_as_much_as_its_requests) {
    mcp::server server{"rates", "1", this->limiter(6)};
    mcp::streamable_http endpoint(server);
    const std::string id = wire::open_session(endpoint, "2025-03-26");
    const auto batch = [&](int pings) {
        std::string text = R"([{"jsonrpc":"2.0","method":"notifications/initialized"})";
        for (int i = 1; i <= pings; ++i)
            text += ',' + wire::call("ping", "", std::to_string(i));
        return wire::in_session(id, text + ']');
    };
    EXPECT_EQ(wire::ask(endpoint, batch(2)).code, 200);
    const answer mixed = wire::ask(endpoint, batch(5)); // and there are three
    EXPECT_EQ(mixed.code, 200) << mixed.body;
    for (const char* served : {"/0/result", "/1/result", "/2/result"})
        EXPECT_EQ(mixed[served], "{}") << mixed.body;
    for (const char* refused : {"/3", "/4"}) {
        const std::string data = mixed[refused + std::string("/error/data/retryAfter")];
        ASSERT_NE(data, "") << mixed.body;
        EXPECT_GE(std::stoi(data), 10);
        EXPECT_LE(std::stoi(data), 60);
    }
    EXPECT_EQ(mixed["/4/id"], "5");
    EXPECT_EQ(wire::ask(endpoint, batch(1)).code, 429);
}

TYPED_TEST(streamable_http_rates, who_tries_tokens_is_counted_if_it_is_by_address) {
    mcp::static_tokens tokens;
    tokens.add("anns-long-token", mcp::principal{"ann"});
    mcp::server server{"rates", "1", std::move(tokens), this->limiter(2)};
    mcp::streamable_http endpoint(server, {.limit_by_address = true});
    const auto with = [](std::string_view address, std::string_view token) {
        return from(address,
                    modern("tools/list").add("Authorization", "Bearer " + std::string(token)));
    };
    EXPECT_EQ(wire::ask(endpoint, with("192.0.2.1", "guess")).code, 401);
    EXPECT_EQ(wire::ask(endpoint, with("192.0.2.1", "another")).code, 401);
    EXPECT_EQ(wire::ask(endpoint, with("192.0.2.1", "anns-long-token")).code, 429);
    EXPECT_EQ(wire::ask(endpoint, with("192.0.2.2", "anns-long-token")).code, 200);
    EXPECT_EQ(wire::ask(endpoint, with("192.0.2.3", "anns-long-token")).code, 200)
        << "nobody is counted by subject";
}

} // namespace streamable_http_rates_test
