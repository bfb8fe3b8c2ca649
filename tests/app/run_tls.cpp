#include <mcp/app/run.hpp>
#include <mcp/app/run_options.hpp>
#include <mcp/auth/auth_chain.hpp>
#include <mcp/auth/client_certificates.hpp>
#include <mcp/auth/static_tokens.hpp>
#include <mcp/http/impl/tls_machine.hpp>
#include <mcp/http/secure_channel.hpp>
#include <mcp/http/tls_server.hpp>
#include <mcp/server/server.hpp>

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <csignal>
#include <cstdint>
#include <fstream>
#include <http/raw_client.hpp>
#include <http/tls_peer.hpp>
#include <memory>
#include <string>
#include <support/process.hpp>
#include <utility>
#include <vector>

namespace run_tls_test {

using mcp::http::detail::tls_machine;
using test::identity;
using test::make_identity;
using test::process;
using test::temporary_file;

std::string add(mcp::context& ctx, int, int) {
    return ctx.principal()->subject;
}

int serve(int argc, const char* const* argv) {
    mcp::auth_chain either{mcp::client_certificates{},
                           mcp::static_tokens{{"anns-token", {.subject = "ann"}}}};
    mcp::server server{"calculator", "1.0.0", std::move(either)};
    server.tool<add, "a", "b">("Say who adds");
    return mcp::run(server, argc, argv);
}

int serve_without_tls(int argc, const char* const* argv) {
    mcp::http::detail::make_tls_server = nullptr;
    return serve(argc, argv);
}

/// The response to a call of the tool.
std::string call(std::uint16_t port, const identity* who, const std::string& more = {}) {
    const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    if (who != nullptr) {
        SSL_CTX_use_certificate(context.get(), who->certificate.get());
        SSL_CTX_use_PrivateKey(context.get(), who->key.get());
    }
    raw_client c(port, std::make_unique<tls_machine>(context, tls_machine::end::client));
    const std::string body = test::call;
    c.send("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
           "Accept: application/json, text/event-stream\r\nConnection: close\r\n"
           "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: add\r\n" +
           more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return c.read_all();
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

TEST(run_tls, serves_who_has_a_certificate_and_reloads_its_own) {
    const identity authority = make_identity("");
    const identity ann = make_identity("DNS:a.example", &authority);
    const identity own = make_identity("DNS:localhost", &authority);
    const temporary_file certificate(own.certificate_pem() + own.key_pem());
    const temporary_file trusted(authority.certificate_pem());
    process server({"--transport", "http", "--port", "0", "--log-level", "debug", "--tls-cert",
                    certificate.path().c_str(), "--tls-client-ca", trusted.path().c_str()},
                   serve);
    std::string said = server.err_line();
    while (!said.empty() && !has(said, "listens on"))
        said = server.err_line();
    const auto at = said.find("https://127.0.0.1:");
    ASSERT_NE(at, said.npos) << said;
    const auto port = static_cast<std::uint16_t>(std::stoi(said.substr(at + 18)));

    const auto await_line = [&](const std::string& part) {
        std::string line = server.err_line();
        while (!line.empty() && !has(line, part))
            line = server.err_line();
        return has(line, part);
    };
    const std::string answer = call(port, &ann);
    EXPECT_TRUE(has(answer, "CN=localhost")) << answer;
    EXPECT_EQ(call(port, nullptr), "");
    EXPECT_TRUE(await_line("http: 127.0.0.1: peer did not return a certificate"));

    std::ofstream(certificate.path()) << "damaged";
    server.signal(SIGHUP);
    EXPECT_TRUE(await_line("http: the present certificates remain: the certificate '" +
                           certificate.path() + "' has no certificate in PEM"));
    EXPECT_TRUE(has(call(port, &ann), "CN=localhost"));
    const identity renewed = make_identity("DNS:localhost", &authority);
    std::ofstream(certificate.path()) << renewed.certificate_pem() + renewed.key_pem();
    server.signal(SIGHUP);
    EXPECT_TRUE(await_line("http: the certificates are read again"));
    EXPECT_TRUE(has(call(port, &ann), "CN=localhost"));
    server.signal(SIGTERM);
    EXPECT_EQ(server.join(), 0);
}

TEST(run_tls, what_it_cannot_use_is_one_line) {
    const identity own = make_identity("DNS:localhost");
    const identity other = make_identity("DNS:localhost");
    const temporary_file certificate(own.certificate_pem());
    const temporary_file key(other.key_pem());
    const struct {
        std::vector<const char*> arguments;
        int (*serve)(int, const char* const*);
        int status;
        std::string line;
    } table[] = {
        {{"--tls-cert", "/no/file"},
         serve,
         1,
         "calculator: cannot read the certificate '/no/file': No such file or directory"},
        {{"--tls-cert", certificate.path().c_str(), "--tls-key", key.path().c_str()},
         serve,
         1,
         "calculator: the key '" + key.path() + "' does not belong to the certificate '" +
             certificate.path() + "'"},
        {{"--tls-key", key.path().c_str()},
         serve,
         2,
         "calculator: --tls-key and --tls-client-ca need --tls-cert"},
        {{"--tls-cert", "-----BEGIN CERTIFICATE-----"},
         serve,
         2,
         "calculator: --tls-cert: expected the name of a file, not its text"},
        {{"--tls-cert", certificate.path().c_str()},
         serve_without_tls,
         2,
         "calculator: --tls-cert: this program has no TLS: it must include "
         "<mcp/http/tls_server.hpp> and link asio-mcp::tls"},
    };
    for (const auto& each : table) {
        std::vector<const char*> arguments{"--transport", "http", "--port", "0"};
        arguments.insert(arguments.end(), each.arguments.begin(), each.arguments.end());
        process server(arguments, each.serve);
        EXPECT_EQ(server.all_errors(), each.line + "\n");
        EXPECT_EQ(server.join(), each.status);
    }
}

} // namespace run_tls_test
