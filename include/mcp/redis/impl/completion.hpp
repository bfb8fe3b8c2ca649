// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/redis/connection.hpp>
#include <mcp/redis/reply.hpp>

#include <exception>
#include <memory>

namespace mcp::redis::detail {

inline std::exception_ptr unavailable_error(const char* why) {
    return std::make_exception_ptr(unavailable(why));
}

/// A waiter for an operation of the core. `done` is called once, on the core's thread.
class completion {
public:
    virtual ~completion() = default;
    virtual void done(std::exception_ptr failure, reply received) = 0;
};
using completion_ptr = std::unique_ptr<completion>;

} // namespace mcp::redis::detail
