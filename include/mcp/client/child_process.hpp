// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/client_transport.hpp>
#include <mcp/client/connection_transport.hpp>
#include <mcp/config.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

namespace detail {
class running_child;
} // namespace detail

/// Which variables of this process a child process gets.
enum class inherited_environment : std::uint8_t {
    safe, ///< HOME, LANG, LC_…, LOGNAME, PATH, SHELL, TERM and USER, which hold no secrets
    all,
    none,
};

/// What becomes of the standard error of a child process.
enum class child_errors : std::uint8_t {
    inherit, ///< it is that of this process
    discard,
};

/// A program that is an MCP server on its standard input and output, and how to run it.
///
///     mcp::child_process files("npx", {"-y", "@modelcontextprotocol/server-filesystem", "/srv"});
///     files.environment = {{"DEBUG", "1"}};
///     co_await client.connect(files);
///
/// No shell is involved.
struct child_process {
    explicit child_process(std::string program_, std::vector<std::string> arguments_ = {})
        : program(std::move(program_))
        , arguments(std::move(arguments_)) {}

    std::string program; ///< a path, or a name that is looked up in the PATH of this process
    std::vector<std::string> arguments; ///< without the program itself
    inherited_environment inherit = inherited_environment::safe;
    /// Variables besides the inherited ones, or instead of them.
    std::vector<std::pair<std::string, std::string>> environment{};
    std::string folder{}; ///< its working folder; empty for that of this process
    child_errors errors = child_errors::inherit;
    /// Called with each line of its standard error that is not blank, instead of `errors`, and with
    /// a line for each output that is no message. A line is cut after 8 KiB.
    std::function<void(std::string_view line)> on_error_line{};
    /// A longer message ends the connection.
    std::size_t message_bytes = 64 * 1024 * 1024;
    /// The time that it has to end after the end of its input. Then it gets SIGTERM.
    std::chrono::milliseconds close_time = std::chrono::seconds(2);
    /// The time that it has to end after SIGTERM. Then it gets SIGKILL.
    std::chrono::milliseconds terminate_time = std::chrono::seconds(2);
};

/// A transport to a server that is a child process: one message a line.
/// [MCP 2026-07-28 basic/transports/stdio]
///
/// `open` starts the process, and starts it again after it has ended. It throws
/// `transport_failure::not_connected` if the program cannot be run. When the process ends, the
/// requests under way fail with `transport_failure::closed`: the text says how it ended, and the
/// last line that it wrote to standard error, unless that is inherited. A line on standard output
/// that is no message is skipped and reported among the lines of standard error.
///
/// `close` ends the input of the process and waits for its end, as long as `close_time`. Then the
/// process and those that it has started in its process group get SIGTERM, and SIGKILL after
/// `terminate_time`. The destructor kills them at once. The process inherits no descriptor but the
/// three streams, and no ignored or blocked signal. The signals of a terminal do not reach it.
class child_transport final : public detail::linked_transport {
public:
    /// Throws `std::invalid_argument` if a text holds a null character, or a variable has no name.
    explicit child_transport(child_process program);
    ~child_transport() override;

    asio::awaitable<void> open(message_receiver& to) override;
    asio::awaitable<void> close() override;

    /// Returns the number of the process; 0 if none runs.
    int process_id() const noexcept;

private:
    const child_process program_;
    std::shared_ptr<detail::running_child> child_; ///< null before `open`
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/child_process.ipp>
#endif
