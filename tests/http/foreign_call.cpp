#include <mcp/http/foreign_call.hpp>

#include <mcp/async/sleep_for.hpp>

#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace foreign_call_test {

using namespace mcp::http;
using namespace std::chrono_literals;

using lines = std::vector<std::pair<std::string, std::string>>;

/// What a test does with a stream, and what has been done to it.
struct script {
    std::vector<std::string> parts; // `!` throws, `…` waits for `idle` or `close`
    int closed = 0;
    int drained = 0;
    bool destroyed = false;
};

class scripted_stream : public body_stream {
public:
    explicit scripted_stream(script& says) : says_(says) {}
    ~scripted_stream() override { says_.destroyed = true; }

    asio::awaitable<bool> read(std::string& out) override {
        if (says_.parts.empty())
            co_return false;
        const std::string part = says_.parts.front();
        says_.parts.erase(says_.parts.begin());
        if (part == "!")
            throw std::runtime_error("broken");
        while (part == "…" && !idle_ && says_.closed == 0)
            co_await mcp::sleep_for(1ms);
        out += idle_ ? ": comment\n\n" : part;
        co_return !says_.parts.empty();
    }
    void close() noexcept override { ++says_.closed; }
    void drain() noexcept override { ++says_.drained; }
    void idle() noexcept override { idle_ = true; }

private:
    script& says_;
    bool idle_ = false;
};

asio::awaitable<void> answer(request& q, response& r) {
    if (q.path == "/throws")
        throw std::runtime_error("secret");
    if (q.path == "/invalid")
        r.content_type = "text\r\n";
    if (q.path == "/echo") {
        r.code = status::created;
        r.content_type = "text/plain";
        r.set("Allow", "GET");
        r.set("Vary", "");
        r.close = true;
        r.body.append(q.method_name).append(" ").append(q.query).append(" ");
        r.body.append(q.headers.find("a").value_or("none")).append(" ").append(q.body);
        if (q.local)
            r.body.append(" from user ").append(std::to_string(q.local->user));
    }
    co_return;
}

/// Calls a handler and reads the whole response.
struct exchange {
    std::optional<foreign_response> head;
    std::vector<std::string> parts;
    bool failed = false;
    asio::io_context loop;
    std::optional<foreign_call> call;

    void start(handler handle, foreign_request q, std::chrono::milliseconds keep_alive = 15s) {
        const auto respond = [this](foreign_response r) {
            head = std::move(r);
            if (head->streams)
                read();
        };
        call.emplace(loop.get_executor(), std::move(handle), std::move(q), respond, keep_alive);
    }

    void read() {
        call->read([this](foreign_part part) {
            parts.push_back(part.bytes);
            failed = part.failed;
            if (!part.last && !part.failed)
                read();
        });
    }
};

handler streams(script& says) {
    return [&says](request&, response& r) -> asio::awaitable<void> {
        r.stream = std::make_unique<scripted_stream>(says);
        co_return;
    };
}

TEST(foreign_call, gives_whole_responses) {
    struct row {
        foreign_request given;
        status code;
        lines headers;
        std::string body;
    };
    const row rows[] = {
        {{"POST", "/echo?x=1", {{"A", "b"}}, "body", {}},
         status::created,
         {{"Content-Type", "text/plain"}, {"Allow", "GET"}, {"Vary", ""}},
         "POST x=1 b body"},
        {{"PURGE", "/echo", {}, "", {}},
         status::created,
         {{"Content-Type", "text/plain"}, {"Allow", "GET"}, {"Vary", ""}},
         "PURGE  none "},
        {{.target = "/echo", .local = mcp::http::local_peer{.user = 33}},
         status::created,
         {{"Content-Type", "text/plain"}, {"Allow", "GET"}, {"Vary", ""}},
         "GET  none  from user 33"},
        {{.target = "/"}, status::ok, {}, ""},
        {{.target = "/throws"},
         status::internal_server_error,
         {{"Content-Type", "text/plain"}},
         "Internal Server Error\n"},
        {{.target = "/invalid"},
         status::internal_server_error,
         {{"Content-Type", "text/plain"}},
         "Internal Server Error\n"},
        {{.target = "no path"},
         status::bad_request,
         {{"Content-Type", "text/plain"}},
         "Bad Request\n"},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.given.target);
        exchange it;
        it.start(answer, each.given);
        it.loop.run();
        ASSERT_TRUE(it.head);
        EXPECT_EQ(it.head->code, each.code);
        EXPECT_EQ(it.head->headers, each.headers);
        EXPECT_EQ(it.head->body, each.body);
        EXPECT_FALSE(it.head->streams);
        EXPECT_EQ(it.head->close, each.code == status::created);
    }
}

TEST(foreign_call, gives_streams_part_by_part) {
    struct row {
        std::vector<std::string> says, parts;
        bool failed;
    };
    const row rows[] = {{{"one", "", "two"}, {"one", "two"}, false},
                        {{}, {""}, false},
                        {{"one", "!"}, {"one", ""}, true},
                        {{"one", "…", "two"}, {"one", ": comment\n\n", ": comment\n\n"}, false}};
    for (const row& each : rows) {
        script says{each.says};
        exchange it;
        it.start(streams(says), {}, 1ms);
        it.loop.run();
        EXPECT_EQ(it.parts, each.parts);
        EXPECT_EQ(it.failed, each.failed);
        it.call.reset();
        it.loop.restart();
        it.loop.run();
        EXPECT_EQ(says.closed, 0) << "it has ended by itself";
        EXPECT_TRUE(says.destroyed);
    }
}

TEST(foreign_call, the_end_of_the_peer_closes_a_stream_once) {
    script says{{"one", "…"}};
    exchange it;
    it.start(streams(says), {}, 0ms);
    while (it.parts.empty())
        it.loop.run_one();
    it.call->drain();
    it.call.reset();
    it.loop.run();
    EXPECT_EQ(it.parts.size(), 1U) << "no function is called afterwards";
    EXPECT_EQ(says.drained, 1);
    EXPECT_EQ(says.closed, 1);
    EXPECT_TRUE(says.destroyed);
}

TEST(foreign_call, the_end_of_the_peer_cancels_a_handler) {
    bool cancelled = false;
    const handler waits = [&](request&, response&) -> asio::awaitable<void> {
        try {
            co_await mcp::sleep_for(1h);
        } catch (...) {
            cancelled = true;
            throw;
        }
    };
    exchange it;
    it.start(waits, {});
    it.loop.poll();
    it.call.reset();
    it.loop.restart();
    it.loop.run();
    EXPECT_TRUE(cancelled);
    EXPECT_FALSE(it.head);
}

} // namespace foreign_call_test
