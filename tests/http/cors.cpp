#include <mcp/http/cors.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace cors_test {

using namespace mcp::http;

response ask(verb method, std::string_view origin, bool preflight, cors_options options = {},
             std::string_view fields = {}) {
    const handler inner = [](request&, response& r) -> asio::awaitable<void> {
        r.set("Gone", "yes");
        r.clear();
        r.body = "inner";
        co_return;
    };
    if (options.origins.empty())
        options.origins = {"https://app.example"};
    const cors wrapped(inner, std::move(options));
    request q;
    q.method = method;
    if (!origin.empty()) {
        q.headers.add("origin", origin);
    }
    if (preflight) {
        q.headers.add("Access-Control-Request-Method", "POST");
    }
    if (!fields.empty()) {
        q.headers.add("Access-Control-Request-Headers", fields);
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
    EXPECT_TRUE(has(r, "Access-Control-Expose-Headers: Mcp-Session-Id, WWW-Authenticate, "
                       "Retry-After, Allow\r\n"));
    EXPECT_FALSE(has(r, "Gone"));
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

TEST(cors, allows_the_fields_that_are_asked_for) {
    constexpr std::string_view asked = "content-type,mcp-param-region,traceparent,authorization";
    response r = ask(verb::options, "https://app.example", true, {}, asked);
    EXPECT_TRUE(has(r, "Access-Control-Allow-Headers: " + std::string(asked) + "\r\n"));
    EXPECT_TRUE(has(r, "Vary: Access-Control-Request-Headers\r\n"));
    EXPECT_FALSE(has(ask(verb::options, "https://app.example", true), "Allow-Headers"));
    r = ask(verb::options, "https://app.example", true, {.request_headers = "Content-Type"}, asked);
    EXPECT_TRUE(has(r, "Access-Control-Allow-Headers: Content-Type\r\n"));
}

TEST(cors, which_origins) {
    const auto allowed = [](std::string_view origin, cors_options options) {
        return has(ask(verb::post, origin, false, std::move(options)), "Allow-Origin");
    };
    EXPECT_TRUE(allowed("https://any.example", {.origins = {"*"}}));
    EXPECT_TRUE(allowed("https://App.example", {}));
    EXPECT_FALSE(allowed("https://app.example:443", {}));
    EXPECT_FALSE(allowed("null", {}));
    const auto asked = [](bool answer) {
        return cors_options{.accepts = [answer](const request&) { return answer; }};
    };
    EXPECT_TRUE(allowed("https://other.example", asked(true)));
    EXPECT_FALSE(allowed("https://other.example", asked(false)));
    EXPECT_FALSE(allowed("", asked(true)));
}

TEST(cors, marks_what_no_handler_answers) {
    const cors wrapped({}, {.origins = {"https://app.example"}});
    request q;
    q.headers.add("Origin", "https://app.example");
    response r;
    wrapped.marker()(q, r);
    EXPECT_TRUE(has(r, "Access-Control-Allow-Origin: https://app.example\r\n"));
    EXPECT_TRUE(has(r, "Vary: Origin\r\n"));
}

} // namespace cors_test
