#include <mcp/server/legacy/call_slots.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace call_slots_test {

using mcp::jsonrpc::id;
using mcp::legacy::call_slot;
using mcp::legacy::call_slots;
using state = call_slot::state;

TEST(call_slots, the_slot_is_what_is_checked) {
    const auto calls = std::make_shared<call_slots>();
    call_slot one = calls->take(id(1), 2);
    EXPECT_TRUE(one.held());
    EXPECT_EQ(calls->take(id(1), 2).status(), state::id_taken);
    EXPECT_EQ(calls->take(id("1"), 2).status(), state::held)
        << "a text is another id than a number";
    EXPECT_EQ(calls->size(), 1U) << "the destructor gives it back";
    call_slot two = calls->take(id(2), 2);
    EXPECT_EQ(calls->take(id(3), 2).status(), state::full);
    EXPECT_EQ(calls->take(id(2), 2).status(), state::id_taken) << "what the client can mend first";
    const call_slot moved = std::move(one);
    EXPECT_EQ(calls->size(), 2U);
    two.give_back();
    two.give_back();
    EXPECT_EQ(calls->size(), 1U);
    EXPECT_EQ(calls->take(id(9), 0).status(), state::full);
}

TEST(call_slots, of_many_at_once_no_more_are_let_in) {
    constexpr std::size_t most = 100;
    for (const bool same_id : {false, true}) {
        const auto calls = std::make_shared<call_slots>();
        std::vector<call_slot> slots(300);
        std::atomic<int> ready{0};
        std::vector<std::thread> threads;
        for (std::size_t t = 0; t < 3; ++t)
            threads.emplace_back([&, t] {
                ++ready;
                while (ready < 3)
                    std::this_thread::yield();
                for (std::size_t i = t * 100; i < (t + 1) * 100; ++i)
                    slots[i] = calls->take(id(same_id ? 7 : static_cast<std::int64_t>(i)), most);
            });
        for (auto& each : threads)
            each.join();
        std::size_t held = 0;
        for (const auto& each : slots)
            held += each.held() ? 1 : 0;
        EXPECT_EQ(held, same_id ? 1U : most);
    }
}

TEST(call_slots, cancels_what_is_bound_and_what_is_bound_later) {
    const auto calls = std::make_shared<call_slots>();
    int cancelled = 0;
    call_slot one = calls->take(id(1), 9);
    call_slot two = calls->take(id(2), 9);
    one.bind([&] { ++cancelled; });
    EXPECT_FALSE(calls->cancel(id(3)));
    EXPECT_TRUE(calls->cancel(id(1)));
    EXPECT_EQ(cancelled, 1);
    EXPECT_TRUE(calls->cancel(id(2))) << "it has its slot, and has not begun yet";
    EXPECT_EQ(cancelled, 1);
    two.bind([&] { ++cancelled; });
    EXPECT_EQ(cancelled, 2);
    call_slot three = calls->take(id(3), 9);
    three.bind([&] { cancelled += 10; });
    three.give_back();
    calls->cancel_all();
    EXPECT_EQ(cancelled, 3) << "the first once more";
}

TEST(call_slots, abandoned_calls_do_not_count_and_the_oldest_give_way) {
    const auto calls = std::make_shared<call_slots>();
    std::string cancelled;
    std::vector<call_slot> slots;
    const auto begin = [&](std::int64_t number) {
        slots.push_back(calls->take(id(number), 2));
        slots.back().bind([&cancelled, number] { cancelled += std::to_string(number); });
        return slots.back().held();
    };
    ASSERT_TRUE(begin(0) && begin(1));
    EXPECT_FALSE(begin(2));
    slots[1].abandon();
    slots[1].abandon();
    slots[0].abandon();
    ASSERT_TRUE(begin(3)) << "one of those abandoned gives way";
    EXPECT_EQ(cancelled, "1");
    slots[1].give_back(); // has been taken from it already
    EXPECT_EQ(calls->size(), 2U);
    ASSERT_TRUE(begin(1)) << "its id is free again";
    EXPECT_FALSE(begin(4));
    slots[1].give_back();
    slots[1].abandon();
    EXPECT_EQ(calls->take(id(1), 9).status(), state::id_taken) << "an old slot frees no new call";
    EXPECT_FALSE(begin(5));
    slots[0].give_back();
    EXPECT_EQ(calls->size(), 2U);
}

} // namespace call_slots_test
