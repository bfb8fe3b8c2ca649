#include <mcp/http/tls_server.hpp>

#include <mcp/http/client_certificate.hpp>
#include <mcp/http/impl/tls_machine.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/secure_channel.hpp>
#include <mcp/http/server.hpp>

#include <asio/awaitable.hpp>
#include <asio/ip/address.hpp>
#include <asio/post.hpp>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <functional>
#include <future>
#include <http/links.hpp>
#include <http/raw_client.hpp>
#include <http/tls_peer.hpp>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tls_server_test {

using namespace std::chrono_literals;
using mcp::http::secure_channel;
using mcp::http::tls_server_options;
using mcp::http::detail::tls_machine;
using test::identity;
using test::make_identity;
using test::temporary_file;

const identity& authority() {
    static const identity one = make_identity("");
    return one;
}

const identity& here() {
    static const identity one = make_identity("DNS:localhost,IP:127.0.0.1", &authority());
    return one;
}

tls_server_options served_by(const identity& who) {
    return {.certificate = who.certificate_pem(), .key = who.key_pem()};
}

using context_ptr = std::shared_ptr<SSL_CTX>;

context_ptr client_context(const identity* with = nullptr) {
    context_ptr made(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    if (with != nullptr) {
        SSL_CTX_use_certificate(made.get(), with->certificate.get());
        SSL_CTX_use_PrivateKey(made.get(), with->key.get());
    }
    return made;
}

std::unique_ptr<secure_channel> client_of(context_ptr context) {
    return std::make_unique<tls_machine>(std::move(context), tls_machine::end::client);
}

/// The tests of the server run over this link as well.
const bool linked = [] {
    test::links().push_back({"tls", mcp::http::tls_server(served_by(here())),
                             [context = client_context()] { return client_of(context); }});
    return true;
}();

/// Gives each end what the other has for it, `piece` bytes at once, until both are silent.
void exchange(secure_channel& a, secure_channel& b, std::size_t piece) {
    for (bool more = true; more;) {
        more = false;
        for (auto [from, to] : {std::pair{&a, &b}, std::pair{&b, &a}}) {
            from->handshake();
            const std::string bytes = std::exchange(from->output(), {});
            for (std::size_t at = 0; at < bytes.size(); at += piece) {
                to->feed(std::string_view(bytes).substr(at, piece));
                to->handshake();
                to->readable();
                more = true;
            }
        }
    }
}

std::string read_all(secure_channel& from) {
    std::string all;
    std::array<char, 1000> some{};
    while (const std::size_t n = from.read(some))
        all.append(some.data(), n);
    return all;
}

TEST(tls_server, speaks_in_pieces_of_any_size) {
    const auto layer = mcp::http::tls_server(served_by(here()));
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION})
        for (const std::size_t piece : {1U, 2U, 7U, 1000U, 100'000U}) {
            const auto context = client_context();
            SSL_CTX_set_max_proto_version(context.get(), version);
            const auto server = layer->accept();
            const auto client = client_of(context);
            exchange(*server, *client, piece);
            ASSERT_TRUE(server->handshake() && client->handshake()) << server->failure();
            const std::string large(50'000, 'x');
            client->write("question");
            exchange(*server, *client, piece);
            EXPECT_TRUE(server->readable());
            EXPECT_EQ(read_all(*server), "question");
            EXPECT_FALSE(server->readable());
            server->write(large);
            exchange(*server, *client, piece);
            EXPECT_EQ(read_all(*client), large);
            EXPECT_FALSE(client->ended());
            server->close();
            server->close();
            exchange(*server, *client, piece);
            EXPECT_TRUE(client->ended());
            EXPECT_FALSE(server->ended());
            client->write("more"); // each direction ends by itself
            client->close();
            exchange(*server, *client, piece);
            EXPECT_EQ(read_all(*server), "more");
            EXPECT_TRUE(server->ended());
            EXPECT_EQ(server->failure(), "");
            EXPECT_EQ(server->peer(), nullptr);
        }
}

TEST(tls_server, refuses_what_is_not_tls) {
    using namespace std::string_view_literals;
    const std::pair<std::string_view, std::string_view> table[] = {
        {"GET / HTTP/1.1\r\n\r\n"sv, "http request"},
        {"\x16\x03\x01\xff\xff garbage"sv, "packet length too long"},
        {"\x16\x03\x01\x00\x09 garbage!"sv, "unexpected message"},
        {"\x15\x03\x01\x00\x02\x02\x28"sv, "unexpected message"},
        {"\x00\x00\x00\x00\x00\x00\x00\x00"sv, "wrong version number"},
    };
    for (const auto& [bytes, why] : table) {
        const auto server = mcp::http::tls_server(served_by(here()))->accept();
        server->feed(bytes);
        EXPECT_FALSE(server->handshake());
        EXPECT_EQ(server->failure(), why);
        std::array<char, 10> room{};
        EXPECT_EQ(server->read(room), 0U);
        EXPECT_FALSE(server->handshake());
        EXPECT_FALSE(server->ended());
        server->close();
    }
}

TEST(tls_server, a_changed_byte_is_a_failure_and_no_end) {
    const auto server = mcp::http::tls_server(served_by(here()))->accept();
    const auto client = client_of(client_context());
    exchange(*server, *client, 1000);
    client->write("question");
    client->output().back() ^= 1;
    server->feed(client->output());
    EXPECT_EQ(read_all(*server), "");
    EXPECT_NE(server->failure(), "");
    EXPECT_FALSE(server->ended());
    EXPECT_NE(server->output(), "") << "an alert";
}

TEST(tls_server, chooses_http_1_1_or_nothing) {
    using namespace std::string_view_literals;
    const std::pair<std::string_view, bool> table[] = {
        {"\x08http/1.1"sv, true}, {"\x02h2\x08http/1.1"sv, true}, {"\x02h2"sv, false}};
    for (const auto& [offered, accepted] : table) {
        const auto context = client_context();
        SSL_CTX_set_alpn_protos(context.get(),
                                reinterpret_cast<const unsigned char*>(offered.data()),
                                static_cast<unsigned>(offered.size()));
        const auto server = mcp::http::tls_server(served_by(here()))->accept();
        const auto client = client_of(context);
        exchange(*server, *client, 1000);
        EXPECT_EQ(client->handshake(), accepted);
        EXPECT_EQ(server->failure(), accepted ? "" : "no application protocol");
    }
}

TEST(tls_server, knows_clients_by_their_certificates) {
    const identity ann = make_identity(
        "DNS:a.example,URI:spiffe://example/ann,email:ann@example.com,IP:127.0.0.1", &authority());
    const identity stranger = make_identity("DNS:b.example");
    const identity late = make_identity("DNS:c.example", &authority(), -7200, -3600);
    const struct {
        const identity* who;
        bool required;
        std::string_view why;
    } table[] = {{&ann, true, ""},
                 {&ann, false, ""},
                 {nullptr, false, ""},
                 {nullptr, true, "peer did not return a certificate"},
                 {&stranger, true, "the certificate is rejected: self-signed certificate"},
                 {&stranger, false, "the certificate is rejected: self-signed certificate"},
                 {&late, true, "the certificate is rejected: certificate has expired"}};
    for (const auto& each : table) {
        tls_server_options options = served_by(here());
        options.client_authorities = authority().certificate_pem();
        options.require_client_certificate = each.required;
        const auto server = mcp::http::tls_server(options)->accept();
        const auto client = client_of(client_context(each.who));
        exchange(*server, *client, 1000);
        EXPECT_EQ(server->failure(), each.why);
        ASSERT_EQ(server->peer() != nullptr, each.who == &ann);
        if (server->peer() == nullptr)
            continue;
        const mcp::http::client_certificate& seen = *server->peer();
        EXPECT_EQ(seen.subject, "CN=localhost");
        EXPECT_EQ(seen.common_name, "localhost");
        EXPECT_EQ(seen.dns, std::vector<std::string>{"a.example"});
        EXPECT_EQ(seen.uris, std::vector<std::string>{"spiffe://example/ann"});
        EXPECT_EQ(seen.email, std::vector<std::string>{"ann@example.com"});
        EXPECT_EQ(seen.fingerprint.size(), 64U);
        EXPECT_GT(seen.expires, std::chrono::system_clock::now());
        EXPECT_LT(seen.expires, std::chrono::system_clock::now() + 2h);
    }
}

TEST(tls_server, a_resumed_session_keeps_the_certificate) {
    const identity ann = make_identity("DNS:a.example", &authority());
    tls_server_options options = served_by(here());
    options.client_authorities = authority().certificate_pem();
    const auto layer = mcp::http::tls_server(options);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const auto context = client_context(&ann);
        SSL_CTX_set_max_proto_version(context.get(), version);
        std::shared_ptr<SSL_SESSION> ticket;
        for (const bool resumed : {false, true}) {
            const auto server = layer->accept();
            tls_machine client(context, tls_machine::end::client);
            if (ticket)
                SSL_set_session(client.native_handle(), ticket.get());
            exchange(*server, client, 1000);
            EXPECT_EQ(SSL_session_reused(client.native_handle()) == 1, resumed);
            ASSERT_NE(server->peer(), nullptr);
            EXPECT_EQ(server->peer()->dns, std::vector<std::string>{"a.example"});
            client.close(); // otherwise OpenSSL forgets the session
            ticket.reset(SSL_get1_session(client.native_handle()), SSL_SESSION_free);
        }
    }
}

std::string encrypted(const identity& who) {
    const std::unique_ptr<BIO, int (*)(BIO*)> to(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PrivateKey(to.get(), who.key.get(), EVP_aes_128_cbc(),
                             reinterpret_cast<const unsigned char*>("sesame"), 6, nullptr, nullptr);
    char* text = nullptr;
    const long size = BIO_get_mem_data(to.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

TEST(tls_server, says_what_is_wrong_with_a_file) {
    const std::string certificate = here().certificate_pem();
    const std::string key = here().key_pem();
    const std::string other = authority().key_pem();
    const temporary_file empty("");
    const temporary_file text("text");
    const temporary_file both(certificate + key);
    const std::string cut = certificate.substr(0, certificate.size() / 2);
    const auto says = [](std::string phrase) { return [phrase] { return phrase; }; };
    const struct {
        tls_server_options options;
        std::string why;
    } table[] = {
        {{.certificate = both.path()}, ""},
        {{.certificate = certificate + authority().certificate_pem(), .key = both.path()}, ""},
        {{.certificate = certificate, .key = encrypted(here()), .passphrase = says("sesame")}, ""},
        {{.certificate = "/no/such/file"},
         "cannot read the certificate '/no/such/file': No such file or directory"},
        {{.certificate = "/"}, "cannot read the certificate '/': Is a directory"},
        {{.certificate = empty.path()},
         "cannot read the certificate '" + empty.path() + "': it is empty"},
        {{.certificate = text.path(), .key = key},
         "the certificate '" + text.path() + "' has no certificate in PEM"},
        {{.certificate = cut, .key = key}, "the certificate has a malformed certificate"},
        {{.certificate = key, .key = key}, "the certificate has no certificate in PEM"},
        {{.certificate = certificate}, "the key has no private key in PEM"},
        {{.certificate = certificate, .key = "/no/such/file"},
         "cannot read the key '/no/such/file': No such file or directory"},
        {{.certificate = certificate, .key = text.path()},
         "the key '" + text.path() + "' has no private key in PEM"},
        {{.certificate = certificate, .key = other}, "the key does not belong to the certificate"},
        {{.certificate = certificate, .key = encrypted(here())},
         "the key is encrypted, and no passphrase is set"},
        {{.certificate = certificate, .key = encrypted(here()), .passphrase = says("open")},
         "the key is encrypted, and the passphrase is wrong"},
        {{.certificate = certificate, .key = key, .client_authorities = text.path()},
         "the client authorities '" + text.path() + "' has no certificate in PEM"},
    };
    for (const auto& each : table) {
        try {
            mcp::http::tls_server(each.options);
            EXPECT_EQ(each.why, "");
        } catch (const std::runtime_error& failure) {
            EXPECT_EQ(failure.what(), each.why);
        }
    }
}

/// A server over TLS that says who its client is.
struct fixture {
    explicit fixture(tls_server_options tls, mcp::http::server_options options = {})
        : layer(mcp::http::tls_server(std::move(tls))) {
        options.port = 0;
        options.tls = layer;
        options.on_handshake_failure = [this](std::string_view why, const asio::ip::address&) {
            const std::lock_guard lock(mutex);
            failures.emplace_back(why);
        };
        http = std::make_unique<mcp::http::server>(answer, options);
        http->start();
    }
    ~fixture() {
        http->stop();
        http->join();
    }

    static asio::awaitable<void> answer(mcp::http::request& q, mcp::http::response& r) {
        r.body = q.certificate != nullptr ? q.certificate->subject : "nobody";
        co_return;
    }

    /// The failures, once there is one.
    std::vector<std::string> await_failures() {
        while (true) {
            std::promise<void> turned;
            asio::post(http->executor(0), [&] { turned.set_value(); });
            turned.get_future().wait();
            const std::lock_guard lock(mutex);
            if (!failures.empty())
                return failures;
        }
    }

    std::shared_ptr<mcp::http::secure_layer> layer;
    std::mutex mutex;
    std::vector<std::string> failures;
    std::unique_ptr<mcp::http::server> http;
};

constexpr std::string_view question = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(tls_server, tells_plain_http_that_it_is_no_plain_port) {
    fixture f(served_by(here()));
    raw_client c(f.http->port());
    c.send(question);
    const std::string refusal = c.read_all();
    EXPECT_TRUE(refusal.starts_with("HTTP/1.1 400 Bad Request\r\n")) << refusal;
    EXPECT_TRUE(refusal.ends_with("\r\n\r\nThis port expects TLS: use https\n")) << refusal;
    EXPECT_EQ(f.await_failures(), std::vector<std::string>{"plain HTTP on a port of TLS"});
}

TEST(tls_server, sends_an_alert_for_garbage_and_closes) {
    fixture f(served_by(here()));
    raw_client c(f.http->port());
    c.send(std::string_view("\x16\x03\x01\xff\xff garbage", 13));
    EXPECT_EQ(c.read_all(), std::string_view("\x15\x03\x03\x00\x02\x02\x16", 7));
    EXPECT_EQ(f.await_failures(), std::vector<std::string>{"packet length too long"});
}

TEST(tls_server, gives_a_handshake_its_time) {
    fixture f(served_by(here()));
    raw_client c(f.http->port());
    c.send(std::string_view("\x16\x03\x01", 3));
    while (f.http->connections() < 1)
        std::this_thread::yield();
    f.http->advance_clock(11s);
    EXPECT_EQ(c.read_all(), "");
    EXPECT_EQ(f.await_failures(), std::vector<std::string>{"the handshake takes too long"});
}

TEST(tls_server, notes_a_peer_that_leaves) {
    fixture f(served_by(here()));
    raw_client(f.http->port()).close();
    EXPECT_EQ(f.await_failures(), std::vector<std::string>{"the peer left during the handshake"});
}

TEST(tls_server, says_goodbye_where_a_response_has_ended) {
    fixture f(served_by(here()));
    for (const bool closes : {true, false}) {
        raw_client c(f.http->port(), client_of(client_context()));
        c.send(closes ? "GET / HTTP/1.0\r\n\r\n" : question);
        EXPECT_TRUE(c.read_until("nobody").ends_with("nobody"));
        if (!closes)
            f.http->advance_clock(76s); // idle
        EXPECT_EQ(c.read_all(), "");
        EXPECT_TRUE(c.heard_goodbye());
    }
}

TEST(tls_server, a_goodbye_without_the_end_of_the_connection_is_an_end) {
    fixture f(served_by(here()));
    raw_client c(f.http->port(), client_of(client_context()));
    c.send(question);
    c.say_goodbye();
    EXPECT_TRUE(c.read_all().ends_with("nobody"));
    EXPECT_TRUE(c.heard_goodbye());
}

TEST(tls_server, a_request_that_is_cut_short_is_no_request) {
    fixture f(served_by(here()));
    raw_client c(f.http->port(), client_of(client_context()));
    c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\ncut");
    c.end_without_goodbye();
    EXPECT_TRUE(c.read_all().starts_with("HTTP/1.1 400 "));
}

TEST(tls_server, new_connections_use_what_it_reloads) {
    const identity ann = make_identity("DNS:a.example", &authority());
    const temporary_file certificate(here().certificate_pem());
    const temporary_file key(here().key_pem());
    const auto subject = [](const fixture& f) {
        auto machine = std::make_unique<tls_machine>(client_context(), tls_machine::end::client);
        SSL* const session = machine->native_handle();
        raw_client c(f.http->port(), std::move(machine));
        const std::unique_ptr<X509, void (*)(X509*)> seen(SSL_get1_peer_certificate(session),
                                                          X509_free);
        return seen ? ASN1_INTEGER_get(X509_get0_serialNumber(seen.get())) : 0;
    };
    const auto serial = [](const identity& who) {
        return ASN1_INTEGER_get(X509_get0_serialNumber(who.certificate.get()));
    };
    fixture f({.certificate = certificate.path(), .key = key.path()});
    raw_client old(f.http->port(), client_of(client_context()));
    EXPECT_EQ(subject(f), serial(here()));
    std::ofstream(certificate.path()) << ann.certificate_pem();
    EXPECT_THROW(f.layer->reload(), std::runtime_error) << "the key is still the old one";
    EXPECT_EQ(subject(f), serial(here()));
    std::ofstream(key.path()) << ann.key_pem();
    f.layer->reload();
    EXPECT_EQ(subject(f), serial(ann));
    old.send(question);
    EXPECT_TRUE(old.read_response().ends_with("nobody"));
}

TEST(tls_server, passes_the_certificate_to_the_handler) {
    const identity ann = make_identity("DNS:a.example", &authority());
    tls_server_options options = served_by(here());
    options.client_authorities = authority().certificate_pem();
    fixture f(options);
    raw_client c(f.http->port(), client_of(client_context(&ann)));
    for (int i = 0; i < 2; ++i) {
        c.send(question);
        EXPECT_TRUE(c.read_response().ends_with("CN=localhost"));
    }
    raw_client without(f.http->port(), client_of(client_context()));
    without.send(question);
    EXPECT_EQ(without.read_all(), "");
    EXPECT_EQ(f.await_failures(), std::vector<std::string>{"peer did not return a certificate"});
}

} // namespace tls_server_test
