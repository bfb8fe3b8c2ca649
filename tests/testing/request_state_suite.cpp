#include <mcp/testing/request_state_suite.hpp>

#include <mcp/state/parked_state.hpp>
#include <mcp/state/sealed_state.hpp>

#include <gtest/gtest.h>

#include <gmock/gmock.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace request_state_suite_test {

using ::testing::Contains;
using ::testing::IsEmpty;

template <class State>
mcp::testing::failures check_one() {
    return mcp::testing::check_request_state([] {
        auto one = std::make_shared<State>();
        return std::pair(one, one);
    });
}

TEST(parked_state_contract, is_kept) {
    EXPECT_THAT(check_one<mcp::parked_state>(), IsEmpty());
}

TEST(sealed_state_contract, is_kept_by_two_with_one_key) {
    EXPECT_THAT(mcp::testing::check_request_state([] {
                    const auto key = mcp::seal_key::from_text("a key for the tests");
                    return std::pair(std::make_shared<mcp::sealed_state>(key),
                                     std::make_shared<mcp::sealed_state>(key));
                }),
                IsEmpty());
}

/// Awaitable in part.
struct mixed_state {
    asio::awaitable<std::string> seal(const mcp::state_binding& binding, std::string payload) {
        co_return inner.seal(binding, std::move(payload));
    }
    std::optional<std::string> open(const mcp::state_binding& binding, std::string_view text) {
        return inner.open(binding, text);
    }
    mcp::parked_state inner{};
};

TEST(mixed_state_contract, is_kept) {
    EXPECT_THAT(check_one<mixed_state>(), IsEmpty());
}

/// Believes whatever the client says.
struct naive_state {
    std::string seal(const mcp::state_binding&, std::string payload) { return payload; }
    std::optional<std::string> open(const mcp::state_binding&, std::string_view text) {
        return std::string(text);
    }
};

TEST(naive_state_contract, is_found_broken) {
    const auto found = check_one<naive_state>();
    EXPECT_THAT(found, Contains("a sealed text cannot be sent as JSON"));
    EXPECT_THAT(found, Contains("a text opens for another caller or another request"));
    EXPECT_THAT(found, Contains("a forged text opens"));
}

} // namespace request_state_suite_test
