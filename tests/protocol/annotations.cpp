#include <mcp/protocol/annotations.hpp>

#include <mcp/json/writer.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <string>

namespace {

using mcp::annotations;
using mcp::revision;
using mcp::role;

std::string member(const annotations& value, revision r) {
    std::string out;
    mcp::json_writer w{out};
    w.begin_object();
    write_annotations(w, value, r);
    w.end_object();
    return out;
}

TEST(annotations, by_revision) {
    const annotations full{{role::user, role::assistant}, 0.7, "2025-05-03T14:30:00Z"};
    wire::expect_each({R"({"annotations":{"audience":["user","assistant"],"priority":0.7}})",
                       nullptr,
                       R"({"annotations":{"audience":["user","assistant"],"priority":0.7,)"
                       R"("lastModified":"2025-05-03T14:30:00Z"}})",
                       nullptr, nullptr},
                      [&](revision r) { return member(full, r); });
}

TEST(annotations, are_left_out_when_there_is_nothing_to_say) {
    wire::expect_each({"{}"}, [](revision r) { return member({}, r); });
    wire::expect_each({"{}", "{}", R"({"annotations":{"lastModified":"2025"}})"},
                      [](revision r) { return member(annotations{{}, {}, "2025"}, r); });
    wire::expect_each({R"({"annotations":{"priority":0.0}})"},
                      [](revision r) { return member(annotations{{}, 0.0}, r); });
}

TEST(annotations, round_trip) {
    const annotations full{{role::assistant}, 1.0, "2025-05-03T14:30:00Z"};
    const auto value = wire::parsed(member(full, mcp::latest));
    EXPECT_EQ(mcp::read_annotations(value.at("annotations")).value(), full);
    EXPECT_FALSE(mcp::read_annotations(wire::parsed(R"({"audience":["robot"]})")));
    EXPECT_FALSE(mcp::read_annotations(wire::parsed(R"({"priority":"high"})")));
}

} // namespace
