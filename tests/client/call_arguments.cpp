// SPDX-License-Identifier: MIT
#include <mcp/client/call_arguments.hpp>

#include <mcp/json/value.hpp>

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace call_arguments_test {

struct terms {
    int a = 0;
    std::optional<int> b;
};

std::string text(const mcp::call_arguments& arguments) {
    return arguments.text();
}

TEST(call_arguments, are_the_text_of_an_object) {
    const std::string city = "Berlin \"Mitte\"";
    const mcp::json_object object{{"a", 1}};
    const std::map<std::string, bool> map{{"on", true}};
    EXPECT_EQ(text({}), "{}");
    EXPECT_EQ(text({{"a", 2}}), R"({"a":2})");
    EXPECT_EQ(text({{"city", city}, {"days", 3.5}}), R"({"city":"Berlin \"Mitte\"","days":3.5})");
    EXPECT_EQ(text({{"list", std::vector{1, 2}}, {"none", nullptr}}),
              R"({"list":[1,2],"none":null})");
    EXPECT_EQ(text({{"object", object}}), R"({"object":{"a":1}})");
    EXPECT_EQ(text(terms{1, {}}), R"({"a":1})");
    EXPECT_EQ(text(terms{1, 2}), R"({"a":1,"b":2})");
    EXPECT_EQ(text(object), R"({"a":1})");
    EXPECT_EQ(text(map), R"({"on":true})");
}

} // namespace call_arguments_test
