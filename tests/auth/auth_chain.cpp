#include <mcp/auth/auth_chain.hpp>

#include <mcp/auth/auth_backend.hpp>
#include <mcp/auth/client_certificates.hpp>
#include <mcp/auth/static_tokens.hpp>
#include <mcp/http/message.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <string>

namespace auth_chain_test {

using mcp::auth_failure;
using mcp::auth_result;
using reason = mcp::auth_failure::reason;

/// Knows `known` at once; any other target gives its failure.
struct fixed {
    const char* known;
    reason otherwise = reason::no_token;

    auth_result authenticate(const mcp::http::request& request) const {
        if (request.target == known)
            return mcp::principal{known};
        return auth_failure{otherwise, known};
    }
};

struct awaited : fixed {
    asio::awaitable<auth_result> authenticate(const mcp::http::request& request) const {
        co_return fixed::authenticate(request);
    }
};

struct blocked : fixed {
    static constexpr bool blocking = true;
};

std::string say(const auth_result& outcome) {
    return outcome ? outcome->subject
                   : outcome.error().description + std::to_string(int(outcome.error().why));
}

std::string say(asio::awaitable<auth_result> later) {
    asio::io_context loop;
    std::string said;
    asio::co_spawn(loop, std::move(later),
                   [&](std::exception_ptr, const auth_result& outcome) { said = say(outcome); });
    loop.run();
    return said;
}

TEST(auth_chain, the_first_that_knows_the_client_decides) {
    const struct {
        const char* target;
        reason a, b, c;
        const char* said;
    } table[] = {
        {"a", reason::no_token, reason::no_token, reason::no_token, "a"},
        {"b", reason::no_token, reason::no_token, reason::no_token, "b"},
        {"b", reason::invalid_token, reason::no_token, reason::no_token, "b"},
        {"c", reason::unavailable, reason::bad_request, reason::no_token, "c"},
        {"d", reason::no_token, reason::no_token, reason::no_token, "c0"},
        {"d", reason::no_token, reason::invalid_token, reason::no_token, "b1"},
        {"d", reason::invalid_token, reason::unavailable, reason::no_token, "a1"},
        {"d", reason::no_token, reason::no_token, reason::unavailable, "c3"},
    };
    for (const auto& each : table) {
        mcp::http::request request;
        request.target = each.target;
        mcp::auth_chain sync{fixed{"a", each.a}, fixed{"b", each.b}, fixed{"c", each.c}};
        EXPECT_EQ(say(sync.authenticate(request)), each.said);
        mcp::auth_chain mixed{fixed{"a", each.a}, awaited{{"b", each.b}}, fixed{"c", each.c}};
        EXPECT_EQ(say(mixed.authenticate(request)), each.said);
    }
}

TEST(auth_chain, is_what_its_backends_are) {
    using certificates_or_tokens = mcp::auth_chain<mcp::client_certificates, mcp::static_tokens>;
    static_assert(mcp::auth_backend<certificates_or_tokens>);
    static_assert(!certificates_or_tokens::authorization_server);
    static_assert(mcp::auth_chain<mcp::client_certificates, fixed>::authorization_server);
    static_assert(!certificates_or_tokens::blocking);
    static_assert(mcp::auth_chain<fixed, blocked>::blocking);
    static_assert(mcp::auth_backend<mcp::auth_chain<fixed, awaited>>);
}

} // namespace auth_chain_test
