// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/pending.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace mcp::testing {

/// The failures that a suite found, a sentence for each; empty if there are none.
using failures = std::vector<std::string>;

/// Calls a member of a collaborator, sync or awaitable, and waits for the result.
template <class F>
auto settled(F call) {
    using raw = std::invoke_result_t<F&>;
    if constexpr (mcp::detail::is_awaitable_v<raw>) {
        using value = typename raw::value_type;
        std::conditional_t<std::is_void_v<value>, bool, std::optional<value>> outcome{};
        std::exception_ptr failure;
        const auto work = [&]() -> asio::awaitable<void> {
            if constexpr (std::is_void_v<value>)
                co_await call();
            else
                outcome.emplace(co_await call());
        };
        asio::io_context io;
        asio::co_spawn(io, work, [&](std::exception_ptr thrown) { failure = thrown; });
        io.run();
        if (failure)
            std::rethrow_exception(failure);
        if constexpr (!std::is_void_v<value>)
            return std::move(*outcome);
    } else {
        return call();
    }
}

/// Waits at most ten seconds until `so()` is true; returns false on timeout.
inline bool soon(const std::function<bool()>& so) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!so()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

/// Collects the failures of a suite.
class findings {
public:
    void expect(bool right, const char* sentence) {
        if (!right)
            list_.push_back(sentence);
    }

    /// Runs one check; an exception is a failure as well.
    template <class F>
    void check(const char* name, F body) {
        try {
            body();
        } catch (const std::exception& failure) {
            list_.push_back(std::string(name) + " threw: " + failure.what());
        }
    }

    failures take() { return std::move(list_); }

private:
    failures list_;
};

} // namespace mcp::testing
