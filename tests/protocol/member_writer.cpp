#include <mcp/protocol/member_writer.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace {

TEST(member_writer, leaves_out_what_is_not_there) {
    std::string out;
    mcp::json_writer w{out};
    w.begin_object();
    mcp::write_present(w, "a", "");
    mcp::write_present(w, "b", std::optional<int>{});
    mcp::write_present_raw(w, "c", "");
    mcp::write_present_object(w, "d", {});
    mcp::write_present_list(w, "e", std::vector<int>{});
    w.end_object();
    EXPECT_EQ(out, "{}");
}

TEST(member_writer, writes_what_is_there) {
    std::string out;
    mcp::json_writer w{out};
    mcp::json_object object;
    object["k"] = nullptr;
    w.begin_object();
    mcp::write_present(w, "a", "x");
    mcp::write_present(w, "b", std::optional<int>{0});
    mcp::write_present_raw(w, "c", "[1]");
    mcp::write_present_object(w, "d", object);
    mcp::write_present_list(w, "e", std::vector<std::string>{"p", "q"});
    mcp::write_list(w, "f", std::vector<int>{}, [&w](int one) { w.value(one); });
    w.end_object();
    EXPECT_EQ(out, R"({"a":"x","b":0,"c":[1],"d":{"k":null},"e":["p","q"],"f":[]})");
}

} // namespace
