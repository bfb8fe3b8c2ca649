#include <mcp/json/value.hpp>

#include <gtest/gtest.h>

#include <string_view>

namespace {

TEST(value, names_what_json_holds) {
    const mcp::json tree{{"list", {1, 2.5, "text", nullptr, true}}};
    ASSERT_EQ(tree.kind(), mcp::json_kind::object);
    const mcp::json_object& object = tree.get_object();
    const mcp::json_array& list = object.at("list").get_array();
    EXPECT_EQ(list.at(0).kind(), mcp::json_kind::int64);
    EXPECT_EQ(list.at(1).kind(), mcp::json_kind::double_);
    const mcp::json_string& text = list.at(2).get_string();
    EXPECT_EQ(text, "text");
}

TEST(value, takes_memory_from_a_storage) {
    const mcp::json_storage heap;
    const mcp::json value("text", heap);
    EXPECT_EQ(value.storage(), heap);
}

} // namespace
