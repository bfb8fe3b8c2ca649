// MCP endpoints are handlers of HTTP requests. One process may serve several beside the routes of an
// application, also with parameters in their paths. The command line is that of mcp::run.

#include <mcp.hpp>

#include <string>

asio::awaitable<void> home_page(mcp::http::request&, mcp::http::response& response) {
    response.content_type = "text/plain";
    response.body = "This is the application.\n";
    co_return;
}

std::string whoami(mcp::context& ctx) { return ctx.path_param("user").value_or("nobody"); }

int add(int a, int b) { return a + b; }

int main(int argc, char** argv) {
    mcp::server calculator{"calculator", "1.0.0"};
    calculator.tool<add, "a", "b">("Add two numbers");

    mcp::server accounts{"accounts", "1.0.0"};
    accounts.tool<whoami>("Say whose account this is");

    mcp::http::router routes;
    routes.add(mcp::http::verb::get, "/", home_page);
    routes.mount("/accounts/{user:uuid}/mcp", mcp::streamable_http{accounts});
    return mcp::run(calculator, routes, argc, argv);
}
