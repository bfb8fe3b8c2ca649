#include <mcp/server/call_place.hpp>

#include <mcp/jsonrpc/id.hpp>
#include <mcp/server/legacy/call_slots.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace call_place_test {

TEST(call_place, a_slot_of_a_session_is_a_place) {
    const auto slots = std::make_shared<mcp::legacy::call_slots>();
    const mcp::jsonrpc::id id(1);
    std::unique_ptr<mcp::call_place> place =
        std::make_unique<mcp::legacy::call_slot>(slots->take(id, 1));
    int cancelled = 0;
    place->bind([&] { ++cancelled; });
    EXPECT_TRUE(slots->cancel(id));
    EXPECT_EQ(cancelled, 1);
    place->abandon();
    EXPECT_EQ(slots->size(), 1U);
    place->give_back();
    EXPECT_EQ(slots->size(), 0U);
    EXPECT_TRUE(slots->take(id, 1).held());
    place.reset();
}

} // namespace call_place_test
