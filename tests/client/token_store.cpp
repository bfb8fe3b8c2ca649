// SPDX-License-Identifier: MIT
#include <mcp/client/token_store.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/use_future.hpp>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

namespace {

using mcp::stored_authorization;
using mcp::detail::any_token_store;

/// A store whose members are awaitable, over one that is not.
class awaited_tokens {
public:
    explicit awaited_tokens(mcp::memory_tokens under) : under_(std::move(under)) {}

    asio::awaitable<std::optional<stored_authorization>> load(std::string server) {
        co_return under_.load(server);
    }
    asio::awaitable<void> save(std::string server, stored_authorization what) {
        under_.save(server, what);
        co_return;
    }
    asio::awaitable<void> erase(std::string server) {
        under_.erase(server);
        co_return;
    }

private:
    mcp::memory_tokens under_;
};

struct half_a_store {
    std::optional<stored_authorization> load(const std::string&);
    void save(const std::string&, const stored_authorization&);
};

static_assert(mcp::token_store<awaited_tokens> && !mcp::token_store<half_a_store>);

asio::awaitable<bool> keeps(any_token_store store) {
    const std::string server = "s";
    stored_authorization what;
    what.issuer = "i";
    auto loaded = co_await store.load(server);
    bool good = !loaded;
    co_await store.save(server, what);
    loaded = co_await store.load(server);
    good = good && loaded && loaded->issuer == "i";
    co_await store.erase(server);
    loaded = co_await store.load(server);
    co_return good && !loaded;
}

TEST(token_store, sync_or_awaitable) {
    for (const any_token_store& each : {any_token_store(mcp::memory_tokens{}),
                                        any_token_store(awaited_tokens(mcp::memory_tokens{}))}) {
        asio::io_context loop;
        auto result = asio::co_spawn(loop, keeps(each), asio::use_future);
        loop.run();
        EXPECT_TRUE(result.get());
    }
}

} // namespace
