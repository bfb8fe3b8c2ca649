// Values of many types, made at random from a fixed seed: what encodes is taken by the schema of
// its type, decodes, and is the same again.

#include <mcp/json/codec.hpp>
#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/schema/re2.hpp>
#include <mcp/schema/schema_of.hpp>
#include <mcp/schema/validate.hpp>

#include <gtest/gtest.h>

#include "../json/types.hpp"
#include <bit>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <list>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace {

/// Makes values. Only the engine's bits are used, because the distributions of the standard library
/// differ from one implementation to the next.
class maker {
public:
    explicit maker(std::uint64_t seed) : engine_{seed} {}

    template <class T>
    T make();

private:
    std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }

    /// How many elements: few, and none within many levels.
    std::size_t count() { return depth_ > 5 ? 0 : below(4); }

    template <std::integral T>
    T integer() {
        switch (below(4)) {
        case 0:
            return std::numeric_limits<T>::min();
        case 1:
            return std::numeric_limits<T>::max();
        case 2:
            return static_cast<T>(below(10));
        default:
            return static_cast<T>(engine_());
        }
    }

    template <std::floating_point T>
    T real() {
        if (below(2) == 0) {
            return static_cast<T>(static_cast<std::int64_t>(below(20'000)) - 10'000) / T{100};
        }
        using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
        const T any = std::bit_cast<T>(static_cast<bits>(engine_()));
        return std::isfinite(any) ? any : T{0};
    }

    std::string text() {
        static constexpr std::string_view pieces[] = {"a",
                                                      "Z",
                                                      "0",
                                                      " ",
                                                      "\"",
                                                      "\\",
                                                      "/",
                                                      "\n",
                                                      "\x01",
                                                      "\x7F",
                                                      "\xC3\xA4",
                                                      "\xE2\x82\xAC",
                                                      "\xF0\x9F\x98\x80",
                                                      "{",
                                                      "[",
                                                      ",",
                                                      "~1",
                                                      "word",
                                                      std::string_view{"\0", 1}};
        std::string out;
        for (std::size_t left = below(12); left > 0; --left) {
            out += pieces[below(std::size(pieces))];
        }
        return out;
    }

    mcp::json tree() {
        ++depth_;
        mcp::json out;
        switch (below(depth_ > 4 ? 6 : 8)) {
        case 0:
            out = nullptr;
            break;
        case 1:
            out = below(2) == 0;
            break;
        case 2:
            out = integer<std::int64_t>();
            break;
        case 3:
            out = std::uint64_t{1} << 63 | engine_();
            break;
        case 4:
            out = real<double>();
            break;
        case 5:
            out = text();
            break;
        case 6:
            for (std::size_t left = below(4), at = out.emplace_array().size(); at < left; ++at) {
                out.get_array().push_back(tree());
            }
            break;
        default:
            for (std::size_t left = below(4), at = out.emplace_object().size(); at < left; ++at) {
                out.get_object()[text()] = tree();
            }
        }
        --depth_;
        return out;
    }

    template <class T, std::size_t I>
    T alternative(std::size_t chosen) {
        if constexpr (I + 1 < std::variant_size_v<T>) {
            if (chosen != I) {
                return alternative<T, I + 1>(chosen);
            }
        }
        return T{std::in_place_index<I>, make<std::variant_alternative_t<I, T>>()};
    }

    std::mt19937_64 engine_;
    int depth_ = 0;
};

template <class T>
T maker::make() {
    namespace kinds = mcp::detail;
    if constexpr (std::same_as<T, mcp::json>) {
        return tree();
    } else if constexpr (std::same_as<T, bool>) {
        return below(2) == 0;
    } else if constexpr (std::integral<T>) {
        return integer<T>();
    } else if constexpr (std::floating_point<T>) {
        return real<T>();
    } else if constexpr (std::same_as<T, std::string>) {
        return text();
    } else if constexpr (std::is_enum_v<T>) {
        return mcp::reflect::enum_values<T>[below(mcp::reflect::enum_values<T>.size())];
    } else if constexpr (std::same_as<T, mcp::bytes>) {
        return T{std::string_view{text()}};
    } else if constexpr (kinds::json_duration<T>) {
        if constexpr (std::integral<typename T::rep>) {
            return T{integer<std::int32_t>()};
        } else {
            return T{static_cast<typename T::rep>(integer<std::int32_t>()) / 64};
        }
    } else if constexpr (std::same_as<T, std::chrono::year_month_day>) {
        return T{make<std::chrono::sys_days>()};
    } else if constexpr (mcp::has_text_form<T>) {
        // Up to the year 9999 and back to the year 0.
        const auto span = std::chrono::days{3'000'000};
        const auto limit = std::chrono::duration_cast<typename T::duration>(span).count();
        const auto units = static_cast<std::int64_t>(below(static_cast<std::uint64_t>(limit)));
        return T{typename T::duration{units - limit / 5}};
    } else if constexpr (std::same_as<T, std::monostate>) {
        return {};
    } else if constexpr (mcp::reflect::is_constrained<T>) {
        typename T::value_type inner{};
        do {
            inner = make<typename T::value_type>();
        } while (!T::admits(inner));
        return T{inner};
    } else if constexpr (kinds::json_optional<T>) {
        return below(3) == 0 ? T{} : T{make<typename T::value_type>()};
    } else if constexpr (kinds::json_variant<T>) {
        return alternative<T, 0>(below(std::variant_size_v<T>));
    } else if constexpr (kinds::json_tuple<T> || kinds::is_std_array<T>) {
        T out;
        std::apply(
            [&](auto&... part) { ((part = make<std::remove_cvref_t<decltype(part)>>()), ...); },
            out);
        return out;
    } else if constexpr (kinds::json_map<T>) {
        T out;
        for (std::size_t left = count(); left > 0; --left) {
            out[make<typename T::key_type>()] = make<typename T::mapped_type>();
        }
        return out;
    } else if constexpr (kinds::json_range<T>) {
        ++depth_;
        T out;
        for (std::size_t left = count(); left > 0; --left) {
            out.insert(out.end(), make<typename T::value_type>());
        }
        --depth_;
        return out;
    } else if constexpr (mcp::reflect::is_arguments<T>) {
        return T{make<decltype(T::values)>()};
    } else {
        T out{};
        std::apply(
            [&](auto&... part) { ((part = make<std::remove_cvref_t<decltype(part)>>()), ...); },
            mcp::reflect::member_refs(out));
        return out;
    }
}

using parameters = mcp::arguments<mcp::arg<"a", int>, mcp::arg<"b", std::optional<std::string>>,
                                  mcp::arg<"c", sample::search>>;

template <class T>
class property : public testing::Test {};

using types = testing::Types<
    bool, std::int8_t, std::uint16_t, int, std::int64_t, std::uint64_t, float, double, std::string,
    sample::colour, mcp::bytes, mcp::json, std::optional<int>, std::chrono::seconds,
    std::chrono::nanoseconds, std::chrono::hours, std::chrono::duration<double>,
    std::chrono::sys_seconds, std::chrono::sys_time<std::chrono::milliseconds>,
    std::chrono::sys_days, std::chrono::year_month_day, std::vector<int>, std::vector<bool>,
    std::vector<std::optional<std::string>>, std::list<double>, std::set<std::string>,
    std::set<int>, std::array<float, 3>, std::tuple<int, std::string, bool>,
    std::pair<sample::colour, double>, std::map<std::string, int>,
    std::map<sample::colour, std::vector<int>>, std::unordered_map<std::string, std::string>,
    std::variant<int, std::string>, std::variant<std::string, sample::point, std::vector<int>>,
    sample::shape, sample::point, sample::filter, sample::search, sample::tree, sample::everything,
    mcp::ranged<std::int8_t, -5, 90>, mcp::sized<std::string, 1, 8>,
    mcp::sized<std::vector<int>, 1, 2>, parameters>;
TYPED_TEST_SUITE(property, types);

TYPED_TEST(property, goes_there_and_back) {
    const auto schema_text = mcp::parse_json(mcp::schema_of<TypeParam>);
    ASSERT_TRUE(schema_text) << mcp::schema_of<TypeParam>;
    const auto schema = mcp::schema::validator::compile(*schema_text);
    ASSERT_TRUE(schema) << schema.error().message;

    maker random{20'260'728};
    for (int i = 0; i < 500; ++i) {
        const auto value = random.make<TypeParam>();
        const std::string text = mcp::encode(value);
        const auto parsed = mcp::parse_json(text);
        ASSERT_TRUE(parsed) << text << ": " << parsed.error().what();

        const auto valid = schema->validate(*parsed);
        ASSERT_TRUE(valid) << text << ": " << valid.error().what()
                           << "\nschema: " << mcp::schema_of<TypeParam>;

        const auto decoded = mcp::decode<TypeParam>(*parsed);
        ASSERT_TRUE(decoded) << text << ": " << decoded.error().what();
        if constexpr (std::equality_comparable<TypeParam>) {
            ASSERT_EQ(*decoded, value) << text;
        } else {
            ASSERT_EQ(mcp::encode(*decoded), text);
        }
    }
}

/// `value` with one place changed: a value of another kind, or a member or element more or less.
mcp::json changed(mcp::json value, std::mt19937_64& random) {
    mcp::json* at = &value;
    while (random() % 4 != 0) {
        if (at->is_object() && !at->get_object().empty()) {
            auto& object = at->get_object();
            at = &(object.begin() + static_cast<std::ptrdiff_t>(random() % object.size()))->value();
        } else if (at->is_array() && !at->get_array().empty()) {
            at = &at->get_array()[random() % at->get_array().size()];
        } else {
            break;
        }
    }
    if (at->is_object() && random() % 2 == 0) {
        if (random() % 2 == 0 || at->get_object().empty()) {
            at->get_object()["more"] = 1;
        } else {
            at->get_object().erase(at->get_object().begin());
        }
    } else if (at->is_array() && random() % 2 == 0) {
        if (random() % 2 == 0 || at->get_array().empty()) {
            at->get_array().push_back(true);
        } else {
            at->get_array().pop_back();
        }
    } else {
        // No null: decode takes it for an absent optional member, which the schema does not offer.
        const mcp::json others[] = {
            true, -1, 1.5, 300, "text", mcp::json_array{}, mcp::json_object{}};
        *at = others[random() % std::size(others)];
    }
    return value;
}

// Formats are not checked by schemas but by decode, and so are map keys that are enums: where those
// are, decode may refuse more.
using strict_types =
    testing::Types<bool, std::uint16_t, double, std::string, sample::colour, std::optional<int>,
                   std::vector<std::optional<std::string>>, std::set<int>, std::array<float, 3>,
                   std::tuple<int, std::string, bool>, std::map<std::string, int>,
                   std::variant<int, std::string>,
                   std::variant<std::string, sample::point, std::vector<int>>, sample::shape,
                   sample::point, sample::filter, sample::search, sample::tree, sample::described,
                   mcp::ranged<std::int8_t, -5, 90>, mcp::sized<std::string, 1, 8>, parameters>;

template <class T>
class strictness : public testing::Test {};
TYPED_TEST_SUITE(strictness, strict_types);

TYPED_TEST(strictness, of_schema_and_decode_agree) {
    const auto schema =
        mcp::schema::validator::compile(*mcp::parse_json(mcp::schema_of<TypeParam>));
    ASSERT_TRUE(schema) << schema.error().message;
    maker random{7};
    std::mt19937_64 changes{7};
    int refused = 0;
    for (int i = 0; i < 500; ++i) {
        const mcp::json good = *mcp::parse_json(mcp::encode(random.make<TypeParam>()));
        const mcp::json value = changed(good, changes);
        const auto valid = schema->validate(value);
        const auto decoded = mcp::decode<TypeParam>(value);
        ASSERT_EQ(valid.has_value(), decoded.has_value())
            << mcp::encode(value) << "\nschema: " << mcp::schema_of<TypeParam> << "\n"
            << (valid ? "" : valid.error().what()) << "\n"
            << (decoded ? "" : decoded.error().what());
        refused += valid ? 0 : 1;
    }
    EXPECT_GT(refused, 0);
}

} // namespace
