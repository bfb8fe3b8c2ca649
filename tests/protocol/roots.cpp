#include <mcp/protocol/roots.hpp>

#include <mcp/json/writer.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <string>
#include <vector>

namespace {

TEST(roots, round_trip) {
    const std::vector<mcp::root> roots{mcp::root{"file:///home/user/a", "A"},
                                       mcp::root{"file:///b"}};
    std::string out;
    mcp::json_writer w{out};
    mcp::write_roots(w, roots);
    EXPECT_EQ(out, R"({"roots":[{"uri":"file:///home/user/a","name":"A"},{"uri":"file:///b"}]})");
    EXPECT_EQ(mcp::read_roots(wire::parsed(out)).value(), roots);
}

TEST(roots, refuses) {
    EXPECT_EQ(
        mcp::read_roots(wire::parsed(R"({"roots":[{"uri":"a"},{"name":"b"}]})")).error().what(),
        "roots[1].uri is missing");
    EXPECT_FALSE(mcp::read_roots(wire::parsed("{}")));
    EXPECT_FALSE(mcp::read_roots(wire::parsed("[]")));
}

} // namespace
