#include <mcp/json/codec.hpp>

#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace sample {

/// No aggregate: it has a codec.
class celsius {
public:
    celsius() = default;
    explicit celsius(double degrees) : degrees_{degrees} {}
    double degrees() const { return degrees_; }
    bool operator==(const celsius&) const = default;

private:
    double degrees_ = 0;
};

struct report {
    std::vector<celsius> days;
};

} // namespace sample

template <>
struct mcp::codec<sample::celsius> {
    static constexpr std::string_view schema = R"({"type":"string","pattern":"^-?[0-9.]+C$"})";

    static void write(json_writer& w, const sample::celsius& value) {
        w.value(encode(value.degrees()) + "C");
    }

    static result<sample::celsius, decode_error> read(const json& value) {
        const json_string* text = value.if_string();
        if (text == nullptr || !text->ends_with('C')) {
            return decode_error{"", "expected degrees such as \"21.5C\""};
        }
        return sample::celsius{std::stod(std::string{*text})};
    }
};

namespace {

TEST(codec, joins_a_type_of_the_user) {
    static_assert(mcp::has_codec_read<sample::celsius> && mcp::has_codec_write<sample::celsius>);
    static_assert(!mcp::has_codec_read<int> && !mcp::has_codec_write<int>);

    EXPECT_EQ(mcp::encode(sample::report{{sample::celsius{21.5}}}), R"({"days":["21.5C"]})");
    const auto good = mcp::decode<sample::report>(*mcp::parse_json(R"({"days":["1.5C","-2C"]})"));
    ASSERT_TRUE(good);
    EXPECT_EQ(good->days[1].degrees(), -2);
    const auto bad = mcp::decode<sample::report>(*mcp::parse_json(R"({"days":["1C","2F"]})"));
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().what(), "days[1]: expected degrees such as \"21.5C\"");
}

} // namespace
