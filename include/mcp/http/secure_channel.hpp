// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/client_certificate.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace mcp::http {

/// TLS of one connection, as a machine without a socket: bytes of the peer in, plain bytes out;
/// plain bytes in, bytes for the peer out. `http::connection` drives it; `tls_server` makes it.
///
/// Only one thread uses it at a time.
class secure_channel {
public:
    secure_channel() = default;
    secure_channel(const secure_channel&) = delete;
    secure_channel& operator=(const secure_channel&) = delete;
    virtual ~secure_channel() = default;

    /// Takes bytes that the peer has sent, in any pieces.
    virtual void feed(std::string_view bytes) = 0;

    /// Continues the handshake; returns whether it is done.
    virtual bool handshake() = 0;

    /// Decrypts into `room`. Returns the number of bytes; 0 if there are none yet, after `ended`,
    /// and after `failed`.
    virtual std::size_t read(std::span<char> room) = 0;

    /// Returns whether `read` would return bytes.
    virtual bool readable() = 0;

    /// Encrypts bytes for the peer. Call it only after the handshake.
    virtual void write(std::string_view plain) = 0;

    /// Says to the peer that nothing follows: close_notify. [RFC 8446 §6.1]
    virtual void close() = 0;

    /// The bytes for the peer. The caller sends them, and removes those that it has sent. All
    /// functions above may append to it.
    virtual std::string& output() noexcept = 0;

    /// Returns whether the peer has said that nothing follows.
    virtual bool ended() const noexcept = 0;

    /// Returns why the channel can no longer be used; empty while it can. An alert for the peer may
    /// be in `output`.
    virtual std::string_view failure() const noexcept = 0;

    /// Returns the verified certificate of the peer; null without one, and before the handshake is
    /// done.
    virtual const client_certificate* peer() const noexcept = 0;
};

/// The TLS of an `http::server`: it makes the channel of each connection. See `tls_server`.
class secure_layer {
public:
    virtual ~secure_layer() = default;

    /// Makes the server's end of a new connection. The event loops call it concurrently.
    virtual std::unique_ptr<secure_channel> accept() = 0;

    /// Reads certificates and keys again, for the connections to come. Any thread may call it.
    /// Throws `std::runtime_error` if they cannot be used; then the present ones remain.
    virtual void reload() = 0;
};

/// The certificate of a server, and what it asks of clients. Each PEM is the name of a file, or the
/// text itself, which begins with `-----BEGIN`.
struct tls_server_options {
    /// PEM: the certificate of the server, then those of the authorities between it and the root.
    std::string certificate{};
    /// PEM: the private key. If empty, it is in the same PEM as the certificate.
    std::string key{};
    /// Returns the passphrase of an encrypted key. If null, such a key cannot be used.
    std::function<std::string()> passphrase{};
    /// PEM: the authorities of client certificates. If empty, clients are not asked for one.
    std::string client_authorities{};
    /// Whether a client without a certificate is refused.
    bool require_client_certificate = true;
};

namespace detail {

using tls_server_maker = std::shared_ptr<secure_layer> (*)(tls_server_options options);

/// Makes TLS for programs that set it by options, such as `mcp::run`; null if no file includes
/// <mcp/http/tls_server.hpp>.
inline tls_server_maker make_tls_server = nullptr;

} // namespace detail

} // namespace mcp::http
