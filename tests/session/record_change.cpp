#include <mcp/session/record_change.hpp>

#include <mcp/jsonrpc/error.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/subscription_limits.hpp>
#include <mcp/session/session_record.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace record_change_test {

using mcp::log_level;
using mcp::detail::record_change;
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

TEST(record_change, the_client_is_initialized_once) {
    auto waiting = record(log_level::info, {});
    waiting.awaits_initialized = true;
    record_change change;
    EXPECT_FALSE(change.alters(waiting));
    EXPECT_TRUE(change.applied_to(waiting).awaits_initialized);
    change.initialized = true;
    EXPECT_TRUE(change.alters(waiting));
    const auto after = change.applied_to(waiting);
    EXPECT_FALSE(after.awaits_initialized);
    EXPECT_FALSE(change.alters(after));
}

TEST(record_change, a_version_that_is_not_kept_stays_unknown) {
    EXPECT_EQ(record_change().applied_to(record(log_level::info, {}, 0)).version, 0u);
}

TEST(record_change, says_what_does_not_fit) {
    const auto before = record(log_level::info, {"aa", "bb", "cc"});
    const mcp::subscription_limits most{.count = 4, .uri_bytes = 5, .bytes = 12};
    const auto refuses = [&](uris added, uris removed, std::string_view uri) {
        record_change change;
        change.before = &before;
        for (const auto& each : added)
            change.subscribe(each);
        for (const auto& each : removed)
            change.unsubscribe(each);
        const auto why = change.refuse(uri, most);
        return why ? why->message : std::string();
    };
    EXPECT_EQ(refuses({}, {}, "ddddd"), "");
    EXPECT_EQ(refuses({}, {}, "dddddd"), "params.uri has 6 bytes; at most 5 are allowed");
    EXPECT_EQ(refuses({"dd"}, {}, "e"), "At most 4 resources may be subscribed to at once");
    EXPECT_EQ(refuses({"dd"}, {}, "dd"), "") << "is there already";
    EXPECT_EQ(refuses({"dd"}, {"aa"}, "e"), "");
    EXPECT_EQ(refuses({"ddddd"}, {"aa"}, "eeee"),
              "The URIs of all subscriptions may have at most 12 bytes together");
}

} // namespace record_change_test
