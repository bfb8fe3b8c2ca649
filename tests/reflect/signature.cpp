#include <mcp/reflect/signature.hpp>

#include <gtest/gtest.h>

#include <string>

int add(int, const std::string&);
void quiet() noexcept;

namespace {

using mcp::reflect::has_signature;
using mcp::reflect::signature_of;

struct functor {
    double operator()(int&, char) const noexcept;
};

struct counter {
    int operator()(int) &;
    long method(short) const;
};

struct overloaded {
    void operator()(int);
    void operator()(char);
};

template <class F, class R, class... P>
inline constexpr bool is = std::is_same_v<typename signature_of<F>::result_type, R> &&
                           std::is_same_v<typename signature_of<F>::parameters, std::tuple<P...>> &&
                           signature_of<F>::arity == sizeof...(P);

static_assert(is<decltype(add), int, int, const std::string&>);
static_assert(is<decltype(&add), int, int, const std::string&>);
static_assert(is<decltype((add)), int, int, const std::string&>);
static_assert(is<decltype(quiet), void>);
static_assert(is<decltype(&quiet), void>);
static_assert(is<functor, double, int&, char>);
static_assert(is<const functor&, double, int&, char>);
static_assert(is<counter, int, int>);
static_assert(is<decltype(&counter::method), long, short>);
static_assert(!has_signature<overloaded>);
static_assert(!has_signature<int>);

TEST(signature, lambdas) {
    int captured = 0;
    auto plain = [](int, std::string&&) -> bool { return true; };
    auto changing = [captured](double) mutable noexcept { return ++captured; };
    auto generic = [](auto) {};
    EXPECT_TRUE((is<decltype(plain), bool, int, std::string&&>));
    EXPECT_TRUE((is<decltype(changing), int, double>));
    EXPECT_FALSE(has_signature<decltype(generic)>);
    EXPECT_TRUE(plain(1, std::string{}));
    EXPECT_EQ(changing(1.0), 1);
}

} // namespace
