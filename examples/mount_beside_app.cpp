// MCP endpoints are handlers of HTTP requests. One process may mount several beside an existing
// application, each with parameters in its path.

#include <mcp.hpp>

#include <cstdio>
#include <string>

asio::awaitable<void> home_page(mcp::http::request&, mcp::http::response& response) {
    response.content_type = "text/plain";
    response.body = "This is the application.\n";
    co_return;
}

std::string whoami(mcp::context& ctx) { return ctx.path_param("user").value_or("nobody"); }

int add(int a, int b) { return a + b; }

int main() {
    mcp::server calculator{"calculator", "1.0.0"};
    calculator.tool<add, "a", "b">("Add two numbers");

    mcp::server accounts{"accounts", "1.0.0"};
    accounts.tool<whoami>("Say whose account this is");

    mcp::streamable_http calculator_endpoint{calculator};
    mcp::streamable_http accounts_endpoint{accounts};

    mcp::http::router router;
    router.mount("/calculator", calculator_endpoint);
    router.mount("/accounts/{user:uuid}/mcp", accounts_endpoint);
    router.add(mcp::http::verb::get, "/", home_page);

    mcp::http::server http{router, {.port = 8000, .signals = true}};
    http.listen();
    std::fprintf(stderr, "http://127.0.0.1:%u/\n", static_cast<unsigned>(http.port()));
    http.run();
}
