#include <mcp/session/record_change.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace {

using mcp::log_level;
using mcp::record_change;
using uris = std::vector<std::string>;

mcp::session_record record(log_level threshold, uris subscriptions, std::uint64_t version = 1) {
    mcp::session_record made;
    made.id = "s";
    made.threshold = threshold;
    made.subscriptions = std::move(subscriptions);
    made.version = version;
    return made;
}

TEST(record_change, does_the_same_to_any_record) {
    record_change change;
    change.threshold = log_level::error;
    change.subscribe("c");
    change.unsubscribe("a");
    const auto after = change.applied_to(record(log_level::info, {"a", "b"}));
    EXPECT_EQ(after.threshold, log_level::error);
    EXPECT_EQ(after.subscriptions, (uris{"b", "c"}));
    EXPECT_EQ(after.version, 2u);

    const auto elsewhere = change.applied_to(record(log_level::debug, {"a", "x"}, 7));
    EXPECT_EQ(elsewhere.id, "s");
    EXPECT_EQ(elsewhere.threshold, log_level::error);
    EXPECT_EQ(elsewhere.subscriptions, (uris{"c", "x"}));
    EXPECT_EQ(elsewhere.version, 8u);
}

TEST(record_change, leaves_alone_what_it_does_not_name) {
    record_change change;
    change.subscribe("a");
    const auto elsewhere = change.applied_to(record(log_level::debug, {"x"}));
    EXPECT_EQ(elsewhere.threshold, log_level::debug);
    EXPECT_EQ(elsewhere.subscriptions, (uris{"a", "x"}));
}

TEST(record_change, the_last_word_holds) {
    record_change change;
    change.subscribe("a");
    change.subscribe("a");
    change.unsubscribe("a");
    change.unsubscribe("b");
    change.subscribe("b");
    EXPECT_EQ(change.added, uris{"b"});
    EXPECT_EQ(change.removed, uris{"a"});
    EXPECT_EQ(change.applied_to(record(log_level::info, {"a", "c"})).subscriptions,
              (uris{"b", "c"}));
}

TEST(record_change, knows_whether_it_alters_anything) {
    const auto present = record(log_level::info, {"a"});
    EXPECT_FALSE(record_change().alters(present));
    record_change change;
    change.threshold = log_level::info;
    change.subscribe("a");
    change.unsubscribe("b");
    EXPECT_FALSE(change.alters(present));
    EXPECT_TRUE(change.alters(record(log_level::error, {"a"})));
    EXPECT_TRUE(change.alters(record(log_level::info, {})));
    EXPECT_TRUE(change.alters(record(log_level::info, {"a", "b"})));
}

TEST(record_change, a_version_that_is_not_kept_stays_unknown) {
    EXPECT_EQ(record_change().applied_to(record(log_level::info, {}, 0)).version, 0u);
}

} // namespace
