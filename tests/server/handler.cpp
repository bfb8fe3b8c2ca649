#include <mcp/server/handler.hpp>

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

namespace handler_test {

struct point {
    int x = 0, y = 0;
};

[[maybe_unused]] int plain(int a, const std::string&) {
    return a;
}
[[maybe_unused]] asio::awaitable<int> awaited(point p, mcp::context&) {
    co_return p.x;
}
[[maybe_unused]] void nothing() {}

using a_and_b = mcp::arguments<mcp::arg<"a", int>, mcp::arg<"b", std::string>>;

static_assert(std::is_same_v<mcp::binding<decltype(&plain), "a", "b">::input_type, a_and_b>);
static_assert(std::is_same_v<mcp::binding<decltype(&awaited)>::input_type, point>);
static_assert(std::is_same_v<mcp::binding<decltype(&nothing)>::input_type, mcp::arguments<>>);
static_assert(std::is_same_v<mcp::binding<decltype(&awaited)>::result_type, int>);
static_assert(std::is_void_v<mcp::binding<decltype(&nothing)>::result_type>);
static_assert(mcp::binding<decltype(&plain), "a", "b">::how == mcp::execution::immediate);
static_assert(mcp::binding<decltype(&awaited)>::how == mcp::execution::awaitable);
static_assert(mcp::binding<mcp::detail::blocking_t<decltype(&nothing)>>::how ==
              mcp::execution::blocking);

/// Something with `get` is no promise, and a value that happens to be a class is a value.
struct holder {
    int get() const { return 1; }
};
static_assert(!mcp::detail::foreign_promise<holder> && !mcp::detail::foreign_promise<std::string>);
static_assert(!mcp::detail::foreign_promise<asio::awaitable<int>>);
static_assert(mcp::detail::foreign_promise<std::future<int>>);
static_assert(mcp::detail::foreign_promise<std::shared_future<void>>);

TEST(handler, is_called_with_its_parameters_in_order) {
    const auto f = [](std::string b, mcp::context&, int a) { return b + std::to_string(a); };
    using bound = mcp::binding<decltype(f), "b", "a">;
    bound::input_type input{{"x", 7}};
    // The context is only passed on: any reference will do here.
    alignas(8) char storage[1024] = {};
    auto& ctx = reinterpret_cast<mcp::context&>(storage);
    EXPECT_EQ(bound::call(f, input, ctx), "x7");
}

TEST(handler, gets_its_parameters_moved) {
    const auto f = [](mcp::arg<"v", std::vector<int>> v) { return v->data(); };
    using bound = mcp::binding<decltype(f)>;
    bound::input_type input{{std::vector<int>{1, 2, 3}}};
    const int* const before = std::get<0>(input.values).data();
    alignas(8) char storage[1024] = {};
    auto& ctx = reinterpret_cast<mcp::context&>(storage);
    EXPECT_EQ(bound::call(f, input, ctx), before);
}

} // namespace handler_test
