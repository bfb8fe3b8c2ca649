#include <mcp/http/parse.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace parse_test {

using namespace std::string_view_literals;
using mcp::http::limits;
using mcp::http::parse_state;
using mcp::http::request_parser;
using mcp::http::status;
using mcp::http::verb;

/// What came out of the parser, as text: one line for each request, the last for a failure.
std::vector<std::string> parse(std::string_view bytes, std::size_t step, const limits& limit) {
    request_parser parser(limit);
    std::vector<std::string> out;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto room = parser.prepare();
        EXPECT_FALSE(room.empty());
        const auto n = std::min({step, room.size(), bytes.size() - at});
        std::memcpy(room.data(), bytes.data() + at, n);
        parser.commit(n);
        at += n;
        while (true) {
            const auto state = parser.parse();
            if (state == parse_state::failed) {
                out.push_back(std::to_string(static_cast<int>(parser.error())));
                EXPECT_FALSE(parser.keep_alive());
                return out;
            }
            if (state == parse_state::need_more) {
                break;
            }
            const auto& r = parser.get();
            std::string line(r.method_name);
            line.append(" ").append(r.path).append("?").append(r.query);
            line += r.version == 11 ? " 1.1" : " 1.0";
            line += parser.keep_alive() ? " keep" : " close";
            for (const auto& f : r.headers) {
                line.append(" ").append(f.name).append("=").append(f.value);
            }
            out.push_back(line.append(" [").append(r.body).append("]"));
            parser.next();
        }
    }
    if (!parser.idle()) {
        out.push_back(parser.in_body() ? "body..." : "head...");
    }
    return out;
}

struct row {
    std::string_view bytes;
    std::vector<std::string> expected;
};

const limits small = [] {
    limits l;
    l.head_bytes = 200;
    l.body_bytes = 20;
    l.fields = 4;
    return l;
}();

const std::string long_value(300, 'x');
const std::string long_target = "GET /" + long_value + " HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string long_field = "GET / HTTP/1.1\r\nHost: a\r\nX: " + long_value + "\r\n\r\n";

const row good[] = {
    {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", {"GET /? 1.1 keep Host=a []"}},
    {"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", {"GET /? 1.1 keep Host=a []"}},
    {"GET /a/b%20c?x=1&y=%3F HTTP/1.1\r\nHost:a\r\n\r\n",
     {"GET /a/b%20c?x=1&y=%3F 1.1 keep Host=a []"}},
    {"GET http://a.example:80/p?q HTTP/1.1\r\nHost: a\r\n\r\n", {"GET /p?q 1.1 keep Host=a []"}},
    {"GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", {"GET /? 1.1 keep Host=a []"}},
    {"GET http://a?q HTTP/1.1\r\nHost: a\r\n\r\n", {"GET /?q 1.1 keep Host=a []"}},
    {"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", {"OPTIONS *? 1.1 keep Host=a []"}},
    {"BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n", {"BREW /pot? 1.1 keep Host=a []"}},
    {"GET / HTTP/1.0\r\n\r\n", {"GET /? 1.0 close []"}},
    {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
     {"GET /? 1.0 keep Connection=keep-alive []"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n",
     {"GET /? 1.1 close Host=a Connection=x, Close []"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nX:  \t padded\t \r\n\r\n",
     {"GET /? 1.1 keep Host=a X=padded []"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n", {"GET /? 1.1 keep Host=a X= []"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: \xc3\xa9\r\n\r\n", {"GET /? 1.1 keep Host=a X=\xc3\xa9 []"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
     {"POST /? 1.1 keep Host=a Content-Length=3 [abc]"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
     {"POST /? 1.1 keep Host=a Content-Length=0 []"}},
    {"POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: "
     "Chunked\r\n\r\n2\r\nab\r\n1;x\r\nc\r\n0\r\nT: 1\r\n\r\n",
     {"POST /? 1.1 keep Host=a transfer-encoding=Chunked [abc]"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\nx",
     {"POST /? 1.1 keep Host=a Expect=100-Continue Content-Length=1 [x]"}},
    {"POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nabGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
     "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nc\r\n0\r\n\r\n\r\nGET "
     "/4 "
     "HTTP/1.1\r\nHost: a\r\n\r\n",
     {"POST /1? 1.1 keep Host=a Content-Length=2 [ab]", "GET /2? 1.1 keep Host=a []",
      "POST /3? 1.1 keep Host=a Transfer-Encoding=chunked [c]", "GET /4? 1.1 keep Host=a []"}},
    {"GET / HTTP/1.1\r\nHost: a\r\n", {"head..."}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab", {"body..."}},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", {"body..."}},
};

const row bad[] = {
    // Where does the message end? Nobody is to guess. [RFC 9112 §6.3, §11.2]
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: "
     "chunked\r\n\r\n0\r\n\r\n",
     {"400"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: "
     "5\r\n\r\n0\r\n\r\n",
     {"400"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", {"400"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nabcde", {"400"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nabcde", {"400"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nabcde", {"400"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nabcde", {"400"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nabcde", {"400"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", {"400"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\nabcde", {"400"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", {"400"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nabcde", {"400"}},
    {"POST / HTTP/1.1\r\nHost: a\r\n Content-Length: 5\r\n\r\nabcde", {"400"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
     "chunked\r\n\r\n",
     {"400"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
     {"501"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", {"501"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n", {"501"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", {"501"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n", {"501"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\nContent-Length: 1\r\n\r\nx",
     {"501"}},
    {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {"400"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", {"400"}},
    // Line ends and folds.
    {"GET / HTTP/1.1\nHost: a\n\n", {"400"}},
    {"GET / HTTP/1.1\r\nHost: a\n\r\n", {"400"}},
    {"GET / HTTP/1.1\r\nHost: a\r\n\n", {"400"}},
    {"\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", {"400"}},
    {"GET / HTTP/1.1\rHost: a\r\n\r\n", {"400"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: a\r b\r\n\r\n", {"400"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", {"400"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\r\n\r\n", {"400"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nX:\r\n b\r\n\r\n", {"400"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nX:\r\n \r\n\r\n", {"400"}},
    {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", {"400"}},
    // Fields.
    {"GET / HTTP/1.1\r\n\r\n", {"400"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", {"400"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", {"400"}},
    {"GET / HTTP/1.1\r\nHost: a\r\n: nameless\r\n\r\n", {"400"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nX y: b\r\n\r\n", {"400"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"sv, {"400"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: a\x7f\r\n\r\n", {"400"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", {"417"}},
    // Request line.
    {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", {"400"}},
    {"GET /\r\nHost: a\r\n\r\n", {"400"}},
    {"GET / \r\nHost: a\r\n\r\n", {"400"}},
    {"G@T / HTTP/1.1\r\nHost: a\r\n\r\n", {"400"}},
    {" GET / HTTP/1.1\r\nHost: a\r\n\r\n", {"400"}},
    {"GET / a HTTP/1.1\r\nHost: a\r\n\r\n", {"400"}},
    {"GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n", {"400"}},
    {"GET * HTTP/1.1\r\nHost: a\r\n\r\n", {"400"}},
    {"GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", {"400"}},
    {"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", {"400"}},
    {"GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n", {"400"}},
    {"GET http://localhost:80@evil/ HTTP/1.1\r\nHost: a\r\n\r\n", {"400"}},
    {"GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", {"400"}},
    {"GET /?\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", {"400"}},
    {"GET / HTTP/1.1\r\nHost: localhost:80@evil\r\n\r\n", {"400"}},
    {"GET / HTTP/1.1\r\nHost: localhost:abc\r\n\r\n", {"400"}},
    {"GET / HTTP/1.1\r\nHost: [::1]evil\r\n\r\n", {"400"}},
    {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", {"505"}},
    {"GET / HTTP/1.2\r\nHost: a\r\n\r\n", {"505"}},
    {"GET / HTTP/11\r\nHost: a\r\n\r\n", {"400"}},
    {"GET / FTP/1.1\r\nHost: a\r\n\r\n", {"400"}},
    {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {"505"}},
    {"\x16\x03\x01\x02\x00\x01\n"sv, {"400"}},
    {"\x16G / HTTP/2.0\r\nHost: a\r\n\r\n"sv, {"400"}},
    // Limits.
    {long_target, {"414"}},
    {long_field, {"431"}},
    {"GET / HTTP/1.1\r\nHost: a\r\na: 1\r\nb: 2\r\nc: 3\r\nd: 4\r\n\r\n", {"431"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 21\r\n\r\n", {"413"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n15\r\n", {"413"}},
    {"GET / HTTP/1.1\r\nHost: a\r\n\r\nrubbish\r\n\r\n", {"GET /? 1.1 keep Host=a []", "400"}},
};

TEST(parse, reads_requests_whatever_the_split) {
    for (const row& r : good) {
        for (std::size_t step = 1; step <= r.bytes.size(); ++step) {
            ASSERT_EQ(parse(r.bytes, step, small), r.expected) << r.bytes << " by " << step;
        }
    }
}

TEST(parse, refuses_bad_requests_whatever_the_split) {
    for (const row& r : bad) {
        for (std::size_t step = 1; step <= r.bytes.size(); ++step) {
            ASSERT_EQ(parse(r.bytes, step, small), r.expected) << r.bytes << " by " << step;
        }
    }
}

TEST(parse, views_survive_the_growth_of_the_buffer) {
    const std::string body(100'000, 'b');
    for (const std::string& framing :
         {"Content-Length: 100000\r\n\r\n" + body,
          "Transfer-Encoding: chunked\r\n\r\n186a0\r\n" + body + "\r\n0\r\n\r\n"}) {
        for (const std::size_t step : {1000U, 4096U, 70'000U}) {
            const auto got =
                parse("PUT /path?query HTTP/1.1\r\nHost: a\r\nX: value\r\n" + framing, step, {});
            ASSERT_EQ(got.size(), 1U);
            EXPECT_TRUE(got[0].starts_with("PUT /path?query 1.1 keep Host=a X=value "));
            EXPECT_TRUE(got[0].ends_with("[" + body + "]"));
        }
    }
}

TEST(parse, memory_follows_the_bytes_that_came) {
    limits l;
    l.body_bytes = 1U << 30;
    request_parser parser(l);
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n";
    const auto room = parser.prepare();
    std::memcpy(room.data(), head.data(), head.size());
    parser.commit(head.size());
    EXPECT_EQ(parser.parse(), parse_state::need_more);
    EXPECT_LE(parser.prepare().size(), 8192U);
}

TEST(parse, framing_of_chunks_takes_no_memory) {
    limits l;
    request_parser parser(l);
    const auto feed = [&](std::string_view bytes) {
        const auto room = parser.prepare();
        ASSERT_GE(room.size(), bytes.size());
        std::memcpy(room.data(), bytes.data(), bytes.size());
        parser.commit(bytes.size());
    };
    feed("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "1;" + std::string(15, 'x') + "\r\na\r\n";
    for (int i = 0; i < 2000; ++i) { // 44 kB of framing around 2 kB
        ASSERT_EQ(parser.parse(), parse_state::need_more);
        feed(chunk);
        ASSERT_LE(parser.prepare().size(), 8192U);
    }
    ASSERT_EQ(parser.parse(), parse_state::need_more);
    feed("0\r\n\r\n");
    ASSERT_EQ(parser.parse(), parse_state::complete);
    EXPECT_EQ(parser.get().body.size(), 2000U);
}

TEST(parse, asks_for_the_continue_once) {
    limits l;
    request_parser parser(l);
    const std::string_view head =
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    auto room = parser.prepare();
    std::memcpy(room.data(), head.data(), head.size());
    parser.commit(head.size());
    ASSERT_EQ(parser.parse(), parse_state::need_more);
    EXPECT_TRUE(parser.in_body());
    EXPECT_TRUE(parser.take_expect_continue());
    EXPECT_FALSE(parser.take_expect_continue());
    room = parser.prepare();
    std::memcpy(room.data(), "ab", 2);
    parser.commit(2);
    ASSERT_EQ(parser.parse(), parse_state::complete);
    EXPECT_EQ(parser.get().body, "ab");
}

TEST(parse, gives_its_memory_back) {
    limits l;
    request_parser parser(l);
    parser.get().remote = asio::ip::make_address("192.0.2.1");
    const std::string_view bytes =
        "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n";
    const auto room = parser.prepare();
    std::memcpy(room.data(), bytes.data(), bytes.size());
    parser.commit(bytes.size());
    ASSERT_EQ(parser.parse(), parse_state::complete);
    parser.next();
    parser.release(); // a request is there: nothing is lost
    ASSERT_EQ(parser.parse(), parse_state::complete);
    EXPECT_EQ(parser.get().path, "/b");
    parser.next();
    parser.release();
    EXPECT_TRUE(parser.idle());
    EXPECT_EQ(parser.parse(), parse_state::need_more);
    EXPECT_EQ(parser.get().remote, asio::ip::make_address("192.0.2.1"));
}

TEST(parse, a_request_that_cannot_be_read_has_nothing_of_the_one_before) {
    limits l;
    request_parser parser(l);
    const std::string bytes = "PUT http://b.example/p?q HTTP/1.0\r\nContent-Length: 50000\r\n\r\n" +
                              std::string(50'000, 'x') + "rubbish\r\n\r\n";
    std::string_view left = bytes;
    const auto feed = [&](parse_state expected) {
        parse_state state = parse_state::need_more;
        while (state == parse_state::need_more && !left.empty()) {
            const auto room = parser.prepare();
            const auto n = std::min({room.size(), left.size(), std::size_t{100}});
            std::memcpy(room.data(), left.data(), n);
            parser.commit(n);
            left.remove_prefix(n);
            state = parser.parse();
        }
        EXPECT_EQ(state, expected);
    };
    parser.get().remote = asio::ip::make_address("192.0.2.1");
    feed(parse_state::complete);
    EXPECT_EQ(parser.get().target, "http://b.example/p?q");
    parser.get().mounted = 2;
    parser.next();
    feed(parse_state::failed);
    const mcp::http::request& q = parser.get();
    EXPECT_EQ(q.method, mcp::http::verb::get);
    EXPECT_EQ(q.method_name, "GET");
    EXPECT_EQ(q.target, "/");
    EXPECT_EQ(q.authority, "");
    EXPECT_EQ(q.path, "/");
    EXPECT_EQ(q.query, "");
    EXPECT_EQ(q.version, 11);
    EXPECT_EQ(q.mounted, 0U);
    EXPECT_EQ(q.remote, asio::ip::make_address("192.0.2.1"));
}

TEST(parse, no_limit_of_a_body_does_not_let_its_length_overflow) {
    limits l;
    l.body_bytes = SIZE_MAX;
    const std::string length = std::to_string(SIZE_MAX);
    for (const std::string& sent : {length, "00" + length}) {
        request_parser parser(l);
        const std::string bytes =
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + sent + "\r\n\r\nx";
        const auto room = parser.prepare();
        std::memcpy(room.data(), bytes.data(), bytes.size());
        parser.commit(bytes.size());
        EXPECT_EQ(parser.parse(), parse_state::failed) << sent;
    }
}

TEST(parse, keeps_the_authority_while_the_body_makes_the_buffer_grow) {
    const limits limit;
    request_parser parser(limit);
    const std::string text = "POST http://b.example:80/p HTTP/1.1\r\nHost: a\r\nContent-Length: "
                             "50000\r\n\r\n" +
                             std::string(50'000, 'x');
    for (std::string_view left = text; !left.empty();) {
        const auto room = parser.prepare();
        const auto n = std::min(room.size(), left.size());
        std::memcpy(room.data(), left.data(), n);
        parser.commit(n);
        left.remove_prefix(n);
        EXPECT_EQ(parser.parse(), left.empty() ? parse_state::complete : parse_state::need_more);
    }
    EXPECT_EQ(parser.get().host(), "b.example:80");
}

/// Feeds a request with such a body in pieces; what the parser says at last.
parse_state feed(request_parser& parser, std::size_t body, bool chunked) {
    std::string bytes = "POST / HTTP/1.1\r\nHost: a\r\n";
    if (chunked) {
        bytes += "Transfer-Encoding: chunked\r\n\r\n";
        for (std::size_t sent = 0; sent < body; sent += 1000) {
            bytes += "3e8\r\n" + std::string(1000, 'x') + "\r\n";
        }
        bytes += "0\r\n\r\n";
    } else {
        bytes += "Content-Length: " + std::to_string(body) + "\r\n\r\n" + std::string(body, 'x');
    }
    parse_state state = parse_state::need_more;
    for (std::size_t at = 0; at < bytes.size() && state == parse_state::need_more;) {
        const auto room = parser.prepare();
        const auto n = std::min({std::size_t{1000}, room.size(), bytes.size() - at});
        std::memcpy(room.data(), bytes.data() + at, n);
        parser.commit(n);
        at += n;
        state = parser.parse();
    }
    return state;
}

TEST(parse, what_it_holds_is_counted_and_given_back) {
    limits l;
    for (const bool chunked : {false, true}) {
        mcp::byte_budget all(1024 * 1024);
        request_parser parser(l, &all);
        EXPECT_EQ(feed(parser, 2'000, chunked), parse_state::complete);
        parser.next();
        EXPECT_EQ(all.used(), 0U) << "a small request costs nothing";
        ASSERT_EQ(feed(parser, 100'000, chunked), parse_state::complete);
        EXPECT_GE(all.used(), 100'000U - 4096U);
        EXPECT_LE(all.used(), chunked ? 200'000U : 101'000U);
        EXPECT_EQ(parser.get().body.size(), 100'000U);
        parser.next();
        EXPECT_EQ(all.used(), 0U);
    }
}

TEST(parse, what_all_hold_is_limited) {
    limits l;
    mcp::byte_budget all(1024 * 1024);
    mcp::detail::byte_share others(&all);
    ASSERT_TRUE(others.resize(512 * 1024));
    for (const bool chunked : {false, true}) {
        for (const std::size_t body : {2'000U, 100'000U, 300'000U}) {
            request_parser parser(l, &all);
            const bool fits = body < 256 * 1024;
            ASSERT_EQ(feed(parser, body, chunked),
                      fits ? parse_state::complete : parse_state::failed)
                << body;
            if (!fits) {
                EXPECT_EQ(parser.error(), status::service_unavailable);
                EXPECT_FALSE(parser.keep_alive());
                EXPECT_GT(all.used(), others.size());
                parser.next();
                EXPECT_EQ(all.used(), others.size()) << "its refusal may take long to send";
            }
            EXPECT_LE(all.used(), all.limit());
        }
        EXPECT_EQ(all.used(), others.size()) << "the destructor gives it back";
    }
}

} // namespace parse_test
