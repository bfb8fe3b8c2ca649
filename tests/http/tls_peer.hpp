#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read_until.hpp>
#include <asio/ssl/context.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/write.hpp>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace test {

/// A certificate and its key, as PEM; those who are signed by it, as well.
struct identity {
    std::shared_ptr<EVP_PKEY> key;
    std::shared_ptr<X509> certificate;

    std::string certificate_pem() const {
        return pem([&](BIO* to) { return PEM_write_bio_X509(to, certificate.get()); });
    }
    std::string key_pem() const {
        return pem([&](BIO* to) {
            return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
    }

private:
    template <class Write>
    static std::string pem(Write write) {
        const std::unique_ptr<BIO, int (*)(BIO*)> to(BIO_new(BIO_s_mem()), BIO_free);
        if (write(to.get()) != 1)
            throw std::runtime_error("no PEM");
        char* text = nullptr;
        const long size = BIO_get_mem_data(to.get(), &text);
        return {text, static_cast<std::size_t>(size)};
    }
};

/// Makes an identity that is valid from `from` to `until`, in seconds from now. `names` are as in
/// "DNS:localhost,IP:127.0.0.1"; without them it is an authority. It signs itself if there is no
/// `issuer`.
inline identity make_identity(const std::string& names, const identity* issuer = nullptr,
                              long from = -3600, long until = 3600) {
    static std::atomic<long> serial{1};
    identity made;
    made.key.reset(EVP_EC_gen("P-256"), EVP_PKEY_free);
    made.certificate.reset(X509_new(), X509_free);
    X509* const it = made.certificate.get();
    X509_set_version(it, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(it), serial++);
    X509_gmtime_adj(X509_getm_notBefore(it), from);
    X509_gmtime_adj(X509_getm_notAfter(it), until);
    X509_set_pubkey(it, made.key.get());
    const std::string subject = names.empty() ? "authority " + std::to_string(serial) : "localhost";
    X509_NAME_add_entry_by_txt(X509_get_subject_name(it), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(subject.c_str()), -1, -1, 0);
    X509* const by = issuer != nullptr ? issuer->certificate.get() : it;
    X509_set_issuer_name(it, X509_get_subject_name(by));
    const auto extend = [&](int what, const std::string& value) {
        X509V3_CTX about;
        X509V3_set_ctx(&about, by, it, nullptr, nullptr, 0);
        X509_EXTENSION* const one = X509V3_EXT_conf_nid(nullptr, &about, what, value.c_str());
        if (one == nullptr || X509_add_ext(it, one, -1) != 1)
            throw std::runtime_error("no extension " + value);
        X509_EXTENSION_free(one);
    };
    extend(NID_basic_constraints, names.empty() ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!names.empty())
        extend(NID_subject_alt_name, names);
    if (X509_sign(it, (issuer != nullptr ? issuer->key : made.key).get(), EVP_sha256()) == 0)
        throw std::runtime_error("no signature");
    return made;
}

/// A file that goes with this object.
class temporary_file {
public:
    explicit temporary_file(std::string_view text) {
        std::string name = (std::filesystem::temp_directory_path() / "mcp-test-XXXXXX").string();
        const int file = ::mkstemp(name.data());
        if (file < 0)
            throw std::runtime_error("no temporary file");
        ::close(file);
        path_ = name;
        std::ofstream(path_) << text;
    }
    temporary_file(const temporary_file&) = delete;
    ~temporary_file() { std::remove(path_.c_str()); }
    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

/// A TLS server on a free port of 127.0.0.1 whose connections follow a script, one after the other,
/// once the handshake is done.
class tls_peer {
public:
    using stream = asio::ssl::stream<asio::ip::tcp::socket>;
    using script = std::function<void(stream&)>;

    tls_peer(const identity& who, script talk, std::function<void(SSL_CTX*)> adjust = {})
        : context_(asio::ssl::context::tls_server)
        , script_(std::move(talk))
        , acceptor_(loop_, {asio::ip::address_v4::loopback(), 0}) {
        const std::string certificate = who.certificate_pem();
        const std::string key = who.key_pem();
        context_.use_certificate_chain(asio::buffer(certificate));
        context_.use_private_key(asio::buffer(key), asio::ssl::context::pem);
        if (adjust)
            adjust(context_.native_handle());
        accept();
        thread_ = std::thread([this] { loop_.run(); });
    }
    tls_peer(const tls_peer&) = delete;
    ~tls_peer() {
        loop_.stop();
        thread_.join();
    }

    std::string url(std::string_view host) const {
        return "https://" + std::string(host) + ":" +
               std::to_string(acceptor_.local_endpoint().port()) + "/";
    }
    int handshakes() const noexcept { return handshakes_; }

    /// Reads a request head.
    static std::string read_head(stream& from) {
        std::string head;
        std::error_code ec;
        asio::read_until(from, asio::dynamic_buffer(head), "\r\n\r\n", ec);
        return head;
    }

    static void send(stream& to, std::string_view bytes) {
        std::error_code ec;
        asio::write(to, asio::buffer(bytes), ec);
    }

private:
    void accept() {
        acceptor_.async_accept([this](std::error_code failure, asio::ip::tcp::socket socket) {
            if (failure)
                return;
            const timeval patience{10, 0};
            ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience,
                         sizeof patience);
            stream with(std::move(socket), context_);
            std::error_code refused;
            with.handshake(asio::ssl::stream_base::server, refused);
            if (!refused) {
                ++handshakes_;
                script_(with);
            }
            accept();
        });
    }

    asio::io_context loop_;
    asio::ssl::context context_;
    script script_;
    asio::ip::tcp::acceptor acceptor_;
    std::atomic<int> handshakes_{0};
    std::thread thread_;
};

} // namespace test
