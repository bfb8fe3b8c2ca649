#include <mcp/state/parked_state.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace parked_state_test {

using namespace std::chrono_literals;

const mcp::state_binding binding("ann", "tools/call{}");

TEST(parked_state, a_handle_opens_once) {
    mcp::parked_state state;
    const std::string handle = state.seal(binding, "p");
    EXPECT_EQ(handle.size(), 32U);
    EXPECT_EQ(state.size(), 1U);
    EXPECT_EQ(state.open(binding, handle), "p");
    EXPECT_EQ(state.open(binding, handle), std::nullopt);
    EXPECT_EQ(state.size(), 0U);
}

TEST(parked_state, a_handle_is_for_its_owner_and_request) {
    mcp::parked_state state;
    const std::string handle = state.seal(binding, "p");
    for (const mcp::state_binding& other :
         {mcp::state_binding("bob", binding.request),
          mcp::state_binding(binding.owner, "tools/call"), mcp::state_binding("", "")})
        EXPECT_EQ(state.open(other, handle), std::nullopt);
    for (const std::string& wrong : {std::string(), handle.substr(1), handle + "A"})
        EXPECT_EQ(state.open(binding, wrong), std::nullopt);
    EXPECT_EQ(state.open(binding, handle), "p") << "a stranger's try does not use it up";
}

TEST(parked_state, may_wait_for_ever) {
    mcp::parked_state_options options;
    options.ttl = std::chrono::seconds::max();
    mcp::parked_state state(options);
    EXPECT_EQ(state.open(binding, state.seal(binding, "a")), "a");
}

TEST(parked_state, what_is_parked_ends_with_its_ttl) {
    auto now = std::chrono::steady_clock::time_point{};
    mcp::parked_state_options options;
    options.ttl = 10s;
    options.now = [&] { return now; };
    mcp::parked_state state(options);
    const std::string a = state.seal(binding, "a");
    now += 9s;
    const std::string b = state.seal(binding, "b");
    EXPECT_EQ(state.open(binding, a), "a");
    now += 10s;
    EXPECT_EQ(state.open(binding, b), std::nullopt);
    EXPECT_EQ(state.size(), 0U);
    state.seal(binding, "c");
    now += 10s;
    state.seal(binding, "d");
    EXPECT_EQ(state.size(), 1U) << "the old one went";
}

TEST(parked_state, the_oldest_goes_when_it_is_full) {
    mcp::parked_state_options options;
    options.capacity = 2;
    mcp::parked_state state(options);
    const std::string a = state.seal(binding, "a");
    const std::string b = state.seal(binding, "b");
    const std::string c = state.seal(binding, "c");
    EXPECT_EQ(state.size(), 2U);
    EXPECT_EQ(state.open(binding, a), std::nullopt);
    EXPECT_EQ(state.open(binding, b), "b");
    EXPECT_EQ(state.open(binding, c), "c");
}

TEST(parked_state, bytes_are_bounded_as_well) {
    mcp::parked_state_options options;
    options.capacity_bytes = 10'000;
    mcp::parked_state state(options);
    for (int i = 0; i < 100; ++i)
        state.seal(binding, std::string(1000, 'x'));
    EXPECT_LT(state.size(), 10U);
    EXPECT_GT(state.size(), 5U);
    const std::string large = state.seal(binding, std::string(50'000, 'x'));
    EXPECT_EQ(state.size(), 1U);
    EXPECT_TRUE(state.open(binding, large));
    for (int i = 0; i < 100; ++i)
        EXPECT_TRUE(state.open(binding, state.seal(binding, std::string(1000, 'x'))));
}

TEST(parked_state, can_be_moved_into_a_server) {
    mcp::parked_state first;
    const std::string handle = first.seal(binding, "p");
    mcp::parked_state state(std::move(first));
    EXPECT_EQ(state.open(binding, handle), "p");
}

TEST(parked_state, threads_may_share_it) {
    mcp::parked_state state;
    std::vector<std::thread> all;
    for (int t = 0; t < 4; ++t)
        all.emplace_back([&] {
            for (int i = 0; i < 500; ++i)
                EXPECT_EQ(state.open(binding, state.seal(binding, "p")), "p");
        });
    for (auto& each : all)
        each.join();
    EXPECT_EQ(state.size(), 0U);
}

} // namespace parked_state_test
