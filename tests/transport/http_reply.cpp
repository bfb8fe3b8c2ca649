#include <mcp/transport/http_reply.hpp>

#include <mcp/sse/parser.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace http_reply_test {

using mcp::http_reply;
using mcp::reply_status;

/// What waits in a mailbox.
std::string text_of(mcp::mailbox& box) {
    std::string all;
    std::string part;
    while (box.try_pop(part))
        all += part;
    return all;
}

/// `id=data` of each event.
std::vector<std::string> events_of(mcp::mailbox& box) {
    mcp::sse::parser parser;
    parser.feed(text_of(box));
    std::vector<std::string> all;
    while (auto event = parser.next())
        all.push_back(event->last_event_id + '=' + event->data);
    return all;
}

using list = std::vector<std::string>;

TEST(http_reply, an_answer_alone_is_whole) {
    http_reply reply;
    const auto box = reply.reader();
    std::string body = "before";
    EXPECT_FALSE(reply.take_answer(body));
    EXPECT_EQ(body, "before");
    reply.finish("{}", reply_status::not_found);
    EXPECT_EQ(reply.take_answer(body), reply_status::not_found);
    EXPECT_EQ(body, "{}");
    EXPECT_TRUE(box->closed());
    EXPECT_TRUE(box->empty());
}

TEST(http_reply, what_may_be_refused_is_no_stream_until_it_is_admitted) {
    const auto lazy = std::make_shared<http_reply>();
    int opened = 0;
    const auto open = [&] {
        ++opened;
        lazy->start_stream();
    };
    std::string body;
    {
        mcp::gated_reply refused(lazy, open);
        refused.finish("no", reply_status::forbidden);
        EXPECT_EQ(refused.take_refusal(body), reply_status::forbidden);
        EXPECT_EQ(body, "no");
        refused.admitted(); // too late
        EXPECT_EQ(opened, 0);
        EXPECT_TRUE(lazy->reader()->empty());
    }
    mcp::gated_reply gate(lazy, open);
    asio::io_context loop;
    bool decided = false;
    auto wait = [&]() -> asio::awaitable<void> {
        co_await gate.decided();
        decided = true;
    };
    asio::co_spawn(loop, wait(), asio::detached);
    loop.poll();
    EXPECT_FALSE(decided);
    gate.admitted();
    loop.poll();
    EXPECT_TRUE(decided);
    EXPECT_EQ(opened, 1);
    EXPECT_FALSE(gate.take_refusal(body));
    gate.send("1");
    gate.finish("2", reply_status::ok);
    EXPECT_FALSE(lazy->take_answer(body));
    EXPECT_EQ(events_of(*lazy->reader()), (list{"=1", "=2"}));
}

TEST(http_reply, a_message_makes_it_a_stream) {
    http_reply reply;
    const auto box = reply.reader();
    reply.send("1");
    reply.finish("2", reply_status::ok);
    std::string body;
    EXPECT_FALSE(reply.take_answer(body));
    EXPECT_EQ(events_of(*box), (list{"=1", "=2"}));
    EXPECT_TRUE(box->closed());
}

TEST(http_reply, a_cancelled_stream_ends_without_an_answer) {
    http_reply reply;
    const auto box = reply.reader();
    reply.start_stream();
    EXPECT_TRUE(box->empty());
    reply.finish({}, reply_status::ok);
    EXPECT_TRUE(box->empty());
    EXPECT_TRUE(box->closed());
}

TEST(http_reply, a_reader_that_does_not_read_is_cut_off) {
    http_reply reply;
    int cut = 0;
    reply.on_overflow([&] { ++cut; });
    const auto box = reply.reader();
    for (int i = 1; i <= 3000; ++i)
        reply.send(std::to_string(i));
    EXPECT_EQ(cut, 1);
    EXPECT_TRUE(box->closed());
    EXPECT_TRUE(box->empty());
}

TEST(http_reply, reading_a_stream) {
    asio::io_context loop;
    const auto box = std::make_shared<mcp::mailbox>();
    int closed = 0;
    int drained = 0;
    mcp::mailbox_stream stream(box, [&] { ++closed; }, [&] { ++drained; });
    EXPECT_FALSE(stream.ready());
    std::string out;
    std::vector<std::string> parts;
    auto read = [&]() -> asio::awaitable<void> {
        bool more = true;
        while (more) {
            out.clear();
            more = co_await stream.read(out);
            if (more)
                parts.push_back(out);
        }
    };
    asio::co_spawn(loop, read(), asio::detached);
    loop.poll();
    box->push("a");
    box->push("b");
    EXPECT_TRUE(stream.ready());
    loop.poll();
    stream.idle();
    loop.poll();
    stream.drain();
    EXPECT_EQ(drained, 1);
    box->push("c");
    box->close();
    loop.poll();
    EXPECT_EQ(parts, (list{"ab", ":\n\n", "c"}));
    EXPECT_TRUE(stream.ready());
    EXPECT_EQ(closed, 0);
    stream.close();
    EXPECT_EQ(closed, 1);
}

} // namespace http_reply_test
