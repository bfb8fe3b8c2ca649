#include <mcp/http/client_parser.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace client_parser_test {

using namespace std::string_literals;
using namespace std::string_view_literals;
using mcp::http::client_limits;
using mcp::http::response_parser;
using mcp::http::response_step;
using mcp::http::verb;

struct row {
    verb method;
    std::string_view bytes;
    std::string_view expected; ///< code, fields, body; how it ended
};

/// What came out of the parser, as text; the bytes come in pieces of `step`.
std::string parse(verb method, std::string_view bytes, std::size_t step,
                  const client_limits& limits = {}) {
    response_parser parser(method, limits);
    std::string out;
    std::string body;
    std::size_t at = 0;
    while (true) {
        switch (parser.next()) {
        case response_step::need_more:
            if (at == bytes.size()) {
                parser.finish();
            } else {
                const auto room = parser.prepare();
                EXPECT_FALSE(room.empty());
                const auto n = std::min({step, room.size(), bytes.size() - at});
                std::memcpy(room.data(), bytes.data() + at, n);
                parser.commit(n);
                at += n;
            }
            break;
        case response_step::head:
            out += std::to_string(static_cast<int>(parser.get().code));
            for (const auto& f : parser.get().headers)
                out.append(" ").append(f.name).append("=").append(f.value);
            break;
        case response_step::body:
            EXPECT_FALSE(parser.piece().empty());
            body += parser.piece();
            break;
        case response_step::complete:
            EXPECT_EQ(parser.next(), response_step::complete);
            return out + " [" + body + "] " + (parser.keep_alive() ? "keep" : "close");
        case response_step::failed:
            EXPECT_FALSE(parser.keep_alive() && parser.next() != response_step::failed);
            EXPECT_FALSE(parser.error().empty());
            return out + (out.empty() ? "" : " ") + (parser.cut_short() ? "short" : "bad");
        }
    }
}

void expect_all(const row& r) {
    for (const std::size_t step :
         {std::size_t(1), std::size_t(2), std::size_t(3), std::size_t(7), std::size_t(100'000)})
        EXPECT_EQ(parse(r.method, r.bytes, step), r.expected) << r.bytes << " by " << step;
}

TEST(client_parser, reads_responses_from_any_split_of_the_bytes) {
    constexpr row rows[] = {
        {verb::get, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A:  b \r\n\r\nhello",
         "200 Content-Length=5 X-A=b [hello] keep"},
        {verb::get, "HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n", "200 content-length=0 [] keep"},
        {verb::get, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
         "200 Content-Length=1 Connection=close [x] close"},
        {verb::get, "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
         "200 Content-Length=1 [x] close"},
        {verb::get, "HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\nx",
         "200 Content-Length=1 Connection=keep-alive [x] keep"},
        {verb::get,
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;a=b\r\n!\r\n"
         "0\r\nTrailer: x\r\n\r\n",
         "200 Transfer-Encoding=chunked [hello!] keep"},
        {verb::get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         "200 Transfer-Encoding=chunked [] keep"},
        {verb::get, "HTTP/1.1 200 OK\r\n\r\nto the end", "200 [to the end] close"},
        {verb::get, "HTTP/1.1 200 OK\r\n\r\n", "200 [] close"},
        {verb::head, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
         "200 Content-Length=5 [] keep"},
        {verb::head, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
         "200 Transfer-Encoding=chunked [] keep"},
        {verb::get, "HTTP/1.1 204 No Content\r\n\r\n", "204 [] keep"},
        {verb::get, "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
         "304 Content-Length=9 [] keep"},
        {verb::get, "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n",
         "302 Location=/b Content-Length=0 [] keep"},
        {verb::post,
         "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
         "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok",
         "201 Content-Length=2 [ok] keep"},
    };
    for (const row& r : rows)
        expect_all(r);
}

TEST(client_parser, refuses_what_cannot_be_trusted) {
    constexpr row rows[] = {
        {verb::get, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0",
         "bad"},
        {verb::get, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
         "bad"},
        {verb::get, "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello", "bad"},
        {verb::get, "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", "bad"},
        {verb::get, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx", "bad"},
        {verb::get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "bad"},
        {verb::get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "bad"},
        {verb::get,
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0",
         "bad"},
        {verb::get, "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "bad"},
        {verb::get, "HTTP/1.1 200 OK\nContent-Length: 0\n\n", "bad"},
        {verb::get, "HTTP/1.1 200 OK\r\nContent-Length: 0\n\r\n", "bad"},
        {verb::get, "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n", "bad"},
        {verb::get, "HTTP/1.1 200 OK\r\nA : b\r\nContent-Length: 0\r\n\r\n", "bad"},
        {verb::get, "HTTP/1.1 200 OK\r\n: b\r\n\r\n", "bad"},
        {verb::get, "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "bad"},
        {verb::get, "HTTP/2.0 200 OK\r\n\r\n", "bad"},
        {verb::get, "HTTP/1.1 20 OK\r\n\r\n", "bad"},
        {verb::get, "HTTP/1.1 099 No\r\n\r\n", "bad"},
        {verb::get, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
         "bad"},
        {verb::get, "SSH-2.0-OpenSSH_9.2\r\n\r\n", "bad"},
        {verb::get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
         "200 Transfer-Encoding=chunked bad"},
        {verb::get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n",
         "200 Transfer-Encoding=chunked bad"},
        {verb::get, "", "short"},
        {verb::get, "HTTP/1.1 200 OK\r\nCont", "short"},
        {verb::get, "HTTP/1.1 100 Continue\r\n\r\n", "short"},
        {verb::get, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
         "200 Content-Length=5 short"},
        {verb::get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
         "200 Transfer-Encoding=chunked short"},
    };
    for (const row& r : rows)
        expect_all(r);
}

TEST(client_parser, ends_the_connection_if_there_is_more_than_the_response) {
    EXPECT_EQ(parse(verb::get, "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 1000),
              "204 [] close");
    EXPECT_EQ(parse(verb::head, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 1000),
              "200 Content-Length=2 [] close");
}

TEST(client_parser, holds_its_limits) {
    client_limits limits;
    limits.head_bytes = 64;
    limits.fields = 2;
    const auto head = [](std::size_t size) {
        const std::string start = "HTTP/1.1 204 No\r\nA: ";
        return start + std::string(size - start.size() - 4, 'x') + "\r\n\r\n";
    };
    for (const std::size_t step : {std::size_t(1), std::size_t(1000)}) {
        EXPECT_TRUE(parse(verb::get, head(64), step, limits).ends_with("[] keep"));
        EXPECT_EQ(parse(verb::get, head(65), step, limits), "bad");
        EXPECT_EQ(parse(verb::get, std::string(65, 'x'), step, limits), "bad");
        EXPECT_EQ(parse(verb::get, "HTTP/1.1 204 No\r\na: 1\r\nb: 2\r\n\r\n", step, limits),
                  "204 a=1 b=2 [] keep");
        EXPECT_EQ(parse(verb::get, "HTTP/1.1 204 No\r\na: 1\r\nb: 2\r\nc:\r\n\r\n", step, limits),
                  "bad");
    }
    std::string interims;
    for (int i = 0; i < 16; ++i)
        interims += "HTTP/1.1 100 Continue\r\n\r\n";
    EXPECT_EQ(parse(verb::get, interims + "HTTP/1.1 204 No\r\n\r\n", 1000), "204 [] keep");
    EXPECT_EQ(parse(verb::get, interims + interims + "HTTP/1.1 204 No\r\n\r\n", 1000), "bad");
}

TEST(client_parser, gives_a_large_body_in_pieces_and_keeps_no_more_than_it_needs) {
    const std::string body(1'000'000, 'b');
    response_parser parser(verb::get, {});
    const std::string bytes = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + body;
    std::size_t at = 0;
    std::size_t largest_room = 0;
    std::string got;
    for (auto step = parser.next(); step != response_step::complete; step = parser.next()) {
        ASSERT_NE(step, response_step::failed);
        if (step == response_step::body)
            got += parser.piece();
        if (step != response_step::need_more)
            continue;
        const auto room = parser.prepare();
        largest_room = std::max(largest_room, room.size());
        const auto n = std::min(room.size(), bytes.size() - at);
        std::memcpy(room.data(), bytes.data() + at, n);
        parser.commit(n);
        at += n;
    }
    EXPECT_EQ(got, body);
    EXPECT_LE(largest_room, 16U * 1024);
    EXPECT_TRUE(parser.keep_alive());
}

TEST(client_parser, the_head_outlives_the_parser) {
    mcp::http::client_response kept;
    {
        response_parser parser(verb::get, {});
        const auto bytes = "HTTP/1.1 204 No Content\r\nX-Name: value\r\n\r\n"sv;
        std::memcpy(parser.prepare().data(), bytes.data(), bytes.size());
        parser.commit(bytes.size());
        ASSERT_EQ(parser.next(), response_step::head);
        kept = parser.get();
    }
    EXPECT_EQ(kept.header("x-name"), "value");
    EXPECT_TRUE(kept.ok());
}

} // namespace client_parser_test
