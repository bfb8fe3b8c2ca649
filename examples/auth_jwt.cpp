// Authenticates clients by tokens that an authorization server signs, and fetches its public keys
// when it needs them. Keeps sessions in a file, so that clients continue after a restart.
//
//     example_auth_jwt https://login.example.com/ https://door.example.com/mcp
//         https://login.example.com/.well-known/jwks.json --transport http
//
// The arguments: the issuer (`iss`), the audience of the tokens (`aud`), and the URL of the keys.

#include <mcp.hpp>
#include <mcp/auth/jwks_remote.hpp>
#include <mcp/auth/jwt.hpp>
#include <mcp/http/client.hpp>
#include <mcp/http/tls.hpp>
#include <mcp/session/sqlite_sessions.hpp>

#include <cstdio>
#include <string>

int main(int argc, char** argv) {
    if (argc < 4) {
        std::fputs("usage: example_auth_jwt ISSUER AUDIENCE KEYS [OPTIONS]\n", stderr);
        return 2;
    }
    const std::string issuer = argv[1];
    const std::string audience = argv[2];

    mcp::http::client_options https;
    https.tls = mcp::http::tls();
    const mcp::jwks_fetch fetch{mcp::http::client(https)};

    mcp::server server{
        "door", "1.0.0",
        mcp::jwt({.issuer = issuer, .audience = {audience}}, mcp::jwks_remote(argv[3], fetch)),
        mcp::sqlite_sessions("sessions.db")};
    server.options().resource = {.resource = audience, .authorization_servers = {issuer}};

    server.tool<"whoami">("Who you are", [](mcp::context& ctx) {
        // There is no authentication over stdio, and so no principal.
        return ctx.principal() != nullptr ? ctx.principal()->subject : "whoever started me";
    });
    server.tool<"open_door">(
        "Open the door", [] { return std::string("It is open."); }, mcp::scopes("door"));

    argv[3] = argv[0]; // the other arguments are for the server
    return mcp::run(server, argc - 3, argv + 3);
}
