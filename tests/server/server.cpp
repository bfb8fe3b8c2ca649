#include <mcp/server/server.hpp>

#include <mcp/async/invoke.hpp>
#include <mcp/state/parked_state.hpp>
#include <mcp/testing/client.hpp>

#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace server_test {

/// Archetypes of the collaborator: a sync one, an awaitable one, one that does both.
struct sync_state {
    std::string seal(const mcp::state_binding&, std::string payload) { return payload; }
    std::optional<std::string> open(const mcp::state_binding&, std::string_view text) {
        return std::string(text);
    }
};
struct awaitable_state {
    asio::awaitable<std::string> seal(const mcp::state_binding&, std::string payload) {
        co_return payload;
    }
    asio::awaitable<std::optional<std::string>> open(const mcp::state_binding&,
                                                     std::string_view text) {
        co_return std::string(text);
    }
};
struct mixed_state {
    std::string seal(const mcp::state_binding&, std::string payload) { return payload; }
    asio::awaitable<std::optional<std::string>> open(const mcp::state_binding&,
                                                     std::string_view text) {
        co_return std::string(text);
    }
};
struct half {
    std::string seal(const mcp::state_binding&, std::string payload);
};
struct wrong {
    int seal(const mcp::state_binding&, std::string);
    std::optional<std::string> open(const mcp::state_binding&, std::string_view);
};
static_assert(mcp::request_state<sync_state> && mcp::request_state<awaitable_state> &&
              mcp::request_state<mixed_state> && mcp::request_state<mcp::parked_state>);
static_assert(!mcp::request_state<half> && !mcp::request_state<wrong> && !mcp::request_state<int>);

struct person {
    std::string name;
};

template <class State>
void play() {
    mcp::server server{mcp::server_info{.name = "test", .version = "1"}, State{}};
    server.template tool<"ask">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        auto who = co_await ctx.elicit<person>("Who?", mcp::key("who"));
        co_return who->name;
    });
    test::peer client(server);
    const auto asked = client.tool("ask");
    const auto got =
        client.tool("ask", "{}",
                    R"(,"inputResponses":{"who":{"action":"accept","content":{"name":"Ann"}}},)"
                    R"("requestState":)" +
                        asked->result("/requestState"));
    EXPECT_EQ(got->words(), "Ann") << got->text();
}

TEST(server, takes_sync_awaitable_and_mixed_collaborators) {
    play<sync_state>();
    play<awaitable_state>();
    play<mixed_state>();
}

TEST(server, is_made_with_and_without_collaborators) {
    mcp::server plain("test", "1");
    static_assert(std::is_same_v<decltype(plain), mcp::server<>>);
    mcp::server named(std::string("test"), std::string("1"), sync_state{});
    static_assert(std::is_same_v<decltype(named), mcp::server<sync_state>>);
    EXPECT_EQ(named.environment().info.name, "test");
}

mcp::server<mcp::parked_state> make_server(std::string name) {
    mcp::server server{std::move(name), "1", mcp::parked_state()};
    server.tool<"block">("", mcp::blocking([] { return 1; }));
    server.tool<"ask">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        auto who = co_await ctx.elicit<person>("Who?");
        co_return who->name;
    });
    return server;
}

class application {
public:
    mcp::any_server& server() { return server_; }

private:
    mcp::server<mcp::parked_state> server_ = make_server("member");
};

TEST(server, is_made_by_a_function_and_held_as_a_member) {
    static_assert(std::is_move_constructible_v<mcp::server<>>);
    static_assert(!std::is_copy_constructible_v<mcp::server<>>);
    auto made = make_server("made");
    mcp::server moved(std::move(made));
    application app;
    for (mcp::any_server* each : {static_cast<mcp::any_server*>(&moved), &app.server()}) {
        mcp::testing::client client(*each);
        client.on_elicit(person{"Ann"});
        EXPECT_EQ(client.call<int>("block"), 1);
        EXPECT_EQ(client.call<std::string>("ask"), "Ann");
    }
}

} // namespace server_test
