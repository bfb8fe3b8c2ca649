#include <mcp/server/catalog.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace catalog_test {

class entry {
public:
    explicit entry(std::string name, int version = 1) : name_(std::move(name)), version_(version) {}
    std::string_view key() const noexcept { return name_; }
    int version() const noexcept { return version_; }

private:
    std::string name_;
    int version_;
};

std::string names(const mcp::entry_list<entry>& list) {
    std::string all;
    for (const auto& each : list.entries())
        all.append(each->key()).append(" ");
    return all;
}

mcp::entry_list<entry> abc() {
    mcp::entry_list<entry> list;
    for (const char* name : {"a", "b", "c"})
        list.put(std::make_shared<entry>(name));
    return list;
}

TEST(catalog, entries_keep_their_order) {
    auto list = abc();
    EXPECT_EQ(names(list), "a b c ");
    list.put(std::make_shared<entry>("b", 2));
    EXPECT_EQ(names(list), "a b c ");
    EXPECT_EQ((*list.find("b"))->version(), 2);
    EXPECT_TRUE(list.remove("a"));
    EXPECT_FALSE(list.remove("a"));
    EXPECT_EQ(names(list), "b c ");
    EXPECT_EQ((*list.find("c"))->key(), "c");
    EXPECT_EQ(list.find("a"), nullptr);
    list.put(std::make_shared<entry>("a"));
    EXPECT_EQ(names(list), "b c a ");
}

TEST(catalog, copies_are_their_own) {
    auto list = abc();
    const auto copy = list;
    list.remove("b");
    list.put(std::make_shared<entry>("a", 2));
    EXPECT_EQ(names(copy), "a b c ");
    EXPECT_EQ((*copy.find("a"))->version(), 1);
}

TEST(catalog, an_empty_list_has_one_empty_page) {
    const mcp::catalog_snapshot now(mcp::catalog(), {2});
    for (const auto r : mcp::all_revisions) {
        const auto& pages = now.pages(&mcp::catalog::tools, r);
        ASSERT_EQ(pages.size(), 1U);
        EXPECT_EQ(*pages[0].array, "[]");
        EXPECT_TRUE(pages[0].last);
    }
}

} // namespace catalog_test
