#include <mcp/session/session_store.hpp>

#include <asio/thread_pool.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace session_store_test {

/// The least that is a store, with methods of both kinds.
struct mixed_store {
    bool create(const mcp::session_record&) { return true; }
    asio::awaitable<mcp::session_ptr> find(std::string id) {
        auto record = std::make_shared<mcp::session_record>();
        record->id = std::move(id);
        co_return record;
    }
    asio::awaitable<bool> update(mcp::session_record) { co_return false; }
    bool erase(const std::string&) { return true; }
};
static_assert(mcp::session_store<mixed_store>);

struct lacks_erase {
    bool create(const mcp::session_record&);
    mcp::session_ptr find(std::string);
    bool update(const mcp::session_record&);
};
static_assert(!mcp::session_store<lacks_erase>);

struct wrong_result : mixed_store {
    std::string erase(const std::string&);
};
static_assert(!mcp::session_store<wrong_result>);

TEST(session_store, each_method_is_called_as_it_wants_to_be) {
    asio::thread_pool pool(1);
    const mcp::detail::any_session_store store(std::make_shared<mixed_store>(), [&] {
        return asio::any_io_executor(pool.get_executor());
    });
    EXPECT_TRUE(store.create({}).ready());
    EXPECT_FALSE(store.find("a").ready());
    EXPECT_FALSE(store.update({}).ready());
    EXPECT_FALSE(store.replace({}, {}).ready()) << "one that cannot compare updates";
    auto erased = store.erase("a");
    ASSERT_TRUE(erased.ready());
    EXPECT_TRUE(erased.take());
}

/// Has no `replace`, and blocks or does not.
template <bool Blocks>
struct plain_store {
    [[maybe_unused]] static constexpr bool blocking = Blocks;
    bool create(const mcp::session_record&) { return true; }
    mcp::session_ptr find(const std::string&) {
        return std::make_shared<mcp::session_record>(kept);
    }
    bool update(const mcp::session_record& record) {
        kept = record;
        return true;
    }
    bool erase(const std::string&) { return true; }
    mcp::session_record kept{};
};

TEST(session_store, find_and_update_stand_for_a_replace_that_is_missing) {
    const auto plain = std::make_shared<plain_store<false>>();
    const mcp::detail::any_session_store store(plain, mcp::detail::pool_source());
    mcp::session_record one;
    one.version = 1;
    mcp::session_record two;
    two.version = 2;
    EXPECT_FALSE(store.replace(one, two).take()) << "the record has changed";
    EXPECT_EQ(plain->kept.version, 0u);
    EXPECT_TRUE(store.replace({}, two).take());
    EXPECT_EQ(plain->kept.version, 2u);

    asio::thread_pool pool(1);
    const mcp::detail::any_session_store slow(std::make_shared<plain_store<true>>(), [&] {
        return asio::any_io_executor(pool.get_executor());
    });
    EXPECT_FALSE(slow.replace({}, two).ready()) << "on the pool";
}

} // namespace session_store_test
