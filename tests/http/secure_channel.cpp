#include <mcp/http/secure_channel.hpp>

#include <mcp/http/client_certificate.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/server.hpp>

#include <asio/awaitable.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <http/raw_client.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace secure_channel_test {

/// Both ends of a toy: `~` is its handshake, each byte is changed in one bit, and NUL is the end.
class toy final : public mcp::http::secure_channel {
public:
    explicit toy(bool speaks_first) : out_(speaks_first ? "~" : "") {}

    void feed(std::string_view bytes) override { in_ += bytes; }
    bool handshake() override {
        if (!done_ && !in_.empty()) {
            failure_ = in_.front() == '~' ? "" : "no tilde";
            done_ = failure_.empty();
            in_.erase(0, 1);
        }
        return done_;
    }
    std::size_t read(std::span<char> room) override {
        const std::size_t n = std::min({room.size(), in_.size(), in_.find('\0')});
        for (std::size_t i = 0; i < n; ++i)
            room[i] = static_cast<char>(in_[i] ^ 1);
        in_.erase(0, n);
        return n;
    }
    bool readable() override { return !in_.empty() && in_.front() != '\0'; }
    void write(std::string_view plain) override {
        for (const char c : plain)
            out_ += static_cast<char>(c ^ 1);
    }
    void close() override {
        if (done_)
            out_ += '\0';
    }
    std::string& output() noexcept override { return out_; }
    bool ended() const noexcept override { return !in_.empty() && in_.front() == '\0'; }
    std::string_view failure() const noexcept override { return failure_; }
    const mcp::http::client_certificate* peer() const noexcept override { return nullptr; }

private:
    std::string in_;
    std::string out_;
    std::string failure_;
    bool done_ = false;
};

class toy_layer final : public mcp::http::secure_layer {
public:
    std::unique_ptr<mcp::http::secure_channel> accept() override {
        return std::make_unique<toy>(true);
    }
    void reload() override {}
};

TEST(secure_channel, may_be_of_any_kind) {
    mcp::http::server_options options;
    options.port = 0;
    options.tls = std::make_shared<toy_layer>();
    mcp::http::server server(
        [](mcp::http::request& q, mcp::http::response& r) -> asio::awaitable<void> {
            r.body = q.path;
            co_return;
        },
        options);
    server.start();
    const auto get = [](const std::string& path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    raw_client c(server.port(), std::make_unique<toy>(true));
    for (const std::string path : {"/one", "/two"}) {
        c.send(get(path));
        EXPECT_TRUE(c.read_response().ends_with("\r\n\r\n" + path));
    }
    raw_client wrong(server.port());
    wrong.send("x");
    EXPECT_EQ(wrong.read_all(), "~");
    raw_client plain(server.port());
    plain.send(get("/"));
    EXPECT_TRUE(plain.read_all().starts_with("~HTTP/1.1 400 Bad Request\r\n"));
}

} // namespace secure_channel_test
