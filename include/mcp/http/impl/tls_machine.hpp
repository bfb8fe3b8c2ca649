// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/http/tls_server.hpp>: a `secure_channel` by OpenSSL.

#include <mcp/http/client_certificate.hpp>
#include <mcp/http/impl/tls_names.hpp>
#include <mcp/http/secure_channel.hpp>

#include <climits>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mcp::http::detail {

/// Either end of a connection. OpenSSL reads from `in_` and writes to `out_`.
class tls_machine final : public secure_channel {
public:
    enum class end { server, client };

    tls_machine(std::shared_ptr<SSL_CTX> context, end which)
        : context_(std::move(context))
        , session_(SSL_new(context_.get()), SSL_free) {
        BIO* const pipe = BIO_new(method());
        if (!session_ || pipe == nullptr)
            throw std::bad_alloc();
        BIO_set_data(pipe, this);
        BIO_set_init(pipe, 1);
        SSL_set_bio(session_.get(), pipe, pipe);
        which == end::server ? SSL_set_accept_state(session_.get())
                             : SSL_set_connect_state(session_.get());
    }

    void feed(std::string_view bytes) override { in_.append(bytes); }

    bool handshake() override {
        if (!failure_.empty() || SSL_is_init_finished(session_.get()) == 1)
            return failure_.empty();
        ERR_clear_error();
        const int done = SSL_do_handshake(session_.get());
        if (done == 1)
            peer_ = verified_peer();
        else
            note(done);
        return done == 1;
    }

    std::size_t read(std::span<char> room) override {
        std::size_t n = 0;
        while (n < room.size()) {
            const int got = take(SSL_read, room.subspan(n));
            if (got <= 0)
                break;
            n += static_cast<std::size_t>(got);
        }
        return n;
    }

    bool readable() override {
        char byte = 0;
        return take(SSL_peek, {&byte, 1}) > 0;
    }

    void write(std::string_view plain) override {
        while (!plain.empty() && failure_.empty()) {
            ERR_clear_error();
            const int n = SSL_write(session_.get(), plain.data(), size_of(plain.size()));
            if (n > 0)
                plain.remove_prefix(static_cast<std::size_t>(n));
            else
                fail();
        }
    }

    void close() override {
        const bool sent = (SSL_get_shutdown(session_.get()) & SSL_SENT_SHUTDOWN) != 0;
        if (failure_.empty() && !sent && SSL_is_init_finished(session_.get()) == 1) {
            ERR_clear_error();
            SSL_shutdown(session_.get());
        }
    }

    std::string& output() noexcept override { return out_; }
    bool ended() const noexcept override {
        return failure_.empty() && (SSL_get_shutdown(session_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
    }
    std::string_view failure() const noexcept override { return failure_; }
    const client_certificate* peer() const noexcept override { return peer_ ? &*peer_ : nullptr; }

    SSL* native_handle() noexcept { return session_.get(); }

private:
    static int size_of(std::size_t n) noexcept {
        return static_cast<int>(std::min(n, std::size_t{INT_MAX}));
    }

    int take(int (*how)(SSL*, void*, int), std::span<char> room) {
        if (!failure_.empty() || ended())
            return 0;
        ERR_clear_error();
        const int got = how(session_.get(), room.data(), size_of(room.size()));
        if (got <= 0)
            note(got);
        return got;
    }

    /// Notes why a function of OpenSSL has not succeeded, unless it only needs more bytes.
    void note(int result) {
        const int why = SSL_get_error(session_.get(), result);
        if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_ZERO_RETURN)
            fail();
    }

    void fail() {
        const long verdict = SSL_get_verify_result(session_.get());
        const char* const reason = ERR_reason_error_string(ERR_peek_error());
        if (verdict != X509_V_OK && SSL_is_init_finished(session_.get()) == 0)
            failure_ = std::string("the certificate is rejected: ") +
                       X509_verify_cert_error_string(verdict);
        else
            failure_ = reason != nullptr ? reason : "TLS has failed";
        ERR_clear_error();
    }

    std::optional<client_certificate> verified_peer() {
        const std::unique_ptr<X509, void (*)(X509*)> one(SSL_get1_peer_certificate(session_.get()),
                                                         X509_free);
        if (!one || SSL_get_verify_result(session_.get()) != X509_V_OK)
            return std::nullopt;
        return describe(*one);
    }

    static const BIO_METHOD* method() {
        static const std::unique_ptr<BIO_METHOD, void (*)(BIO_METHOD*)> made(make_method(),
                                                                             BIO_meth_free);
        return made.get();
    }

    static BIO_METHOD* make_method() {
        BIO_METHOD* const made =
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "asio-mcp");
        if (made == nullptr)
            throw std::bad_alloc();
        BIO_meth_set_read(made, read_pipe);
        BIO_meth_set_write(made, write_pipe);
        BIO_meth_set_ctrl(made, control_pipe);
        return made;
    }

    static int read_pipe(BIO* pipe, char* to, int size) {
        auto& self = *static_cast<tls_machine*>(BIO_get_data(pipe));
        BIO_clear_retry_flags(pipe);
        const std::size_t n =
            std::min(self.in_.size() - self.taken_, static_cast<std::size_t>(std::max(size, 0)));
        if (n == 0) {
            BIO_set_retry_read(pipe);
            return -1;
        }
        std::memcpy(to, self.in_.data() + self.taken_, n);
        self.taken_ += n;
        if (self.taken_ == self.in_.size()) {
            self.taken_ = 0;
            self.in_.clear();
            if (self.in_.capacity() > 4 * 1024)
                std::string().swap(self.in_);
        }
        return static_cast<int>(n);
    }

    static int write_pipe(BIO* pipe, const char* from, int size) {
        auto& self = *static_cast<tls_machine*>(BIO_get_data(pipe));
        BIO_clear_retry_flags(pipe);
        self.out_.append(from, static_cast<std::size_t>(std::max(size, 0)));
        return size;
    }

    static long control_pipe(BIO*, int what, long, void*) { return what == BIO_CTRL_FLUSH; }

    std::shared_ptr<SSL_CTX> context_; // outlives its reload
    std::unique_ptr<SSL, void (*)(SSL*)> session_;
    std::string in_;
    std::size_t taken_ = 0; // of `in_`
    std::string out_;
    std::string failure_;
    std::optional<client_certificate> peer_;
};

} // namespace mcp::http::detail
