#include <mcp/testing/session_store_suite.hpp>

#include <mcp/session/memory_sessions.hpp>

#include <gtest/gtest.h>

#include <gmock/gmock.h>
#include <memory>
#include <string>

namespace session_store_suite_test {

using ::testing::IsEmpty;

TEST(memory_sessions_contract, is_kept) {
    EXPECT_THAT(
        mcp::testing::check_session_store([] { return std::make_shared<mcp::memory_sessions>(); }),
        IsEmpty());
}

/// Awaitable in part.
class mixed_sessions {
public:
    bool create(const mcp::session_record& record) { return inner_.create(record); }
    asio::awaitable<mcp::session_ptr> find(std::string id) { co_return inner_.find(id); }
    asio::awaitable<bool> update(mcp::session_record record) { co_return inner_.update(record); }
    bool erase(const std::string& id) { return inner_.erase(id); }

private:
    mcp::memory_sessions inner_;
};
static_assert(mcp::session_store<mixed_sessions>);

TEST(mixed_sessions_contract, is_kept) {
    EXPECT_THAT(
        mcp::testing::check_session_store([] { return std::make_shared<mixed_sessions>(); }),
        IsEmpty());
}

/// Blocking, and wrong: it lets anyone take an id over.
class careless_sessions : public mcp::memory_sessions {
public:
    [[maybe_unused]] static constexpr bool blocking = true;
    bool create(const mcp::session_record& record) {
        erase(record.id);
        return memory_sessions::create(record);
    }
};

TEST(careless_sessions_contract, is_found_broken) {
    EXPECT_THAT(
        mcp::testing::check_session_store([] { return std::make_shared<careless_sessions>(); }),
        ::testing::Contains("create accepts an id that is in use"));
}

} // namespace session_store_suite_test
