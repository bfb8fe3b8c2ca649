#include <mcp/state/request_state.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace request_state_test {

struct upper {
    std::string seal(const mcp::state_binding& binding, std::string payload) {
        return binding.owner + ":" + payload;
    }
    asio::awaitable<std::optional<std::string>> open(const mcp::state_binding&,
                                                     std::string_view text) {
        if (text.empty())
            throw std::runtime_error("empty");
        co_return std::string(text);
    }
};

TEST(request_state, any_state_is_called_through) {
    const mcp::detail::any_request_state state(std::make_shared<upper>());
    const mcp::state_binding binding("ann", "r");
    asio::io_context loop;
    bool failed = false;
    const auto play = [&]() -> asio::awaitable<void> {
        const std::string sealed = co_await state.seal(binding, "p");
        EXPECT_EQ(sealed, "ann:p");
        const auto opened = co_await state.open(binding, sealed);
        EXPECT_EQ(opened, "ann:p");
        try {
            co_await state.open(binding, "");
        } catch (const std::runtime_error&) {
            failed = true;
        }
    };
    asio::co_spawn(loop, play(), [](std::exception_ptr e) { EXPECT_FALSE(e); });
    loop.run();
    EXPECT_TRUE(failed);
}

/// Says where it was called.
struct blocking_state {
    [[maybe_unused]] static constexpr bool blocking = true;

    std::string seal(const mcp::state_binding& binding, std::string payload) {
        ran_on = std::this_thread::get_id();
        return binding.owner + ":" + payload;
    }
    std::optional<std::string> open(const mcp::state_binding&, std::string_view text) {
        ran_on = std::this_thread::get_id();
        return std::string(text);
    }
    std::thread::id ran_on{};
};
static_assert(mcp::request_state<blocking_state>);

TEST(request_state, one_that_blocks_is_called_on_the_pool) {
    asio::thread_pool pool(1);
    const auto self = std::make_shared<blocking_state>();
    const mcp::detail::any_request_state state(
        self, [&] { return asio::any_io_executor(pool.get_executor()); });
    const mcp::state_binding binding("ann", "r");
    asio::io_context loop;
    const auto play = [&]() -> asio::awaitable<void> {
        const std::string sealed = co_await state.seal(binding, "p");
        EXPECT_EQ(sealed, "ann:p");
        EXPECT_NE(std::exchange(self->ran_on, {}), std::this_thread::get_id());
        const auto opened = co_await state.open(binding, sealed);
        EXPECT_EQ(opened, "ann:p");
        EXPECT_NE(self->ran_on, std::thread::id());
        EXPECT_NE(self->ran_on, std::this_thread::get_id());
    };
    asio::co_spawn(loop, play(), [](std::exception_ptr e) { EXPECT_FALSE(e); });
    loop.run();
    pool.join();
}

} // namespace request_state_test
