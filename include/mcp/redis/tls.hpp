// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/redis/settings.hpp>

#include <string>

#if __has_include(<hiredis/hiredis_ssl.h>)
#include <hiredis/hiredis.h>
#include <hiredis/hiredis_ssl.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#endif

namespace mcp::redis {

/// Settings of `tls`.
struct tls_options {
    /// A PEM file of the trusted certificate authorities, in place of the system's.
    std::string ca_file{};
    /// A PEM file of the client certificate, if the server requires one.
    std::string certificate_file{};
    std::string key_file{}; ///< a PEM file of its key
};

/// Encrypts connections to Redis with TLS 1.2 or newer (OpenSSL). The server must present a
/// certificate of a trusted authority for the host of the URL.
///
///     mcp::redis::connection redis("rediss://:secret@redis.example:6380", mcp::redis::tls());
///
/// Reads the files once, in this call; throws `std::runtime_error` if a file cannot be used. A
/// server without a valid certificate counts as unavailable.
///
/// Needs hiredis 1.0 or newer with TLS (`-lhiredis_ssl`; not in Debian 12), and OpenSSL.
template <class Options = tls_options>
encryption tls(Options options = {});

#if !__has_include(<hiredis/hiredis_ssl.h>)

template <class Options>
encryption tls(Options) {
    static_assert(sizeof(Options) == 0,
                  "mcp: this hiredis has no TLS; install hiredis 1.0 or newer with hiredis_ssl.h");
    return {};
}

#else

namespace detail {

struct free_ssl {
    void operator()(SSL_CTX* p) const noexcept { SSL_CTX_free(p); }
    void operator()(SSL* p) const noexcept { SSL_free(p); }
};

/// Begins TLS on a new connection; returns false on failure.
inline bool begin_tls(SSL_CTX& context, redisContext& on, const std::string& host) {
    std::unique_ptr<SSL, free_ssl> session(SSL_new(&context));
    if (!session)
        return false;
    X509_VERIFY_PARAM* const wanted = SSL_get0_param(session.get());
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
                                                X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    // Server Name Indication is for names only. [RFC 6066 §3]
    const bool set = X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1 ||
                     (SSL_set_tlsext_host_name(session.get(), host.c_str()) == 1 &&
                      X509_VERIFY_PARAM_set1_host(wanted, host.data(), host.size()) == 1);
    if (!set || redisInitiateSSL(&on, session.get()) != REDIS_OK)
        return false;
    session.release(); // hiredis frees it
    return true;
}

} // namespace detail

template <class Options>
encryption tls(Options options) {
    const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), detail::free_ssl{});
    if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1)
        throw std::runtime_error("OpenSSL does not offer TLS 1.2");
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    const std::string& ca = options.ca_file;
    if ((ca.empty() ? SSL_CTX_set_default_verify_paths(context.get())
                    : SSL_CTX_load_verify_file(context.get(), ca.c_str())) != 1)
        throw std::runtime_error("cannot read certificate authorities from '" + ca + "'");
    const std::string& shown = options.certificate_file;
    const std::string& key = options.key_file;
    if (!shown.empty() && SSL_CTX_use_certificate_chain_file(context.get(), shown.c_str()) != 1)
        throw std::runtime_error("cannot read a certificate from '" + shown + "'");
    if (!key.empty() &&
        SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1)
        throw std::runtime_error("cannot read the key of the certificate from '" + key + "'");
    return [context](redisContext& on, const std::string& host) {
        return detail::begin_tls(*context, on, host);
    };
}

#endif

} // namespace mcp::redis
