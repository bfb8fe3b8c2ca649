// SPDX-License-Identifier: MIT
#include <mcp/client/connection_transport.hpp>

#include <mcp/client/in_process.hpp>
#include <mcp/client/transport_error.hpp>
#include <mcp/server/server.hpp>
#include <mcp/transport/memory.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace connection_transport_test {

struct answers final : mcp::message_receiver, mcp::request_receiver {
    void receive(std::string message) override { messages.push_back(std::move(message)); }
    void closed(std::exception_ptr why) override { end = why; }
    bool done() const noexcept override { return false; }

    std::vector<std::string> messages;
    std::exception_ptr end;
};

/// "kind: sentence" of a failure; "open" without one.
std::string text_of(const std::exception_ptr& failure) {
    if (!failure)
        return "open";
    try {
        std::rethrow_exception(failure);
    } catch (const mcp::transport_error& e) {
        return std::to_string(static_cast<int>(e.why())) + ": " + e.what();
    } catch (const std::exception& e) {
        return std::string("? ") + e.what();
    }
}

constexpr int not_connected = static_cast<int>(mcp::transport_failure::not_connected);
constexpr int closed = static_cast<int>(mcp::transport_failure::closed);

/// Runs one awaitable to its end, and returns its failure.
template <class T>
std::string run(asio::io_context& io, asio::awaitable<T> work) {
    std::exception_ptr failure;
    bool done = false;
    auto ended = [&](std::exception_ptr e, auto...) {
        failure = e;
        done = true;
    };
    asio::co_spawn(io, std::move(work), ended);
    io.restart();
    while (!done && io.run_one() > 0) {
    }
    EXPECT_TRUE(done);
    io.poll();
    return text_of(failure);
}

std::string send(asio::io_context& io, mcp::client_transport& by, const std::string& body) {
    static answers none;
    mcp::outgoing_request request;
    request.method = "ping";
    request.body = body;
    return run(io, by.send(std::move(request), none));
}

/// A connection whose parts fail as the test says.
struct made_wire {
    asio::awaitable<bool> read(std::string& message) {
        const bool more = co_await end->read(message);
        if (!more && fail_read)
            std::rethrow_exception(fail_read);
        co_return more;
    }
    asio::awaitable<bool> write(std::string message) {
        if (deaf)
            co_return false;
        co_return co_await end->write(std::move(message));
    }
    void close() { end->close(); }

    std::shared_ptr<mcp::memory_end> end;
    std::exception_ptr fail_read{};
    bool deaf = false;
};

class connection_transport : public testing::Test {
protected:
    std::unique_ptr<mcp::client_transport> over(made_wire wire) {
        wire.end = std::make_shared<mcp::memory_end>(std::move(pair.first));
        return std::make_unique<mcp::connection_transport>(std::move(wire), "the plotter");
    }

    asio::io_context io{1};
    mcp::memory_pair pair;
    answers got;
};

TEST_F(connection_transport, carries_messages_both_ways_in_order) {
    auto transport = over({});
    EXPECT_EQ(transport->name(), "the plotter");
    EXPECT_FALSE(transport->has_streams());
    EXPECT_EQ(send(io, *transport, "early"),
              std::to_string(not_connected) + ": the plotter: not connected");
    EXPECT_EQ(run(io, transport->open(got)), "open");
    for (const char* each : {"1", "2", "3"})
        EXPECT_EQ(send(io, *transport, each), "open");
    EXPECT_EQ(run(io, transport->notify("4", mcp::latest)), "open");
    std::string seen;
    auto read = [&]() -> asio::awaitable<void> {
        for (int i = 0; i < 4; ++i)
            seen += co_await pair.second.receive();
    };
    EXPECT_EQ(run(io, read()), "open");
    EXPECT_EQ(seen, "1234");
    pair.second.send("a");
    pair.second.send("b");
    io.poll();
    EXPECT_EQ(got.messages, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(text_of(got.end), "open");

    EXPECT_EQ(run(io, transport->close()), "open");
    EXPECT_EQ(text_of(got.end), std::to_string(closed) + ": the plotter: the connection has ended");
    EXPECT_EQ(run(io, transport->open(got)),
              std::to_string(not_connected) + ": the plotter: the connection cannot be made again");
}

TEST_F(connection_transport, ends_with_the_reason_that_the_connection_gives) {
    const auto too_large = std::make_exception_ptr(
        mcp::transport_error(mcp::transport_failure::too_large, "a line is too long"));
    const auto other = std::make_exception_ptr(std::runtime_error("out of paper"));
    const std::string as_closed = std::to_string(closed) + ": the plotter: ";
    const struct {
        std::exception_ptr failure;
        bool deaf;
        std::string expected;
    } cases[] = {
        {nullptr, false, as_closed + "the connection has ended"},
        {other, false, as_closed + "out of paper"},
        {too_large, false,
         std::to_string(static_cast<int>(mcp::transport_failure::too_large)) +
             ": a line is too long"},
        {nullptr, true, as_closed + "it reads no more messages"},
    };
    for (const auto& [failure, deaf, expected] : cases) {
        pair = mcp::memory_pair();
        got = {};
        auto transport = over({.end = {}, .fail_read = failure, .deaf = deaf});
        EXPECT_EQ(run(io, transport->open(got)), "open");
        EXPECT_EQ(send(io, *transport, "x"), "open");
        if (!deaf)
            pair.second.close();
        io.restart();
        while (!got.end && io.run_one() > 0) {
        }
        EXPECT_EQ(text_of(got.end), expected);
        EXPECT_EQ(send(io, *transport, "y"), expected);
    }
}

TEST_F(connection_transport, a_transport_that_goes_ends_its_coroutines) {
    auto transport = over({});
    EXPECT_EQ(run(io, transport->open(got)), "open");
    transport.reset();
    io.run();
    EXPECT_FALSE(pair.second.send("nobody listens"));
    EXPECT_EQ(text_of(got.end), "open");
}

TEST_F(connection_transport, in_process_speaks_both_eras_and_opens_again) {
    mcp::server server{{.name = "here", .version = "1"}};
    auto transport = mcp::in_process(server);
    for (int round = 0; round < 2; ++round) {
        got = {};
        EXPECT_EQ(run(io, transport->open(got)), "open");
        EXPECT_EQ(
            send(io, *transport,
                 R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":)"
                 R"("2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}})"),
            "open");
        EXPECT_EQ(send(io, *transport,
                       R"({"jsonrpc":"2.0","id":2,"method":"server/discover","params":{"_meta":{)"
                       R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                       R"("io.modelcontextprotocol/clientCapabilities":{}}}})"),
                  "open");
        io.restart();
        while (got.messages.size() < 2 && io.run_one() > 0) {
        }
        ASSERT_EQ(got.messages.size(), 2u);
        EXPECT_NE(got.messages[0].find(R"("protocolVersion":"2025-11-25")"), std::string::npos);
        EXPECT_NE(got.messages[1].find(R"("supportedVersions":["2026-07-28"])"), std::string::npos);
        EXPECT_EQ(run(io, transport->close()), "open");
        EXPECT_EQ(text_of(got.end), std::to_string(closed) +
                                        ": the server in this process: the connection has ended");
    }
    transport.reset();
    io.restart();
    io.run();
}

} // namespace connection_transport_test
