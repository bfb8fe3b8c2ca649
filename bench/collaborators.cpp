// Serves the weather server's `add` with collaborators, to measure their cost for a call of a
// session, or over TLS.
//
//     collaborators PORT [token | redis URL | tls PEM]
//
// `token`: clients send the bearer token "bench". `redis`: Redis holds the sessions.
// `tls`: a file has the certificate and the key.

#include <mcp/auth/static_tokens.hpp>
#include <mcp/http/router.hpp>
#include <mcp/http/secure_channel.hpp>
#include <mcp/http/server.hpp>
#include <mcp/http/tls_server.hpp>
#include <mcp/server/server.hpp>
#include <mcp/session/redis_sessions.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

namespace {

int add(int a, int b) {
    return a + b;
}

template <class Server>
void serve(Server& server, std::uint16_t port,
           std::shared_ptr<mcp::http::secure_layer> tls = nullptr) {
    server.template tool<add, "a", "b">("Add two numbers");
    mcp::http::router router;
    router.mount("/mcp", mcp::streamable_http{server});
    mcp::http::server http{router, {.port = port, .tls = std::move(tls)}};
    http.run();
}

} // namespace

int main(int argc, char** argv) {
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 8000);
    const std::string_view with = argc > 2 ? argv[2] : "";
    const mcp::server_info info{"collaborators", "1.0.0"};
    if (with == "token") {
        mcp::server server{info, mcp::static_tokens{{"bench", {"bench"}}}};
        serve(server, port);
    } else if (with == "redis" && argc > 3) {
        mcp::server server{info, mcp::redis_sessions{mcp::redis::connection(argv[3])}};
        serve(server, port);
    } else {
        mcp::server server{info};
        serve(server, port,
              with == "tls" && argc > 3 ? mcp::http::tls_server({.certificate = argv[3]})
                                        : nullptr);
    }
}
