#include <mcp/http/taken_connection.hpp>

#include <mcp/async/sleep_for.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/server.hpp>

#include <asio/awaitable.hpp>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <http/links.hpp>
#include <http/raw_client.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

namespace taken_connection_test {

using namespace mcp::http;
using namespace std::chrono_literals;

constexpr std::string_view switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                                       "Upgrade: echo\r\n\r\n";

/// Sends back what it reads, in brackets, until the peer or the server ends.
asio::awaitable<void> echo(taken_connection& peer) {
    co_await peer.write(switching);
    bool stopping = false;
    peer.on_drain([&] { stopping = true; });
    std::array<char, 8> room{};
    while (true) {
        const std::size_t size = co_await peer.read(room);
        if (size == 0)
            break;
        const std::string said =
            "<" + std::string(room.data(), size) + (stopping ? ", and bye>" : ">");
        const bool there = co_await peer.write(said);
        if (!there || stopping)
            break;
    }
}

asio::awaitable<void> answer(request& q, response& r) {
    if (q.path == "/throws")
        r.take_over = [](taken_connection&) -> asio::awaitable<void> {
            throw std::runtime_error("of the application");
            co_return;
        };
    else if (asks_for_upgrade(q, "echo"))
        r.take_over = echo;
    else
        r.body = "plain";
    co_return;
}

constexpr std::string_view upgrade =
    "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\n"
    "Upgrade: echo\r\n\r\n";

class taken : public testing::TestWithParam<test::link> {
protected:
    server_options options() const {
        server_options made{.port = 0};
        made.tls = GetParam().server;
        made.clock_interval = 10ms;
        return made;
    }
};

TEST_P(taken, speaks_another_protocol_with_early_bytes_and_after_other_requests) {
    server served(answer, options());
    served.start();
    raw_client peer(served.port(), GetParam().connect());
    peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + std::string(upgrade) + "early bytes");
    EXPECT_NE(peer.read_response().find("plain"), std::string::npos);
    EXPECT_EQ(peer.read_until("\r\n\r\n"), switching);
    EXPECT_EQ(peer.read_until("<tes>"), "<early by><tes>");
    peer.send("more");
    EXPECT_EQ(peer.read_until("<more>"), "<more>");
    EXPECT_EQ(served.connections(), 1U);
    served.advance_clock(24h); // no deadline of HTTP applies
    peer.send("later");
    EXPECT_EQ(peer.read_until("<later>"), "<later>");
    peer.shutdown_send();
    EXPECT_EQ(peer.read_all(), "");
}

TEST_P(taken, is_told_that_the_server_stops) {
    server served(answer, options());
    served.start();
    raw_client peer(served.port(), GetParam().connect());
    peer.send(upgrade);
    EXPECT_EQ(peer.read_until("\r\n\r\n"), switching);
    served.stop();
    std::string said = "<a>"; // until the event loop knows
    while (said == "<a>") {
        peer.send("a");
        said = peer.read_until(">");
    }
    EXPECT_EQ(said, "<a, and bye>");
    EXPECT_EQ(peer.read_all(), "");
    peer.close();
    served.join();
}

TEST_P(taken, ends_with_the_server) {
    server_options made = options();
    made.limits.shutdown_timeout = 0ms;
    server served(answer, made);
    served.start();
    raw_client peer(served.port(), GetParam().connect());
    peer.send(upgrade);
    EXPECT_EQ(peer.read_until("\r\n\r\n"), switching);
    served.stop();
    EXPECT_EQ(peer.read_all(), "");
    peer.close();
    served.join();
}

TEST_P(taken, an_exception_is_reported_and_ends_the_connection) {
    std::string reported;
    server_options made = options();
    made.on_error = [&](std::exception_ptr failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& error) {
            reported = error.what();
        }
    };
    server served(answer, made);
    served.start();
    raw_client peer(served.port(), GetParam().connect());
    peer.send("GET /throws HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(peer.read_all(), "");
    peer.close();
    served.stop();
    served.join();
    EXPECT_EQ(reported, "of the application");
}

TEST_P(taken, gives_its_descriptor_to_another_library) {
    std::string refused;
    const handler gives = [&](request&, response& r) -> asio::awaitable<void> {
        r.take_over = [&](taken_connection& peer) -> asio::awaitable<void> {
            std::string early;
            try {
                const int descriptor = peer.release(early);
                early += "!";
                [[maybe_unused]] const auto wrote = ::write(descriptor, early.data(), early.size());
                ::close(descriptor);
            } catch (const std::logic_error& error) {
                refused = error.what();
            }
            co_return;
        };
        co_return;
    };
    server served(gives, options());
    served.start();
    raw_client peer(served.port(), GetParam().connect());
    peer.send(std::string(upgrade) + "early");
    EXPECT_EQ(peer.read_all(), GetParam().server ? "" : "early!");
    peer.close();
    served.stop();
    served.join();
    EXPECT_EQ(refused.starts_with("taken_connection::release: the connection has TLS"),
              GetParam().server != nullptr);
}

INSTANTIATE_TEST_SUITE_P(over, taken, testing::ValuesIn(test::links()),
                         [](const auto& each) { return each.param.name; });

TEST(asks_for_upgrade, table) {
    struct row {
        std::vector<field> fields;
        int version;
        bool asks;
    };
    const row rows[] = {
        {{{"connection", "upgrade"}, {"upgrade", "WebSocket"}}, 11, true},
        {{{"Connection", "keep-alive , Upgrade"}, {"Upgrade", "h2c, websocket"}}, 11, true},
        {{{"Connection", "keep-alive"}, {"Connection", "Upgrade"}, {"Upgrade", "websocket"}},
         11,
         true},
        {{{"Connection", "upgrade"}, {"Upgrade", "websocket"}}, 10, false},
        {{{"Connection", "keep-alive"}, {"Upgrade", "websocket"}}, 11, false},
        {{{"Connection", "upgraded"}, {"Upgrade", "websocket"}}, 11, false},
        {{{"Connection", "upgrade"}, {"Upgrade", "websocket2"}}, 11, false},
        {{{"Connection", "upgrade"}}, 11, false},
        {{{"Connection", ", ,"}, {"Upgrade", ""}}, 11, false},
        {{}, 11, false},
    };
    for (const row& each : rows) {
        request q;
        q.version = each.version;
        for (const field& one : each.fields)
            q.headers.add(one.name, one.value);
        EXPECT_EQ(asks_for_upgrade(q, "websocket"), each.asks) << testing::PrintToString(each.asks);
    }
}

} // namespace taken_connection_test
