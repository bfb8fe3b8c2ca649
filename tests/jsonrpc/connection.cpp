#include <mcp/jsonrpc/connection.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

template <class T>
struct awaitable {
    using value_type = T;
};

struct whole {
    awaitable<bool> read(std::string&);
    awaitable<bool> write(std::string);
    void close();
};
struct no_close {
    awaitable<bool> read(std::string&);
    awaitable<bool> write(std::string);
};
struct no_awaitable {
    bool read(std::string&);
    awaitable<bool> write(std::string);
    void close();
};
struct wrong_value {
    awaitable<bool> read(std::string&);
    awaitable<int> write(std::string);
    void close();
};

static_assert(mcp::jsonrpc::connection<whole>);
static_assert(!mcp::jsonrpc::connection<no_close>);
static_assert(!mcp::jsonrpc::connection<no_awaitable>);
static_assert(!mcp::jsonrpc::connection<wrong_value>);
static_assert(!mcp::jsonrpc::connection<int>);

TEST(connection, is_a_concept) {
    EXPECT_TRUE(mcp::jsonrpc::connection<whole>);
}

} // namespace
