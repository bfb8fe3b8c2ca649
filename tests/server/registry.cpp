#include <mcp/server/registry.hpp>

#include <mcp/server/tool.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace registry_test {

using mcp::catalog_pin;

/// Adds a tool that holds `kept`.
void put(mcp::registry& to, std::string name, std::shared_ptr<int> kept = nullptr) {
    auto handler = [kept = std::move(kept)] { return kept ? *kept : 0; };
    const auto made =
        std::make_shared<mcp::detail::bound_tool<decltype(handler), mcp::described_members<>>>(
            mcp::tool_definition(std::move(name), "", {}), std::move(handler),
            mcp::described_members<>());
    to.edit([&](mcp::catalog& c) { c.tools.put(made); });
}

bool remove(mcp::registry& from, std::string_view name) {
    return from.edit([&](mcp::catalog& c) { return c.tools.remove(name); });
}

TEST(registry, a_snapshot_does_not_change) {
    mcp::registry all;
    const catalog_pin before(all, {});
    put(all, "one");
    EXPECT_TRUE((*before)->tools.empty());
    EXPECT_FALSE((*catalog_pin(all, {}))->tools.empty());
}

TEST(registry, pins_share_a_snapshot_until_it_changes) {
    mcp::registry all;
    const auto pinned = [&](mcp::list_format format = {}) { return &*catalog_pin(all, format); };
    const catalog_pin outer(all, {});
    EXPECT_EQ(pinned(), &*outer) << "the slot of the thread is empty";
    EXPECT_EQ(pinned(), &*outer) << "the slot of the thread has the reference of the last pin";
    std::thread([&] { EXPECT_EQ(pinned(), &*outer); }).join();
    put(all, "one");
    EXPECT_NE(pinned(), &*outer);
}

TEST(registry, a_format_has_a_snapshot_of_its_own) {
    mcp::registry all;
    EXPECT_EQ(catalog_pin(all, {2})->page_size(), 2U);
    EXPECT_EQ(catalog_pin(all, {0})->page_size(), 1U) << "a page holds something";
    EXPECT_TRUE(catalog_pin(all, {0, true})->format().plain_schemas);
}

TEST(registry, an_entry_lives_until_the_last_pin_ends) {
    const auto kept = std::make_shared<int>(1);
    mcp::registry all;
    put(all, "one", kept);
    EXPECT_EQ(kept.use_count(), 2);
    {
        const catalog_pin outer(all, {});
        {
            const catalog_pin inner(all, {});
            EXPECT_TRUE(remove(all, "one"));
            EXPECT_FALSE(remove(all, "one"));
        }
        EXPECT_TRUE((*outer)->tools.find("one"));
        EXPECT_EQ(kept.use_count(), 2);
    }
    EXPECT_EQ(kept.use_count(), 1);
}

TEST(registry, a_change_empties_the_slots_of_idle_threads) {
    const auto kept = std::make_shared<int>(1);
    mcp::registry all;
    put(all, "one", kept);
    std::atomic<int> step{0};
    std::thread idle([&] {
        {
            const catalog_pin used(all, {});
        }
        step = 1;
        step.notify_all();
        step.wait(1);
    });
    step.wait(0);
    remove(all, "one");
    EXPECT_EQ(kept.use_count(), 1);
    step = 2;
    step.notify_all();
    idle.join();
}

TEST(registry, changes_while_threads_read) {
    const auto kept = std::make_shared<int>(7);
    {
        mcp::registry all;
        put(all, "stays");
        std::atomic<bool> stop{false};
        std::vector<std::thread> readers;
        for (int i = 0; i < 3; ++i)
            readers.emplace_back([&] {
                while (!stop) {
                    const catalog_pin used(all, {});
                    EXPECT_TRUE((*used)->tools.find("stays"));
                    if (const auto* goes = (*used)->tools.find("goes")) {
                        EXPECT_EQ((*goes)->key(), "goes");
                    }
                    const catalog_pin nested(all, {});
                    EXPECT_TRUE((*nested)->tools.find("stays"));
                }
            });
        for (int i = 0; i < 500; ++i) {
            put(all, "goes", kept);
            {
                const catalog_pin used(all, {});
            }
            EXPECT_TRUE(remove(all, "goes"));
        }
        stop = true;
        for (std::thread& each : readers)
            each.join();
        EXPECT_EQ(kept.use_count(), 1) << "no slot has an old snapshot";
    }
}

} // namespace registry_test
