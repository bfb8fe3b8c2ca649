#include <mcp/http/request_record.hpp>

#include <mcp/http/server.hpp>

#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <http/raw_client.hpp>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace request_record_test {

using mcp::http::record_settings;
using mcp::http::request;
using mcp::http::request_record;
using mcp::http::response;
using mcp::http::server;
using mcp::http::verb;

/// A body of three parts.
class three_parts final : public mcp::http::body_stream {
public:
    asio::awaitable<bool> read(std::string& out) override {
        out += "part";
        co_return ++parts_ < 3;
    }
    void close() noexcept override {}

private:
    int parts_ = 0;
};

asio::awaitable<void> handle(request& q, response& r) {
    if (r.note)
        r.note->method = q.id;
    if (q.path == "/throw")
        throw std::runtime_error("a handler fails");
    if (q.path == "/stream")
        r.stream = std::make_unique<three_parts>();
    else
        r.body = q.body;
    co_return;
}

std::string shown(const request_record& each) {
    std::ostringstream out;
    out << mcp::http::to_string(each.method) << ' ' << each.path << ' '
        << static_cast<int>(each.code) << " in " << each.received << " out " << each.sent
        << (each.stream ? " stream" : "") << (each.complete ? "" : " incomplete")
        << (each.note.reason.empty() ? "" : ": ") << each.note.reason;
    EXPECT_EQ(each.remote.to_string(), "127.0.0.1");
    EXPECT_GE(each.duration.count(), 0);
    EXPECT_EQ(each.note.method, each.note.reason.empty() ? each.id : "");
    return out.str();
}

/// Returns the records of what a client sends, and all that it reads.
std::vector<std::string> records_of(std::string_view bytes, std::string& read, bool ids = false) {
    std::vector<std::string> all;
    mcp::http::server_options options;
    options.port = 0;
    options.limits.body_bytes = 100;
    options.records.request_ids = ids;
    options.records.on_end = [&all](const request_record& each) { all.push_back(shown(each)); };
    server http(handle, options);
    http.start();
    raw_client client(http.port());
    client.send(bytes);
    client.shutdown_send();
    read = client.read_all();
    client.close();
    http.stop();
    http.join();
    return all;
}

TEST(request_record, tells_the_end_of_each_request) {
    struct row {
        std::string_view bytes;
        std::vector<std::string> records;
    };
    using all = std::vector<std::string>;
    const row rows[] = {
        {"", {}},
        {"GET /a?token=secret HTTP/1.1\r\nHost: a\r\n\r\n", all{"GET /a 200 in 41 out 75"}},
        {"POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
         "HEAD /c HTTP/1.1\r\nHost: a\r\n\r\n",
         all{"POST /b 200 in 51 out 78", "HEAD /c 200 in 29 out 75"}},
        {"GET /stream HTTP/1.1\r\nHost: a\r\n\r\n", all{"GET /stream 200 in 33 out 111 stream"}},
        {"GET /throw HTTP/1.1\r\nHost: a\r\n\r\n", all{"GET /throw 500 in 32 out 143"}},
        {"nonsense\r\n\r\n", all{"  400 in 12 out 142: the request is no valid HTTP/1.1"}},
        {"POST /d HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n",
         all{"POST /d 413 in 50 out 154: the body is larger than limits::body_bytes"}},
        {"POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nshort",
         all{"POST /e 400 in 53 out 142: the request is no valid HTTP/1.1"}},
    };
    for (const row& each : rows) {
        std::string read;
        EXPECT_EQ(records_of(each.bytes, read), each.records) << each.bytes << "\n" << read;
    }
}

TEST(request_record, tells_the_limit_of_a_handler) {
    std::string line;
    mcp::http::server_options options;
    options.port = 0;
    options.clock_interval = std::chrono::milliseconds(1);
    options.limits.request_timeout = std::chrono::milliseconds(1);
    options.records.on_end = [&line](const request_record& each) { line = each.note.reason; };
    const auto hang = [](request&, response&) -> asio::awaitable<void> {
        asio::steady_timer never(co_await asio::this_coro::executor,
                                 asio::steady_timer::time_point::max());
        co_await never.async_wait(asio::use_awaitable);
    };
    server http(hang, options);
    http.start();
    raw_client client(http.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 504 "));
    client.close();
    http.stop();
    http.join();
    EXPECT_EQ(line, "the handler took longer than limits::request_timeout");
}

TEST(request_record, names_each_request) {
    struct row {
        std::string_view field;
        bool kept;
    };
    const std::string longest(128, 'x');
    const std::string rows[] = {"given-1:/+=@_.", longest, longest + 'x', "two words", "a;b", ""};
    const bool kept[] = {true, true, false, false, false, false};
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        EXPECT_EQ(mcp::http::is_request_id(rows[i]), kept[i]) << rows[i];
        std::string read;
        records_of("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: " + rows[i] + "\r\n\r\n", read,
                   true);
        const auto at = read.find("X-Request-Id: ");
        ASSERT_NE(at, read.npos) << read;
        const auto id = read.substr(at + 14, read.find("\r\n", at) - at - 14);
        EXPECT_EQ(id == rows[i], kept[i]) << id;
        EXPECT_TRUE(mcp::http::is_request_id(id)) << id;
    }
    std::string read;
    records_of("nonsense\r\n\r\n", read, true);
    EXPECT_NE(read.find("\r\nX-Request-Id: "), read.npos) << read;
}

TEST(request_record, a_throwing_hook_ends_nothing) {
    mcp::http::server_options options;
    options.port = 0;
    options.records.on_end = [](const request_record&) { throw std::runtime_error("full"); };
    server http(handle, options);
    http.start();
    raw_client client(http.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(client.read_response().starts_with("HTTP/1.1 200 OK"));
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(client.read_response().starts_with("HTTP/1.1 200 OK"));
}

} // namespace request_record_test
