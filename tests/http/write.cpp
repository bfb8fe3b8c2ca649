#include <mcp/http/write.hpp>

#include <mcp/http/message.hpp>

#include <asio/awaitable.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace write_test {

using namespace mcp::http;

struct no_stream final : body_stream {
    asio::awaitable<bool> read(std::string&) override { co_return false; }
    void close() noexcept override {}
};

std::string head_of(const response& r, const head_context& about) {
    std::string out;
    append_head(out, r, about);
    return out;
}

TEST(write, head) {
    response r;
    r.body = "hello";
    EXPECT_EQ(head_of(r, {}), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    r.content_type = "text/plain";
    r.set("X-A", "1");
    r.set("X-B", "");
    EXPECT_EQ(head_of(r, {.date = "today"}),
              "HTTP/1.1 200 OK\r\nDate: today\r\nContent-Type: text/plain\r\nX-A: 1\r\nX-B: \r\n"
              "Content-Length: 5\r\n\r\n");
    r.clear();
    r.code = status::method_not_allowed;
    EXPECT_EQ(head_of(r, {.keep_alive = false}), "HTTP/1.1 405 Method Not Allowed\r\n"
                                                 "Content-Length: 0\r\nConnection: close\r\n\r\n");
    r.code = static_cast<status>(599);
    EXPECT_EQ(head_of(r, {}), "HTTP/1.1 599 Status\r\nContent-Length: 0\r\n\r\n");
}

TEST(write, head_for_http_1_0) {
    response r;
    EXPECT_EQ(head_of(r, {.version = 10}),
              "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(head_of(r, {.version = 10, .keep_alive = false}),
              "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

TEST(write, head_of_a_stream) {
    response r;
    r.stream = std::make_unique<no_stream>();
    r.body = "is not used";
    EXPECT_EQ(head_of(r, {}), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    EXPECT_EQ(head_of(r, {.version = 10}), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
}

TEST(write, framing) {
    response r;
    EXPECT_EQ(framing_of(r, 11), framing::length);
    for (const auto code : {status::no_content, status::not_modified, status::continue_}) {
        r.code = code;
        EXPECT_EQ(framing_of(r, 11), framing::none);
        EXPECT_EQ(head_of(r, {}).find("Content-Length"), std::string::npos);
    }
}

TEST(write, chunks) {
    std::string out;
    append_chunk(out, "hello");
    append_chunk(out, "");
    append_chunk(out, std::string(26, 'x'));
    out += last_chunk;
    EXPECT_EQ(out, "5\r\nhello\r\n1a\r\n" + std::string(26, 'x') + "\r\n0\r\n\r\n");
}

TEST(write, date) {
    const auto at = [](long long seconds) {
        return http_date(std::chrono::sys_seconds(std::chrono::seconds(seconds)));
    };
    EXPECT_EQ(at(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(at(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(at(1709210096), "Thu, 29 Feb 2024 12:34:56 GMT");
    EXPECT_EQ(at(4102444799), "Thu, 31 Dec 2099 23:59:59 GMT");
}

} // namespace write_test
