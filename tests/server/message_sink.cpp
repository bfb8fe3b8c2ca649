#include <mcp/server/message_sink.hpp>

#include <gtest/gtest.h>

#include <string>

namespace message_sink_test {

class quiet final : public mcp::message_sink {
public:
    void send(std::string message) override { sent += message; }
    void finish(std::string response, mcp::reply_status) override { sent += response; }
    std::string sent;
};

TEST(message_sink, closing_the_stream_is_optional) {
    quiet sink;
    mcp::message_sink& base = sink;
    base.close_stream();
    base.send("a");
    base.finish("b", mcp::reply_status::ok);
    EXPECT_EQ(sink.sent, "ab");
    EXPECT_EQ(static_cast<int>(mcp::reply_status::not_found), 404);
}

} // namespace message_sink_test
