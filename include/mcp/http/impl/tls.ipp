// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/client_channel.hpp>
#include <mcp/http/tls.hpp>

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/ip/address.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/ssl/context.hpp>
#include <asio/ssl/error.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/use_awaitable.hpp>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp::http {

namespace detail {

class tls_channel final : public client_channel {
public:
    tls_channel(std::shared_ptr<asio::ssl::context> context, asio::ip::tcp::socket socket,
                const std::string& host, bool verify)
        : context_(std::move(context))
        , stream_(std::move(socket), *context_)
        , verify_(verify) {
        SSL* const session = stream_.native_handle();
        X509_VERIFY_PARAM* const wanted = SSL_get0_param(session);
        X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
                                                    X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
        std::error_code is_name;
        asio::ip::make_address(host, is_name);
        // Server Name Indication is for names only. [RFC 6066 §3]
        const bool set = is_name ? SSL_set_tlsext_host_name(session, host.c_str()) == 1 &&
                                       X509_VERIFY_PARAM_set1_host(wanted, host.data(), host.size())
                                 : X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str());
        if (!set)
            throw std::runtime_error("OpenSSL rejects the host name");
        stream_.set_verify_mode(verify ? asio::ssl::verify_peer : asio::ssl::verify_none);
    }

    asio::awaitable<void> handshake() override {
        std::error_code ec;
        auto into_ec = asio::redirect_error(asio::use_awaitable, ec);
        co_await stream_.async_handshake(asio::ssl::stream_base::client, into_ec);
        if (!ec)
            co_return;
        const long verdict = SSL_get_verify_result(stream_.native_handle());
        if (verify_ && ec != asio::error::operation_aborted && verdict != X509_V_OK)
            throw std::runtime_error(std::string("the certificate is rejected: ") +
                                     X509_verify_cert_error_string(verdict));
        throw std::system_error(ec);
    }

    asio::awaitable<std::size_t> read(std::span<char> buffer) override {
        std::error_code ec;
        auto into_ec = asio::redirect_error(asio::use_awaitable, ec);
        const std::size_t n =
            co_await stream_.async_read_some(asio::buffer(buffer.data(), buffer.size()), into_ec);
        if (ec && ec != asio::error::eof)
            throw std::system_error(ec);
        co_return n;
    }

    asio::awaitable<std::size_t> write(std::string_view bytes) override {
        return stream_.async_write_some(asio::buffer(bytes), asio::use_awaitable);
    }

    bool stale() noexcept override {
        SSL* const session = stream_.native_handle(); // may hold bytes of the socket already
        return SSL_has_pending(session) == 1 || BIO_pending(SSL_get_rbio(session)) > 0 ||
               plain_channel::has_something(stream_.next_layer());
    }

    void close() noexcept override {
        std::error_code ignored;
        stream_.next_layer().close(ignored);
    }

private:
    std::shared_ptr<asio::ssl::context> context_;
    asio::ssl::stream<asio::ip::tcp::socket> stream_;
    bool verify_;
};

} // namespace detail

MCP_DECL channel_factory tls(tls_options options) {
    const auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    SSL_CTX* const settings = context->native_handle();
    // Each protocol name has a length byte before it. 0 means success here. [RFC 7301 §3.1]
    constexpr unsigned char http11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    SSL_CTX_set_options(settings, SSL_OP_NO_RENEGOTIATION);
    if (SSL_CTX_set_min_proto_version(settings, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_alpn_protos(settings, http11, sizeof http11) != 0)
        throw std::runtime_error("OpenSSL does not offer TLS 1.2");
    std::error_code ec;
    if (options.ca_file.empty())
        context->set_default_verify_paths(ec);
    else
        context->load_verify_file(options.ca_file, ec);
    if (ec)
        throw std::runtime_error("cannot read certificate authorities from '" + options.ca_file +
                                 "': " + ec.message());
    return
        [context, verify = options.verify](asio::ip::tcp::socket socket, const std::string& host) {
            return std::make_unique<detail::tls_channel>(context, std::move(socket), host, verify);
        };
}

MCP_DECL channel_factory detail::usual_tls() {
    static const channel_factory shared = tls();
    return shared;
}

} // namespace mcp::http
