#pragma once

#include <mcp/redis/settings.hpp>
#include <mcp/testing/collaborator.hpp>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace test {

/// A redis-server of our own on a free port of the loopback, that can be killed, paused and started
/// again.
class redis_server {
public:
    static bool installed() { return std::filesystem::exists(binary); }

    explicit redis_server(std::vector<std::string> options = {}) : options_(std::move(options)) {
        for (int attempt = 0; attempt < 10; ++attempt) {
            asio::io_context io;
            asio::ip::tcp::acceptor probe(io, {asio::ip::address_v4::loopback(), 0});
            port_ = probe.local_endpoint().port();
            probe.close();
            if (start())
                return;
        }
        throw std::runtime_error("redis-server does not start");
    }
    redis_server(const redis_server&) = delete;
    redis_server& operator=(const redis_server&) = delete;
    ~redis_server() { kill(); }

    std::uint16_t port() const { return port_; }
    std::string url(const std::string& login = "", int database = 0) const {
        return "redis://" + login + "127.0.0.1:" + std::to_string(port_) + "/" +
               std::to_string(database);
    }
    /// Settings with short timeouts.
    mcp::redis::settings settings() const {
        auto result = mcp::redis::parse_url(url());
        result.command_timeout = std::chrono::milliseconds(1'000);
        result.connect_timeout = std::chrono::milliseconds(1'000);
        result.backoff_min = std::chrono::milliseconds(10);
        result.backoff_max = std::chrono::milliseconds(50);
        return result;
    }

    /// Starts it on its port; returns when it accepts connections.
    bool start() {
        std::vector<std::string> words{binary,   "--port",       std::to_string(port_),
                                       "--bind", "127.0.0.1",    "--save",
                                       "",       "--appendonly", "no"};
        words.insert(words.end(), options_.begin(), options_.end());
        std::vector<char*> raw;
        for (auto& each : words)
            raw.push_back(each.data());
        raw.push_back(nullptr);
        process_ = ::fork();
        if (process_ == 0) {
            const int null = ::open("/dev/null", O_RDWR);
            ::dup2(null, 1);
            ::dup2(null, 2);
            ::close_range(3, ~0U, 0); // connections of the test are not to live on in it
            if (::chdir("/tmp") == 0)
                ::execv(binary, raw.data());
            ::_exit(127);
        }
        for (;;) {
            int status = 0;
            if (::waitpid(process_, &status, WNOHANG) == process_) {
                process_ = 0;
                return false;
            }
            asio::io_context io;
            asio::ip::tcp::socket socket(io);
            asio::error_code failure;
            socket.connect({asio::ip::address_v4::loopback(), port_}, failure);
            if (!failure)
                return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(5)); // polls; no guess
        }
    }
    /// Ends it as a crash does.
    void kill() {
        if (process_ <= 0)
            return;
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
        process_ = 0;
    }
    void pause() const { ::kill(process_, SIGSTOP); }
    void resume() const { ::kill(process_, SIGCONT); }

private:
    static constexpr const char* binary = "/usr/bin/redis-server";
    std::vector<std::string> options_;
    std::uint16_t port_ = 0;
    pid_t process_ = 0;
};

/// For tests that need Redis: skipped where it is not installed.
class with_redis : public ::testing::Test {
protected:
    void SetUp() override {
        if (!redis_server::installed())
            GTEST_SKIP() << "redis-server is not installed (Debian: apt install redis-server)";
        server.emplace();
    }

    std::optional<redis_server> server;
};

/// Runs an awaitable to its end on a loop of its own.
template <class T>
T await(asio::awaitable<T> work) {
    return mcp::testing::settled([&] { return std::move(work); });
}

/// Waits up to 20 seconds until `condition` returns true.
inline bool eventually(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

} // namespace test
