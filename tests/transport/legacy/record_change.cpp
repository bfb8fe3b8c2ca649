#include <mcp/transport/legacy/record_change.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace record_change_test {

using mcp::log_level;
using mcp::legacy::record_change;
using uris = std::vector<std::string>;

mcp::session_record record(log_level threshold, uris subscriptions) {
    mcp::session_record made;
    made.id = "s";
    made.threshold = threshold;
    made.subscriptions = std::move(subscriptions);
    return made;
}

TEST(record_change, does_to_any_record_what_it_did_to_one) {
    const auto before = record(log_level::info, {"a", "b"});
    const auto change = record_change::between(before, log_level::error, {"b", "c"});
    EXPECT_EQ(change.threshold, log_level::error);
    EXPECT_EQ(change.added, uris{"c"});
    EXPECT_EQ(change.removed, uris{"a"});
    const auto after = change.applied_to(before);
    EXPECT_EQ(after.threshold, log_level::error);
    EXPECT_EQ(after.subscriptions, (uris{"b", "c"}));

    const auto elsewhere = change.applied_to(record(log_level::debug, {"a", "x"}));
    EXPECT_EQ(elsewhere.id, "s");
    EXPECT_EQ(elsewhere.threshold, log_level::error);
    EXPECT_EQ(elsewhere.subscriptions, (uris{"c", "x"}));
}

TEST(record_change, leaves_alone_what_did_not_change) {
    const auto before = record(log_level::info, {"a"});
    const auto change = record_change::between(before, log_level::info, {"a"});
    EXPECT_FALSE(change.threshold);
    const auto elsewhere = change.applied_to(record(log_level::debug, {"x"}));
    EXPECT_EQ(elsewhere.threshold, log_level::debug);
    EXPECT_EQ(elsewhere.subscriptions, uris{"x"});
}

} // namespace record_change_test
