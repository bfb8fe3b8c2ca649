#include <mcp/http/client.hpp>

#include <mcp/http/server.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <future>
#include <http/scripted_peer.hpp>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace client_test {

using namespace std::chrono_literals;
using mcp::http::client;
using mcp::http::client_error;
using mcp::http::client_failure;
using mcp::http::client_options;
using mcp::http::client_request;
using mcp::http::client_response;
using mcp::http::client_stream;
using mcp::http::status;
using mcp::http::verb;
using test::conversation;
using test::run_on;
using test::scripted_peer;

constexpr auto say_hello = [](conversation& with) { with.answer("hello"); };

client_response send(asio::io_context& loop, const client& with, const client_request& request) {
    return run_on(loop, with.send(request));
}

/// Why there is no response, and that the sentence names the host.
client_failure failure_of(asio::io_context& loop, const client& with,
                          const client_request& request) {
    try {
        send(loop, with, request);
    } catch (const client_error& failure) {
        EXPECT_TRUE(std::string(failure.what()).starts_with(failure.host() + ": "))
            << failure.what();
        return failure.why();
    }
    ADD_FAILURE() << "there is a response";
    return {};
}

TEST(client, sends_a_request_as_it_is_meant) {
    std::vector<std::string> heard;
    const auto listen = [&](conversation& with) {
        for (int i = 0; i < 3; ++i) {
            heard.push_back(with.read_request());
            with.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
    };
    scripted_peer peer({listen});
    const std::string host = "127.0.0.1:" + std::to_string(peer.port());
    asio::io_context loop;
    const client with;
    send(loop, with, client_request(peer.url("/a/b?c=d#e")));
    client_request post(verb::post, peer.url());
    post.content("application/json", "{}").set("X-Name", "value");
    send(loop, with, post);
    client_request remove(verb::delete_, peer.url());
    remove.set("user-agent", "me");
    send(loop, with, remove);
    peer.finish();
    EXPECT_EQ(heard[0],
              "GET /a/b?c=d HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: asio-mcp\r\n\r\n");
    EXPECT_EQ(heard[1], "POST / HTTP/1.1\r\nHost: " + host +
                            "\r\nUser-Agent: asio-mcp\r\nContent-Type: application/json\r\n"
                            "X-Name: value\r\nContent-Length: 2\r\n\r\n{}");
    EXPECT_EQ(heard[2], "DELETE / HTTP/1.1\r\nHost: " + host + "\r\nuser-agent: me\r\n\r\n");
}

TEST(client, gives_the_response_whatever_it_is) {
    const struct {
        verb method;
        std::string_view answer;
        int code;
        std::string_view body;
    } rows[] = {
        {verb::get, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, "hi"},
        {verb::get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
         200, "hi"},
        {verb::get, "HTTP/1.1 200 OK\r\n\r\nto the end", 200, "to the end"},
        {verb::get, "HTTP/1.0 200 OK\r\n\r\nold", 200, "old"},
        {verb::head, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", 200, ""},
        {verb::get, "HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
        {verb::get, "HTTP/1.1 304 Not Modified\r\n\r\n", 304, ""},
        {verb::get, "HTTP/1.1 307 Go\r\nLocation: http://else.where/\r\nContent-Length: 0\r\n\r\n",
         307, ""},
        {verb::post, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 No\r\nContent-Length: 1\r\n\r\nx",
         500, "x"},
    };
    for (const auto& row : rows) {
        scripted_peer peer({[&](conversation& with) {
            with.read_request();
            with.send(row.answer);
        }});
        asio::io_context loop;
        const auto response = send(loop, client(), client_request(row.method, peer.url()));
        EXPECT_EQ(static_cast<int>(response.code), row.code) << row.answer;
        EXPECT_EQ(response.body, row.body) << row.answer;
        EXPECT_EQ(response.ok(), row.code < 300) << row.answer;
    }
}

TEST(client, keeps_a_connection_for_the_next_request) {
    scripted_peer peer({[](conversation& with) {
        with.answer("1");
        with.answer("2");
        EXPECT_TRUE(with.client_leaves());
    }});
    asio::io_context loop;
    {
        const client with;
        EXPECT_EQ(send(loop, with, client_request(peer.url())).body, "1");
        const client same = with;
        EXPECT_EQ(send(loop, same, client_request(peer.url())).body, "2");
    }
    peer.finish();
    EXPECT_EQ(peer.accepted(), 1U);
}

asio::awaitable<bool> skip(client with, std::string url) {
    client_request request(std::move(url));
    client_stream stream = co_await with.open(std::move(request));
    co_return stream.skip_arrived();
}

TEST(client, skips_what_has_arrived) {
    scripted_peer peer({[](conversation& with) {
        with.answer("to be skipped");
        with.read_request();
        with.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx");
        EXPECT_TRUE(with.client_leaves());
    }});
    asio::io_context loop;
    const client with;
    for (const bool is_whole : {true, false})
        EXPECT_EQ(run_on(loop, skip(with, peer.url())), is_whole);
    peer.finish();
    EXPECT_EQ(peer.accepted(), 1U);
}

TEST(client, does_not_keep_what_the_server_closes_or_what_is_not_whole) {
    const auto say = [](std::string_view bytes) {
        return [bytes](conversation& with) {
            with.read_request();
            with.send(bytes);
            EXPECT_TRUE(with.client_leaves());
        };
    };
    scripted_peer peer({
        say("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"),
        say("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx"),
        say("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx and more"),
        say("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"),
    });
    asio::io_context loop;
    const client with;
    for (int i = 0; i < 4; ++i)
        EXPECT_EQ(send(loop, with, client_request(peer.url())).body, "x");
    with.close_idle();
}

TEST(client, keeps_connections_by_origin_up_to_a_number_and_an_age) {
    const auto three = [](conversation& with) {
        for (int i = 0; i < 3; ++i)
            with.answer("x");
    };
    auto now = std::chrono::steady_clock::now();
    asio::io_context loop;
    {
        scripted_peer peer({three, three});
        client_options options;
        options.idle_timeout = 30s;
        options.now = [&now] { return now; };
        const client with(options);
        const auto twice = [&] {
            send(loop, with, client_request(peer.url()));
            send(loop, with, client_request(peer.url()));
        };
        twice();
        EXPECT_EQ(peer.accepted(), 1U);
        now += 30s;
        twice();
        EXPECT_EQ(peer.accepted(), 2U);
        with.close_idle();
    }
    {
        scripted_peer one({three, three});
        scripted_peer other({three, three});
        client_options options;
        options.idle_total = 1;
        options.idle_per_origin = std::numeric_limits<std::size_t>::max();
        options.idle_timeout = std::chrono::milliseconds::max();
        const client with(options);
        send(loop, with, client_request(one.url()));
        send(loop, with, client_request(other.url()));
        send(loop, with, client_request(other.url()));
        EXPECT_EQ(other.accepted(), 1U);
        send(loop, with, client_request(one.url()));
        EXPECT_EQ(one.accepted(), 2U);
        with.close_idle();
    }
    {
        std::string heard;
        scripted_peer peer({[&](conversation& with) {
                                heard = with.read_request();
                                with.send("HTTP/1.1 204 No Content\r\n\r\n");
                                EXPECT_TRUE(with.client_leaves());
                            },
                            three});
        client_options options;
        options.idle_per_origin = 0;
        const client with(options);
        send(loop, with, client_request(peer.url()));
        send(loop, with, client_request(peer.url()));
        peer.finish();
        EXPECT_EQ(peer.accepted(), 2U);
        EXPECT_NE(heard.find("\r\nConnection: close\r\n"), heard.npos);
    }
}

TEST(client, notices_a_kept_connection_that_the_server_has_closed) {
    std::promise<void> closed;
    scripted_peer peer({[&](conversation& with) {
                            with.answer("1");
                            with.close();
                            closed.set_value();
                        },
                        [](conversation& with) { with.answer("2"); }});
    asio::io_context loop;
    const client with;
    EXPECT_EQ(send(loop, with, client_request(verb::post, peer.url())).body, "1");
    closed.get_future().wait();
    EXPECT_EQ(send(loop, with, client_request(verb::post, peer.url())).body, "2");
}

/// A connection that answers once, takes a second request, and ends in place of an answer.
void forsake(conversation& with, std::string_view last_words = {}) {
    with.answer("1");
    with.read_request();
    with.send(last_words);
}

TEST(client, asks_again_once_if_a_kept_connection_ends_and_it_does_no_harm) {
    asio::io_context loop;
    const auto second = [&](const client_request& request, std::vector<scripted_peer::script> talk,
                            std::size_t connections) -> std::string {
        scripted_peer peer(std::move(talk));
        const client with;
        client_request there = request;
        there.url = peer.url();
        send(loop, with, there);
        std::string outcome;
        try {
            outcome = send(loop, with, there).body;
        } catch (const client_error& failure) {
            EXPECT_EQ(failure.why(), client_failure::closed);
            outcome = "lost";
        }
        EXPECT_EQ(peer.accepted(), connections);
        return outcome;
    };
    const auto end = [](conversation& with) { forsake(with); };
    const auto reset = [](conversation& with) {
        forsake(with);
        with.reset();
    };
    const auto break_off = [](conversation& with) { forsake(with, "HTTP/1.1 2"); };
    const auto silence = [](conversation& with) { with.read_request(); };
    const client_request get("");
    const client_request post(verb::post, "");
    client_request harmless_post(verb::post, "");
    harmless_post.repeatable = true;
    EXPECT_EQ(second(get, {end, say_hello}, 2), "hello");
    EXPECT_EQ(second(get, {reset, say_hello}, 2), "hello");
    EXPECT_EQ(second(get, {end, silence}, 2), "lost");
    EXPECT_EQ(second(get, {break_off}, 1), "lost");
    EXPECT_EQ(second(post, {end}, 1), "lost");
    EXPECT_EQ(second(harmless_post, {end, say_hello}, 2), "hello");
}

TEST(client, does_not_ask_again_on_a_new_connection) {
    scripted_peer peer({[](conversation& with) { with.read_request(); }});
    asio::io_context loop;
    EXPECT_EQ(failure_of(loop, client(), client_request(peer.url())), client_failure::closed);
    EXPECT_EQ(peer.accepted(), 1U);
}

TEST(client, reads_what_a_server_says_that_does_not_take_the_whole_request) {
    scripted_peer peer({[](conversation& with) {
        with.send("HTTP/1.1 413 Too much\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        with.read_request();
    }});
    asio::io_context loop;
    client_request large(verb::post, peer.url());
    large.content("text/plain", std::string(1'000'000, 'x'));
    EXPECT_EQ(send(loop, client(), large).code, status::payload_too_large);
}

TEST(client, refuses_responses_that_cannot_be_trusted_or_are_too_large) {
    client_options options;
    options.limits.head_bytes = 100;
    options.limits.body_bytes = 10;
    const client with(options);
    const struct {
        std::string answer;
        client_failure why;
    } rows[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
         client_failure::bad_response},
        {"HTTP/1.1 200 OK\nContent-Length: 0\n\n", client_failure::bad_response},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
         client_failure::bad_response},
        {"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n12345678901", client_failure::too_large},
        {"HTTP/1.1 200 OK\r\n\r\n12345678901", client_failure::too_large},
        {"HTTP/1.1 200 OK\r\nX: " + std::string(100, 'x'), client_failure::too_large},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx", client_failure::closed},
    };
    for (const auto& row : rows) {
        scripted_peer peer({[&](conversation& to) {
            to.read_request();
            to.send(row.answer);
        }});
        asio::io_context loop;
        EXPECT_EQ(failure_of(loop, with, client_request(peer.url())), row.why) << row.answer;
    }
}

TEST(client, says_why_it_cannot_ask) {
    asio::io_context loop;
    const auto sentence = [&](const client_request& request, client_failure why) -> std::string {
        try {
            send(loop, client(), request);
        } catch (const client_error& failure) {
            EXPECT_EQ(failure.why(), why) << failure.what();
            EXPECT_EQ(std::string(failure.what()).find("secret"), std::string::npos);
            return failure.what();
        }
        return "there is a response";
    };
    EXPECT_EQ(sentence(client_request("http://me:secret@a/"), client_failure::bad_request),
              "HTTP client: the URL must be http or https, in ASCII, without user and password");
    EXPECT_EQ(sentence(client_request("secret"), client_failure::bad_request),
              sentence(client_request("ftp://a/"), client_failure::bad_request));
    EXPECT_EQ(
        sentence(client_request(verb::connect, "http://a/?secret"), client_failure::bad_request),
        "a: the client does not support this method");
    EXPECT_EQ(sentence(client_request("https://a:8443/?secret"), client_failure::no_tls),
              "a:8443: https needs TLS: include <mcp/http/tls.hpp> (CMake: asio-mcp::tls) and set "
              "client_options::tls to mcp::http::tls()");
    const std::string no_host(70, 'x');
    EXPECT_TRUE(
        sentence(client_request("http://" + no_host + "/secret"), client_failure::not_resolved)
            .starts_with(no_host + ": the host cannot be resolved: "));
    std::uint16_t port = 0;
    {
        asio::ip::tcp::acceptor nobody(loop, {asio::ip::address_v4::loopback(), 0});
        port = nobody.local_endpoint().port();
    }
    const std::string there = "127.0.0.1:" + std::to_string(port);
    EXPECT_EQ(
        sentence(client_request("http://" + there + "/secret"), client_failure::not_connected),
        there + ": cannot connect: Connection refused");
}

TEST(client, finds_a_host_by_name_and_tries_all_its_addresses) {
    scripted_peer peer({say_hello}); // on 127.0.0.1 only, and localhost may be ::1, too
    asio::io_context loop;
    const client_request there("http://localhost:" + std::to_string(peer.port()));
    EXPECT_EQ(send(loop, client(), there).body, "hello");
}

TEST(client, connects_to_no_address_that_is_not_allowed) {
    client_options options;
    options.allow = [](const asio::ip::address& a) { return !a.is_loopback(); };
    asio::io_context loop;
    const client with(options);
    EXPECT_EQ(failure_of(loop, with, client_request("http://127.0.0.1:9/")),
              client_failure::not_allowed);
    EXPECT_EQ(failure_of(loop, with, client_request("http://[::1]:9/")),
              client_failure::not_allowed);
    EXPECT_EQ(failure_of(loop, with, client_request("http://[::ffff:127.0.0.1]:9/")),
              client_failure::not_allowed);
    EXPECT_EQ(failure_of(loop, with, client_request("http://localhost:9/")),
              client_failure::not_allowed);
}

struct gate {
    std::promise<void> promise;
    void open() { promise.set_value(); }
    void wait() { EXPECT_EQ(promise.get_future().wait_for(10s), std::future_status::ready); }
};

TEST(client, does_not_wait_for_ever) {
    asio::io_context loop;
    const auto wait = [](conversation& with) {
        with.read_request();
        EXPECT_TRUE(with.client_leaves());
    };
    const auto stutter = [](conversation& with) {
        with.read_request();
        with.send("HTTP/1.1 200 OK\r\n\r\n");
        while (with.send("x"))
            std::this_thread::sleep_for(1ms);
    };
    gate all_done;
    const auto take_nothing = [&](conversation&) { all_done.wait(); };
    scripted_peer peer({wait, stutter, take_nothing});
    client_request request(peer.url());
    request.timeouts = mcp::http::client_timeouts{.connect = 0ms, .read = 20ms, .total = 0ms};
    EXPECT_EQ(failure_of(loop, client(), request), client_failure::timeout);
    request.timeouts = mcp::http::client_timeouts{.connect = 0ms, .read = 0ms, .total = 50ms};
    EXPECT_EQ(failure_of(loop, client(), request), client_failure::timeout);
    request.method = verb::put;
    request.content("text/plain", std::string(50'000'000, 'x'));
    request.timeouts = mcp::http::client_timeouts{.connect = 0ms, .read = 20ms, .total = 0ms};
    EXPECT_EQ(failure_of(loop, client(), request), client_failure::timeout);
    all_done.open();
}

TEST(client, does_not_wait_for_ever_for_a_connection) {
    // A listener that accepts nobody, with as many before the door as there is room for.
    asio::io_context loop;
    asio::ip::tcp::acceptor door(loop, asio::ip::tcp::v4());
    door.bind({asio::ip::address_v4::loopback(), 0});
    door.listen(0);
    std::vector<asio::ip::tcp::socket> queue;
    for (int i = 0; i < 4; ++i) {
        queue.emplace_back(loop, asio::ip::tcp::v4());
        queue.back().native_non_blocking(true);
        const auto there = door.local_endpoint();
        ::connect(queue.back().native_handle(), there.data(), static_cast<socklen_t>(there.size()));
    }
    client_options options;
    options.timeouts.connect = 50ms;
    const std::string url = "http://127.0.0.1:" + std::to_string(door.local_endpoint().port());
    EXPECT_EQ(failure_of(loop, client(options), client_request(url)), client_failure::timeout);
}

asio::awaitable<bool> read_stream(client with, std::string url, gate& go_on) {
    client_stream stream = co_await with.open(client_request(url));
    EXPECT_EQ(stream.head().header("content-type"), "text/event-stream");
    EXPECT_EQ(stream.head().body, "");
    std::string body;
    while (body != "first")
        EXPECT_TRUE(co_await stream.read(body));
    go_on.open();
    while (co_await stream.read(body)) {
    }
    EXPECT_EQ(body, "first, second");
    EXPECT_FALSE(co_await stream.read(body));
    co_return true;
}

TEST(client, reads_a_stream_while_it_comes) {
    gate second;
    scripted_peer peer({[&](conversation& with) {
        with.read_request();
        with.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
        second.wait();
        with.send("8\r\n, second\r\n0\r\n\r\n");
        with.answer("kept");
    }});
    asio::io_context loop;
    const client with;
    EXPECT_TRUE(run_on(loop, read_stream(with, peer.url(), second)));
    EXPECT_EQ(send(loop, with, client_request(peer.url())).body, "kept");
}

asio::awaitable<std::string> open_and_leave(client with, client_request request, bool read) {
    client_stream stream = co_await with.open(std::move(request));
    std::string body;
    if (read)
        co_await stream.read(body);
    co_return body;
}

TEST(client, closes_a_stream_that_is_left) {
    const auto drip = [](conversation& with) {
        with.read_request();
        with.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        EXPECT_TRUE(with.client_leaves());
    };
    scripted_peer peer({drip, drip});
    asio::io_context loop;
    EXPECT_EQ(run_on(loop, open_and_leave(client(), client_request(peer.url()), true)), "hello");
    EXPECT_EQ(run_on(loop, open_and_leave(client(), client_request(peer.url()), false)), "");
}

asio::awaitable<bool> outlast(client with, client_request request, gate& late) {
    client_stream stream = co_await with.open(std::move(request));
    std::string body;
    auto pause = asio::steady_timer(co_await asio::this_coro::executor, 750ms);
    co_await pause.async_wait(asio::use_awaitable);
    late.open(); // the time that the reader takes for itself, and that of the whole, do not count
    while (co_await stream.read(body)) {
    }
    co_return body == "late";
}

TEST(client, a_stream_may_take_its_time) {
    gate late;
    scripted_peer peer({[&](conversation& with) {
        with.read_request();
        with.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
        late.wait();
        with.send("late");
    }});
    client_request request(peer.url());
    request.timeouts = mcp::http::client_timeouts{.connect = 5s, .read = 0ms, .total = 700ms};
    asio::io_context loop;
    EXPECT_TRUE(run_on(loop, outlast(client(), request, late)));
}

asio::awaitable<bool> close_under_a_reader(client with, std::string url) {
    client_stream stream = co_await with.open(client_request(url));
    auto executor = co_await asio::this_coro::executor;
    asio::post(executor, [&stream] { stream.close(); });
    std::string body;
    try {
        co_await stream.read(body);
    } catch (const client_error& failure) {
        co_return failure.why() == client_failure::closed;
    }
    co_return false;
}

TEST(client, a_stream_can_be_closed_under_its_reader) {
    scripted_peer peer({[&](conversation& with) {
        with.read_request();
        with.send("HTTP/1.1 200 OK\r\n\r\n");
        EXPECT_TRUE(with.client_leaves());
    }});
    asio::io_context loop;
    EXPECT_TRUE(run_on(loop, close_under_a_reader(client(), peer.url())));
}

TEST(client, closes_the_connection_when_whoever_awaits_is_cancelled) {
    gate asked;
    scripted_peer peer({[&](conversation& with) {
        with.read_request();
        asked.open();
        EXPECT_TRUE(with.client_leaves());
    }});
    asio::io_context loop;
    const client with;
    asio::cancellation_signal cancel;
    std::exception_ptr outcome;
    asio::co_spawn(loop, with.send(client_request(peer.url())),
                   asio::bind_cancellation_slot(
                       cancel.slot(), [&](std::exception_ptr failure, const client_response&) {
                           outcome = failure;
                       }));
    std::thread meanwhile([&] {
        asked.wait();
        asio::post(loop, [&] { cancel.emit(asio::cancellation_type::terminal); });
    });
    loop.run_for(10s);
    meanwhile.join();
    ASSERT_TRUE(outcome);
    try {
        std::rethrow_exception(outcome);
    } catch (const std::system_error& failure) {
        EXPECT_EQ(failure.code(), asio::error::operation_aborted);
    }
}

TEST(client, may_end_before_its_requests_and_loops_before_theirs) {
    gate asked;
    gate answer;
    scripted_peer peer({[&](conversation& with) {
                            with.read_request();
                            asked.open();
                            answer.wait();
                            with.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
                            EXPECT_TRUE(with.client_leaves());
                        },
                        [](conversation& with) {
                            with.read_request(); // if it came so far
                            EXPECT_TRUE(with.client_leaves());
                        },
                        [](conversation& with) {
                            with.answer("kept, and then the loop ends");
                            EXPECT_TRUE(with.client_leaves());
                        }});
    {
        asio::io_context loop;
        std::string body;
        asio::co_spawn(loop, client().send(client_request(peer.url())),
                       [&](std::exception_ptr, const client_response& r) { body = r.body; });
        std::thread meanwhile([&] {
            asked.wait();
            answer.open();
        });
        loop.run_for(10s);
        meanwhile.join();
        EXPECT_EQ(body, "x");
    }
    {
        asio::io_context loop;
        asio::co_spawn(loop, client().send(client_request(peer.url())),
                       [](std::exception_ptr, const client_response&) { FAIL(); });
        while (peer.accepted() < 2)
            loop.run_one_for(1ms);
    }
    const client with;
    {
        asio::io_context loop;
        send(loop, with, client_request(peer.url()));
    }
}

asio::awaitable<void> greet(mcp::http::request& request, mcp::http::response& response) {
    response.content_type = "text/plain";
    response.body = request.body;
    co_return;
}

asio::awaitable<void> ask_often(client with, std::string url, std::atomic<int>& right) {
    for (int i = 0; i < 50; ++i) {
        client_request request(verb::put, url);
        request.body = std::to_string(i);
        const client_response response = co_await with.send(std::move(request));
        right += response.ok() && response.body == std::to_string(i) ? 1 : 0;
    }
}

TEST(client, serves_many_loops_at_once) {
    mcp::http::server server(greet, {.port = 0, .threads = 2});
    server.start();
    const std::string url = "http://127.0.0.1:" + std::to_string(server.port());
    std::atomic<int> right{0};
    {
        const client with;
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                asio::io_context loop;
                for (int each = 0; each < 5; ++each)
                    asio::co_spawn(loop, ask_often(with, url, right), asio::detached);
                loop.run();
            });
        for (auto& each : threads)
            each.join();
        EXPECT_EQ(right, 4 * 5 * 50);

        asio::thread_pool pool(3);
        for (int each = 0; each < 5; ++each)
            asio::co_spawn(asio::make_strand(pool), ask_often(with, url, right), asio::detached);
        pool.join();
        EXPECT_EQ(right, 5 * 5 * 50);
    }
    server.stop();
    server.join();
}

} // namespace client_test
