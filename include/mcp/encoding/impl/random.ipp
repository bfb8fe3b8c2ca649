// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/base64.hpp>
#include <mcp/encoding/random.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <system_error>

#if defined(__linux__)
#include <sys/random.h>
#elif defined(__APPLE__) || defined(__FreeBSD__) || defined(__OpenBSD__) || defined(__NetBSD__)
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif
#else
#include <random>
#endif

namespace mcp {

MCP_DECL void fill_random(std::span<std::uint8_t> out) {
#if defined(__linux__)
    while (!out.empty()) {
        const auto got = ::getrandom(out.data(), out.size(), 0);
        if (got > 0) {
            out = out.subspan(static_cast<std::size_t>(got));
        } else if (errno != EINTR) {
            throw std::system_error{errno, std::generic_category(), "getrandom"};
        }
    }
#elif defined(__APPLE__) || defined(__FreeBSD__) || defined(__OpenBSD__) || defined(__NetBSD__)
    constexpr std::size_t most_at_once = 256;
    while (!out.empty()) {
        const auto part = out.first(out.size() < most_at_once ? out.size() : most_at_once);
        if (::getentropy(part.data(), part.size()) != 0) {
            throw std::system_error{errno, std::generic_category(), "getentropy"};
        }
        out = out.subspan(part.size());
    }
#else
    // Windows: std::random_device uses the system generator in every current library.
    std::random_device device;
    for (std::uint8_t& byte : out) {
        byte = static_cast<std::uint8_t>(device());
    }
#endif
}

MCP_DECL std::string random_token(std::size_t bytes) {
    std::string raw(bytes, '\0');
    fill_random({reinterpret_cast<std::uint8_t*>(raw.data()), raw.size()});
    return to_base64url(raw);
}

} // namespace mcp
