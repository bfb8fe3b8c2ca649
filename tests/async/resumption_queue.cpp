#include <mcp/async/resumption_queue.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/execution/outstanding_work.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/prefer.hpp>
#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace resumption_queue_test {

using queue_type = mcp::detail::resumption_queue<std::string>;
using handlers = std::vector<mcp::detail::suspended<std::string>>;

asio::awaitable<std::string> wait(handlers& in) {
    auto begin = [&in](auto handler) { in.emplace_back(std::move(handler)); };
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(std::string)>(
        std::move(begin), asio::use_awaitable);
}

asio::awaitable<void> note(std::shared_ptr<handlers> in, std::vector<std::string>& out,
                           bool fails) {
    std::string text = co_await wait(*in);
    out.push_back(std::move(text));
    if (fails)
        throw std::runtime_error("fails");
}

void rethrow(const std::exception_ptr& failure) {
    if (failure)
        std::rethrow_exception(failure);
}

TEST(resumption_queue, knows_the_event_loop_of_an_executor) {
    using mcp::detail::event_loop_of;
    asio::io_context loop;
    asio::thread_pool pool(1);
    const asio::any_io_executor plain = loop.get_executor();
    EXPECT_EQ(event_loop_of(plain), &loop);
    EXPECT_EQ(event_loop_of(asio::prefer(plain, asio::execution::outstanding_work.tracked)), &loop);
    EXPECT_EQ(event_loop_of(asio::make_strand(loop)), nullptr);
    EXPECT_EQ(event_loop_of(pool.get_executor()), nullptr);
}

TEST(resumption_queue, resumes_each_handler_on_its_executor_in_order) {
    asio::io_context loop;
    asio::io_context other;
    asio::thread_pool pool(1);
    std::atomic<bool> registered{false};
    const auto strand = asio::make_strand(loop);
    const auto waiting = std::make_shared<handlers>();
    std::vector<std::string> in_loop, in_other, in_strand, in_pool;
    asio::co_spawn(loop, note(waiting, in_loop, false), asio::detached);
    asio::co_spawn(loop, note(waiting, in_loop, false), asio::detached);
    asio::co_spawn(strand, note(waiting, in_strand, false), asio::detached);
    loop.poll();
    asio::co_spawn(other, note(waiting, in_other, false), asio::detached);
    other.poll();
    asio::co_spawn(pool, note(waiting, in_pool, false), asio::detached);
    asio::post(pool, [&] { registered = true; });
    while (!registered)
        std::this_thread::yield();

    queue_type queue;
    EXPECT_TRUE(queue.empty());
    for (std::size_t i = 0; i < 5; ++i)
        queue.add(std::move((*waiting)[i]), std::to_string(i));
    EXPECT_FALSE(queue.empty());
    queue.resume_all();
    EXPECT_TRUE(queue.empty());
    pool.join();
    loop.run();
    EXPECT_TRUE(in_other.empty());
    other.run();
    EXPECT_EQ(in_loop, (std::vector<std::string>{"0", "1"}));
    EXPECT_EQ(in_strand, std::vector<std::string>{"2"});
    EXPECT_EQ(in_other, std::vector<std::string>{"3"});
    EXPECT_EQ(in_pool, std::vector<std::string>{"4"});
}

TEST(resumption_queue, a_handler_that_throws_or_stops_the_loop_leaves_the_others) {
    asio::io_context loop;
    const auto waiting = std::make_shared<handlers>();
    std::vector<std::string> out;
    for (const bool fails : {true, false, true, false})
        asio::co_spawn(loop, note(waiting, out, fails), rethrow);
    loop.poll();
    queue_type queue;
    for (auto& each : *waiting)
        queue.add(std::move(each), "x");
    queue.resume_all();
    EXPECT_THROW(loop.run(), std::runtime_error);
    EXPECT_EQ(out.size(), 1u);
    EXPECT_THROW(loop.run(), std::runtime_error);
    EXPECT_EQ(out.size(), 3u);
    loop.run();
    EXPECT_EQ(out.size(), 4u);
}

TEST(resumption_queue, handlers_end_with_their_context) {
    const auto waiting = std::make_shared<handlers>();
    std::vector<std::string> out;
    queue_type before, after;
    {
        asio::io_context loop;
        for (int i = 0; i < 4; ++i)
            asio::co_spawn(loop, note(waiting, out, false), asio::detached);
        loop.poll();
        before.add(std::move((*waiting)[0]), "a");
        before.add(std::move((*waiting)[1]), "b");
        after.add(std::move((*waiting)[2]), "c");
        before.resume_all(); // never run
    }
    after.resume_all();
    EXPECT_TRUE(out.empty());
    EXPECT_EQ(waiting.use_count(), 1);
}

TEST(resumption_queue, a_context_may_end_while_its_handlers_are_resumed) {
    for (int round = 0; round < 200; ++round) {
        const auto waiting = std::make_shared<handlers>();
        std::vector<std::string> out;
        auto loop = std::make_unique<asio::io_context>();
        for (int i = 0; i < 2; ++i)
            asio::co_spawn(*loop, note(waiting, out, false), asio::detached);
        loop->poll();
        queue_type queue;
        for (auto& each : *waiting)
            queue.add(std::move(each), "x");
        std::atomic<bool> go{false};
        std::thread other([&] {
            go = true;
            queue.resume_all();
        });
        while (!go)
            std::this_thread::yield();
        loop.reset();
        other.join();
        EXPECT_EQ(waiting.use_count(), 1);
    }
}

} // namespace resumption_queue_test
