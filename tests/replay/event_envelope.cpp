#include <mcp/replay/event_envelope.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace event_envelope_test {

using mcp::detail::event_envelope;

TEST(event_envelope, keeps_the_sequence_and_the_mark) {
    for (const bool last : {false, true}) {
        const std::string marked = event_envelope::mark("7.m", last);
        EXPECT_EQ(event_envelope::unmark(marked), "7.m");
        const std::string text = event_envelope::write(12, marked);
        const auto read = event_envelope::read(text);
        ASSERT_TRUE(read);
        EXPECT_EQ(read->sequence, 12U);
        EXPECT_EQ(read->last, last);
        EXPECT_EQ(read->message, "7.m");
    }
    EXPECT_EQ(event_envelope::write(3, event_envelope::mark({})), "3.");
}

TEST(event_envelope, other_texts_are_no_events) {
    for (const std::string_view text :
         {"", "1", ".m", "!m", "x.m", "-1.m", "{\"id\":1}", "99999999999999999999.m"})
        EXPECT_FALSE(event_envelope::read(text)) << text;
}

} // namespace event_envelope_test
