#include <mcp/async/mailbox.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace mailbox_test {

using mcp::mailbox;
using mcp::push_result;

/// Reads a mailbox to its end, noting messages, and "." for a wake-up without any.
struct reader {
    asio::io_context loop{1};
    std::shared_ptr<mailbox> box = std::make_shared<mailbox>();
    std::vector<std::string> seen;
    std::error_code error;
    asio::cancellation_signal cancel;
    bool ended = false;

    reader() {
        auto end = [this](std::exception_ptr e) {
            ended = true;
            try {
                if (e) {
                    std::rethrow_exception(e);
                }
            } catch (const std::system_error& s) {
                error = s.code();
            }
        };
        asio::co_spawn(loop, read(), asio::bind_cancellation_slot(cancel.slot(), end));
    }

    asio::awaitable<void> read() {
        std::string message;
        bool more = true;
        while (more) {
            const auto before = seen.size();
            while (box->try_pop(message)) {
                seen.push_back(message);
            }
            if (seen.size() == before) {
                seen.emplace_back(".");
            }
            more = co_await box->wait();
        }
    }
};

TEST(mailbox, gives_messages_in_order) {
    reader r;
    EXPECT_EQ(r.box->push("a"), push_result::taken);
    EXPECT_EQ(r.box->push("b"), push_result::taken);
    r.loop.poll();
    EXPECT_EQ(r.box->push("c"), push_result::taken);
    r.loop.poll();
    EXPECT_FALSE(r.ended);
    r.box->close();
    EXPECT_EQ(r.box->push("d"), push_result::closed);
    r.loop.run();
    EXPECT_TRUE(r.ended);
    EXPECT_EQ(r.seen, (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_FALSE(r.error);
}

TEST(mailbox, what_is_queued_is_read_after_close) {
    reader r;
    r.box->push("a");
    r.box->close();
    EXPECT_TRUE(r.box->closed());
    r.loop.run();
    EXPECT_EQ(r.seen, std::vector<std::string>{"a"});
}

TEST(mailbox, abandon_throws_away_what_is_queued) {
    reader r;
    r.loop.poll();
    r.box->push("a");
    r.box->abandon();
    r.loop.run();
    EXPECT_TRUE(r.ended);
    EXPECT_TRUE(r.box->empty());
    EXPECT_EQ(r.seen, (std::vector<std::string>{".", "."})); // it was woken for "a"
}

TEST(mailbox, a_poke_wakes_once) {
    reader r;
    r.loop.poll();
    EXPECT_EQ(r.seen, std::vector<std::string>{"."}); // nothing to read at first
    r.box->poke();
    r.loop.poll();
    EXPECT_EQ(r.seen, (std::vector<std::string>{".", "."}));
    r.loop.poll();
    EXPECT_EQ(r.seen.size(), 2U);
    r.box->close();
    r.loop.run();
}

TEST(mailbox, is_bounded_by_number_and_by_bytes) {
    mailbox few({.messages = 2, .bytes = 100});
    EXPECT_EQ(few.push("a"), push_result::taken);
    EXPECT_EQ(few.push("b"), push_result::taken);
    EXPECT_EQ(few.push("c"), push_result::full);
    std::string out;
    EXPECT_TRUE(few.try_pop(out));
    EXPECT_EQ(out, "a");
    EXPECT_EQ(few.push("c"), push_result::taken);

    mailbox small({.messages = 100, .bytes = 10});
    EXPECT_EQ(small.push("12345"), push_result::taken);
    EXPECT_EQ(small.push("123456"), push_result::full);
    EXPECT_EQ(small.push("12345"), push_result::taken);
    EXPECT_TRUE(small.try_pop(out));
    EXPECT_EQ(small.push("1234"), push_result::taken);
}

TEST(mailbox, keeps_order_under_any_mix_of_push_and_pop) {
    mailbox box;
    std::string out;
    int pushed = 0;
    int popped = 0;
    for (int round = 0; round < 200; ++round) {
        for (int i = 0; i < round % 7; ++i) {
            box.push(std::to_string(pushed++));
        }
        for (int i = 0; i < round % 5 && box.try_pop(out); ++i) {
            ASSERT_EQ(out, std::to_string(popped++));
        }
    }
    while (box.try_pop(out)) {
        ASSERT_EQ(out, std::to_string(popped++));
    }
    EXPECT_EQ(pushed, popped);
    EXPECT_TRUE(box.empty());
}

TEST(mailbox, a_cancelled_wait_loses_nothing) {
    reader r;
    r.loop.poll();
    r.cancel.emit(asio::cancellation_type::terminal);
    r.loop.run();
    EXPECT_EQ(r.error, asio::error::operation_aborted);
    EXPECT_EQ(r.box->push("later"), push_result::taken);
    std::string out;
    EXPECT_TRUE(r.box->try_pop(out));
    EXPECT_EQ(out, "later");
}

TEST(mailbox, the_wait_keeps_the_loop_alive) {
    reader r;
    std::thread pusher([box = r.box] {
        for (int i = 0; i < 1000; ++i) {
            while (box->push(std::to_string(i)) == push_result::full) {
                std::this_thread::yield();
            }
        }
        box->close();
    });
    r.loop.run(); // would return at once if nothing held it
    pusher.join();
    EXPECT_TRUE(r.ended);
    std::erase(r.seen, ".");
    ASSERT_EQ(r.seen.size(), 1000U);
    EXPECT_EQ(r.seen.back(), "999");
}

TEST(mailbox, a_reader_that_holds_its_mailbox_ends_with_its_loop) {
    const auto box = std::make_shared<mailbox>();
    auto read = [](std::shared_ptr<mailbox> from) -> asio::awaitable<void> {
        co_await from->wait();
    };
    {
        asio::io_context loop;
        asio::co_spawn(loop, read(box), [](std::exception_ptr) {});
        loop.poll();
        EXPECT_GT(box.use_count(), 1);
    }
    EXPECT_EQ(box.use_count(), 1);
    EXPECT_EQ(box->push("too late"), push_result::taken);
    box->close();
}

TEST(mailbox, what_all_hold_is_bounded) {
    const auto all = std::make_shared<mcp::byte_budget>(1'000);
    mailbox one({.bytes = 10, .all = all});
    mailbox two({.all = all});
    EXPECT_EQ(one.push(std::string(501, 'x')), push_result::full) << "even if it is empty";
    EXPECT_EQ(one.push(std::string(500, 'x')), push_result::taken);
    EXPECT_EQ(two.push(std::string(200, 'x')), push_result::taken);
    EXPECT_EQ(two.push(std::string(100, 'x')), push_result::full);
    EXPECT_EQ(two.push(std::string(50, 'x')), push_result::taken);
    EXPECT_EQ(all->used(), 750U);
    std::string out;
    EXPECT_TRUE(one.try_pop(out));
    EXPECT_EQ(all->used(), 250U);
    EXPECT_EQ(two.push(std::string(250, 'x')), push_result::taken);
    two.abandon();
    EXPECT_EQ(all->used(), 0U);
    {
        mailbox three({.all = all});
        EXPECT_EQ(three.push("x"), push_result::taken);
        three.close();
        EXPECT_EQ(all->used(), 1U) << "it can still be read";
    }
    EXPECT_EQ(all->used(), 0U);
}

TEST(mailbox, a_backlog_is_no_sign_of_a_slow_consumer) {
    const auto all = std::make_shared<mcp::byte_budget>(1'000);
    mailbox box({.messages = 1, .bytes = 10, .all = all});
    EXPECT_EQ(box.push("x"), push_result::taken);
    EXPECT_EQ(box.push("x"), push_result::full);
    EXPECT_EQ(box.push_backlog(std::string(400, 'x')), push_result::taken);
    EXPECT_EQ(box.push_backlog(std::string(400, 'x')), push_result::full);
}

} // namespace mailbox_test
