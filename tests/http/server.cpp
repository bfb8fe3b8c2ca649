#include <mcp/http/server.hpp>

#include <mcp/async/mailbox.hpp>
#include <mcp/http/impl/connection_refusal.hpp>
#include <mcp/http/impl/spare_descriptor.hpp>
#include <mcp/http/request_record.hpp>

#include <asio/buffer.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/post.hpp>
#include <asio/read.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <future>
#include <http/links.hpp>
#include <http/raw_client.hpp>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <support/loopback.hpp>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace server_test {

using namespace std::chrono_literals;
using namespace std::string_view_literals;
using mcp::http::body_stream;
using mcp::http::request;
using mcp::http::response;
using http_server = mcp::http::server;
using mcp::http::server_options;
using mcp::http::status;

/// What a `test_stream` lived through, seen from the test's thread.
struct stream_log {
    mcp::mailbox box;
    std::atomic<int> closed{0};
    std::atomic<int> drained{0};
    std::atomic<int> idled{0};
    std::atomic<bool> finite{false};
    std::promise<void> destroyed;

    void wait_until_destroyed() {
        ASSERT_EQ(destroyed.get_future().wait_for(10s), std::future_status::ready);
    }
};

class test_stream final : public body_stream {
public:
    explicit test_stream(std::shared_ptr<stream_log> log) : log_(std::move(log)) {}
    ~test_stream() override { log_->destroyed.set_value(); }

    asio::awaitable<bool> read(std::string& out) override {
        std::string message;
        bool more = true;
        while (more && !log_->box.try_pop(message)) {
            more = co_await log_->box.wait();
            if (more && log_->box.empty()) {
                out += "idle;";
                co_return true;
            }
        }
        if (message == "throw") {
            throw std::runtime_error("stream failure");
        }
        out += message;
        co_return more;
    }
    bool ready() const noexcept override { return !log_->box.empty(); }
    bool finite() const noexcept override { return log_->finite; }
    void close() noexcept override {
        ++log_->closed;
        log_->box.abandon();
    }
    void drain() noexcept override {
        ++log_->drained;
        log_->box.push("bye;");
        log_->box.close();
    }
    void idle() noexcept override {
        ++log_->idled;
        log_->box.poke();
    }

private:
    std::shared_ptr<stream_log> log_;
};

/// A test that runs over each link.
class server : public testing::TestWithParam<test::link> {};

INSTANTIATE_TEST_SUITE_P(over, server, testing::ValuesIn(test::links()),
                         [](const auto& each) { return each.param.name; });

/// A server with the handler that all tests share, on a free port.
class fixture {
public:
    explicit fixture(server_options options = {}, const test::link& over = server::GetParam())
        : link_(over) {
        options.port = 0;
        options.tls = link_.server;
        options.on_error = [this](std::exception_ptr e) {
            try {
                std::rethrow_exception(e);
            } catch (const std::exception& known) {
                note(known.what());
            } catch (...) {
                note("not a std::exception");
            }
        };
        auto answer = [this](request& q, response& r) { return handle(q, r); };
        server_ = std::make_unique<http_server>(answer, options);
        server_->start();
    }
    ~fixture() {
        server_->stop();
        server_->join();
    }

    http_server& get() { return *server_; }
    raw_client client() { return raw_client(server_->port(), link_.connect()); }

    /// The answer to `bytes` on a connection of its own, up to its end.
    std::string ask(std::string_view bytes) {
        raw_client c = client();
        c.send(bytes);
        c.shutdown_send();
        return c.read_all();
    }

    std::vector<std::string> errors() {
        std::lock_guard lock(mutex_);
        return errors_;
    }

    std::shared_ptr<stream_log> log = std::make_shared<stream_log>();
    std::atomic<int> cancelled{0};
    std::promise<void> handler_ended;
    std::promise<void> handler_started;
    std::promise<void> release; // lets /gate go on

private:
    void note(std::string what) {
        std::lock_guard lock(mutex_);
        errors_.push_back(std::move(what));
    }

    asio::awaitable<void> handle(request& q, response& r) {
        r.content_type = "text/plain";
        if (q.path == "/echo") {
            r.body.append(q.method_name).append(" [").append(q.body).append("]");
        } else if (q.path == "/large") {
            r.body.assign(std::stoul(std::string(q.query)), 'x');
        } else if (q.path == "/empty") {
            r.code = status::no_content;
            r.content_type.clear();
        } else if (q.path == "/throw") {
            throw std::runtime_error("handler failure");
        } else if (q.path == "/throw-int") {
            throw 42;
        } else if (q.path == "/header") {
            r.set("X-Answer", "42");
        } else if (q.path == "/type") {
            r.content_type = "text/plain\r\nSet-Cookie: a=b";
        } else if (q.path == "/kept") {
            r.keep("X-Kept", "yes");
            r.content_type = "text/plain\r\nSet-Cookie: a=b";
        } else if (q.path == "/lines") {
            r.headers = "X: a\r\n\r\nHTTP/1.1 200 OK\r\n";
            r.kept = 4;
            r.stream = std::make_unique<test_stream>(log);
        } else if (q.path == "/continue") {
            r.code = static_cast<status>(100);
        } else if (q.path == "/close") {
            r.close = true;
        } else if (q.path == "/peer") {
            r.body = q.remote.to_string();
        } else if (q.path == "/stream") {
            r.stream = std::make_unique<test_stream>(log);
        } else if (q.path == "/slow") {
            asio::steady_timer never(co_await asio::this_coro::executor,
                                     asio::steady_timer::time_point::max());
            handler_started.set_value();
            std::error_code ec;
            co_await never.async_wait(asio::redirect_error(asio::use_awaitable, ec));
            ++cancelled;
            handler_ended.set_value();
        } else if (q.path == "/gate") {
            const auto executor = co_await asio::this_coro::executor;
            const auto gate = release.get_future().share();
            handler_started.set_value();
            asio::steady_timer turn(executor);
            while (gate.wait_for(0s) != std::future_status::ready) {
                turn.expires_after(1ms);
                co_await turn.async_wait(asio::use_awaitable);
            }
            r.body = "through";
        } else if (q.path == "/yield") {
            asio::steady_timer soon(co_await asio::this_coro::executor, 1ms);
            co_await soon.async_wait(asio::use_awaitable);
            r.body = "yielded";
        } else {
            r.code = status::not_found;
        }
    }

    const test::link link_;
    std::mutex mutex_;
    std::vector<std::string> errors_;
    std::unique_ptr<http_server> server_;
};

std::string get(std::string_view path) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

std::string_view body_of(std::string_view answer) {
    const auto blank = answer.find("\r\n\r\n");
    return blank == answer.npos ? std::string_view() : answer.substr(blank + 4);
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}

TEST_P(server, answers_with_length_and_date) {
    fixture f;
    const std::string a = f.ask(get("/echo"));
    EXPECT_TRUE(a.starts_with("HTTP/1.1 200 OK\r\nDate: ")) << a;
    EXPECT_TRUE(has(a, " GMT\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nGET []")) << a;
    EXPECT_FALSE(has(a, "Connection:")) << a;
    EXPECT_EQ(body_of(f.ask(get("/peer"))), "127.0.0.1");
    EXPECT_TRUE(has(f.ask(get("/header")), "\r\nX-Answer: 42\r\n"));
    EXPECT_TRUE(f.ask(get("/nothing")).starts_with("HTTP/1.1 404 Not Found\r\n"));
}

TEST_P(server, keeps_the_connection) {
    fixture f;
    raw_client c = f.client();
    for (int i = 0; i < 3; ++i) {
        c.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
        EXPECT_EQ(body_of(c.read_response()), "POST [hi]");
        c.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        c.send("2\r\nhi\r\n0\r\n\r\n");
        EXPECT_EQ(body_of(c.read_response()), "POST [hi]");
    }
}

TEST_P(server, closes_when_told_to) {
    fixture f;
    raw_client asked = f.client();
    asked.send("GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(has(asked.read_all(), "\r\nConnection: close\r\n"));
    raw_client told = f.client();
    told.send(get("/close"));
    EXPECT_TRUE(has(told.read_all(), "\r\nConnection: close\r\n"));
}

TEST_P(server, speaks_http_1_0) {
    fixture f;
    raw_client once = f.client();
    once.send("GET /echo HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(has(once.read_all(), "\r\nConnection: close\r\n\r\nGET []"));
    raw_client kept = f.client();
    for (int i = 0; i < 2; ++i) {
        kept.send("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        EXPECT_TRUE(has(kept.read_response(), "\r\nConnection: keep-alive\r\n"));
    }
}

TEST_P(server, answers_head_without_a_body) {
    fixture f;
    raw_client c = f.client();
    c.send("HEAD /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(has(c.read_until("\r\n\r\n"), "\r\nContent-Length: 7\r\n"));
    c.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(has(c.read_until("\r\n\r\n"), "\r\nTransfer-Encoding: chunked\r\n"));
    f.log->wait_until_destroyed();
    EXPECT_EQ(f.log->closed, 1);
    c.send(get("/echo"));
    EXPECT_TRUE(c.read_response().starts_with("HTTP/1.1 200"));
}

TEST_P(server, no_content_has_no_length) {
    fixture f;
    raw_client c = f.client();
    c.send(get("/empty") + get("/echo"));
    const std::string first = c.read_until("\r\n\r\n");
    EXPECT_TRUE(first.starts_with("HTTP/1.1 204 No Content\r\n"));
    EXPECT_FALSE(has(first, "Content-"));
    EXPECT_EQ(body_of(c.read_response()), "GET []");
}

TEST_P(server, continues_when_expected_to) {
    fixture f;
    raw_client c = f.client();
    c.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(c.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    c.send("hi");
    EXPECT_EQ(body_of(c.read_response()), "POST [hi]");
    // Who sends the body at once needs no invitation.
    c.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_EQ(body_of(c.read_response()), "POST [hi]");
}

TEST_P(server, answers_10_000_pipelined_requests_in_order) {
    fixture f;
    constexpr int count = 10'000;
    raw_client c = f.client();
    std::thread sender([&] {
        std::string all;
        for (int i = 0; i < count; ++i) {
            const std::string n = std::to_string(i);
            // Now and then one that suspends, so that answers wait for it.
            all += i % 1000 == 500 ? get("/yield")
                                   : "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                                         std::to_string(n.size()) + "\r\n\r\n" + n;
        }
        c.send(all);
    });
    for (int i = 0; i < count; ++i) {
        const std::string expected =
            i % 1000 == 500 ? "yielded" : "POST [" + std::to_string(i) + "]";
        ASSERT_EQ(body_of(c.read_response()), expected);
    }
    sender.join();
}

TEST_P(server, an_answer_does_not_wait_for_the_next_request) {
    fixture f;
    raw_client c = f.client();
    c.send(get("/echo") + get("/slow"));
    EXPECT_EQ(body_of(c.read_response()), "GET []"); // while /slow is being handled
    c.send(get("/echo").substr(0, 10));
    raw_client d = f.client();
    d.send(get("/echo") + get("/echo").substr(0, 10));
    EXPECT_EQ(body_of(d.read_response()), "GET []"); // while the next is incomplete
    f.get().advance_clock(1h);
}

TEST_P(server, sends_large_answers_to_slow_readers) {
    fixture f;
    raw_client c = f.client();
    c.send(get("/large?20000000") + get("/echo"));
    const std::string a = c.read_response();
    EXPECT_EQ(body_of(a).size(), 20'000'000U);
    EXPECT_EQ(body_of(a).find_first_not_of('x'), std::string::npos);
    EXPECT_EQ(body_of(c.read_response()), "GET []");
}

TEST_P(server, survives_what_handlers_throw) {
    fixture f;
    raw_client c = f.client();
    for (const auto* path : {"/throw", "/throw-int"}) {
        c.send(get(path));
        const std::string a = c.read_response();
        EXPECT_TRUE(a.starts_with("HTTP/1.1 500 Internal Server Error\r\n")) << a;
        EXPECT_EQ(body_of(a), "Internal Server Error\n");
    }
    c.send(get("/echo"));
    EXPECT_EQ(body_of(c.read_response()), "GET []");
    EXPECT_EQ(f.errors(), (std::vector<std::string>{"handler failure", "not a std::exception"}));
}

TEST_P(server, what_a_handler_writes_cannot_break_out_of_a_field) {
    fixture f;
    raw_client c = f.client();
    for (const std::string path : {"/type", "/lines", "/continue", "/kept"}) {
        c.send(get(path));
        const std::string a = c.read_response();
        EXPECT_TRUE(a.starts_with("HTTP/1.1 500 Internal Server Error\r\n")) << a;
        EXPECT_FALSE(has(a, "Cookie") || has(a, "X:")) << a;
        EXPECT_EQ(has(a, "X-Kept: yes\r\n"), path == "/kept") << "a page is to read why: " << a;
    }
    EXPECT_EQ(f.log->closed, 1);
    c.send(get("/echo"));
    EXPECT_EQ(body_of(c.read_response()), "GET []");
    EXPECT_EQ(f.errors().size(), 4U);
}

TEST_P(server, answers_that_no_handler_makes_can_be_completed) {
    server_options options;
    options.limits.fields = 4;
    options.on_refusal = [](const request& q, response& r) {
        r.set("X-Origin", q.headers.find("origin").value_or("none"));
        if (q.headers.find("throw"))
            throw std::runtime_error("hook failure");
    };
    fixture f(options);
    const std::string start = "POST /echo HTTP/1.1\r\nHost: a\r\nOrigin: b\r\n";
    const std::string large(20'000, 'x');
    const std::pair<std::string, std::string_view> table[] = {
        {start + "Content-Length: 99999999\r\n\r\n", "413 b"},
        {start + "Transfer-Encoding: chunked\r\n\r\n5f5e0ff\r\n", "413 b"},
        {start + "X: " + large + "\r\n\r\n", "431 b"},
        {start + "A: 1\r\nB: 2\r\nC: 3\r\n\r\n", "431 b"},
        {start + "Expect: tea\r\n\r\n", "417 b"},
        {start + "Transfer-Encoding: gzip\r\n\r\n", "501 b"},
        {start + "Content-Length: 9\r\n\r\ncut", "400 b"},
        {start + "X: 1\n", "400 none"},
        {"GET /" + large + " HTTP/1.1\r\n", "414 none"},
        {start + "Throw: 1\r\nContent-Length: x\r\n\r\n", "400 b"},
        {start + "Content-Length: 0\r\n\r\nrubbish\r\n\r\n", "400 none"}, // the second request
    };
    for (const auto& [bytes, expected] : table) {
        const std::string a = f.ask(bytes);
        const auto last = a.rfind("HTTP/1.1 ");
        EXPECT_TRUE(has(a.substr(last), "HTTP/1.1 " + std::string(expected.substr(0, 3)))) << a;
        EXPECT_TRUE(
            has(a.substr(last), "\r\nX-Origin: " + std::string(expected.substr(4)) + "\r\n"))
            << a;
    }
    EXPECT_EQ(f.errors(), std::vector<std::string>{"hook failure"});
    EXPECT_FALSE(has(f.ask(get("/throw")), "X-Origin"));
}

TEST(server, what_is_kept_stays_on_answers_in_place_of_the_handlers) {
    for (const bool throws : {true, false}) {
        server_options options;
        options.port = 0;
        options.limits.request_timeout = 5s;
        std::promise<void> started;
        http_server s(
            [&](request&, response& r) -> asio::awaitable<void> {
                r.keep("X-Kept", "1");
                r.set("X-Gone", "1");
                if (throws) {
                    throw std::runtime_error("no");
                }
                asio::steady_timer never(co_await asio::this_coro::executor,
                                         asio::steady_timer::time_point::max());
                started.set_value();
                co_await never.async_wait(asio::use_awaitable);
            },
            options);
        s.start();
        raw_client c(s.port());
        c.send(get("/"));
        if (!throws) {
            started.get_future().wait();
            s.advance_clock(6s);
        }
        const std::string a = c.read_response();
        EXPECT_TRUE(a.starts_with(throws ? "HTTP/1.1 500 " : "HTTP/1.1 504 ")) << a;
        EXPECT_TRUE(has(a, "\r\nX-Kept: 1\r\n")) << a;
        EXPECT_FALSE(has(a, "X-Gone")) << a;
    }
}

TEST_P(server, refuses_bad_requests_and_closes) {
    fixture f;
    const std::string large_field(20'000, 'x');
    const std::pair<std::string, std::string_view> table[] = {
        {"rubbish\r\n\r\n", "400 Bad Request"},
        {"GET / HTTP/1.1\nHost: a\n\n", "400 Bad Request"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
         "400 Bad Request"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n", "413 Content Too Large"},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: " + large_field + "\r\n\r\n",
         "431 Request Header Fields Too Large"},
        {"GET /" + large_field + " HTTP/1.1\r\n", "414 URI Too Long"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: br\r\n\r\n", "501 Not Implemented"},
        {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", "505 HTTP Version Not Supported"},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\ncut", "400 Bad Request"},
        {"POST /echo HTTP/1.1\r\nHo", "400 Bad Request"},
    };
    for (const auto& [bytes, expected] : table) {
        const std::string a = f.ask(bytes);
        EXPECT_TRUE(a.starts_with("HTTP/1.1 " + std::string(expected) + "\r\n")) << a;
        EXPECT_TRUE(has(a, "\r\nConnection: close\r\n")) << a;
    }
    EXPECT_EQ(f.ask(""), "");
    EXPECT_EQ(body_of(f.ask(get("/echo"))), "GET []");
}

TEST_P(server, the_refusal_reaches_a_peer_that_is_still_sending) {
    fixture f;
    const std::pair<std::string_view, std::string_view> table[] = {
        {"Content-Length: 900000000\r\n", "413"},
        {"Content-Length: 1\r\nContent-Length: 1\r\n", "400"},
        {"Content-Length: 900000000\r\nExpect: tea\r\n", "417"},
        {"Transfer-Encoding: gzip\r\n", "501"},
        {"Transfer-Encoding: chunked\r\n", "400"}, // the body is no chunk
    };
    const std::string body(20'000'000, 'x');
    for (const auto& [fields, code] : table) {
        raw_client c = f.client();
        c.send("POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n");
        c.send(body);
        EXPECT_TRUE(c.read_all().starts_with("HTTP/1.1 " + std::string(code) + " ")) << fields;
    }
}

TEST_P(server, a_peer_that_half_closes_gets_its_answer) {
    for (const bool more_to_read : {false, true}) {
        fixture f({.clock_interval = 1ms});
        raw_client c = f.client();
        c.send(get("/gate") + (more_to_read ? get("/large?1000000") : ""));
        f.handler_started.get_future().wait();
        c.shutdown_send();
        EXPECT_EQ(c.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
        f.release.set_value();
        EXPECT_EQ(body_of(c.read_response()), "through");
        if (more_to_read) {
            EXPECT_EQ(body_of(c.read_response()).size(), 1'000'000U);
        }
        EXPECT_EQ(c.read_all(), "");
    }
}

TEST_P(server, a_peer_that_half_closes_gets_the_rest_of_a_finite_stream) {
    fixture f({.clock_interval = 1ms});
    f.log->finite = true;
    raw_client c = f.client();
    c.send(get("/stream"));
    c.read_until("\r\n\r\n");
    c.shutdown_send();
    EXPECT_EQ(c.read_until("idle;\r\n"), "5\r\nidle;\r\n"); // whether it still reads
    f.log->box.push("end;");
    f.log->box.close();
    EXPECT_EQ(c.read_all(), "4\r\nend;\r\n0\r\n\r\n");
    EXPECT_EQ(f.log->closed, 0);
}

TEST_P(server, slow_heads_and_bodies_time_out) {
    fixture f;
    raw_client head = f.client();
    raw_client body = f.client();
    raw_client quiet = f.client();
    head.send("GET /echo HTTP/1.1\r\nHo");
    body.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
              "Content-Length: 9\r\n\r\n");
    quiet.send(get("/echo"));
    EXPECT_EQ(body_of(quiet.read_response()), "GET []");
    EXPECT_EQ(body.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    // The server must have seen the half head: the other loops' answers say nothing about that.
    while (f.get().connections() < 3) {
        std::this_thread::yield();
    }
    f.get().advance_clock(11s);
    EXPECT_TRUE(head.read_all().starts_with("HTTP/1.1 408 Request Timeout\r\n"));
    body.send("body");
    f.get().advance_clock(50s);
    EXPECT_TRUE(body.read_all().starts_with("HTTP/1.1 408 Request Timeout\r\n"));
    f.get().advance_clock(20s);
    EXPECT_EQ(quiet.read_all(), ""); // idle for too long: closed without a word
}

TEST_P(server, request_timeout_cancels_the_handler) {
    server_options options;
    options.limits.request_timeout = 5s;
    fixture f(options);
    raw_client c = f.client();
    c.send(get("/slow"));
    f.handler_started.get_future().wait();
    f.get().advance_clock(6s);
    EXPECT_TRUE(c.read_all().starts_with("HTTP/1.1 504 Gateway Timeout\r\n"));
    EXPECT_EQ(f.cancelled, 1);
}

TEST_P(server, a_handler_is_cancelled_when_its_peer_is_gone) {
    for (const bool more_to_read : {false, true}) {
        fixture f({.clock_interval = 1ms});
        raw_client c = f.client();
        c.send(get("/slow") + (more_to_read ? get("/echo") : ""));
        f.handler_started.get_future().wait();
        c.close();
        ASSERT_EQ(f.handler_ended.get_future().wait_for(10s), std::future_status::ready);
    }
}

TEST_P(server, streams_in_chunks) {
    fixture f;
    raw_client c = f.client();
    f.log->box.push("one;");
    c.send(get("/stream"));
    EXPECT_TRUE(has(c.read_until("4\r\none;\r\n"), "\r\nTransfer-Encoding: chunked\r\n"));
    f.log->box.push("two;");
    EXPECT_EQ(c.read_until("two;\r\n"), "4\r\ntwo;\r\n");
    f.log->box.push("end;");
    f.log->box.close();
    EXPECT_EQ(c.read_until("0\r\n\r\n"), "4\r\nend;\r\n0\r\n\r\n");
    f.log->wait_until_destroyed();
    EXPECT_EQ(f.log->closed, 0);
    c.send(get("/echo")); // the connection goes on
    EXPECT_EQ(body_of(c.read_response()), "GET []");
}

TEST_P(server, streams_to_http_1_0_until_the_end) {
    fixture f;
    raw_client c = f.client();
    f.log->box.push("one;");
    f.log->box.push("two;");
    f.log->box.close();
    c.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const std::string a = c.read_all();
    EXPECT_TRUE(has(a, "\r\nConnection: close\r\n")) << a;
    EXPECT_FALSE(has(a, "chunked")) << a;
    EXPECT_EQ(body_of(a), "one;two;");
}

TEST_P(server, a_stream_is_closed_once_when_its_peer_is_gone) {
    enum class way { close, reset, pipelined, half, finite, finite_pipelined };
    for (const way how :
         {way::close, way::reset, way::pipelined, way::half, way::finite, way::finite_pipelined}) {
        fixture f({.clock_interval = 1ms});
        f.log->finite = how == way::finite || how == way::finite_pipelined;
        raw_client c = f.client();
        c.send(get("/stream"));
        c.read_until("\r\n\r\n");
        if (how == way::pipelined || how == way::finite_pipelined) {
            c.send(get("/echo"));
        }
        how == way::reset ? c.reset() : how == way::half ? c.shutdown_send() : c.close();
        f.log->wait_until_destroyed();
        EXPECT_EQ(f.log->closed, 1);
    }
}

TEST_P(server, a_failing_stream_is_cut_short) {
    fixture f;
    raw_client c = f.client();
    f.log->box.push("one;");
    c.send(get("/stream"));
    c.read_until("one;\r\n");
    f.log->box.push("throw");
    EXPECT_EQ(c.read_all(), ""); // no last chunk
    f.log->wait_until_destroyed();
    EXPECT_EQ(f.errors(), std::vector<std::string>{"stream failure"});
}

TEST_P(server, an_idle_stream_may_say_something) {
    fixture f;
    raw_client c = f.client();
    c.send(get("/stream"));
    c.read_until("\r\n\r\n");
    for (int i = 1; i <= 2; ++i) {
        f.get().advance_clock(16s);
        EXPECT_EQ(c.read_until("idle;\r\n"), "5\r\nidle;\r\n");
    }
    EXPECT_EQ(f.log->idled, 2);
}

TEST_P(server, a_peer_that_takes_nothing_is_cut_off) {
    fixture f;
    raw_client c = f.client();
    c.send(get("/large?50000000"));
    c.read_until("\r\n\r\n");
    f.get().advance_clock(31s);
    EXPECT_LT(c.read_all().size(), 50'000'000U);
}

TEST_P(server, stops_gracefully) {
    auto f = std::make_unique<fixture>();
    raw_client idle = f->client();
    idle.send(get("/echo"));
    idle.read_response();
    raw_client streaming = f->client();
    streaming.send(get("/stream"));
    streaming.read_until("\r\n\r\n");
    raw_client busy = f->client();
    busy.send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    busy.read_until("\r\n\r\n");
    const auto port = f->get().port();
    f->get().stop();
    EXPECT_EQ(streaming.read_all(), "4\r\nbye;\r\n0\r\n\r\n");
    EXPECT_EQ(idle.read_all(), "");
    EXPECT_THROW(raw_client{port}, std::system_error);
    busy.send("hi"); // a request that has begun is answered
    const std::string last = busy.read_all();
    EXPECT_EQ(body_of(last), "POST [hi]");
    EXPECT_TRUE(has(last, "\r\nConnection: close\r\n"));
    f->get().join();
    EXPECT_EQ(f->get().connections(), 0U);
    EXPECT_EQ(f->log->drained, 1);
    EXPECT_EQ(f->log->closed, 0);
}

TEST_P(server, answers_the_first_request_of_a_connection_when_it_stops) {
    fixture f;
    raw_client fresh = f.client();
    raw_client used = f.client();
    raw_client silent = f.client();
    used.send(get("/echo"));
    used.read_response();
    f.get().stop();
    EXPECT_EQ(used.read_all(), "");
    fresh.send(get("/echo"));
    const std::string last = fresh.read_all();
    EXPECT_EQ(body_of(last), "GET []");
    EXPECT_TRUE(has(last, "\r\nConnection: close\r\n"));
    f.get().advance_clock(2s);
    EXPECT_EQ(silent.read_all(), "");
    f.get().join();
}

TEST_P(server, goes_on_for_the_delay_of_a_stop) {
    for (const auto delay : {0ms, 5'000ms}) {
        int stops = 0;
        server_options options;
        options.drain_delay = delay;
        options.on_stop = [&stops] { ++stops; };
        fixture f(options);
        raw_client idle = f.client();
        idle.send(get("/echo"));
        idle.read_response();
        EXPECT_FALSE(f.get().draining());
        f.get().stop();
        f.get().stop();
        EXPECT_TRUE(f.get().draining());
        if (delay != 0ms) {
            f.get().advance_clock(4s);
            EXPECT_EQ(body_of(f.ask(get("/echo"))), "GET []");
            idle.send(get("/echo"));
            const std::string last = idle.read_all();
            EXPECT_EQ(body_of(last), "GET []");
            EXPECT_TRUE(has(last, "\r\nConnection: close\r\n"));
            f.get().advance_clock(2s);
        }
        EXPECT_EQ(idle.read_all(), "");
        f.get().join();
        EXPECT_EQ(stops, 1);
    }
}

TEST_P(server, cancels_what_does_not_end_in_time) {
    fixture f;
    raw_client c = f.client();
    c.send(get("/slow"));
    f.handler_started.get_future().wait();
    f.get().stop();
    f.get().advance_clock(11s);
    f.get().join();
    EXPECT_EQ(f.cancelled, 1);
    EXPECT_EQ(c.read_all(), "");
}

TEST(server, stops_at_a_signal_if_told_to) {
    for (const int signal : {SIGINT, SIGTERM})
        for (const unsigned threads : {1U, 2U}) {
            const auto handled = [signal] {
                struct sigaction now{};
                ::sigaction(signal, nullptr, &now);
                return now.sa_handler != SIG_DFL;
            };
            server_options options;
            options.port = 0;
            options.threads = threads;
            options.signals = true;
            http_server here([](request&, response&) -> asio::awaitable<void> { co_return; },
                             options);
            EXPECT_FALSE(handled());
            here.listen();
            EXPECT_TRUE(handled());
            ::raise(signal);
            here.run();
            EXPECT_FALSE(handled()) << "a second signal has its default effect";
        }
}

TEST(server, leaves_signals_to_the_program) {
    http_server here([](request&, response&) -> asio::awaitable<void> { co_return; }, {.port = 0});
    here.listen();
    struct sigaction now{};
    ::sigaction(SIGTERM, nullptr, &now);
    EXPECT_EQ(now.sa_handler, SIG_DFL);
}

TEST_P(server, may_wait_for_ever_for_what_does_not_end) {
    server_options options;
    options.limits.shutdown_timeout = std::chrono::milliseconds::max();
    fixture f(options);
    raw_client c = f.client();
    c.send(get("/gate"));
    f.handler_started.get_future().wait();
    f.get().stop();
    f.get().advance_clock(24h);
    std::promise<void> advanced;
    asio::post(f.get().executor(0), [&] { advanced.set_value(); });
    advanced.get_future().wait();
    f.release.set_value();
    EXPECT_EQ(body_of(c.read_response()), "through");
    f.get().join();
}

TEST(server, refuses_connections_beyond_the_limit) {
    server_options options;
    options.limits.connections = 1;
    std::promise<std::string> recorded;
    options.records.on_end = [&](const mcp::http::request_record& each) {
        if (each.code == status::service_unavailable)
            recorded.set_value(each.remote.to_string() + " " + each.note.reason);
    };
    fixture f(options, {});
    raw_client first = f.client();
    first.send(get("/echo"));
    EXPECT_EQ(body_of(first.read_response()), "GET []");
    raw_client second = f.client();
    const std::string refusal = second.read_all();
    EXPECT_TRUE(refusal.starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
    EXPECT_TRUE(has(refusal, "\r\nRetry-After: 1\r\n"));
    EXPECT_EQ(recorded.get_future().get(), "127.0.0.1 limits::connections are open");
}

/// The descriptors that are left, all taken.
class taken_descriptors {
public:
    taken_descriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const rlimit few{200, before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &few);
        for (int fd; (fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;)
            taken_.push_back(fd);
    }
    ~taken_descriptors() {
        while (!taken_.empty())
            give_one();
        ::setrlimit(RLIMIT_NOFILE, &before_);
    }
    void give_one() {
        ::close(taken_.back());
        taken_.pop_back();
    }

private:
    rlimit before_{};
    std::vector<int> taken_;
};

TEST(server, keeps_no_connection_while_it_could_not_refuse_the_next) {
    std::shared_ptr<mcp::http::detail::spare_descriptor> spare;
    {
        const taken_descriptors all; // as if another event loop had accepted with the spare one
        spare = mcp::http::detail::spare_descriptor::shared();
    }
    std::atomic<int> recorded = 0;
    server_options options;
    options.clock_interval = 5ms;
    options.records.on_end = [&](const mcp::http::request_record& each) {
        recorded += each.note.reason == mcp::http::detail::connection_refusal::exhausted;
    };
    fixture f(options, {});
    asio::io_context loop;
    std::vector<asio::ip::tcp::socket> peers;
    for (int i = 0; i < 3; ++i)
        peers.emplace_back(loop, asio::ip::tcp::v4());
    const auto answer = [&](asio::ip::tcp::socket& peer) {
        peer.connect({asio::ip::address_v4::loopback(), f.get().port()});
        std::error_code end;
        asio::write(peer,
                    asio::buffer("GET /echo HTTP/1.1\r\nConnection: close\r\nHost: a\r\n\r\n"sv),
                    end);
        std::string got;
        asio::read(peer, asio::dynamic_buffer(got), end);
        return got.substr(0, 12);
    };
    {
        taken_descriptors all;
        all.give_one();
        EXPECT_EQ(answer(peers[0]), "HTTP/1.1 503") << "the server needs the descriptor as a spare";
        EXPECT_TRUE(spare->hold());
        EXPECT_EQ(answer(peers[1]), "HTTP/1.1 503");
    }
    EXPECT_EQ(answer(peers[2]), "HTTP/1.1 200");
    EXPECT_EQ(recorded, 2);
    const auto errors = f.errors();
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_TRUE(has(errors[0], "Too many open files")) << errors[0];
}

TEST_P(server, runs_several_loops_on_one_free_port) {
    server_options options;
    options.threads = 4;
    fixture f(options);
    EXPECT_EQ(f.get().threads(), 4U);
    EXPECT_NE(f.get().port(), 0);
    for (int i = 0; i < 20; ++i) {
        raw_client c = f.client(); // which does not half-close: that may be answered with 100
        c.send(get("/yield"));
        EXPECT_EQ(body_of(c.read_response()), "yielded");
    }
}

TEST(server, does_not_share_a_port_unnoticed) {
    for (const unsigned threads : {1U, 2U}) {
        fixture f({.threads = threads}, {});
        server_options same;
        same.port = f.get().port();
        same.threads = threads;
        http_server other([](request&, response&) -> asio::awaitable<void> { co_return; }, same);
        EXPECT_THROW(other.listen(), std::system_error);
    }
}

/// Who answers at `address`: a server that listens on `host`.
bool listens(const std::string& host, const char* address, unsigned threads = 1) {
    server_options options;
    options.host = host;
    options.port = 0;
    options.threads = threads;
    http_server s([](request&, response&) -> asio::awaitable<void> { co_return; }, options);
    s.listen();
    asio::io_context loop;
    asio::ip::tcp::socket socket(loop);
    std::error_code failed;
    socket.connect({asio::ip::make_address(address), s.port()}, failed);
    return !failed;
}

TEST(server, listens_on_the_addresses_of_its_host) {
    const bool has_v6 = test::has_v6_loopback();
    struct {
        const char* host;
        bool v4, other_v4, v6;
    } const table[] = {{"", true, false, false},          {"127.0.0.1", true, false, false},
                       {"127.0.0.2", false, true, false}, {"localhost", true, false, true},
                       {"LocalHost", true, false, true},  {"0.0.0.0", true, true, false},
                       {"::", true, true, true},          {"::1", false, false, true}};
    for (const auto& each : table) {
        if (!has_v6 && each.host[0] == ':')
            continue;
        for (const unsigned threads : {1U, 2U}) {
            EXPECT_EQ(listens(each.host, "127.0.0.1", threads), each.v4) << each.host;
            EXPECT_EQ(listens(each.host, "127.0.0.2", threads), each.other_v4) << each.host;
            if (has_v6) {
                EXPECT_EQ(listens(each.host, "::1", threads), each.v6) << each.host;
            }
        }
    }
    EXPECT_THROW(listens("192.0.2.1", "127.0.0.1"), std::system_error);
    EXPECT_THROW(listens("no.such.host.invalid", "127.0.0.1"), std::system_error);
}

TEST(server, both_addresses_of_localhost_must_be_free) {
    if (!test::has_v6_loopback())
        GTEST_SKIP() << "this machine has no ::1";
    asio::io_context loop;
    asio::ip::tcp::acceptor v6(loop, {asio::ip::address_v6::loopback(), 0});
    server_options options;
    options.host = "localhost";
    options.port = v6.local_endpoint().port();
    http_server s([](request&, response&) -> asio::awaitable<void> { co_return; }, options);
    EXPECT_THROW(s.listen(), std::system_error);
    v6.close();
    s.listen(); // it left nothing behind
    EXPECT_EQ(s.port(), options.port);
}

/// A directory of its own for the sockets of a test.
class directory {
public:
    directory() { EXPECT_NE(::mkdtemp(path_), nullptr); }
    ~directory() { EXPECT_EQ(::rmdir(path_), 0) << "a file is left"; }
    std::string path(const std::string& name) const { return std::string(path_) + '/' + name; }

private:
    char path_[32] = "/tmp/asio-mcp-test-XXXXXX";
};

asio::awaitable<void> tell_who_comes(request& q, response& r) {
    r.body = q.local ? std::to_string(q.local->process) + ' ' + std::to_string(q.local->user) +
                           ' ' + std::to_string(q.local->group)
                     : "from " + q.remote.to_string();
    co_return;
}

server_options on_socket(const std::string& path, unsigned threads = 1) {
    server_options options;
    options.host = "unix:" + path;
    options.threads = threads;
    return options;
}

std::string ask_at(const asio::generic::stream_protocol::endpoint& at) {
    raw_client c(at);
    c.send(get("/"));
    c.read_response();
    c.send(get("/")); // each request of the connection has its peer
    return std::string(body_of(c.read_response()));
}

using local = asio::local::stream_protocol;

const std::string this_process = std::to_string(::getpid()) + ' ' + std::to_string(::getuid()) +
                                 ' ' + std::to_string(::getgid());

TEST(server, listens_on_a_unix_domain_socket) {
    const directory home;
    for (const unsigned threads : {1U, 2U})
        for (const unsigned mode : {0600U, 0666U}) {
            const std::string path = home.path("a.sock");
            server_options options = on_socket(path, threads);
            options.socket_mode = mode;
            http_server s(tell_who_comes, options);
            s.start();
            struct stat status{};
            ASSERT_EQ(::stat(path.c_str(), &status), 0);
            EXPECT_EQ(status.st_mode & 07777, mode);
            EXPECT_EQ(s.port(), 0);
            for (int i = 0; i < 10; ++i)
                EXPECT_EQ(ask_at(local::endpoint(path)), this_process);
            s.stop();
            s.join();
            EXPECT_NE(::stat(path.c_str(), &status), 0);
        }
}

TEST(server, listens_in_the_abstract_namespace) {
    const std::string name = "asio-mcp-test-" + std::to_string(::getpid());
    http_server s(tell_who_comes, on_socket('@' + name));
    s.start();
    EXPECT_EQ(ask_at(local::endpoint(std::string(1, '\0') + name)), this_process);
    http_server other(tell_who_comes, on_socket('@' + name));
    EXPECT_THROW(other.listen(), std::system_error);
}

TEST(server, replaces_a_socket_that_nobody_listens_on) {
    const directory home;
    const std::string path = home.path("a.sock");
    {
        asio::io_context loop;
        const local::acceptor left(loop, local::endpoint(path)); // leaves its file behind
    }
    auto first = std::make_unique<http_server>(tell_who_comes, on_socket(path));
    first->start();
    http_server second(tell_who_comes, on_socket(path));
    try {
        second.listen();
        ADD_FAILURE() << "the first one listens";
    } catch (const std::system_error& failure) {
        EXPECT_EQ(failure.code().value(), EADDRINUSE);
    }
    EXPECT_EQ(ask_at(local::endpoint(path)), this_process);
    ::unlink(path.c_str()); // by an administrator
    second.start();
    first.reset();
    EXPECT_EQ(ask_at(local::endpoint(path)), this_process) << "the file of the other is kept";
}

TEST(server, does_not_listen_where_there_is_no_place_for_a_socket) {
    const directory home;
    const std::string file = home.path("file");
    std::ofstream(file) << "kept";
    struct {
        std::string path;
        int why;
    } const table[] = {{file, EADDRINUSE},
                       {file + "/a.sock", ENOTDIR},
                       {home.path("none/a.sock"), ENOENT},
                       {"", EINVAL},
                       {"@", EINVAL},
                       {home.path(std::string(120, 'x')), ENAMETOOLONG}};
    for (const auto& each : table) {
        http_server s(tell_who_comes, on_socket(each.path));
        try {
            s.listen();
            ADD_FAILURE() << each.path;
        } catch (const std::system_error& failure) {
            EXPECT_EQ(failure.code().value(), each.why) << each.path << ": " << failure.what();
        }
    }
    EXPECT_EQ(::unlink(file.c_str()), 0);
}

TEST(server, takes_sockets_that_listen_already) {
    const directory home;
    const std::string path = home.path("a.sock");
    asio::io_context loop;
    for (const unsigned threads : {1U, 2U}) {
        asio::ip::tcp::acceptor tcp(loop, {asio::ip::address_v4::loopback(), 0});
        local::acceptor file(loop, local::endpoint(path));
        const auto at = tcp.local_endpoint();
        server_options options;
        options.threads = threads;
        options.sockets = {tcp.release(), file.release()};
        http_server s(tell_who_comes, options);
        s.start();
        EXPECT_EQ(s.port(), at.port());
        for (int i = 0; i < 10; ++i) {
            EXPECT_EQ(ask_at(at), "from 127.0.0.1");
            EXPECT_EQ(ask_at(local::endpoint(path)), this_process);
        }
        s.stop();
        s.join();
        EXPECT_THROW(raw_client{at}, std::system_error);
        EXPECT_EQ(::unlink(path.c_str()), 0) << "the file belongs to who has made it";
    }
    server_options options;
    options.sockets = {STDERR_FILENO};
    http_server s(tell_who_comes, options);
    EXPECT_THROW(s.listen(), std::system_error);
}

TEST(server, can_be_destroyed_while_busy) {
    auto log = std::make_shared<stream_log>();
    {
        server_options options;
        options.port = 0;
        http_server s(
            [log](request&, response& r) -> asio::awaitable<void> {
                r.stream = std::make_unique<test_stream>(log);
                co_return;
            },
            options);
        s.start();
        raw_client c(s.port());
        c.send(get("/"));
        c.read_until("\r\n\r\n");
    }
    log->wait_until_destroyed();
}

TEST(server, run_returns_after_stop) {
    server_options options;
    options.port = 0;
    options.threads = 2;
    http_server s([](request&, response&) -> asio::awaitable<void> { co_return; }, options);
    s.listen();
    std::thread runner([&] { s.run(); });
    raw_client c(s.port());
    c.send(get("/"));
    EXPECT_TRUE(c.read_response().starts_with("HTTP/1.1 200 OK\r\n"));
    s.stop();
    runner.join();
}

} // namespace server_test
