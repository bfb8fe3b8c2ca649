// SPDX-License-Identifier: MIT
#pragma once

#include <iterator>
#include <linux/filter.h>
#include <sys/socket.h>

namespace mcp::http::detail {

/// Makes a listening TCP socket drop SYN segments. Closing a socket resets the connections that it
/// has accepted for the program, so the program takes those first, and no others may come
/// meanwhile. A peer that is dropped sends its SYN again and is refused, which proxies take as a
/// sign to try another server.
inline void ignore_new_peers(int listening) noexcept {
    constexpr unsigned flags_offset = 13;
    constexpr unsigned syn = 0x02;
    sock_filter code[] = {BPF_STMT(BPF_LD | BPF_B | BPF_ABS, flags_offset),
                          BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, syn, 0, 1),
                          BPF_STMT(BPF_RET | BPF_K, 0), BPF_STMT(BPF_RET | BPF_K, 0xffff'ffff)};
    const sock_fprog program{static_cast<unsigned short>(std::size(code)), code};
    ::setsockopt(listening, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

} // namespace mcp::http::detail
