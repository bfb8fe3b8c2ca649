// SPDX-License-Identifier: MIT
#include <mcp/client/client_questions.hpp>

#include <mcp/async/sleep_for.hpp>
#include <mcp/client/client.hpp>
#include <mcp/client/in_process.hpp>
#include <mcp/server/server.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <functional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace client_questions_test {

struct booking {
    std::string day;
    int seats = 2;
};

asio::awaitable<std::string> book(mcp::context& ctx) {
    auto answer = co_await ctx.elicit<booking>("Which day?");
    if (!answer.accepted())
        co_return answer.declined() ? "declined" : "cancelled";
    co_return answer->day + " for " + std::to_string(answer->seats);
}

asio::awaitable<std::string> pay(mcp::context& ctx) {
    const auto action = co_await ctx.elicit_url("Pay here", "https://pay.example.com/7");
    co_return action.accepted() ? "paid" : "not paid";
}

asio::awaitable<std::string> summarise(mcp::context& ctx, std::string text) {
    const mcp::sampling_request asked("Summarise: " + text);
    const auto said = co_await ctx.sample(asked);
    co_return said.text();
}

asio::awaitable<std::string> first_root(mcp::context& ctx) {
    const auto roots = co_await ctx.roots();
    co_return roots.empty() ? "none" : roots[0].uri;
}

asio::awaitable<std::string> twice(mcp::context& ctx) {
    const auto first = co_await ctx.elicit<booking>("Which day?", mcp::key("first"));
    const auto second = co_await ctx.elicit<booking>("And then?", mcp::key("second"));
    co_return first->day + " " + second->day;
}

asio::awaitable<std::string> ask_name(mcp::context& ctx) {
    ctx.progress(1, 2, "half");
    ctx.warning("careful");
    co_return "done";
}

void add_tools(mcp::any_server& server) {
    server.tool<book>("Book");
    server.tool<pay>("Pay");
    server.tool<summarise, "text">("Summarise");
    server.tool<first_root>("First root");
    server.tool<twice>("Ask twice");
    server.tool<ask_name>("Progress and log");
}

asio::awaitable<void> call(mcp::client& client, mcp::any_server& server, std::string tool,
                           std::string& out) {
    co_await client.connect(server);
    mcp::json_object arguments;
    if (tool == "summarise")
        arguments["text"] = "long";
    try {
        out = co_await client.call<std::string>(tool, arguments);
    } catch (const mcp::tool_error& e) {
        out = std::string("tool_error: ") + e.what();
    } catch (const mcp::protocol_error& e) {
        out = "protocol_error " + std::to_string(e.error().code);
    } catch (const std::exception& e) {
        out = std::string("exception: ") + e.what();
    }
    co_await client.close();
}

std::string called(mcp::revision revision, const std::string& tool,
                   const std::function<void(mcp::client&)>& prepare) {
    mcp::server server{"desk", "1.0.0"};
    add_tools(server);
    asio::io_context io(1);
    mcp::client client({.revision = revision});
    prepare(client);
    std::string out;
    std::exception_ptr failure;
    asio::co_spawn(io, call(client, server, tool, out), [&](std::exception_ptr e) { failure = e; });
    io.run();
    if (failure)
        std::rethrow_exception(failure);
    return out;
}

asio::awaitable<mcp::elicit_answer> later(booking given) {
    co_await mcp::sleep_for(std::chrono::milliseconds(0));
    co_return given;
}

TEST(client_questions, are_answered_in_both_eras) {
    const struct {
        const char* name;
        const char* tool;
        std::function<void(mcp::client&)> prepare;
        const char* modern;
        const char* legacy;
    } table[] = {
        {"values", "book", [](auto& c) { c.on_elicit([] { return booking{"Monday", 3}; }); },
         "Monday for 3", "Monday for 3"},
        {"defaults of the form", "book",
         [](auto& c) {
             c.on_elicit(
                 [](const mcp::elicit_request&) { return mcp::json_object{{"day", "Tuesday"}}; });
         },
         "Tuesday for 2", "Tuesday for 2"},
        {"what the form asks", "book",
         [](auto& c) {
             c.on_elicit([](const mcp::elicit_request& asked) {
                 return booking{asked.message,
                                int(asked.schema.at("properties").get_object().size())};
             });
         },
         "Which day? for 2", "Which day? for 2"},
        {"declined", "book",
         [](auto& c) { c.on_elicit([] { return mcp::elicit_action::decline; }); }, "declined",
         "declined"},
        {"cancelled", "book", [](auto& c) { c.on_elicit([] { return mcp::elicit_answer(); }); },
         "cancelled", "cancelled"},
        {"later", "book",
         [](auto& c) {
             c.on_elicit([](const mcp::elicit_request&) { return later(booking{"Friday", 1}); });
         },
         "Friday for 1", "Friday for 1"},
        {"on a thread", "book",
         [](auto& c) {
             c.on_elicit(
                 mcp::blocking([](const mcp::elicit_request&) { return booking{"Sunday", 1}; }));
         },
         "Sunday for 1", "Sunday for 1"},
        {"no handler", "book", [](auto&) {}, "protocol_error -32021", "protocol_error -32600"},
        {"URL", "pay",
         [](auto& c) {
             c.on_elicit_url([](const mcp::url_elicitation& asked) {
                 return asked.url == "https://pay.example.com/7" ? mcp::elicit_action::accept
                                                                 : mcp::elicit_action::cancel;
             });
         },
         "paid", "paid"},
        {"a text of the model", "summarise",
         [](auto& c) {
             c.on_sample([](const mcp::sampling_request& asked) {
                 return "short of " + std::to_string(asked.messages.size());
             });
         },
         "short of 1", "short of 1"},
        {"roots", "first_root", [](auto& c) { c.on_roots({mcp::root("file:///a")}); }, "file:///a",
         "file:///a"},
        {"two rounds", "twice",
         [](auto& c) {
             c.on_elicit(
                 [](const mcp::elicit_request& asked) { return booking{asked.message, 1}; });
         },
         "Which day? And then?", "Which day? And then?"},
        {"a handler that throws", "book",
         [](auto& c) {
             c.on_elicit([]() -> mcp::elicit_answer { throw std::runtime_error("no screen"); });
         },
         "exception: no screen", "protocol_error -32603"},
    };
    for (const auto& each : table) {
        EXPECT_EQ(called(mcp::revision::v2026_07_28, each.tool, each.prepare), each.modern)
            << each.name;
        const std::string legacy = called(mcp::revision::v2025_11_25, each.tool, each.prepare);
        EXPECT_TRUE(legacy.starts_with(each.legacy)) << each.name << ": " << legacy;
    }
}

asio::awaitable<mcp::elicit_answer> hesitate(const mcp::elicit_request&) {
    co_await mcp::sleep_for(std::chrono::milliseconds(1200));
    const booking given{"Monday", 1};
    co_return given;
}

asio::awaitable<void> book_in_a_second(mcp::client& client, mcp::any_server& server,
                                       std::string& out) {
    co_await client.connect(server);
    mcp::call_options options;
    options.timeout = std::chrono::milliseconds(1000);
    const mcp::json_object none;
    out = co_await client.call<std::string>("book", none, options);
    co_await client.close();
}

TEST(client_questions, do_not_count_for_the_timeout_of_a_call) {
    mcp::server server{"desk", "1.0.0"};
    add_tools(server);
    asio::io_context io(1);
    mcp::client client({.revision = mcp::revision::v2025_11_25});
    client.on_elicit(hesitate);
    std::string out;
    asio::co_spawn(io, book_in_a_second(client, server, out), asio::detached);
    io.run();
    EXPECT_EQ(out, "Monday for 1");
}

TEST(client_questions, progress_and_log_arrive) {
    for (const auto revision : {mcp::revision::v2026_07_28, mcp::revision::v2025_06_18}) {
        mcp::server server{"desk", "1.0.0"};
        add_tools(server);
        asio::io_context io(1);
        mcp::client client({.revision = revision, .log_level = mcp::log_level::info});
        std::string seen;
        client.on_log([&](const mcp::log_message& message) { seen += message.data + ' '; });
        const auto work = [&]() -> asio::awaitable<void> {
            co_await client.connect(server);
            mcp::call_options options;
            options.on_progress = [&](const mcp::progress_update& now) {
                seen += now.message + ' ';
            };
            const mcp::json_object none;
            seen += co_await client.call<std::string>("ask_name", none, options);
        };
        std::exception_ptr failure;
        asio::co_spawn(io, work(), [&](std::exception_ptr e) {
            failure = e;
            client = mcp::client();
        });
        io.run();
        EXPECT_FALSE(failure);
        EXPECT_EQ(seen, "half \"careful\" done") << to_string(revision);
    }
}

asio::awaitable<void> hear(mcp::client& client, mcp::any_server& server, std::string& seen) {
    bool done = false;
    asio::steady_timer heard(co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max());
    client.on_list_changed([&](mcp::list_kind) {
        seen += "tools ";
        done = true;
        heard.cancel();
    });
    client.on_resource_updated([&](const std::string& uri) { seen += uri + ' '; });
    co_await client.connect(server);
    const bool supported = co_await client.subscribe("config://app");
    seen += supported ? "yes " : "no ";
    server.notify_resource_updated("config://app");
    server.tool<ask_name>("Progress and log");
    std::error_code woken;
    if (!done)
        co_await heard.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    co_await client.unsubscribe("config://app");
    co_await client.close();
}

TEST(client_questions, changes_arrive) {
    for (const auto revision : {mcp::revision::v2026_07_28, mcp::revision::v2025_06_18}) {
        mcp::server server{"desk", "1.0.0"};
        server.tool<pay>("Pay");
        server.resource<"config://app">("Settings", [] { return std::string("{}"); });
        asio::io_context io(1);
        mcp::client client({.revision = revision});
        std::string seen;
        std::exception_ptr failure;
        asio::co_spawn(io, hear(client, server, seen), [&](std::exception_ptr e) { failure = e; });
        io.run();
        EXPECT_FALSE(failure);
        EXPECT_EQ(seen, "yes config://app tools ") << to_string(revision);
    }
}

} // namespace client_questions_test
