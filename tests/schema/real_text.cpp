#include <mcp/schema/impl/real_text.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

namespace {

using mcp::schema::detail::real_text;

static_assert(real_text{0.0}.view() == "0");
static_assert(real_text{1.0}.view() == "1");
static_assert(real_text{-1.5}.view() == "-1.5");
static_assert(real_text{0.1}.view() == "0.1");
static_assert(real_text{0.1f}.view() == "0.1");
static_assert(real_text{0.3}.view() == "0.3");
static_assert(real_text{100.0}.view() == "100");
static_assert(real_text{123456.789}.view() == "123456.789");
static_assert(real_text{1e-6}.view() == "0.000001");
static_assert(real_text{1e15}.view() == "1000000000000000");
static_assert(real_text{1e300}.view() == "1.0000000000000001e300");
static_assert(real_text{5e-324}.view() == "4.9406564584124654e-324");
static_assert(real_text{0.1 + 0.2}.view() == "0.30000000000000004");

template <class T>
void expect_round_trip(T value) {
    const std::string text{real_text{value}.view()};
    EXPECT_EQ(static_cast<T>(std::strtod(text.c_str(), nullptr)), value) << text;
}

TEST(real_text, reads_back_the_same) {
    std::mt19937_64 random{7};
    for (int round = 0; round < 2'000; ++round) {
        const auto value = std::bit_cast<double>(random());
        if (std::isfinite(value))
            expect_round_trip(value);
        expect_round_trip(static_cast<double>(random() % 1'000'000) / 1000);
        const auto narrow = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
        if (std::isfinite(narrow))
            expect_round_trip(narrow);
    }
    expect_round_trip(std::numeric_limits<double>::max());
    expect_round_trip(std::numeric_limits<double>::min());
    expect_round_trip(std::numeric_limits<double>::denorm_min());
}

} // namespace
