#pragma once

#include <mcp/json/parse.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/revision.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace wire {

/// The value of a JSON text that is right.
inline mcp::json parsed(std::string_view text) {
    return mcp::parse_json(text).value();
}

/// What `write(writer, arguments...)` writes.
template <class... Arguments>
std::string written(const Arguments&... arguments) {
    std::string out;
    mcp::json_writer w{out};
    write(w, arguments...);
    return out;
}

/// What each revision puts on the wire, oldest first; nullptr stands for "as the one before".
using by_revision = std::array<const char*, mcp::all_revisions.size()>;

/// Calls `write_for(revision)` for each and compares its text.
template <class Write>
void expect_each(const by_revision& expected, Write write_for) {
    const char* wanted = "";
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const mcp::revision r = mcp::all_revisions[i];
        wanted = expected[i] ? expected[i] : wanted;
        EXPECT_EQ(write_for(r), wanted) << mcp::to_string(r);
    }
}

/// The same for `write(writer, value, revision)`.
template <class T>
void expect_written(const T& value, const by_revision& expected) {
    expect_each(expected, [&](mcp::revision r) { return written(value, r); });
}

/// Two JSON texts that mean the same, whatever the order of their members.
inline void expect_same_json(std::string_view got, std::string_view expected) {
    EXPECT_EQ(parsed(got), parsed(expected)) << got << "\n" << expected;
}

} // namespace wire
