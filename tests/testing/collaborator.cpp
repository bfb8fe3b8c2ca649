#include <mcp/testing/collaborator.hpp>

#include <gtest/gtest.h>

#include <gmock/gmock.h>
#include <stdexcept>

namespace collaborator_test {

asio::awaitable<int> later() {
    co_return 7;
}

TEST(collaborator, is_called_as_it_wants_to_be) {
    EXPECT_EQ(mcp::testing::settled([] { return 7; }), 7);
    EXPECT_EQ(mcp::testing::settled([] { return later(); }), 7);
}

TEST(collaborator, what_it_throws_is_found) {
    mcp::testing::findings found;
    found.expect(true, "right");
    found.expect(false, "wrong");
    found.check("the call", [] { throw std::runtime_error("why"); });
    EXPECT_THAT(found.take(), ::testing::ElementsAre("wrong", "the call threw: why"));
}

} // namespace collaborator_test
