#include <mcp/http/cors.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

using namespace mcp::http;

response ask(verb method, std::string_view origin, bool preflight) {
    const handler inner = [](request&, response& r) -> asio::awaitable<void> {
        r.body = "inner";
        co_return;
    };
    const cors wrapped(inner, {.origins = {"https://app.example"}});
    request q;
    q.method = method;
    if (!origin.empty()) {
        q.headers.add("origin", origin);
    }
    if (preflight) {
        q.headers.add("Access-Control-Request-Method", "POST");
    }
    response r;
    asio::io_context loop;
    asio::co_spawn(loop, wrapped(q, r), asio::detached);
    loop.run();
    return r;
}

bool has(const response& r, std::string_view part) {
    return r.headers.find(part) != std::string::npos;
}

TEST(cors, marks_allowed_origins) {
    const response r = ask(verb::post, "https://app.example", false);
    EXPECT_EQ(r.body, "inner");
    EXPECT_TRUE(has(r, "Access-Control-Allow-Origin: https://app.example\r\n"));
    EXPECT_TRUE(has(r, "Access-Control-Expose-Headers: Mcp-Session-Id"));
    EXPECT_TRUE(has(r, "Vary: Origin\r\n"));
}

TEST(cors, answers_preflights) {
    const response r = ask(verb::options, "https://app.example", true);
    EXPECT_EQ(r.code, status::no_content);
    EXPECT_EQ(r.body, "");
    EXPECT_TRUE(has(r, "Access-Control-Allow-Methods: GET, POST, DELETE, OPTIONS\r\n"));
    EXPECT_TRUE(has(r, "Access-Control-Max-Age: 3600\r\n"));
}

TEST(cors, says_nothing_to_others) {
    for (const std::string_view origin : {"", "https://evil.example", "https://app.example.evil"}) {
        const response r = ask(verb::options, origin, true);
        EXPECT_EQ(r.body, "inner");
        EXPECT_EQ(r.headers, "Vary: Origin\r\n");
    }
}

} // namespace
