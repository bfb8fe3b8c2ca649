#include <mcp/transport/http_reply.hpp>

#include <mcp/sse/parser.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using mcp::event_id;
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

TEST(http_reply, event_ids) {
    const auto id = event_id::parse("12-34");
    ASSERT_TRUE(id);
    EXPECT_EQ(id->stream, 12u);
    EXPECT_EQ(id->sequence, 34u);
    EXPECT_EQ(id->text(), "12-34");
    EXPECT_EQ((event_id{0, 18446744073709551615u}.text()), "0-18446744073709551615");
    EXPECT_TRUE(event_id::parse("0-18446744073709551615"));
    for (const char* bad :
         {"", "-", "1", "1-", "-1", "1-2-3", "1-2 ", " 1-2", "+1-2", "1-+2", "1--2", "x-1", "1-x",
          "0x1-1", "1.0-1", "18446744073709551616-0", "0-18446744073709551616"})
        EXPECT_FALSE(event_id::parse(bad)) << bad;
}

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

TEST(http_reply, delivery_says_whether_somebody_took_it) {
    http_reply reply;
    const auto first = reply.reader();
    EXPECT_TRUE(reply.deliver("topic", "1"));
    reply.detach();
    EXPECT_FALSE(reply.deliver("topic", "2"));
    const auto second = reply.attach();
    EXPECT_TRUE(reply.deliver("topic", "3"));
    second->abandon(); // its connection went
    EXPECT_FALSE(reply.deliver("topic", "4"));
    const auto third = reply.attach();
    reply.taken_over();
    EXPECT_TRUE(third->closed());
    reply.finish({}, reply_status::ok);
    EXPECT_FALSE(reply.deliver("topic", "5"));
    EXPECT_TRUE(reply.attach()->closed());
    EXPECT_EQ(events_of(*first), list{"=1"});
}

TEST(http_reply, a_log_takes_what_nobody_reads) {
    http_reply reply(std::make_shared<mcp::memory_replay>(10), 3);
    reply.detach();
    EXPECT_TRUE(reply.deliver("topic", "1"));
    EXPECT_TRUE(reply.deliver("topic", "2"));
    EXPECT_EQ(events_of(*reply.attach(0)), (list{"3-1=1", "3-2=2"}));
    EXPECT_EQ(events_of(*reply.attach(1)), list{"3-2=2"});
    EXPECT_EQ(events_of(*reply.attach(2)), list{});
    EXPECT_EQ(reply.attach(3), nullptr) << "nobody was ever told that id";
    EXPECT_EQ(events_of(*reply.attach()), list{});
}

TEST(http_reply, a_new_reader_ends_the_old_one) {
    http_reply reply;
    const auto old = reply.reader();
    const auto box = reply.attach();
    EXPECT_TRUE(old->closed());
    reply.send("1");
    EXPECT_TRUE(old->empty());
    EXPECT_EQ(events_of(*box), list{"=1"});
}

TEST(http_reply, priming) {
    const auto log = std::make_shared<mcp::memory_replay>(10);
    http_reply reply(log, 7, 250ms);
    const auto box = reply.reader();
    reply.send("1");
    EXPECT_EQ(text_of(*box), "id: 7-0\nretry: 250\ndata: \n\n"
                             "event: message\nid: 7-1\ndata: 1\n\n");
    EXPECT_EQ(text_of(*reply.attach(0)), "id: 7-0\nretry: 250\ndata: \n\n"
                                         "event: message\nid: 7-1\ndata: 1\n\n");
    EXPECT_EQ(text_of(*reply.attach()), "id: 7-1\nretry: 250\ndata: \n\n");
}

TEST(http_reply, close_stream_only_for_who_can_come_back) {
    const auto log = std::make_shared<mcp::memory_replay>(10);
    http_reply plain;
    http_reply unprimed(log, 1);
    http_reply primed(log, 2, 1ms);
    for (http_reply* each : {&plain, &unprimed, &primed})
        each->start_stream();
    const auto plain_box = plain.reader();
    const auto unprimed_box = unprimed.reader();
    const auto primed_box = primed.reader();
    for (http_reply* each : {&plain, &unprimed, &primed})
        each->close_stream();
    EXPECT_FALSE(plain_box->closed());
    EXPECT_FALSE(unprimed_box->closed());
    EXPECT_TRUE(primed_box->closed());
    primed.finish("answer", reply_status::ok);
    const auto back = primed.attach(0);
    EXPECT_TRUE(back->closed());
    EXPECT_EQ(events_of(*back).back(), "2-1=answer");
}

TEST(http_reply, gaps_are_told_before_what_follows_them) {
    http_reply reply(std::make_shared<mcp::memory_replay>(2), 1);
    for (const char* each : {"1", "2", "3", "4"})
        reply.send(each);
    EXPECT_EQ(text_of(*reply.attach(2)).find("lost"), std::string::npos);
    const std::string text = text_of(*reply.attach(1));
    EXPECT_LT(text.find("lost"), text.find("id: 1-3"));
}

TEST(http_reply, a_gap_with_nothing_after_it_is_told_too) {
    const auto log = std::make_shared<mcp::memory_replay>(2);
    http_reply quiet(log, 1);
    http_reply busy(log, 2);
    quiet.send("1");
    busy.send("1");
    busy.send("2");
    EXPECT_NE(text_of(*quiet.attach(0)).find("lost"), std::string::npos);
    EXPECT_EQ(text_of(*quiet.attach(1)).find("lost"), std::string::npos);
}

TEST(http_reply, a_reader_that_does_not_read_is_cut_off) {
    http_reply reply(std::make_shared<mcp::memory_replay>(5000), 1);
    int cut = 0;
    reply.on_overflow([&] { ++cut; });
    const auto box = reply.reader();
    for (int i = 1; i <= 3000; ++i)
        reply.send(std::to_string(i));
    EXPECT_EQ(cut, 1);
    EXPECT_TRUE(box->closed());
    EXPECT_TRUE(box->empty());
    EXPECT_EQ(events_of(*reply.attach(0)).size(), 3000u) << "the log serves it when it comes back";
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

} // namespace
