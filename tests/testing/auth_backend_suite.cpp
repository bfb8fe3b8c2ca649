#include <mcp/testing/auth_backend_suite.hpp>

#include <mcp/auth/static_tokens.hpp>
#include <mcp/http/message.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <gmock/gmock.h>
#include <memory>
#include <stdexcept>
#include <string>

namespace auth_backend_suite_test {

using ::testing::Contains;
using ::testing::IsEmpty;

const mcp::testing::auth_samples samples{.good = "Bearer ann-has-a-token",
                                         .subject = "ann",
                                         .bad = {"Bearer bob-had-a-token", "Bearer unknown"}};

TEST(static_tokens_contract, is_kept) {
    const auto make = [] {
        auto tokens = std::make_shared<mcp::static_tokens>();
        tokens->add("ann-has-a-token", {.subject = "ann"});
        tokens->add("bob-had-a-token",
                    {.subject = "bob", .expires = std::chrono::sys_seconds(std::chrono::hours(1))});
        return tokens;
    };
    EXPECT_THAT(mcp::testing::check_auth_backend(make, samples), IsEmpty());
}

TEST(allow_any_contract, is_kept) {
    EXPECT_THAT(mcp::testing::check_auth_backend([] { return std::make_shared<mcp::allow_any>(); },
                                                 {.subject = "anonymous", .open = true}),
                IsEmpty());
}

/// Awaitable, and with a fault that is to be found.
template <class Fault>
struct faulty {
    asio::awaitable<mcp::auth_result> authenticate(const mcp::http::request& request) {
        const auto token = mcp::bearer_token(request);
        co_return Fault()(token ? std::string(*token) : std::string());
    }
};
template <class Fault>
mcp::testing::failures check(Fault) {
    return mcp::testing::check_auth_backend([] { return std::make_shared<faulty<Fault>>(); },
                                            samples);
}

mcp::auth_result refuse(std::string why = {}) {
    return mcp::auth_failure{mcp::auth_failure::reason::invalid_token, std::move(why)};
}

TEST(auth_backend_suite, finds_what_is_wrong) {
    EXPECT_THAT(check([](const std::string&) -> mcp::auth_result { return mcp::principal{"ann"}; }),
                Contains("a request without credentials is accepted"));
    EXPECT_THAT(check([](const std::string& token) -> mcp::auth_result {
                    if (token.starts_with("ann-"))
                        return mcp::principal{"ann"};
                    return refuse();
                }),
                Contains("a variant of the token is accepted"));
    EXPECT_THAT(check([](const std::string& token) {
                    return refuse("The token " + token + " is not known");
                }),
                Contains("the description of a failure holds the credentials"));
    EXPECT_THAT(check([](const std::string&) { return refuse(); }),
                Contains("missing credentials are not reported as no_token"));
    EXPECT_THAT(check([](const std::string& token) -> mcp::auth_result {
                    if (token != "ann-has-a-token")
                        throw std::runtime_error("unknown");
                    return mcp::principal{"bob"};
                }),
                ::testing::AllOf(Contains("bad threw: unknown"),
                                 Contains("good credentials give a different principal")));
}

} // namespace auth_backend_suite_test
