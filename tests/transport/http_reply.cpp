#include <mcp/transport/http_reply.hpp>

#include <mcp/sse/parser.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
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

/// A reply whose stream is made of plain events.
struct opened {
    explicit opened(std::function<void()> overflow = {}, bool resumable = false)
        : reply(
              [this, overflow] {
                  ++begun;
                  const auto events = std::make_shared<mcp::event_reply>(overflow);
                  return http_reply::stream{events, events->reader()};
              },
              resumable) {}

    /// The events of the stream, or the body with its status.
    std::string outcome() {
        std::string text;
        if (const auto box = reply.reader()) {
            for (const std::string& each : events_of(*box))
                text += each;
            return text + (box->closed() ? " end" : "");
        }
        const auto status = reply.take_response(text);
        return status ? std::to_string(static_cast<int>(*status)) + ' ' + text : "undecided";
    }

    int begun = 0;
    http_reply reply;
};

TEST(http_reply, becomes_a_body_or_a_stream) {
    using act = void (*)(http_reply&);
    const act admitted = [](http_reply& r) { r.admitted(); };
    const act send = [](http_reply& r) { r.send("m"); };
    const act silence = [](http_reply& r) { r.stream_now(); };
    const act part = [](http_reply& r) { r.add_response("p"); };
    const act finish = [](http_reply& r) { r.finish("a", reply_status::ok); };
    const act end = [](http_reply& r) { r.finish({}, reply_status::ok); };
    const act refuse = [](http_reply& r) { r.finish("no", reply_status::forbidden); };
    const act pause = [](http_reply& r) { r.close_stream(); };
    const act gone = [](http_reply& r) { r.abandon(); };
    const struct {
        std::vector<act> acts;
        std::string outcome;
    } rows[] = {
        {{}, "undecided"},
        {{admitted}, "undecided"},
        {{admitted, finish}, "200 a"},
        {{finish}, "200 a"},
        {{end}, "200 "},
        {{refuse}, "403 no"},
        {{admitted, send}, "=m"},
        {{admitted, send, finish}, "=m=a end"},
        {{admitted, silence}, ""},
        {{admitted, silence, finish}, "=a end"},
        {{admitted, silence, end}, " end"},
        {{silence}, "undecided"}, // it may yet be refused
        {{silence, refuse}, "403 no"},
        {{silence, admitted}, ""},
        {{silence, admitted, finish}, "=a end"},
        {{admitted, finish, silence}, "200 a"},
        {{finish, send}, "200 a"},
        {{admitted, part, part, end}, "200 [p,p]"},
        {{admitted, part, silence, part, end}, "=p=p end"},
        {{admitted, part, send, end}, "=p=m end"},
        {{admitted, pause, finish}, "200 a"}, // nobody could come back
        {{admitted, gone, send, silence}, "undecided"},
        {{admitted, gone, send, finish}, "200 a"},
    };
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        SCOPED_TRACE(i);
        opened o;
        for (const act each : rows[i].acts)
            each(o.reply);
        EXPECT_EQ(o.outcome(), rows[i].outcome);
        EXPECT_LE(o.begun, 1);
        EXPECT_EQ(o.reply.undecided(), rows[i].outcome == "undecided");
    }
}

TEST(http_reply, a_resumable_stream_begins_when_it_is_closed_for_now) {
    opened o({}, true);
    o.reply.admitted();
    o.reply.close_stream();
    EXPECT_EQ(o.outcome(), "");
}

TEST(http_reply, without_a_stream_messages_are_left_out) {
    http_reply reply;
    EXPECT_FALSE(reply.reaches_client());
    reply.admitted();
    reply.stream_now();
    reply.send("m");
    reply.close_stream();
    EXPECT_TRUE(reply.undecided());
    reply.finish("a", reply_status::ok);
    std::string body;
    EXPECT_EQ(reply.take_response(body), reply_status::ok);
    EXPECT_EQ(body, "a");
}

TEST(http_reply, reaches_the_client_until_it_is_a_body_or_the_client_goes) {
    opened answered;
    EXPECT_TRUE(answered.reply.reaches_client());
    answered.reply.finish("a", reply_status::ok);
    EXPECT_FALSE(answered.reply.reaches_client());
    opened gone;
    gone.reply.abandon();
    EXPECT_FALSE(gone.reply.reaches_client());
    opened streaming;
    streaming.reply.send("m");
    EXPECT_TRUE(streaming.reply.reaches_client());
}

TEST(http_reply, waits_until_it_is_decided) {
    using act = void (*)(http_reply&);
    const act ways[] = {[](http_reply& r) { r.send("m"); },
                        [](http_reply& r) { r.finish("a", reply_status::ok); },
                        [](http_reply& r) {
                            r.stream_now();
                            r.admitted();
                        }};
    for (const act way : ways) {
        opened o;
        asio::io_context loop;
        bool decided = false;
        auto wait = [&]() -> asio::awaitable<void> {
            co_await o.reply.decided();
            decided = true;
        };
        asio::co_spawn(loop, wait(), asio::detached);
        loop.poll();
        EXPECT_FALSE(decided);
        way(o.reply);
        loop.poll();
        EXPECT_TRUE(decided);
    }
}

TEST(http_reply, a_reader_that_does_not_read_is_cut_off) {
    int cut = 0;
    opened o([&] { ++cut; });
    for (int i = 1; i <= 3000; ++i)
        o.reply.send(std::to_string(i));
    EXPECT_EQ(cut, 1);
    EXPECT_TRUE(o.reply.reader()->closed());
    EXPECT_TRUE(o.reply.reader()->empty());
}

TEST(http_reply, the_form_that_accept_asks_for) {
    using mcp::reply_form;
    const struct {
        std::vector<std::string> accept;
        std::optional<reply_form> form;
    } rows[] = {
        {{}, reply_form::either},
        {{"*/*"}, reply_form::either},
        {{"application/json, text/event-stream"}, reply_form::either},
        {{"text/event-stream", "application/json"}, reply_form::either},
        {{"application/json"}, reply_form::body},
        {{"application/*"}, reply_form::body},
        {{"text/event-stream"}, reply_form::events},
        {{"text/*;q=0.5"}, reply_form::events},
        {{"text/html"}, std::nullopt},
        {{""}, std::nullopt},
    };
    for (const auto& row : rows) {
        mcp::http::fields headers;
        for (const std::string& each : row.accept)
            headers.add("Accept", each);
        EXPECT_EQ(mcp::accepted_form(headers), row.form)
            << (row.accept.empty() ? "none" : row.accept.front());
    }
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
