#include <mcp/async/health_state.hpp>

#include <asio/awaitable.hpp>
#include <gtest/gtest.h>

namespace health_state_test {

struct well {
    mcp::health_state health() const { return {}; }
};
struct boolean {
    bool health() const;
};
struct later {
    asio::awaitable<mcp::health_state> health();
};
struct silent {};
static_assert(mcp::reports_health<well> && !mcp::reports_health<boolean> &&
              !mcp::reports_health<later> && !mcp::reports_health<silent>);

TEST(health_state, is_well_unless_said) {
    const auto state = well().health();
    EXPECT_TRUE(state.ok);
    EXPECT_TRUE(state.reason.empty());
    EXPECT_FALSE(state.since);
}

} // namespace health_state_test
