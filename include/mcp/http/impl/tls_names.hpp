// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/http/tls_server.hpp>: what a certificate says.

#include <mcp/encoding/hex.hpp>
#include <mcp/http/client_certificate.hpp>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::http::detail {

using bio_ptr = std::unique_ptr<BIO, int (*)(BIO*)>;

/// Returns the name as text, in UTF-8.
inline std::string text_of(const X509_NAME* name) {
    const bio_ptr to(BIO_new(BIO_s_mem()), BIO_free);
    char* text = nullptr;
    if (!to || X509_NAME_print_ex(to.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0)
        return {};
    const long size = BIO_get_mem_data(to.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

inline std::string common_name_of(const X509_NAME* name) {
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at < 0)
        return {};
    unsigned char* text = nullptr;
    const int size =
        ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (size < 0)
        return {};
    std::string copy(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    return copy;
}

/// Adds the alternative names. One with a NUL, which other programs read as its end, is left out.
inline void add_names(client_certificate& to, const X509& from) {
    const std::unique_ptr<GENERAL_NAMES, void (*)(GENERAL_NAMES*)> names(
        static_cast<GENERAL_NAMES*>(
            X509_get_ext_d2i(&from, NID_subject_alt_name, nullptr, nullptr)),
        GENERAL_NAMES_free);
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* const each = sk_GENERAL_NAME_value(names.get(), i);
        auto* const list = each->type == GEN_DNS     ? &to.dns
                           : each->type == GEN_EMAIL ? &to.email
                           : each->type == GEN_URI   ? &to.uris
                                                     : nullptr;
        if (list == nullptr)
            continue;
        const ASN1_IA5STRING* const text = each->d.ia5;
        std::string name(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                         static_cast<std::size_t>(ASN1_STRING_length(text)));
        if (name.find('\0') == name.npos)
            list->push_back(std::move(name));
    }
}

inline client_certificate describe(const X509& from) {
    client_certificate to;
    const X509_NAME* const subject = X509_get_subject_name(&from);
    to.subject = text_of(subject);
    to.common_name = common_name_of(subject);
    add_names(to, from);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (X509_digest(&from, EVP_sha256(), digest.data(), &size) == 1)
        to.fingerprint = to_hex({reinterpret_cast<const char*>(digest.data()), size});
    std::tm until{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(&from), &until) == 1)
        to.expires = std::chrono::floor<std::chrono::seconds>(
            std::chrono::system_clock::from_time_t(::timegm(&until)));
    return to;
}

} // namespace mcp::http::detail
