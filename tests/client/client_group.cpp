// SPDX-License-Identifier: MIT
#include <mcp/client/client_group.hpp>

#include <mcp/client/in_process.hpp>
#include <mcp/client/transport_error.hpp>
#include <mcp/server/server.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace client_group_test {

using namespace std::string_literals;

/// Runs a coroutine to its end, and rethrows its exception.
void run(asio::awaitable<void> work) {
    asio::io_context io(1);
    std::exception_ptr failure;
    asio::co_spawn(io, std::move(work), [&](std::exception_ptr end) { failure = end; });
    io.run();
    if (failure)
        std::rethrow_exception(failure);
}

/// A transport to a server that is away.
class away final : public mcp::client_transport {
public:
    asio::awaitable<void> open(mcp::message_receiver&) override {
        throw mcp::transport_error(mcp::transport_failure::not_connected, "nobody listens");
        co_return;
    }
    asio::awaitable<mcp::send_result> send(mcp::outgoing_request, mcp::request_receiver&) override {
        co_return mcp::send_result::complete;
    }
    asio::awaitable<void> notify(std::string, mcp::revision) override { co_return; }
    void agreed(mcp::revision, bool) override {}
    asio::awaitable<void> close() override { co_return; }
    bool has_streams() const noexcept override { return false; }
    std::string name() const override { return "away"; }
};

/// Gives a server some of everything, which says its name.
template <class Server>
void fill(Server& server, const std::string& name) {
    server.template tool<"add">("",
                                [](mcp::arg<"a", int> a, mcp::arg<"b", int> b) { return *a + *b; });
    server.template tool<"who">("", [name] { return name; });
    server.template prompt<"hello">("", [name] { return "hello from " + name; });
}

std::function<std::unique_ptr<mcp::client_transport>()> to(mcp::any_server& server) {
    return [&server] { return mcp::in_process(server); };
}

TEST(client_group, lists_and_calls_servers_side_by_side_and_one_that_is_away_does_no_harm) {
    mcp::server one("one", "1");
    mcp::server two("two", "1");
    fill(one, "one");
    fill(two, "two");
    one.resource<"at://one/{id}">("", [](std::string id) { return "one " + id; });
    one.resource<"at://one/text">("", [] { return "text of one"; });
    two.resource<"at://two/text">("", [] { return "text of two"; });
    const auto work = [&]() -> asio::awaitable<void> {
        mcp::client_group group;
        group.add("one", to(one));
        group.add("lost", [] { return std::make_unique<away>(); });
        group.add("the second!", to(two));
        co_await group.connect();
        EXPECT_EQ(group.failure("one"), "");
        EXPECT_EQ(group.failure("lost"), "nobody listens");

        std::string names;
        const auto tools = co_await group.tools();
        for (const auto& each : tools)
            names += each.name + "=" + each.server + "/" + each.own_name + " ";
        EXPECT_EQ(names, "one_add=one/add one_who=one/who the_second__add=the second!/add "
                         "the_second__who=the second!/who ");
        const int sum = co_await group.call<int>("the_second__add", {{"a", 2}, {"b", 3}});
        EXPECT_EQ(sum, 5);
        const auto first = co_await group.call<std::string>("one_who");
        EXPECT_EQ(first, "one");
        const auto second = co_await group.call<std::string>("the_second__who");
        EXPECT_EQ(second, "two");
        const auto greeting = co_await group.prompt<std::string>("one_hello");
        EXPECT_EQ(greeting, "hello from one");
        const auto text = co_await group.read<std::string>("at://two/text");
        EXPECT_EQ(text, "text of two");
        const auto seventh = co_await group.read<std::string>("at://one/7");
        EXPECT_EQ(seventh, "one 7");
        const auto resources = co_await group.resources();
        EXPECT_EQ(resources.size(), 2u);
        EXPECT_EQ(resources[1].server, "the second!");
        std::string missing;
        try {
            co_await group.call("lost_tool");
        } catch (const mcp::transport_error& why) {
            missing = why.what();
        }
        EXPECT_EQ(missing, "no connected server has the tool lost_tool; lost: nobody listens");
        co_await group.close();
        EXPECT_FALSE(group.server("one").connected());
        co_await group.connect();
        const auto again = co_await group.call<std::string>("one_who");
        EXPECT_EQ(again, "one");
        co_await group.close();
    };
    run(work());
}

TEST(client_group, gives_each_tool_a_name_of_its_own_and_passes_on_changes_of_lists) {
    mcp::server one("one", "1");
    mcp::server two("two", "1");
    fill(one, "one");
    fill(two, "two");
    const auto work = [&]() -> asio::awaitable<void> {
        mcp::group_options options;
        options.client.revision = mcp::latest_legacy;
        options.name = [](std::string_view, std::string_view name) { return std::string(name); };
        mcp::client_group group(options);
        group.add("one", to(one));
        group.add("two", to(two));
        EXPECT_THROW(group.add("two", to(two)), std::invalid_argument);
        std::vector<std::string> changed;
        group.on_list_changed(
            [&](const std::string& server, mcp::list_kind) { changed.push_back(server); });
        co_await group.connect();
        std::string names;
        const auto tools = co_await group.tools();
        for (const auto& each : tools)
            names += each.name + " ";
        EXPECT_EQ(names, "add who add_2 who_2 ");
        const auto numbered = co_await group.call<std::string>("who_2");
        EXPECT_EQ(numbered, "two");
        two.tool<"late">("", [] { return "new"; });
        const auto late = co_await group.call<std::string>("late");
        EXPECT_EQ(late, "new");
        EXPECT_EQ(changed, std::vector<std::string>{"two"});
        co_await group.close();
    };
    run(work());
}

TEST(client_group, makes_transports_of_the_entries_of_a_configuration) {
    mcp::server_entry program;
    program.command = "/bin/files-server";
    mcp::server_entry remote;
    remote.kind = mcp::server_kind::sse;
    remote.url = "http://localhost:8000/sse";
    EXPECT_FALSE(mcp::transport_to(program)->has_streams());
    EXPECT_THAT(mcp::transport_to(program)->name(), testing::HasSubstr("files-server"));
    EXPECT_THAT(mcp::transport_to(remote)->name(), testing::HasSubstr("localhost:8000"));
}

TEST(client_group, names_are_valid_names_of_tools) {
    const std::string lengthy(70, 'x');
    EXPECT_EQ(mcp::server_tool("git hub", "find"), "git_hub_find");
    EXPECT_EQ(mcp::server_tool("a", "é"), "a___");
    EXPECT_EQ(mcp::server_tool("a", lengthy).size(), 64u);
    EXPECT_NE(mcp::server_tool("a", lengthy), mcp::server_tool("a", lengthy + "y"));
    EXPECT_TRUE(mcp::is_tool_name(mcp::server_tool("a", lengthy)));
}

} // namespace client_group_test
