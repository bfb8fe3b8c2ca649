// SPDX-License-Identifier: MIT
// A client whose server, program or event loop does not wait for it.
#include <mcp/async/sleep_for.hpp>
#include <mcp/client/client.hpp>
#include <mcp/client/client_transport.hpp>
#include <mcp/client/subscription.hpp>
#include <mcp/client/transport_error.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/roots.hpp>

#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/this_coro.hpp>
#include <gtest/gtest.h>

#include "support/scripted_client.hpp"
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace client_core_test {

using namespace mcp::test;
using namespace std::chrono_literals;

asio::awaitable<void> wait_forever() {
    co_await mcp::sleep_for(24h);
}

/// What a `stubborn_transport` does, and what has come of it.
struct stubbornness {
    bool reads = true;             ///< what `notify` sends
    bool closes = true;            ///< in `close`
    bool ends_after_hello = false; ///< the connection, right after the handshake
    std::size_t notifying = 0;     ///< calls of `notify` under way
    mcp::message_receiver* to = nullptr;
};

/// A transport to a server that answers the handshake, and little else.
class stubborn_transport final : public mcp::client_transport {
public:
    explicit stubborn_transport(std::shared_ptr<stubbornness> how) : how_(std::move(how)) {}

    asio::awaitable<void> open(mcp::message_receiver& to) override {
        how_->to = &to;
        co_return;
    }
    asio::awaitable<mcp::send_result> send(mcp::outgoing_request request,
                                           mcp::request_receiver&) override {
        const mcp::json message = *mcp::parse_json(request.body);
        const std::string id = std::to_string(mcp::json_view(message).find("id").get_int64());
        std::string hello;
        if (request.method == "initialize")
            hello = initialized();
        if (request.method == "server/discover")
            hello = discovered();
        if (!hello.empty())
            how_->to->receive(hello.replace(hello.find("$id"), 3, id));
        if (!hello.empty() && how_->ends_after_hello)
            how_->to->closed(std::make_exception_ptr(
                mcp::transport_error(mcp::transport_failure::closed, "gone")));
        co_return mcp::send_result::later;
    }
    asio::awaitable<void> notify(std::string, mcp::revision) override {
        if (how_->reads)
            co_return;
        ++how_->notifying;
        co_await wait_forever();
    }
    void agreed(mcp::revision, bool) override {}
    asio::awaitable<void> close() override {
        if (!how_->closes)
            co_await wait_forever();
    }
    bool has_streams() const noexcept override { return false; }
    std::string name() const override { return "stubborn"; }

private:
    std::shared_ptr<stubbornness> how_;
};

asio::awaitable<void> connect(mcp::client& client, std::shared_ptr<stubbornness> how) {
    auto transport = std::make_unique<stubborn_transport>(std::move(how));
    co_await client.connect(std::move(transport));
}

/// Has a server that sends requests: `count` of them, with different ids or with one.
struct flood_row {
    const char* name;
    std::string method;
    bool same_id;
    bool reads;
    std::size_t count;
    std::size_t handlers;  ///< that run at the same time
    std::size_t notifying; ///< the most responses that wait to be sent
    bool reported;
};

asio::awaitable<void> flood(const flood_row& row, mcp::client& client,
                            std::shared_ptr<stubbornness> how) {
    co_await connect(client, how);
    how->reads = row.reads;
    for (std::size_t i = 0; i < row.count; ++i)
        how->to->receive(R"({"jsonrpc":"2.0","id":)" + std::to_string(row.same_id ? 0 : i) +
                         R"(,"method":")" + row.method + "\"}");
    co_await mcp::sleep_for(1ms);
}

TEST(client_core, requests_of_a_server_are_bounded) {
    const flood_row table[] = {
        {"many", "roots/list", false, true, 500, 64, 0, false},
        {"one id", "roots/list", true, true, 500, 1, 0, true},
        {"pings that are not read", "ping", false, false, 5000, 0, 1024, true},
        {"refusals that are not read", "rm", false, false, 5000, 0, 1024, true},
    };
    for (const flood_row& row : table) {
        SCOPED_TRACE(row.name);
        std::size_t running = 0;
        bool reported = false;
        const auto how = std::make_shared<stubbornness>();
        asio::io_context io(1);
        mcp::client client({.revision = mcp::revision::v2025_11_25});
        client.on_roots([&]() -> asio::awaitable<std::vector<mcp::root>> {
            ++running;
            co_await wait_forever();
            co_return std::vector<mcp::root>();
        });
        client.on_fault([&](const std::string&) { reported = true; });
        bool ended = false;
        asio::co_spawn(io, flood(row, client, how), [&](std::exception_ptr) { ended = true; });
        while (!ended)
            io.run_one();
        EXPECT_EQ(running, row.handlers);
        EXPECT_EQ(how->notifying, row.notifying);
        EXPECT_EQ(reported, row.reported);
    }
}

asio::awaitable<void> ask_until(mcp::client& client, std::shared_ptr<stubbornness> how,
                                const std::size_t& answered) {
    co_await connect(client, how);
    how->to->receive(R"({"jsonrpc":"2.0","id":1,"method":"roots/list"})");
    EXPECT_EQ(answered, 1U);
    mcp::call_options options;
    options.timeout = 20ms;
    co_await client.call("silent", {}, options);
}

/// A question whose handler has failed does not keep the times of calls from ending.
TEST(client_core, handlers_may_throw_anything) {
    const std::function<void()> table[] = {
        [] { throw std::runtime_error("no"); },
        [] { throw 7; }, // NOLINT: a handler may
        [] { throw std::system_error(asio::error::operation_aborted); },
    };
    for (const auto& each : table) {
        std::size_t answered = 0;
        mcp::client client({.revision = mcp::revision::v2025_11_25, .total_timeout = 5s});
        client.on_roots([&]() -> std::vector<mcp::root> {
            ++answered;
            each();
            return {};
        });
        const auto how = std::make_shared<stubbornness>();
        how->reads = false;
        const auto begun = std::chrono::steady_clock::now();
        asio::io_context io(1);
        std::string failure = "none";
        how->reads = true;
        asio::co_spawn(io, ask_until(client, how, answered),
                       [&](std::exception_ptr end) { failure = failure_text(end); });
        io.run();
        EXPECT_EQ(failure, "transport_error: stubborn: tools/call silent got no response in time");
        EXPECT_LT(std::chrono::steady_clock::now() - begun, 4s);
    }
}

TEST(client_core, is_not_connected_to_a_server_that_has_gone) {
    for (const auto revision : {mcp::latest, mcp::revision::v2025_11_25}) {
        const auto how = std::make_shared<stubbornness>();
        how->ends_after_hello = true;
        mcp::client client({.revision = revision});
        EXPECT_EQ(run(connect(client, how)), "transport_error: gone");
        EXPECT_FALSE(client.connected());
    }
}

asio::awaitable<void> connect_and_close(mcp::client& client, std::shared_ptr<stubbornness> how) {
    co_await connect(client, how);
    how->closes = false;
    co_await client.close();
}

TEST(client_core, a_cancelled_close_ends_the_connection_at_once) {
    const auto how = std::make_shared<stubbornness>();
    asio::io_context io(1);
    mcp::client client;
    asio::cancellation_signal cancel;
    std::string failure;
    asio::co_spawn(io, connect_and_close(client, how),
                   asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr end) {
                       failure = failure_text(end);
                   }));
    while (how->closes)
        io.run_one();
    io.poll();
    cancel.emit(asio::cancellation_type::terminal);
    io.run();
    EXPECT_EQ(failure, "exception: Operation aborted.");
    EXPECT_FALSE(client.connected());
}

asio::awaitable<void> begin_late(std::unique_ptr<mcp::client> client,
                                 std::function<asio::awaitable<void>(mcp::client&)> begin) {
    auto later = begin(*client);
    client.reset();
    co_await std::move(later);
}

asio::awaitable<void> as_nothing(asio::awaitable<mcp::subscription> later) {
    co_await std::move(later);
}

TEST(client_core, what_a_client_returns_may_outlive_it) {
    using begin = std::function<asio::awaitable<void>(mcp::client&)>;
    const struct {
        begin how;
        std::string failure;
    } table[] = {
        {[](mcp::client& c) {
             return c.connect(
                 std::make_unique<stubborn_transport>(std::make_shared<stubbornness>()));
         },
         ""},
        {[](mcp::client& c) { return c.close(); }, ""},
        {[](mcp::client& c) { return c.ping(); }, "transport_error: the client is not connected"},
        {[](mcp::client& c) { return c.notify("x"); },
         "transport_error: the client is not connected"},
        {[](mcp::client& c) { return c.unsubscribe("x:y"); },
         "transport_error: the client is not connected"},
        {[](mcp::client& c) { return as_nothing(c.listen({})); },
         "transport_error: the client is not connected"},
    };
    for (const auto& each : table)
        EXPECT_EQ(run(begin_late(std::make_unique<mcp::client>(), each.how)), each.failure);
}

asio::awaitable<void> call_asking(mcp::client& client, std::shared_ptr<scripted_server> server) {
    co_await connect(client, server);
    mcp::call_options options;
    options.total_timeout = 20ms;
    co_await client.call("asks", {}, options);
}

/// The time of a whole call ends while the user is being asked, too.
TEST(client_core, a_whole_call_has_an_end) {
    const std::string asks =
        result(R"({"resultType":"input_required","inputRequests":{"a":{"method":"roots/list"}}})");
    const auto server = server_of({{"server/discover", {discovered()}}, {"tools/call", {asks}}});
    mcp::client client;
    bool cancelled = false;
    client.on_roots([&]() -> asio::awaitable<std::vector<mcp::root>> {
        try {
            co_await mcp::sleep_for(5s);
        } catch (const std::system_error&) {
            cancelled = true;
        }
        co_return std::vector<mcp::root>();
    });
    EXPECT_EQ(run(call_asking(client, server)),
              "transport_error: scripted: tools/call asks got no response in time");
    EXPECT_TRUE(cancelled);
}

} // namespace client_core_test
