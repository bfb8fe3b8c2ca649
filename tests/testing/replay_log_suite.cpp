#include <mcp/testing/replay_log_suite.hpp>

#include <mcp/replay/memory_log.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <utility>

namespace replay_log_suite_test {

using ::testing::IsEmpty;

TEST(memory_log_contract, is_kept) {
    EXPECT_THAT(mcp::testing::check_replay_log([] { return std::make_shared<mcp::memory_log>(); }),
                IsEmpty());
}

/// Awaitable in part.
class mixed_log {
public:
    asio::awaitable<std::uint64_t> append(std::string session, std::uint64_t stream,
                                          std::string message) {
        co_return inner_.append(session, stream, std::move(message));
    }
    mcp::replayed after(const std::string& session, std::uint64_t stream, std::uint64_t sequence) {
        return inner_.after(session, stream, sequence);
    }
    void forget(const std::string& session) { inner_.forget(session); }

private:
    mcp::memory_log inner_;
};

TEST(mixed_log_contract, is_kept) {
    EXPECT_THAT(mcp::testing::check_replay_log([] { return std::make_shared<mixed_log>(); }),
                IsEmpty());
}

/// Hides what it has dropped.
class smooth_log : public mcp::memory_log {
public:
    mcp::replayed after(const std::string& session, std::uint64_t stream, std::uint64_t sequence) {
        auto found = memory_log::after(session, stream, sequence);
        found.whole = true;
        return found;
    }
};

TEST(smooth_log_contract, is_found_broken) {
    EXPECT_THAT(mcp::testing::check_replay_log([] { return std::make_shared<smooth_log>(); }),
                ::testing::Contains("a gap is not reported"));
}

/// Has forgotten what it once had, and does not tell.
class careless_log : public mcp::memory_log {
public:
    mcp::replayed after(const std::string& session, std::uint64_t stream, std::uint64_t sequence) {
        auto found = memory_log::after(session, stream, sequence);
        found.whole = found.whole || found.last == 0U;
        return found;
    }
};

TEST(careless_log_contract, is_found_broken) {
    EXPECT_THAT(mcp::testing::check_replay_log([] { return std::make_shared<careless_log>(); }),
                ::testing::Contains("no gap is reported after an unknown event"));
}

} // namespace replay_log_suite_test
