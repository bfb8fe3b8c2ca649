#include <mcp/state/request_state.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

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
    const mcp::any_request_state state(std::make_shared<upper>());
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

} // namespace
