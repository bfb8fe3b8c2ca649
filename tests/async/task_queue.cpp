#include <mcp/async/task_queue.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>
#include <gtest/gtest.h>

#include <cstddef>
#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace task_queue_test {

using mcp::detail::make_task;
using mcp::detail::task_ptr;
using mcp::detail::task_queue;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class queue_and_loops : public testing::Test {
protected:
    task_ptr note(std::string text) {
        return make_task([this, text = std::move(text)] { ran.push_back(text); });
    }
    void push(std::string text, const asio::any_io_executor& from) {
        queue->push(note(std::move(text)), from, queue);
    }

    asio::io_context io;
    std::shared_ptr<task_queue> queue = std::make_shared<task_queue>(io);
    std::vector<std::string> ran;
};

TEST_F(queue_and_loops, runs_tasks_in_order_with_one_post) {
    queue->push(note("a"));
    queue->push(note("b"));
    queue->push(make_task([this] { queue->push(note("d")); }));
    queue->push(note("c"));
    EXPECT_THAT(ran, IsEmpty()) << "tasks run on the thread of the event loop";
    EXPECT_EQ(io.poll_one(), 1U);
    EXPECT_THAT(ran, ElementsAre("a", "b", "c"));
    EXPECT_EQ(io.poll(), 1U) << "a task of a task has its own post";
    EXPECT_THAT(ran, ElementsAre("a", "b", "c", "d"));
}

TEST_F(queue_and_loops, runs_the_tasks_of_a_turn_together) {
    asio::io_context from;
    asio::post(from, [&] { push("a", from.get_executor()); });
    asio::post(from, [&] {
        EXPECT_EQ(io.poll(), 0U) << "the turn has not ended";
        io.restart();
        push("b", from.get_executor());
    });
    from.poll();
    EXPECT_EQ(io.poll(), 1U);
    EXPECT_THAT(ran, ElementsAre("a", "b"));
    from.restart();
    io.restart();
    asio::post(from, [&] { push("c", from.get_executor()); });
    from.poll();
    EXPECT_EQ(io.poll(), 1U);
    EXPECT_THAT(ran, ElementsAre("a", "b", "c"));
}

TEST_F(queue_and_loops, runs_all_tasks_when_one_of_them_may_not_wait) {
    asio::io_context from;
    asio::post(from, [&] { push("a", from.get_executor()); });
    from.poll_one();
    queue->push(note("b"));
    EXPECT_EQ(io.poll(), 1U);
    EXPECT_THAT(ran, ElementsAre("a", "b"));
    from.poll();
    io.restart();
    EXPECT_EQ(io.poll(), 0U) << "nothing is left at the end of the turn";
}

TEST_F(queue_and_loops, does_not_wait_without_an_event_loop) {
    asio::thread_pool pool(1);
    asio::io_context from;
    push("pool", pool.get_executor());
    push("strand", asio::make_strand(from));
    EXPECT_EQ(io.poll(), 1U);
    EXPECT_THAT(ran, ElementsAre("pool", "strand"));
}

TEST_F(queue_and_loops, runs_the_tasks_of_an_event_loop_that_is_destroyed) {
    {
        asio::io_context from;
        push("a", from.get_executor());
    }
    EXPECT_EQ(io.poll(), 1U);
    EXPECT_THAT(ran, ElementsAre("a"));
}

TEST_F(queue_and_loops, lives_until_the_end_of_the_turn) {
    asio::io_context from;
    const std::weak_ptr<task_queue> watched = queue;
    push("a", from.get_executor());
    queue.reset();
    EXPECT_FALSE(watched.expired());
    asio::post(from, [&] { EXPECT_FALSE(watched.expired()); });
    from.run_one();
    EXPECT_TRUE(watched.expired());
}

TEST(task_queue, runs_each_task_of_many_threads_once_and_in_their_order) {
    constexpr std::size_t threads = 4;
    constexpr std::size_t tasks = 500;
    asio::io_context io;
    auto alive = asio::make_work_guard(io);
    std::thread runner([&] { io.run(); });
    const auto queue = std::make_shared<task_queue>(io);
    std::vector<std::vector<std::size_t>> ran(threads); // used on the thread of `io` only
    std::vector<std::thread> pushing;
    for (std::size_t i = 0; i < threads; ++i)
        pushing.emplace_back([&, i] {
            asio::io_context from;
            for (std::size_t n = 0; n < tasks; ++n)
                asio::post(from, [&, i, n] {
                    auto task = make_task([&, i, n] { ran[i].push_back(n); });
                    if (n % 3 == 0)
                        queue->push(std::move(task));
                    else
                        queue->push(std::move(task), from.get_executor(), queue);
                });
            from.run();
        });
    for (std::thread& each : pushing)
        each.join();
    alive.reset();
    runner.join();
    std::vector<std::size_t> all(tasks);
    for (std::size_t n = 0; n < tasks; ++n)
        all[n] = n;
    for (const auto& each : ran)
        EXPECT_EQ(each, all);
}

} // namespace task_queue_test
