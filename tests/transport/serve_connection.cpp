#include <mcp/transport/serve_connection.hpp>

#include <mcp/server/server.hpp>
#include <mcp/transport/memory.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace serve_connection_test {

const std::string ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
const std::string pong = R"({"jsonrpc":"2.0","id":1,"result":{}})";

std::string call(std::string_view tool) {
    return R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":")" +
           std::string(tool) +
           R"(","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
           R"("io.modelcontextprotocol/clientCapabilities":{}}}})";
}

/// A wire whose writes take place one by one when the test says so.
class slow_wire {
public:
    slow_wire(asio::io_context& io, mcp::memory_end& end) : end_(end), gate_(io) {
        gate_.expires_at(asio::steady_timer::time_point::max());
    }
    asio::awaitable<bool> read(std::string& message) {
        const bool got = co_await end_.read(message);
        reads += got ? 1 : 0;
        co_return got;
    }
    asio::awaitable<bool> write(std::string message) {
        std::error_code woken;
        co_await gate_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        ++writes;
        co_return !broken && end_.send(std::move(message));
    }
    void close() {
        closed = true;
        end_.close();
        gate_.cancel();
    }
    void let_one_go() { gate_.cancel(); }

    int reads = 0;
    int writes = 0;
    bool broken = false;
    bool closed = false;

private:
    mcp::memory_end& end_;
    asio::steady_timer gate_;
};

class serve_connection : public testing::Test {
protected:
    serve_connection() {
        server.tool<"hang">("", [this](mcp::context& ctx) -> asio::awaitable<void> {
            running = &ctx;
            asio::steady_timer never(io, asio::steady_timer::time_point::max());
            co_await never.async_wait(asio::use_awaitable);
        });
    }
    template <class Wire>
    void serve(Wire& wire, mcp::peer_options options = {}) {
        asio::co_spawn(io, mcp::serve_connection(server, wire, options),
                       asio::bind_cancellation_slot(stop.slot(), [this](std::exception_ptr e) {
                           ended = true;
                           failure = e;
                       }));
    }
    void poll() {
        io.restart();
        io.poll();
    }

    mcp::server<> server{"test", "1"};
    asio::io_context io{1};
    mcp::memory_pair pair;
    asio::cancellation_signal stop;
    mcp::context* running = nullptr;
    bool ended = false;
    std::exception_ptr failure;
};

TEST_F(serve_connection, ends_when_the_input_has_ended_and_all_is_answered) {
    serve(pair.second);
    pair.first.send(ping);
    pair.first.finish();
    io.run();
    EXPECT_TRUE(ended);
    EXPECT_FALSE(failure);
    std::vector<std::string> heard;
    asio::co_spawn(
        io,
        [&]() -> asio::awaitable<void> {
            std::string message;
            while (co_await pair.first.read(message))
                heard.push_back(message);
        },
        asio::detached);
    poll();
    EXPECT_EQ(heard, std::vector<std::string>{pong});
}

TEST_F(serve_connection, cancels_what_is_not_done_in_time) {
    // Clients of stdio send SIGTERM two seconds after they have ended the input.
    EXPECT_LT(mcp::peer_options().drain, std::chrono::seconds(2));
    serve(pair.second, {.drain = std::chrono::milliseconds(1)});
    pair.first.send(call("hang"));
    pair.first.finish();
    io.run();
    EXPECT_NE(running, nullptr);
    EXPECT_TRUE(ended);
    EXPECT_FALSE(failure);
}

TEST_F(serve_connection, a_peer_that_is_gone_ends_it) {
    slow_wire wire(io, pair.second);
    wire.broken = true;
    serve(wire);
    pair.first.send(call("hang"));
    pair.first.send(ping);
    poll();
    EXPECT_FALSE(ended);
    wire.let_one_go();
    io.restart();
    io.run();
    EXPECT_TRUE(ended);
    EXPECT_TRUE(wire.closed);
    EXPECT_FALSE(failure);
}

TEST_F(serve_connection, can_be_cancelled) {
    serve(pair.second);
    pair.first.send(call("hang"));
    poll();
    EXPECT_NE(running, nullptr);
    EXPECT_FALSE(ended);
    stop.emit(asio::cancellation_type::terminal);
    io.restart();
    io.run();
    EXPECT_TRUE(ended);
    EXPECT_FALSE(pair.first.send(ping));
}

TEST_F(serve_connection, does_not_read_while_much_waits_to_be_written) {
    slow_wire wire(io, pair.second);
    serve(wire, {.output_before_pause = 3 * pong.size()});
    constexpr int many = 20;
    for (int i = 0; i < many; ++i)
        pair.first.send(ping);
    pair.first.finish();
    poll();
    EXPECT_LT(wire.reads, 10);
    for (int i = 0; i < many && !ended; ++i) {
        wire.let_one_go();
        poll();
    }
    EXPECT_EQ(wire.reads, many);
    EXPECT_EQ(wire.writes, many);
    EXPECT_TRUE(ended);
}

} // namespace serve_connection_test
