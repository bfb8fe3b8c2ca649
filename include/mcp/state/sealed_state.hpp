// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/state/request_state.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

/// A secret of 32 bytes that all processes of a server share. Its memory is wiped at the end.
class seal_key {
public:
    static constexpr std::size_t size = 32;

    /// Takes exactly 32 bytes, from a secure generator; otherwise throws `std::invalid_argument`.
    explicit seal_key(std::span<const std::uint8_t> bytes);

    /// Derives a key from a text, such as an environment variable, by HKDF with SHA-256 [RFC 5869].
    /// HKDF is not a password hash: the text must be as hard to guess as a key. Throws
    /// `std::invalid_argument` for fewer than 16 characters.
    static seal_key from_text(std::string_view secret);

    /// Takes the result of `std::getenv`; throws `std::invalid_argument` if it is null.
    static seal_key from_text(const char* secret);

    seal_key(const seal_key&) = default;
    seal_key& operator=(const seal_key&) = default;
    ~seal_key();

    std::span<const std::uint8_t, size> bytes() const noexcept { return bytes_; }

private:
    std::array<std::uint8_t, size> bytes_{};
};

/// Settings of `sealed_state`.
struct sealed_state_options {
    std::chrono::seconds ttl = std::chrono::minutes(10); ///< how long a client may take to respond
    /// The clock, replaceable in tests. The clocks of the processes must agree to within `ttl`.
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
};

/// The `request_state` of a server of several processes: the client carries the sealed payload.
///
/// The payload is encrypted and authenticated by AES-256-GCM with a random nonce. It is bound to
/// the owner, to the SHA-256 of the request and to the format, and expires after `ttl`. Any process
/// with the key opens it. Nothing is kept here, so a client can repeat a round until it expires:
/// put effects into `context::once` of an earlier round, or make them repeatable. Thread-safe.
///
///     mcp::server server{mcp::server_info{.name = "weather", .version = "1.0.0"},
///                        mcp::sealed_state{mcp::seal_key::from_text(std::getenv("SEAL_KEY"))}};
///
/// Needs OpenSSL's libcrypto (CMake: `asio-mcp::tls`). A key with random nonces is safe for 2^32
/// texts.
class sealed_state {
public:
    explicit sealed_state(seal_key key, sealed_state_options options = {});

    /// The first key seals; all keys open. To rotate keys without losing a call, add the new key at
    /// the end everywhere, then put it first everywhere, and drop the old key after `ttl`.
    explicit sealed_state(std::vector<seal_key> keys, sealed_state_options options = {});

    /// Throws `std::runtime_error` if the cipher fails, which is not expected.
    std::string seal(const state_binding& binding, std::string payload) const;

    std::optional<std::string> open(const state_binding& binding, std::string_view text) const;

private:
    std::int64_t seconds_now() const;

    std::vector<seal_key> keys_;
    sealed_state_options options_;
};

static_assert(request_state<sealed_state>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/state/impl/sealed_state.ipp>
#endif
