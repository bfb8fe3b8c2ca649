// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace mcp {

/// Writes lines to standard error without blocking the caller.
///
/// A line is written at once if there is room for it. Otherwise lines wait for a reader, up to
/// `waiting_bytes`. Lines beyond that are dropped, and when the reader is back, a line reports
/// their number. A closed reader is not an error and raises no SIGPIPE. Any thread may write.
class standard_error {
public:
    /// Returns the object of the process. It writes to the current descriptor 2.
    static standard_error& get();

    /// Writes to a descriptor, which must stay open while this object lives.
    explicit standard_error(int descriptor, std::size_t waiting_bytes = 1024 * 1024);
    standard_error(const standard_error&) = delete;
    standard_error& operator=(const standard_error&) = delete;
    ~standard_error();

    /// Writes a line, which ends with a line break. If it is dropped, `name` begins the line that
    /// reports the loss.
    void write(std::string line, std::string_view name);

    /// Waits until all lines are written, at most for `timeout`. Returns whether they are.
    bool flush(std::chrono::milliseconds timeout = std::chrono::milliseconds(200));

private:
    class queue;
    std::shared_ptr<queue> queue_; // shared with the thread that waits for the reader
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/standard_error.ipp>
#endif
