#include <mcp/auth/auth_backend.hpp>

#include <mcp/auth/static_tokens.hpp>
#include <mcp/http/message.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace auth_backend_test {

std::optional<std::string> token_of(std::vector<std::pair<std::string, std::string>> headers) {
    mcp::http::request q;
    for (const auto& [name, value] : headers)
        q.headers.add(name, value);
    const auto token = mcp::bearer_token(q);
    return token ? std::optional(std::string(*token)) : std::nullopt;
}

TEST(auth_backend, bearer_token_is_what_follows_the_scheme) {
    const struct {
        const char* value;
        std::optional<std::string> token;
    } rows[] = {
        {"Bearer abc", "abc"},
        {"bearer abc", "abc"},
        {"BEARER abc", "abc"},
        {"Bearer   abc", "abc"},
        {"Bearer mF_9.B5f-4.1JqM", "mF_9.B5f-4.1JqM"},
        {"Bearer a~b+c/d==", "a~b+c/d=="},
        {"Bearer Bearer", "Bearer"},
        {"", std::nullopt},
        {"Bearer", std::nullopt},
        {"Bearer ", std::nullopt},
        {"Bearer    ", std::nullopt},
        {"Bearerabc", std::nullopt},
        {"Bearer\tabc", std::nullopt},
        {"Basic YTpi", std::nullopt},
        {"Token abc", std::nullopt},
        {" Bearer abc", std::nullopt},
        {"\"Bearer abc\"", std::nullopt},
    };
    for (const auto& each : rows)
        EXPECT_EQ(token_of({{"Authorization", each.value}}), each.token) << each.value;
}

TEST(auth_backend, bearer_token_needs_one_authorization_header) {
    EXPECT_EQ(token_of({}), std::nullopt);
    EXPECT_EQ(token_of({{"X-Authorization", "Bearer abc"}}), std::nullopt);
    EXPECT_EQ(token_of({{"aUTHORIZATION", "Bearer abc"}}), "abc");
    EXPECT_EQ(token_of({{"Authorization", "Bearer a"}, {"authorization", "Bearer a"}}),
              std::nullopt);
    EXPECT_EQ(token_of({{"Authorization", "Basic x"}, {"Authorization", "Bearer a"}}),
              std::nullopt);
}

mcp::auth_result judge(const mcp::http::request& q) {
    const auto token = mcp::bearer_token(q);
    if (!token)
        return mcp::auth_failure{};
    if (*token == "broken")
        throw std::runtime_error("the database said no");
    if (*token != "good")
        return mcp::auth_failure{mcp::auth_failure::reason::invalid_token, "Unknown token"};
    return mcp::principal{.subject = "ann", .scopes = {"read"}};
}

struct sync_backend {
    mcp::auth_result authenticate(const mcp::http::request& q) const { return judge(q); }
};
struct awaitable_backend {
    asio::awaitable<mcp::auth_result> authenticate(const mcp::http::request& q) {
        co_await asio::post(asio::use_awaitable);
        co_return judge(q);
    }
};
struct blocking_backend {
    static constexpr bool blocking = true;
    mcp::auth_result authenticate(const mcp::http::request& q) {
        ran_on = std::this_thread::get_id();
        return judge(q);
    }
    std::thread::id ran_on{};
};

struct no_backend {};
struct wrong_result {
    bool authenticate(const mcp::http::request&);
};
struct wrong_argument {
    mcp::auth_result authenticate(const std::string&);
};

static_assert(mcp::auth_backend<sync_backend>);
static_assert(mcp::auth_backend<awaitable_backend>);
static_assert(mcp::auth_backend<blocking_backend>);
static_assert(mcp::auth_backend<mcp::allow_any>);
static_assert(!mcp::auth_backend<no_backend>);
static_assert(!mcp::auth_backend<wrong_result>);
static_assert(!mcp::auth_backend<wrong_argument>);
static_assert(!mcp::auth_backend<int>);

template <class Backend>
class any_backend : public testing::Test {
protected:
    /// What the backend says of an Authorization header, or of none.
    mcp::auth_result authenticated(std::string_view value) {
        const mcp::detail::any_auth_backend any(backend, [this] { return pool.get_executor(); });
        mcp::http::request q;
        if (!value.empty())
            q.headers.add("Authorization", value);
        asio::io_context loop;
        std::optional<mcp::auth_result> outcome;
        std::exception_ptr failure;
        auto run = [&]() -> asio::awaitable<void> {
            auto step = any.authenticate(q);
            ready = step.ready();
            if (!ready)
                co_await step.settle();
            outcome = step.take();
        };
        asio::co_spawn(loop, run, [&](std::exception_ptr e) { failure = e; });
        loop.run();
        if (failure)
            std::rethrow_exception(failure);
        return *outcome;
    }

    std::shared_ptr<Backend> backend = std::make_shared<Backend>();
    asio::thread_pool pool{1};
    bool ready = false;
};

using backends = testing::Types<sync_backend, awaitable_backend, blocking_backend>;
TYPED_TEST_SUITE(any_backend, backends);

TYPED_TEST(any_backend, says_what_the_backend_says) {
    const auto good = this->authenticated("Bearer good");
    ASSERT_TRUE(good.has_value());
    EXPECT_EQ(good->subject, "ann");
    EXPECT_TRUE(good->has_scope("read"));
    const auto bad = this->authenticated("Bearer bad");
    ASSERT_FALSE(bad.has_value());
    EXPECT_EQ(bad.error().why, mcp::auth_failure::reason::invalid_token);
    EXPECT_EQ(bad.error().description, "Unknown token");
    const auto none = this->authenticated("");
    ASSERT_FALSE(none.has_value());
    EXPECT_EQ(none.error().why, mcp::auth_failure::reason::no_token);
}

TYPED_TEST(any_backend, carries_what_is_thrown) {
    EXPECT_THROW(this->authenticated("Bearer broken"), std::runtime_error);
}

TYPED_TEST(any_backend, waits_only_where_it_must) {
    ASSERT_TRUE(this->authenticated("Bearer good").has_value());
    EXPECT_EQ(this->ready, (std::is_same_v<TypeParam, sync_backend>));
    if constexpr (mcp::detail::is_blocking_v<TypeParam>) {
        EXPECT_NE(this->backend->ran_on, std::thread::id());
        EXPECT_NE(this->backend->ran_on, std::this_thread::get_id());
    }
}

struct home_made : sync_backend {
    static constexpr bool authorization_server = false;
};
TEST(auth_backend, says_if_no_authorization_server_issues_its_tokens) {
    const auto any = [](auto backend) {
        return mcp::detail::any_auth_backend(
                   std::make_shared<decltype(backend)>(std::move(backend)),
                   mcp::detail::pool_source())
            .has_authorization_server();
    };
    EXPECT_TRUE(any(sync_backend()));
    EXPECT_FALSE(any(home_made()));
    EXPECT_FALSE(any(mcp::allow_any()));
    EXPECT_FALSE(any(mcp::static_tokens()));
}

TEST(auth_backend, allow_any_lets_everybody_in) {
    const auto outcome = mcp::allow_any().authenticate(mcp::http::request());
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(outcome->subject, "anonymous");
    EXPECT_TRUE(outcome->scopes.empty());
}

TEST(auth_backend, a_failure_is_thrown_by_value) {
    const mcp::auth_result refused =
        mcp::auth_failure{mcp::auth_failure::reason::invalid_token, "the token has expired"};
    try {
        refused.value();
        FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& thrown) {
        EXPECT_STREQ(thrown.what(), "the token has expired");
    }
}

} // namespace auth_backend_test
