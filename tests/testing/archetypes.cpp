#include <support/archetypes.hpp>

#include <mcp/testing/auth_backend_suite.hpp>
#include <mcp/testing/rate_limiter_suite.hpp>
#include <mcp/testing/replay_log_suite.hpp>
#include <mcp/testing/request_state_suite.hpp>
#include <mcp/testing/session_store_suite.hpp>
#include <mcp/testing/sse_broker_suite.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <gmock/gmock.h>
#include <memory>
#include <type_traits>
#include <utility>

// Every concept can be fitted in every style, and the suites take them all.

namespace archetypes_test {

using archetype::style;
using ::testing::IsEmpty;

template <class Style>
class archetypes : public ::testing::Test {
protected:
    archetype::trace_ptr seen = std::make_shared<archetype::trace>();
};

template <style Style>
using of = std::integral_constant<style, Style>;
using styles =
    ::testing::Types<of<style::sync>, of<style::awaitable>, of<style::mixed>, of<style::blocking>>;
TYPED_TEST_SUITE(archetypes, styles);

TYPED_TEST(archetypes, of_auth_backend) {
    using backend = archetype::auth<TypeParam::value>;
    static_assert(mcp::auth_backend<backend>);
    EXPECT_THAT(
        mcp::testing::check_auth_backend([this] { return std::make_shared<backend>(this->seen); },
                                         {.good = "Bearer ann-has-a-token", .subject = "ann"}),
        IsEmpty());
}

TYPED_TEST(archetypes, of_rate_limiter) {
    using limiter = archetype::limiter<TypeParam::value>;
    static_assert(mcp::rate_limiter<limiter>);
    EXPECT_THAT(mcp::testing::check_rate_limiter(
                    [this](std::uint32_t permits, std::chrono::milliseconds per) {
                        const mcp::rate limit{permits, per};
                        return std::make_shared<limiter>(this->seen, limit);
                    }),
                IsEmpty());
}

TYPED_TEST(archetypes, of_session_store) {
    using store = archetype::sessions<TypeParam::value>;
    static_assert(mcp::session_store<store>);
    EXPECT_THAT(
        mcp::testing::check_session_store([this] { return std::make_shared<store>(this->seen); }),
        IsEmpty());
}

TYPED_TEST(archetypes, of_sse_broker) {
    using broker = archetype::broker<TypeParam::value>;
    static_assert(mcp::sse_broker<broker>);
    EXPECT_THAT(mcp::testing::check_sse_broker([this] {
                    auto one = std::make_shared<broker>(this->seen);
                    return std::pair(one, one);
                }),
                IsEmpty());
}

TYPED_TEST(archetypes, of_replay_log) {
    using log = archetype::replay<TypeParam::value>;
    static_assert(mcp::replay_log<log>);
    EXPECT_THAT(
        mcp::testing::check_replay_log([this] { return std::make_shared<log>(this->seen); }),
        IsEmpty());
}

TYPED_TEST(archetypes, of_request_state) {
    using state = archetype::state<TypeParam::value>;
    static_assert(mcp::request_state<state>);
    EXPECT_THAT(mcp::testing::check_request_state([this] {
                    auto one = std::make_shared<state>(this->seen);
                    return std::pair(one, one);
                }),
                IsEmpty());
}

} // namespace archetypes_test
