#include <mcp/server/param_fault.hpp>

#include <mcp/reflect/parameters.hpp>

#include <string>
#include <tuple>
#include <type_traits>

// The sentences are tested by tests/compile/server.

namespace param_fault_test {

using days = mcp::arg<"days", int>;
using city = mcp::arg<"city", std::string, "Where", mcp::minimum{1}>;
using input = mcp::arguments<days, mcp::arg<"name", std::string>>;

template <class Input, class... Params>
using fault = mcp::detail::input_fault<Input, mcp::described_members<Params...>>;

using good = mcp::described_member<"days", mcp::minimum<int>>;
using unknown = mcp::described_member<"Days", mcp::minimum<int>>;
using unfit = mcp::described_member<"name", mcp::minimum<int>>;
using renamed = mcp::described_member<"name", mcp::json_name>;

struct whole {
    int days = 1;
};

static_assert(std::is_same_v<fault<input>, mcp::detail::no_fault>);
static_assert(std::is_same_v<fault<whole>, mcp::detail::no_fault>);
static_assert(std::is_same_v<fault<input, good>, mcp::detail::no_fault>);
static_assert(std::is_same_v<fault<input, unknown>, mcp::detail::unknown_parameter<"Days">>);
static_assert(std::is_same_v<fault<whole, good>, mcp::detail::unknown_parameter<"days">>);
static_assert(
    std::is_same_v<fault<input, good, good>, mcp::detail::parameter_described_twice<"days">>);
static_assert(
    std::is_same_v<fault<input, good, unfit>,
                   mcp::detail::unfit_attribute<mcp::arg<"name", std::string>, mcp::minimum<int>>>);
static_assert(
    std::is_same_v<fault<input, renamed>,
                   mcp::detail::unfit_attribute<mcp::arg<"name", std::string>, mcp::json_name>>);
static_assert(std::is_same_v<fault<mcp::arguments<city>>,
                             mcp::detail::unfit_attribute<city, mcp::minimum<int>>>);

} // namespace param_fault_test
