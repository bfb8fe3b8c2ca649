#include <mcp/session/session_record.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace session_record_test {

TEST(session_record, comes_back_from_its_text) {
    mcp::session_record record;
    record.id = "abc";
    record.owner = "alice \"the\" user";
    record.revision = mcp::revision::v2025_06_18;
    record.client = mcp::implementation("client", "1.2");
    record.client.title = "Client";
    record.capabilities.elicitation_form = true;
    record.capabilities.sampling = true;
    record.threshold = mcp::log_level::error;
    record.subscriptions = {"note://1", "note://2"};
    record.created =
        mcp::session_record::clock::time_point(std::chrono::milliseconds(1'700'000'000'123));
    record.version = 12;
    record.awaits_initialized = true;
    const auto back = mcp::session_from_text(mcp::to_text(record));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->id, record.id);
    EXPECT_EQ(back->owner, record.owner);
    EXPECT_EQ(back->revision, record.revision);
    EXPECT_EQ(back->client, record.client);
    EXPECT_TRUE(back->capabilities.elicitation_form);
    EXPECT_TRUE(back->capabilities.sampling);
    EXPECT_FALSE(back->capabilities.roots);
    EXPECT_EQ(back->threshold, record.threshold);
    EXPECT_EQ(back->subscriptions, record.subscriptions);
    EXPECT_EQ(back->created, record.created);
    EXPECT_EQ(back->version, 12u);
    EXPECT_TRUE(back->awaits_initialized);
    EXPECT_EQ(mcp::to_text(*back), mcp::to_text(record));
}

TEST(session_record, without_a_version_is_one_too_and_has_the_same_text) {
    mcp::session_record record;
    record.id = "a";
    const std::string text = mcp::to_text(record); // as stores have it from before there were any
    EXPECT_EQ(text.find("version"), text.rfind("version", text.find("threshold")));
    const auto back = mcp::session_from_text(text);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->version, 0u);
    EXPECT_EQ(mcp::to_text(*back), text);
}

TEST(session_record, other_texts_are_none) {
    for (const char* text : {"", "{}", "null", "[]", "{\"id\":1}", "ended"})
        EXPECT_FALSE(mcp::session_from_text(text)) << text;
    mcp::session_record record;
    record.id = "a";
    std::string text = mcp::to_text(record);
    text.replace(text.find("2025-11-25"), 10, "2099-01-01");
    EXPECT_FALSE(mcp::session_from_text(text));
}

TEST(session_record, what_it_takes_in_memory_is_counted) {
    const std::size_t empty = mcp::detail::memory_of(mcp::session_record());
    EXPECT_GE(empty, sizeof(mcp::session_record));
    const auto grows = [&](auto change) {
        mcp::session_record record;
        change(record);
        return mcp::detail::memory_of(record) >= empty + 10'000;
    };
    const std::string large(10'000, 'x');
    EXPECT_TRUE(grows([&](auto& r) { r.owner = large; }));
    EXPECT_TRUE(grows([&](auto& r) { r.client.name = large; }));
    EXPECT_TRUE(grows([&](auto& r) { r.client.description = large; }));
    EXPECT_TRUE(grows([&](auto& r) { r.client.icons.emplace_back(large); }));
    EXPECT_TRUE(grows([&](auto& r) { r.subscriptions.push_back(large); }));
    EXPECT_TRUE(grows([&](auto& r) { r.capabilities.experimental["a"] = large; }));
    EXPECT_TRUE(grows([&](auto& r) { r.capabilities.extensions[large] = 1; }));
    EXPECT_TRUE(grows([&](auto& r) {
        r.capabilities.experimental["a"] = mcp::json_array(1'000, mcp::json(1));
    })) << "values take more than their text";
}

} // namespace session_record_test
