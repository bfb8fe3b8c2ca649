#include <mcp/reflect/annotations.hpp>

#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/defaults.hpp>
#include <mcp/reflect/describe.hpp>
#include <mcp/reflect/enums.hpp>
#include <mcp/reflect/json_names.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/pattern.hpp>
#include <mcp/schema/schema_of.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#ifdef __cpp_impl_reflection
namespace annotations_test {

struct plain {
    std::string guest;
    int nights = 1;
};

struct plain_texts {
    std::string mail_address;
    std::string room;
    std::string greeting;
    int page_size = 5;
};

} // namespace annotations_test

template <>
struct mcp::describe<annotations_test::plain> {
    static constexpr auto description = "A booking";
    static constexpr auto members =
        mcp::members(mcp::member<"guest">("Name of the guest", mcp::min_length{1}),
                     mcp::member<"nights">("How long", mcp::minimum{1}, mcp::maximum{30}));
};

template <>
struct mcp::describe<annotations_test::plain_texts> {
    static constexpr auto title = "Contact";
    static constexpr mcp::camel_case names{};
    static constexpr bool defaults = false;
    static constexpr auto members =
        mcp::members(mcp::member<"mail_address">(mcp::title{"Mail"}, mcp::format{"email"},
                                                 mcp::param_header{"Mail"}),
                     mcp::member<"room">(mcp::json_name{"@room"}, mcp::pattern{"^[a-z|]+$"}),
                     mcp::member<"greeting">("How to begin", mcp::default_value{"Hello \"you\""}));
};

namespace annotations_test {

// clang-format off
struct [[=mcp::doc("A booking")]] booking {
    [[=mcp::doc("Name of the guest"), =mcp::min_length{1}]] std::string guest;
    [[=mcp::doc("How long"), =mcp::minimum(1), =mcp::maximum(30)]] int nights = 1;
};

struct [[=mcp::title("Contact"), =mcp::camel_case(), =mcp::no_defaults()]] texts {
    [[=mcp::title("Mail"), =mcp::format("email"), =mcp::param_header("Mail")]]
    std::string mail_address;
    [[=mcp::json_name("@room"), =mcp::pattern("^[a-z|]+$")]] std::string room;
    [[=mcp::doc("How to begin"), =mcp::default_value("Hello \"you\"")]] std::string greeting;
    int page_size = 5;
};

enum class http { ok = 200, not_found = 404, gone [[=mcp::doc("Gone for good")]] = 410, low = -5000 };
enum class big : std::uint64_t { first = 1, last = 0xffff'ffff'ffff'ffff, same = 1 };
// clang-format on

static_assert(mcp::schema_of<booking> == mcp::schema_of<plain>);
static_assert(mcp::schema_of<texts> == mcp::schema_of<plain_texts>);
static_assert(mcp::reflect::enum_names<http> ==
              std::array<std::string_view, 4>{"low", "ok", "not_found", "gone"});
static_assert(mcp::reflect::enum_names<big> == std::array<std::string_view, 2>{"first", "last"});
static_assert(mcp::schema_of<http> ==
              R"({"type":"string","oneOf":[{"const":"low"},{"const":"ok"},{"const":"not_found"},)"
              R"({"const":"gone","title":"Gone for good"}]})");

// clang-format off
class account {
public:
    account() = default;
    account(std::string owner, int cents) : owner_(owner), cents_(cents) {}
private:
    [[=mcp::doc("Whose it is")]] std::string owner_;
    int changes = 0;
    [[=mcp::minimum(0)]] int cents_ = 5;
    [[=mcp::doc("Notes")]] std::map<std::string, int> notes{};
};
// clang-format on

static_assert(mcp::reflect::member_names<account> ==
              std::array<std::string_view, 3>{"owner_", "cents_", "notes"});
static_assert(!mcp::reflect::may_be_absent<account, 0> && mcp::reflect::may_be_absent<account, 1> &&
              mcp::reflect::may_be_absent<account, 2>);

TEST(annotations, make_private_members_part_of_the_json) {
    EXPECT_EQ(mcp::encode(account("Ann", 7)), R"({"owner_":"Ann","cents_":7,"notes":{}})");
    const auto read = mcp::decode<account>(mcp::parse_json(R"({"owner_":"Bob"})").value());
    ASSERT_TRUE(read);
    EXPECT_EQ(mcp::encode(*read), R"({"owner_":"Bob","cents_":5,"notes":{}})");
    EXPECT_FALSE(mcp::decode<account>(mcp::parse_json(R"({"owner_":"Bob","cents_":-1})").value()));
    EXPECT_FALSE(mcp::decode<account>(mcp::parse_json(R"({"cents_":1})").value()));
    EXPECT_FALSE(mcp::decode<account>(mcp::parse_json(R"({"owner_":"","changes":1})").value()));
}

struct wide {
    int m00{}, m01{}, m02{}, m03{}, m04{}, m05{}, m06{}, m07{}, m08{}, m09{};
    int m10{}, m11{}, m12{}, m13{}, m14{}, m15{}, m16{}, m17{}, m18{}, m19{};
    int m20{}, m21{}, m22{}, m23{}, m24{}, m25{}, m26{}, m27{}, m28{}, m29{};
    int m30{}, m31{}, m32{}, m33{}, m34{}, m35{}, m36{}, m37{}, m38{}, m39{};
    int m40{}, m41{}, m42{}, m43{}, m44{}, m45{}, m46{}, m47{}, m48{}, m49{};
    int m50{}, m51{}, m52{}, m53{}, m54{}, m55{}, m56{}, m57{}, m58{}, m59{};
    int m60{}, m61{}, m62{}, m63{}, m64{}, m65{}, m66{}, m67{}, m68{}, m69{};
    int m70{}, m71{}, m72{}, m73{}, m74{}, m75{}, m76{}, m77{}, m78{}, m79{};
};

static_assert(mcp::reflect::member_count<wide> == 80);
static_assert(mcp::reflect::member_names<wide>[79] == "m79");
static_assert(mcp::schema_of<wide>.ends_with(R"("default":0}},"additionalProperties":false})"));

} // namespace annotations_test
#endif
