#include <mcp/transport/legacy/node.hpp>

#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/server/legacy/session.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/server/server.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace node_test {

/// Keeps the id of the question that goes out.
struct question final : mcp::message_sink {
    void send(std::string message) override {
        id = mcp::encode(mcp::parse_json(message)->at("id"));
    }
    void finish(std::string, mcp::reply_status) override {}
    std::string id;
};

asio::awaitable<void> ask(mcp::legacy::session& session, question& asked, std::string& answer) {
    auto what = mcp::input_request("q", "roots/list");
    const mcp::json result = co_await session.ask(std::move(what), asked, std::chrono::hours(1));
    answer = mcp::encode(result);
}

/// What another process passes on is nested deeper than what the client sent to it.
TEST(node, takes_an_answer_that_is_as_deep_as_clients_may_write) {
    mcp::server<> server{"test", "1"};
    const auto node = std::make_shared<mcp::legacy::node>(server.environment());
    mcp::session_record record;
    record.id = "s";
    record.revision = mcp::latest_legacy;
    const auto session = node->sessions().obtain(record);
    asio::io_context loop;
    question asked;
    std::string answer;
    asio::co_spawn(loop, ask(*session, asked, answer),
                   [](std::exception_ptr failure) { EXPECT_FALSE(failure); });
    loop.poll();
    const std::size_t depth = mcp::json_limits{}.depth - 1; // the message itself is one
    const std::string deep = std::string(depth, '[') + std::string(depth, ']');
    const std::string response =
        R"({"jsonrpc":"2.0","id":)" + asked.id + R"(,"result":)" + deep + "}";
    ASSERT_TRUE(mcp::parse_json(response));
    EXPECT_TRUE(node->deliver("", R"({"session":"s","answer":)" + response + "}"));
    loop.poll();
    EXPECT_EQ(answer, deep);
}

} // namespace node_test
