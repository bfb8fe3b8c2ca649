// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/impl/tls_machine.hpp>
#include <mcp/http/impl/tls_names.hpp>
#include <mcp/http/secure_channel.hpp>
#include <mcp/http/tls_server.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <exception>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp::http {

namespace detail {

using certificate_ptr = std::unique_ptr<X509, void (*)(X509*)>;
using private_key_ptr = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

/// A PEM with the words that errors use for it.
class pem {
public:
    /// `source` is the name of a file, or the text.
    pem(std::string what, const std::string& source) : name_(std::move(what)) {
        if (source.find("-----BEGIN") != source.npos) {
            text_ = source;
            return;
        }
        name_ += " '" + source + "'";
        errno = 0;
        std::ifstream file(source, std::ios::binary);
        std::ostringstream all;
        all << file.rdbuf();
        text_ = all.str();
        if (text_.empty())
            throw std::runtime_error("cannot read the " + name_ + ": " + why(file.is_open()));
    }

    const std::string& name() const noexcept { return name_; }

    bio_ptr open() const {
        bio_ptr opened(BIO_new_mem_buf(text_.data(), static_cast<int>(text_.size())), BIO_free);
        if (!opened)
            throw std::bad_alloc();
        return opened;
    }

    /// Returns all certificates, at least one.
    std::vector<certificate_ptr> certificates() const {
        const bio_ptr from = open();
        std::vector<certificate_ptr> all;
        while (X509* const one = PEM_read_bio_X509(from.get(), nullptr, nullptr, nullptr))
            all.emplace_back(one, X509_free);
        const bool end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
        ERR_clear_error();
        if (!end)
            throw std::runtime_error("the " + name_ + " has a malformed certificate");
        if (all.empty())
            throw std::runtime_error("the " + name_ + " has no certificate in PEM");
        return all;
    }

    /// Returns the private key.
    private_key_ptr key(const std::function<std::string()>& passphrase) const {
        const bio_ptr from = open();
        asked_for asked{passphrase};
        private_key_ptr found(PEM_read_bio_PrivateKey(from.get(), nullptr, give, &asked),
                              EVP_PKEY_free);
        ERR_clear_error();
        if (asked.failure)
            std::rethrow_exception(asked.failure);
        if (!found && asked.times > 0)
            throw std::runtime_error(
                "the " + name_ + " is encrypted, and " +
                (passphrase ? "the passphrase is wrong" : "no passphrase is set"));
        if (!found)
            throw std::runtime_error("the " + name_ + " has no private key in PEM");
        return found;
    }

private:
    struct asked_for {
        const std::function<std::string()>& passphrase;
        int times = 0;
        std::exception_ptr failure{};
    };

    static int give(char* to, int size, int, void* about) {
        auto& asked = *static_cast<asked_for*>(about);
        ++asked.times;
        try {
            if (!asked.passphrase)
                return -1;
            const std::string phrase = asked.passphrase();
            if (phrase.size() > static_cast<std::size_t>(size))
                return -1;
            std::memcpy(to, phrase.data(), phrase.size());
            return static_cast<int>(phrase.size());
        } catch (...) {
            asked.failure = std::current_exception();
            return -1;
        }
    }

    static std::string why(bool opened) {
        return opened && errno == 0 ? "it is empty" : std::generic_category().message(errno);
    }

    std::string name_;
    std::string text_;
};

inline int select_http11(SSL*, const unsigned char** out, unsigned char* size,
                         const unsigned char* in, unsigned in_size, void*) {
    // Each protocol name has a length byte before it. [RFC 7301 §3.1]
    static constexpr unsigned char http11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, size, http11, sizeof http11, in, in_size) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

inline void use_identity(SSL_CTX* context, const tls_server_options& options) {
    const pem chain("certificate", options.certificate);
    const pem key = options.key.empty() ? pem("key", options.certificate) : pem("key", options.key);
    std::vector<certificate_ptr> certificates = chain.certificates();
    const private_key_ptr secret = key.key(options.passphrase);
    if (SSL_CTX_use_certificate(context, certificates.front().get()) != 1) {
        const char* const reason = ERR_reason_error_string(ERR_peek_error());
        throw std::runtime_error("the " + chain.name() + " cannot be used: " +
                                 (reason != nullptr ? reason : "OpenSSL refuses it"));
    }
    for (std::size_t i = 1; i < certificates.size(); ++i) {
        if (SSL_CTX_add1_chain_cert(context, certificates[i].get()) != 1)
            throw std::bad_alloc();
    }
    if (X509_check_private_key(certificates.front().get(), secret.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context, secret.get()) != 1)
        throw std::runtime_error("the " + key.name() + " does not belong to the " + chain.name());
}

inline void ask_clients(SSL_CTX* context, const tls_server_options& options) {
    X509_STORE* const trusted = SSL_CTX_get_cert_store(context);
    for (const certificate_ptr& each :
         pem("client authorities", options.client_authorities).certificates()) {
        if (X509_STORE_add_cert(trusted, each.get()) != 1 ||
            SSL_CTX_add_client_CA(context, each.get()) != 1)
            throw std::bad_alloc();
    }
    SSL_CTX_set_verify(
        context,
        SSL_VERIFY_PEER |
            (options.require_client_certificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
        nullptr);
}

inline std::shared_ptr<SSL_CTX> make_server_context(const tls_server_options& options) {
    ERR_clear_error();
    const std::shared_ptr<SSL_CTX> made(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    SSL_CTX* const context = made.get();
    if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1)
        throw std::runtime_error("OpenSSL does not offer TLS 1.2");
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    // Tickets hold the sessions, and the server none.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_timeout(context, 3600);
    constexpr unsigned char ours[] = "asio-mcp"; // needed where clients have certificates
    SSL_CTX_set_session_id_context(context, ours, sizeof ours);
    SSL_CTX_set_alpn_select_cb(context, select_http11, nullptr);
    use_identity(context, options);
    if (!options.client_authorities.empty())
        ask_clients(context, options);
    ERR_clear_error();
    return made;
}

class tls_server_layer final : public secure_layer {
public:
    explicit tls_server_layer(tls_server_options options)
        : options_(std::move(options))
        , context_(make_server_context(options_)) {}

    std::unique_ptr<secure_channel> accept() override {
        return std::make_unique<tls_machine>(context(), tls_machine::end::server);
    }

    void reload() override {
        auto fresh = make_server_context(options_);
        const std::lock_guard lock(mutex_);
        context_ = std::move(fresh);
    }

private:
    std::shared_ptr<SSL_CTX> context() {
        const std::lock_guard lock(mutex_);
        return context_;
    }

    const tls_server_options options_;
    std::mutex mutex_;
    std::shared_ptr<SSL_CTX> context_;
};

} // namespace detail

MCP_DECL std::shared_ptr<secure_layer> tls_server(tls_server_options options) {
    return std::make_shared<detail::tls_server_layer>(std::move(options));
}

} // namespace mcp::http
