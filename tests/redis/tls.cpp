#include <mcp/redis/tls.hpp>

#include <mcp/redis/connection.hpp>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include <http/tls_peer.hpp>
#include <redis/redis_server.hpp>
#include <stdexcept>
#include <string>

namespace tls_test {

TEST(redis_tls, is_needed_by_rediss) {
    try {
        const mcp::redis::connection redis("rediss://:hunter2@localhost");
        ADD_FAILURE() << "it would not be encrypted";
    } catch (const std::invalid_argument& failure) {
        EXPECT_STREQ(
            failure.what(),
            "Redis URL: rediss:// needs encryption; pass mcp::redis::tls() of <mcp/redis/tls.hpp>");
    }
}

#if __has_include(<hiredis/hiredis_ssl.h>) // not in Debian 12

class redis_tls_server : public test::with_redis {
protected:
    void SetUp() override {
        asio::io_context io;
        const asio::ip::tcp::acceptor probe(io, {asio::ip::address_v4::loopback(), 0});
        port = std::to_string(probe.local_endpoint().port());
        if (!test::redis_server::installed())
            GTEST_SKIP() << "redis-server is not installed (Debian: apt install redis-server)";
    }
    void serve(const char* names) {
        const test::identity made = test::make_identity(names, &authority);
        certificate.emplace(made.certificate_pem());
        key.emplace(made.key_pem());
        server.emplace(std::vector<std::string>{
            "--tls-port", port, "--tls-cert-file", certificate->path(), "--tls-key-file",
            key->path(), "--tls-ca-cert-file", ca.path(), "--tls-auth-clients", "optional"});
    }
    mcp::redis::connection connect(mcp::redis::tls_options options) const {
        return mcp::redis::connection("rediss://127.0.0.1:" + port, mcp::redis::tls(options));
    }

    const test::identity authority = test::make_identity("");
    const test::temporary_file ca{authority.certificate_pem()};
    std::optional<test::temporary_file> certificate;
    std::optional<test::temporary_file> key;
    std::string port;
};

TEST_F(redis_tls_server, is_spoken_to) {
    serve("IP:127.0.0.1");
    const auto redis = connect({.ca_file = ca.path()});
    const std::string big(300'000, 'x');
    EXPECT_EQ(test::await(redis.command("SET", "key", big)).text(), "OK");
    EXPECT_EQ(test::await(redis.command("GET", "key")).text(), big);
    server->kill();
    EXPECT_TRUE(test::eventually([&] { return !redis.healthy(); }));
    ASSERT_TRUE(server->start());
    EXPECT_TRUE(test::eventually([&] { return redis.healthy(); }));
    EXPECT_EQ(test::await(redis.command("PING")).text(), "PONG");
}

TEST_F(redis_tls_server, must_be_the_host_that_was_asked_for) {
    serve("IP:127.0.0.2,DNS:localhost");
    const auto redis = connect({.ca_file = ca.path()});
    EXPECT_THROW(test::await(redis.command("PING")), mcp::redis::unavailable);
}

TEST_F(redis_tls_server, must_be_known_to_a_trusted_authority) {
    serve("IP:127.0.0.1");
    const test::temporary_file other(test::make_identity("").certificate_pem());
    const auto redis = connect({.ca_file = other.path()});
    EXPECT_THROW(test::await(redis.command("PING")), mcp::redis::unavailable);
}

TEST_F(redis_tls_server, requires_the_certificate_of_the_client) {
    serve("IP:127.0.0.1");
    const test::identity me = test::make_identity("DNS:client", &authority);
    const test::temporary_file own(me.certificate_pem());
    const test::temporary_file own_key(me.key_pem());
    const mcp::redis::tls_options options{ca.path(), own.path(), own_key.path()};
    EXPECT_EQ(test::await(connect(options).command("PING")).text(), "PONG");
}

TEST(redis_tls, reads_its_files_at_once) {
    const std::string nothing = "/nonexistent.pem";
    EXPECT_THROW(mcp::redis::tls({.ca_file = nothing}), std::runtime_error);
    EXPECT_THROW(mcp::redis::tls({.certificate_file = nothing}), std::runtime_error);
    EXPECT_THROW(mcp::redis::tls({.key_file = nothing}), std::runtime_error);
}

#endif

} // namespace tls_test
