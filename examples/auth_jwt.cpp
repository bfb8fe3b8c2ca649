// Who calls is known by a token that an authorization server has signed; its public keys are
// fetched when they are needed. Sessions are kept in a file, so that clients go on after a restart.
//
//     example_auth_jwt https://login.example.com/ https://house.example.com/mcp
//         https://login.example.com/.well-known/jwks.json --transport http
//
// The arguments: who signs (`iss`), whom the tokens are for (`aud`), and where the keys are.

#include <mcp.hpp>
#include <mcp/auth/jwks_remote.hpp>
#include <mcp/auth/jwt.hpp>
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
        "house", "1.0.0",
        mcp::jwt({.issuer = issuer, .audience = {audience}}, mcp::jwks_remote(argv[3], fetch)),
        mcp::sqlite_sessions("sessions.db")};
    server.options().resource = {.resource = audience, .authorization_servers = {issuer}};

    server.tool<"whoami">("Who you are", [](mcp::context& ctx) {
        // Over stdio nobody is authenticated, and there is no principal.
        return ctx.principal() != nullptr ? ctx.principal()->subject : "whoever started me";
    });
    server.tool<"open_door">(
        "Open the door", [] { return std::string("It is open."); }, mcp::scopes("door"));

    argv[3] = argv[0]; // the rest is for the server
    return mcp::run(server, argc - 3, argv + 3);
}
