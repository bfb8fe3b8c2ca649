#include <mcp/server/environment.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/post.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>

namespace environment_test {

mcp::server_environment made() {
    return mcp::server_environment({.name = "test", .version = "1"});
}

TEST(environment, logs_from_its_level_on) {
    mcp::server_environment shared = made();
    std::string heard;
    shared.options.log = [&](mcp::log_level level, std::string_view text) {
        heard.append(mcp::to_string(level)).append(":").append(text).append(" ");
    };
    shared.log(mcp::log_level::debug, "a");
    shared.log(mcp::log_level::info, "b");
    shared.options.level = mcp::log_level::error;
    shared.log(mcp::log_level::warning, "c");
    shared.log(mcp::log_level::critical, "d");
    EXPECT_EQ(heard, "info:b critical:d ");
}

TEST(environment, logs_to_standard_error_by_itself) {
    mcp::server_environment shared = made();
    ::testing::internal::CaptureStderr();
    shared.log(mcp::log_level::warning, "disk full");
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "test [warning] disk full\n");
}

TEST(environment, the_pool_starts_when_asked_for_and_can_be_joined) {
    mcp::server_environment shared = made();
    shared.join_pool();
    shared.options.blocking_threads = 0; // one is the least
    std::atomic<int> ran{0};
    for (int i = 0; i < 10; ++i)
        asio::post(shared.pool(), [&] { ++ran; });
    shared.join_pool();
    EXPECT_EQ(ran, 10);
    shared.join_pool();
}

TEST(environment, collaborators_do_not_wait_for_handlers_nor_posts_for_either) {
    mcp::server_environment shared = made();
    shared.options.blocking_threads = 2;
    shared.options.collaborator_threads = 2;
    std::promise<void> gate;
    const auto opened = gate.get_future().share();
    const auto wait = [opened] { opened.wait(); };
    const auto runs = [](const asio::any_io_executor& there) {
        std::promise<void> ran;
        asio::post(there, [&ran] { ran.set_value(); });
        return ran.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready;
    };
    for (int i = 0; i < 2; ++i)
        asio::post(shared.pool(), wait);
    EXPECT_TRUE(runs(shared.collaborators()()));
    for (int i = 0; i < 2; ++i)
        asio::post(shared.collaborators()(), wait);
    EXPECT_TRUE(runs(shared.broker_queue()()));
    gate.set_value();
    shared.join_pool();
}

TEST(environment, what_a_handler_has_begun_is_waited_for) {
    mcp::server_environment shared = made();
    std::atomic<bool> ran{false};
    asio::post(shared.pool(), [&] {
        asio::post(shared.broker_queue()(),
                   [&] { asio::post(shared.collaborators()(), [&] { ran = true; }); });
    });
    shared.join_pool();
    EXPECT_TRUE(ran);
}

} // namespace environment_test
