// A client whose user authorizes it: prints the page to open, waits for the browser, and lists the
// tools of the server. Tokens are kept in a file, so that the next run asks nobody.
//
//     client_oauth https://mcp.example.com/mcp tokens.json

#include <mcp/client.hpp>
#include <mcp/client/file_tokens.hpp>
#include <mcp/client/oauth.hpp>
#include <mcp/http/tls.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <cstdio>
#include <exception>
#include <memory>
#include <string>

namespace {

std::unique_ptr<mcp::client_transport> authorized(const std::string& url, const char* file) {
    mcp::oauth_options how;
    how.name = "The client_oauth example";
    how.http.tls = mcp::http::tls();
    mcp::http_options options;
    options.authorization = std::make_shared<mcp::oauth>(how, mcp::file_tokens(file));
    return std::make_unique<mcp::http_transport>(url, options);
}

asio::awaitable<void> list_tools(std::string url, const char* file) {
    mcp::client client{{.name = "client_oauth", .version = "1.0.0"}};
    co_await client.connect(authorized(url, file));
    for (const mcp::tool_info& each : co_await client.tools())
        std::puts(each.name.c_str());
    co_await client.close();
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: client_oauth URL FILE\n", stderr);
        return 2;
    }
    asio::io_context loop;
    std::exception_ptr failure;
    asio::co_spawn(loop, list_tools(argv[1], argv[2]), [&](std::exception_ptr e) { failure = e; });
    loop.run();
    try {
        if (failure)
            std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
