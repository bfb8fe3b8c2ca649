#include <mcp/http/tls.hpp>

#include <mcp/http/client.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <gmock/gmock.h>
#include <http/scripted_peer.hpp>
#include <http/tls_peer.hpp>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tls_test {

using namespace std::chrono_literals;
using mcp::http::client;
using mcp::http::client_error;
using mcp::http::client_failure;
using mcp::http::client_options;
using mcp::http::client_request;
using mcp::http::client_response;
using mcp::http::tls_options;
using mcp::http::verb;
using test::identity;
using test::make_identity;
using test::run_on;
using test::temporary_file;
using test::tls_peer;

constexpr std::string_view hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
constexpr const char* here = "DNS:localhost,IP:127.0.0.1";

void say_hello(tls_peer::stream& with) {
    while (!tls_peer::read_head(with).empty())
        tls_peer::send(with, hello);
}

class tls : public testing::Test {
protected:
    const identity authority = make_identity("");
    const temporary_file trusted{authority.certificate_pem()};
    asio::io_context loop;

    client trusting(bool verify = true) const {
        client_options options;
        options.tls = mcp::http::tls(tls_options{.ca_file = trusted.path(), .verify = verify});
        return client(options);
    }

    client_response send(const client& with, const std::string& url) {
        return run_on(loop, with.send(client_request(url)));
    }

    /// What the client says of a server that it does not trust; empty if it does.
    std::string refusal(const client& with, const std::string& url) {
        try {
            send(with, url);
        } catch (const client_error& failure) {
            EXPECT_EQ(failure.why(), client_failure::tls) << failure.what();
            const std::string sentence = failure.what();
            return sentence.substr(failure.host().size() + 2);
        }
        return {};
    }
};

TEST_F(tls, speaks_to_a_server_that_is_who_it_should_be) {
    std::string name;
    std::string protocol;
    const auto talk = [&](tls_peer::stream& with) {
        const char* asked = SSL_get_servername(with.native_handle(), TLSEXT_NAMETYPE_host_name);
        name = asked != nullptr ? asked : "none";
        say_hello(with);
    };
    const auto select = [](SSL*, const unsigned char** out, unsigned char* size,
                           const unsigned char* in, unsigned in_size, void* seen) {
        static_cast<std::string*>(seen)->assign(reinterpret_cast<const char*>(in), in_size);
        *out = in + 1;
        *size = in[0];
        return SSL_TLSEXT_ERR_OK;
    };
    {
        tls_peer peer(make_identity(here, &authority), talk,
                      [&](SSL_CTX* c) { SSL_CTX_set_alpn_select_cb(c, select, &protocol); });
        const client with = trusting();
        EXPECT_EQ(send(with, peer.url("localhost")).body, "hello");
        EXPECT_EQ(send(with, peer.url("LocalHost")).body, "hello");
        EXPECT_EQ(peer.handshakes(), 1);
    }
    EXPECT_EQ(name, "localhost");
    EXPECT_EQ(protocol, "\x08http/1.1");
    {
        tls_peer peer(make_identity(here, &authority), talk);
        EXPECT_EQ(send(trusting(), peer.url("127.0.0.1")).body, "hello");
    }
    EXPECT_EQ(name, "none");
}

TEST_F(tls, refuses_a_server_that_is_not) {
    const identity stranger = make_identity("");
    const identity self_signed = make_identity(here);
    const struct {
        identity who;
        const char* host;
        const char* why;
    } rows[] = {
        {make_identity("DNS:other.example,IP:127.0.0.2", &authority), "localhost",
         "hostname mismatch"},
        {make_identity("DNS:other.example,IP:127.0.0.2", &authority), "127.0.0.1",
         "IP address mismatch"},
        {make_identity("DNS:127.0.0.1", &authority), "127.0.0.1", "IP address mismatch"},
        {make_identity("DNS:local*", &authority), "localhost", "hostname mismatch"},
        // Its common name is localhost, which has not counted since [RFC 9110 §4.3.4].
        {make_identity("email:a@other.example", &authority), "localhost", "hostname mismatch"},
        {make_identity(here, &authority, -7200, -3600), "localhost", "certificate has expired"},
        {make_identity(here, &authority, 3600, 7200), "localhost", "certificate is not yet valid"},
        {make_identity(here, &stranger), "localhost", "unable to get local issuer certificate"},
        {self_signed, "localhost", "self-signed certificate"},
    };
    for (const auto& row : rows) {
        tls_peer peer(row.who, say_hello);
        // OpenSSL 3.6 also blames the clock of the system.
        EXPECT_THAT(
            refusal(trusting(), peer.url(row.host)),
            testing::StartsWith(std::string("cannot establish TLS: the certificate is rejected: ") +
                                row.why));
    }
}

TEST_F(tls, trusts_the_authorities_of_the_system_unless_told_otherwise) {
    tls_peer peer(make_identity(here, &authority), say_hello);
    client_options options;
    options.tls = mcp::http::tls();
    EXPECT_EQ(refusal(client(options), peer.url("localhost")),
              "cannot establish TLS: the certificate is rejected: unable to get local issuer "
              "certificate");
}

TEST_F(tls, gives_https_to_transports_of_the_program) {
    ASSERT_NE(mcp::http::detail::make_tls, nullptr);
    EXPECT_TRUE(mcp::http::detail::make_tls());
}

TEST_F(tls, can_be_told_not_to_verify) {
    tls_peer peer(make_identity("DNS:other.example"), say_hello);
    EXPECT_EQ(send(trusting(false), peer.url("localhost")).body, "hello");
}

TEST_F(tls, speaks_no_version_before_1_2) {
    for (const int version : {TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_peer peer(make_identity(here, &authority), say_hello, [&](SSL_CTX* c) {
            SSL_CTX_set_security_level(c, 0);
            SSL_CTX_set_min_proto_version(c, version);
            SSL_CTX_set_max_proto_version(c, version);
        });
        const std::string why = refusal(trusting(), peer.url("localhost"));
        EXPECT_EQ(why.empty(), version != TLS1_1_VERSION) << why;
    }
}

TEST_F(tls, needs_a_server_that_speaks_it) {
    test::scripted_peer peer({[](test::conversation& with) { with.send(hello); }});
    EXPECT_NE(refusal(trusting(), "https://localhost:" + std::to_string(peer.port())), "");
}

TEST_F(tls, does_not_wait_for_ever_for_a_handshake) {
    test::scripted_peer peer({[](test::conversation& with) { with.read_request(); }});
    client_request request("https://127.0.0.1:" + std::to_string(peer.port()));
    request.timeouts = mcp::http::client_timeouts{.connect = 300ms};
    try {
        run_on(loop, trusting().send(request));
        ADD_FAILURE();
    } catch (const client_error& failure) {
        EXPECT_EQ(failure.why(), client_failure::timeout);
        EXPECT_TRUE(std::string(failure.what()).ends_with("timed out while negotiating TLS"));
    }
}

TEST_F(tls, a_handshake_can_be_cancelled) {
    test::scripted_peer peer({[](test::conversation& with) { with.read_request(); }});
    const client_request request("https://127.0.0.1:" + std::to_string(peer.port()));
    asio::cancellation_signal cancel;
    std::exception_ptr outcome;
    asio::co_spawn(loop, trusting().send(request),
                   asio::bind_cancellation_slot(
                       cancel.slot(), [&](std::exception_ptr failure, const client_response&) {
                           outcome = failure;
                       }));
    while (peer.accepted() == 0)
        loop.run_one_for(1ms);
    cancel.emit(asio::cancellation_type::terminal);
    loop.run_for(10s);
    ASSERT_TRUE(outcome);
    EXPECT_THROW(std::rethrow_exception(outcome), std::system_error);
}

TEST_F(tls, carries_large_bodies) {
    const std::string body(3'000'000, 'b');
    std::string heard;
    tls_peer peer(make_identity(here, &authority), [&](tls_peer::stream& with) {
        heard = tls_peer::read_head(with);
        const auto head = heard.find("\r\n\r\n") + 4;
        std::error_code ec;
        asio::read(with, asio::dynamic_buffer(heard),
                   asio::transfer_exactly(head + body.size() - heard.size()), ec);
        heard.erase(0, head);
        tls_peer::send(with, "HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + body);
    });
    client_request request(verb::put, peer.url("localhost"));
    request.body = body;
    EXPECT_TRUE(run_on(loop, trusting().send(request)).body == body);
    EXPECT_TRUE(heard == body);
}

TEST_F(tls, notices_a_body_that_was_cut_short) {
    for (const bool goodbye : {true, false}) {
        tls_peer peer(make_identity(here, &authority), [&](tls_peer::stream& with) {
            tls_peer::read_head(with);
            tls_peer::send(with, "HTTP/1.1 200 OK\r\n\r\nto the end");
            std::error_code ec;
            if (goodbye)
                with.shutdown(ec);
        });
        client_request request(peer.url("localhost"));
        try {
            EXPECT_EQ(run_on(loop, trusting().send(request)).body, "to the end");
            EXPECT_TRUE(goodbye);
        } catch (const client_error& failure) {
            EXPECT_EQ(failure.why(), client_failure::closed);
            EXPECT_FALSE(goodbye);
        }
    }
}

TEST_F(tls, what_nobody_asked_for_answers_no_later_request) {
    tls_peer peer(make_identity(here, &authority), [&](tls_peer::stream& with) {
        while (!tls_peer::read_head(with).empty()) {
            // Two records that travel together: the client has the second when it reads the first.
            const asio::detail::socket_option::boolean<IPPROTO_TCP, TCP_CORK> together(true);
            with.next_layer().set_option(together);
            tls_peer::send(with, hello);
            tls_peer::send(with, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstale");
            const asio::detail::socket_option::boolean<IPPROTO_TCP, TCP_CORK> now(false);
            with.next_layer().set_option(now);
        }
    });
    const client with = trusting();
    EXPECT_EQ(send(with, peer.url("localhost")).body, "hello");
    EXPECT_EQ(send(with, peer.url("localhost")).body, "hello");
}

TEST_F(tls, kept_connections_end_with_their_loop) {
    std::promise<bool> left;
    tls_peer peer(make_identity(here, &authority), [&](tls_peer::stream& with) {
        say_hello(with);
        left.set_value(true);
    });
    const client with = trusting();
    {
        asio::io_context other;
        const client_request request(peer.url("localhost"));
        EXPECT_EQ(run_on(other, with.send(request)).body, "hello");
    }
    EXPECT_EQ(left.get_future().wait_for(10s), std::future_status::ready);
}

TEST_F(tls, needs_authorities) {
    const temporary_file empty("");
    for (const std::string& file : {std::string("/no/such/file"), empty.path()})
        EXPECT_THROW(mcp::http::tls(tls_options{.ca_file = file}), std::runtime_error);
}

} // namespace tls_test
