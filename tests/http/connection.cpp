#include <mcp/http/connection.hpp>

#include <mcp/async/byte_budget.hpp>
#include <mcp/http/limits.hpp>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <poll.h>
#include <string>
#include <string_view>

namespace connection_test {

using namespace std::chrono_literals;
using namespace mcp::http;
using asio::ip::tcp;

/// One connection on a loop that only the test turns, with a clock that only the test moves.
struct fixture {
    explicit fixture(std::size_t room = 1024 * 1024) : in_flight(room) {}

    limits limit;
    handler answer = [](request& q, response& r) -> asio::awaitable<void> {
        r.body = q.body;
        co_return;
    };
    std::function<void(std::exception_ptr)> on_error;
    std::atomic<std::size_t> open{0};
    shard::clock::time_point now{1h};
    mcp::byte_budget in_flight;
    shard home{loop, answer, limit, on_error, open, &in_flight};
    asio::io_context loop{1};
    tcp::socket peer{loop};

    void start() {
        move_clock(0s);
        tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), 0});
        peer.connect(acceptor.local_endpoint());
        shard::socket accepted(acceptor.accept(loop.get_executor()));
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

TEST(connection, no_timeout_does_not_overflow) {
    fixture f;
    constexpr auto never = std::chrono::milliseconds::max();
    for (auto* each : {&f.limit.head_timeout, &f.limit.body_timeout, &f.limit.request_timeout,
                       &f.limit.idle_timeout, &f.limit.write_timeout, &f.limit.linger_timeout,
                       &f.limit.keep_alive_interval}) {
        *each = never;
    }
    f.start();
    f.move_clock(24h);
    ASSERT_EQ(f.home.size(), 1U);
    f.send(echo.substr(0, 20));
    f.move_clock(24h);
    ASSERT_EQ(f.home.size(), 1U);
    f.send(echo.substr(20));
    EXPECT_TRUE(f.received().starts_with("HTTP/1.1 200 "));
}

TEST(connection, lingers_by_time_however_much_comes) {
    fixture f;
    f.start();
    f.send("rubbish\r\n\r\n");
    EXPECT_TRUE(f.received().starts_with("HTTP/1.1 400 "));
    for (int i = 0; i < 29; ++i) {
        f.send(std::string(100'000, 'x'));
        f.move_clock(1s);
        ASSERT_EQ(f.home.size(), 1U) << i;
    }
    f.send("x");
    f.move_clock(1s);
    EXPECT_EQ(f.home.size(), 0U);
}

TEST(connection, a_peer_that_reads_too_slowly_is_cut_off) {
    fixture f(100'000'000);
    f.limit.write_bytes = 50'000'000;
    f.answer = [](request&, response& r) -> asio::awaitable<void> {
        r.body.assign(30'000'000, 'x');
        co_return;
    };
    f.start();
    f.send(echo);
    for (int i = 0; i < 2; ++i) {
        EXPECT_FALSE(f.received().empty());
        f.turn();
        f.move_clock(14s);
        ASSERT_EQ(f.home.size(), 1U);
    }
    EXPECT_FALSE(f.received().empty());
    f.turn();
    f.move_clock(2s);
    EXPECT_EQ(f.home.size(), 0U);
}

TEST(connection, sends_a_shared_text_in_its_place) {
    const struct {
        std::size_t size; // 8 MiB are more than the kernel takes at once
        std::size_t at;
        int requests = 1;
        std::string body = "<>";
    } cases[] = {{0, 1},
                 {10, 1},
                 {10, 2},
                 {3000, 0},
                 {3000, 1},
                 {3000, 1, 3},
                 {3000, 2},
                 {8 * 1024 * 1024, 1},
                 {8 * 1024 * 1024, 0},
                 {8 * 1024 * 1024, 1, 2},
                 {8 * 1024 * 1024, 3000, 1, std::string(5000, '.')}};
    for (const auto& each : cases) {
        fixture f(64 * 1024 * 1024);
        const auto text = std::make_shared<const std::string>(each.size, 'x');
        f.answer = [&](request&, response& r) -> asio::awaitable<void> {
            EXPECT_TRUE(r.takes_shared);
            r.body = each.body;
            r.shared = {text, each.at};
            co_return;
        };
        f.start();
        std::string body = each.body;
        body.insert(each.at, *text);
        std::string requests;
        std::string expected;
        for (int i = 0; i < each.requests; ++i) {
            requests += "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
            expected +=
                "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body;
        }
        f.send(requests);
        std::string got;
        while (got.size() < expected.size()) {
            got += f.received();
            f.turn();
        }
        EXPECT_TRUE(got == expected) << each.size << " at " << each.at << ": " << got.size();
        EXPECT_EQ(text.use_count(), 1);
    }
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
        f.send(echo);
        EXPECT_NE(f.received(), "");
        drain ? f.home.drain() : f.home.abort();
        f.turn();
        EXPECT_EQ(f.received(), "(end)");
        EXPECT_EQ(f.home.size(), 0U);
        EXPECT_EQ(f.open, 0U);
    }
}

TEST(connection, drain_gives_a_new_connection_a_second_for_its_first_request) {
    fixture f;
    f.start();
    f.home.drain();
    f.move_clock(999ms);
    EXPECT_TRUE(f.silent());
    EXPECT_EQ(f.home.size(), 1U);
    f.move_clock(1ms);
    EXPECT_EQ(f.received(), "(end)");
    EXPECT_EQ(f.home.size(), 0U);
}

/// A request with a body, sent in pieces that the kernel takes.
void send_large(fixture& f, std::size_t body) {
    f.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body) + "\r\n\r\n");
    for (std::size_t left = body; left > 0;) {
        const std::size_t piece = std::min(left, std::size_t{16 * 1024});
        f.send(std::string(piece, 'x'));
        left -= piece;
    }
}

TEST(connection, what_is_in_flight_is_counted) {
    fixture f;
    f.answer = [&f](request& q, response& r) -> asio::awaitable<void> {
        EXPECT_GE(f.in_flight.used(), 90'000U);
        r.body = std::to_string(q.body.size());
        co_return;
    };
    f.start();
    send_large(f, 100'000);
    EXPECT_TRUE(f.received().ends_with("\r\n\r\n100000"));
    EXPECT_EQ(f.in_flight.used(), 0U);
}

TEST(connection, where_all_hold_too_much_a_large_request_is_503_and_a_small_one_served) {
    fixture f;
    mcp::detail::byte_share others(&f.in_flight);
    ASSERT_TRUE(others.resize(512 * 1024));
    mcp::detail::byte_share more(&f.in_flight);
    ASSERT_TRUE(more.resize(256 * 1024));
    f.start();
    f.send(echo);
    EXPECT_TRUE(f.received().starts_with("HTTP/1.1 200 "));
    f.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n");
    for (int i = 0; i < 16 && f.silent(); ++i) {
        f.send(std::string(10'000, 'x'));
    }
    const std::string refusal = f.received();
    EXPECT_TRUE(refusal.starts_with("HTTP/1.1 503 ")) << refusal;
    EXPECT_NE(refusal.find("\r\nRetry-After: 1\r\n"), std::string::npos);
    EXPECT_LE(f.in_flight.used(), f.in_flight.limit());
}

TEST(connection, what_a_slow_peer_does_not_take_is_counted) {
    for (const bool room : {true, false}) {
        fixture f;
        f.answer = [](request&, response& r) -> asio::awaitable<void> {
            r.body.assign(8 * 1024 * 1024, 'x'); // more than the kernel takes
            co_return;
        };
        mcp::byte_budget all(room ? 64U * 1024 * 1024 : 1024U * 1024);
        shard home(f.loop, f.answer, f.limit, f.on_error, f.open, &all);
        tcp::acceptor acceptor(f.loop, {asio::ip::address_v4::loopback(), 0});
        f.peer.connect(acceptor.local_endpoint());
        shard::socket accepted(acceptor.accept(f.loop.get_executor()));
        accepted.non_blocking(true);
        f.served = accepted.native_handle();
        std::make_shared<connection>(home, std::move(accepted), asio::ip::address())->start();
        f.turn();
        f.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_EQ(home.size(), room ? 1U : 0U) << "beyond, the peer is cut off";
        EXPECT_EQ(all.used() > 1024U * 1024, room);
        home.abort();
        f.turn();
        EXPECT_EQ(all.used(), 0U);
    }
}

} // namespace connection_test
