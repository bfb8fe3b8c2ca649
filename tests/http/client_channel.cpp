#include <mcp/http/client_channel.hpp>

#include <gtest/gtest.h>

#include <array>
#include <future>
#include <http/scripted_peer.hpp>
#include <memory>
#include <string>

namespace client_channel_test {

using mcp::http::plain_channel;
using test::conversation;
using test::run_on;
using test::scripted_peer;

asio::awaitable<std::string> talk(plain_channel& channel) {
    co_await channel.handshake();
    std::string_view request = "GET / HTTP/1.1\r\n\r\n";
    while (!request.empty()) {
        const std::size_t n = co_await channel.write(request);
        request.remove_prefix(n);
    }
    std::string heard;
    std::array<char, 4> room;
    std::size_t n = 1;
    while (n > 0) {
        n = co_await channel.read(room);
        heard.append(room.data(), n);
    }
    co_return heard;
}

TEST(client_channel, carries_bytes_both_ways) {
    scripted_peer peer({[](conversation& with) {
        EXPECT_EQ(with.read_request(), "GET / HTTP/1.1\r\n\r\n");
        with.send("hello there");
    }});
    asio::io_context loop;
    asio::ip::tcp::socket socket(loop);
    socket.connect({asio::ip::address_v4::loopback(), peer.port()});
    plain_channel channel(std::move(socket));
    EXPECT_EQ(run_on(loop, talk(channel)), "hello there");
    EXPECT_TRUE(channel.stale());
}

TEST(client_channel, is_stale_when_the_peer_speaks_unasked_or_leaves) {
    std::promise<void> quiet;
    std::promise<void> spoken;
    std::promise<void> heard;
    std::promise<void> left;
    scripted_peer peer({[&](conversation& with) {
                            quiet.get_future().wait();
                            with.send("!");
                            spoken.set_value();
                            heard.get_future().wait();
                        },
                        [&](conversation& with) {
                            with.close();
                            left.set_value();
                        }});
    asio::io_context loop;
    const auto connect = [&] {
        asio::ip::tcp::socket socket(loop);
        socket.connect({asio::ip::address_v4::loopback(), peer.port()});
        return std::make_unique<plain_channel>(std::move(socket));
    };
    const auto loud = connect();
    EXPECT_FALSE(loud->stale());
    quiet.set_value();
    spoken.get_future().wait();
    EXPECT_TRUE(loud->stale());
    heard.set_value();
    const auto gone = connect();
    left.get_future().wait();
    EXPECT_TRUE(gone->stale());
    gone->close();
    EXPECT_TRUE(gone->stale());
}

} // namespace client_channel_test
