#include <mcp/http/connection.hpp>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <poll.h>
#include <string>
#include <string_view>

namespace {

using namespace std::chrono_literals;
using namespace mcp::http;
using asio::ip::tcp;

/// One connection on a loop that only the test turns, with a clock that only the test moves.
struct fixture {
    limits limit;
    handler answer = [](request& q, response& r) -> asio::awaitable<void> {
        r.body = q.body;
        co_return;
    };
    std::function<void(std::exception_ptr)> on_error;
    std::atomic<std::size_t> open{0};
    shard::clock::time_point now{1h};
    shard home{loop, answer, limit, on_error, open};
    asio::io_context loop{1};
    tcp::socket peer{loop};

    void start() {
        move_clock(0s);
        tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), 0});
        peer.connect(acceptor.local_endpoint());
        shard::socket accepted(loop.get_executor());
        acceptor.accept(accepted);
        accepted.non_blocking(true);
        served = accepted.native_handle();
        peer.non_blocking(true);
        std::make_shared<connection>(home, std::move(accepted), asio::ip::address())->start();
        turn();
    }

    void turn() {
        loop.restart();
        loop.poll();
    }

    void move_clock(std::chrono::milliseconds by) {
        now += by;
        home.tick(now, std::chrono::sys_seconds(784111777s));
        turn();
    }

    void send(std::string_view bytes) {
        peer.send(asio::buffer(bytes));
        await_readable(served);
        turn();
    }

    /// What the server has sent: there is something, or it has closed.
    std::string received() {
        await_readable(peer.native_handle());
        std::string out(65536, '\0');
        std::error_code ec;
        const auto n = peer.receive(asio::buffer(out), 0, ec);
        out.resize(ec ? 0 : n);
        return ec == asio::error::eof ? "(end)" : out;
    }

    bool silent() {
        char byte = 0;
        std::error_code ec;
        peer.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, ec);
        return ec == asio::error::would_block;
    }

    /// The kernel may take its time even on the loopback.
    static void await_readable(int fd) {
        pollfd one{fd, POLLIN, 0};
        ASSERT_EQ(::poll(&one, 1, 10'000), 1);
    }

    int served = -1; // the server's end
};

constexpr std::string_view echo = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";

TEST(connection, answers_with_the_date_of_the_clock) {
    fixture f;
    f.start();
    EXPECT_EQ(f.home.size(), 1U);
    f.send(echo);
    EXPECT_EQ(f.received(), "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                            "Content-Length: 2\r\n\r\nhi");
}

TEST(connection, pipelined_answers_share_a_write) {
    fixture f;
    f.start();
    f.send(std::string(echo) + std::string(echo) + std::string(echo));
    const std::string all = f.received();
    std::size_t count = 0;
    for (auto at = all.find("HTTP/1.1"); at != all.npos; at = all.find("HTTP/1.1", at + 1)) {
        ++count;
    }
    EXPECT_EQ(count, 3U);
}

TEST(connection, the_head_has_its_time_from_its_first_byte) {
    fixture f;
    f.start();
    f.move_clock(60s); // idle: not counted
    f.send("POST / HTTP/1.1\r\n");
    f.move_clock(9s);
    f.send("Host: a\r\n");
    EXPECT_TRUE(f.silent());
    f.move_clock(999ms);
    EXPECT_TRUE(f.silent());
    f.move_clock(1ms);
    EXPECT_TRUE(f.received().starts_with("HTTP/1.1 408 "));
    EXPECT_EQ(f.received(), "(end)");
}

TEST(connection, the_body_has_its_own_time) {
    fixture f;
    f.start();
    f.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    for (int i = 0; i < 4; ++i) {
        f.move_clock(14s);
        f.send("x"); // trickling does not help
        EXPECT_TRUE(f.silent());
    }
    f.move_clock(4s);
    EXPECT_TRUE(f.received().starts_with("HTTP/1.1 408 "));
}

TEST(connection, a_quiet_connection_is_closed) {
    fixture f;
    f.start();
    f.send(echo);
    f.received();
    f.move_clock(74s);
    EXPECT_TRUE(f.silent());
    f.send(echo); // starts the time anew
    f.received();
    f.move_clock(74s);
    EXPECT_TRUE(f.silent());
    f.move_clock(1s);
    EXPECT_EQ(f.received(), "(end)");
    EXPECT_EQ(f.home.size(), 0U);
}

TEST(connection, lingers_for_a_peer_that_goes_on_sending) {
    fixture f;
    f.start();
    f.send("rubbish\r\n\r\n");
    EXPECT_TRUE(f.received().starts_with("HTTP/1.1 400 "));
    f.send("more");
    EXPECT_EQ(f.home.size(), 1U);
    f.move_clock(2s);
    EXPECT_EQ(f.home.size(), 0U);
}

TEST(connection, drain_lets_a_request_that_has_begun_finish) {
    fixture f;
    f.start();
    f.send(echo.substr(0, 20));
    f.home.drain();
    f.turn();
    EXPECT_EQ(f.home.size(), 1U);
    f.send(echo.substr(20));
    EXPECT_NE(f.received().find("\r\nConnection: close\r\n"), std::string::npos);
    EXPECT_EQ(f.received(), "(end)");
}

TEST(connection, drain_and_abort_close_what_is_idle) {
    for (const bool drain : {true, false}) {
        fixture f;
        f.start();
        drain ? f.home.drain() : f.home.abort();
        f.turn();
        EXPECT_EQ(f.received(), "(end)");
        EXPECT_EQ(f.home.size(), 0U);
        EXPECT_EQ(f.open, 0U);
    }
}

} // namespace
