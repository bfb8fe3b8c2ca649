#pragma once

// A client that does what standard input says. Each line is a JSON object whose `do` names a step;
// each is answered with one line, {"result": …} or {"failed": …}. What the server sends of its own
// accord is printed as it comes, as {"event": …}. tests/interop/servers.mjs writes the lines.
//
//     everything_client --drive [--revision REVISION] URL
//     everything_client --drive [--revision REVISION] PROGRAM ARGUMENTS...

#include <mcp/client.hpp>
#include <mcp/client/child_process.hpp>
#include <mcp/json/parse.hpp>

#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/buffer.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/read_until.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace interop {

inline void print(const mcp::json_object& line) {
    std::puts(mcp::encode(line).c_str());
    std::fflush(stdout);
}

inline void print_event(const char* kind, mcp::json value) {
    mcp::json_object event;
    event[kind] = std::move(value);
    mcp::json_object line;
    line["event"] = std::move(event);
    print(line);
}

inline std::string text_of(const mcp::json& step, const char* member) {
    return std::string(step.at(member).as_string());
}

inline mcp::json_object object_of(const mcp::json& step, const char* member) {
    const mcp::json* found = step.as_object().if_contains(member);
    return found ? found->as_object() : mcp::json_object();
}

/// The names of the entries of a list.
template <class List>
mcp::json names_of(const List& list, std::string List::value_type::* name) {
    mcp::json_array names;
    for (const auto& each : list)
        names.emplace_back(each.*name);
    return names;
}

/// The answers for what the client may be asked; the step `answer` sets that of forms.
struct answers {
    mcp::elicit_answer form = mcp::elicit_action::decline;
};

inline void answer_questions(mcp::client& client, const answers& given) {
    client.on_elicit([&given](const mcp::elicit_request& asked) {
        print_event("asked", mcp::json(asked.message));
        return given.form;
    });
    client.on_elicit_url([](const mcp::url_elicitation& asked) {
        print_event("asked", mcp::json(asked.url));
        return mcp::elicit_action::accept;
    });
    client.on_sample([](const mcp::sampling_request& asked) {
        print_event("sampled", mcp::json(asked.messages.size()));
        return "Bonjour";
    });
    client.on_roots({mcp::root("file:///home/parrot")});
    client.on_log(
        [](const mcp::log_message& said) { print_event("log", *mcp::parse_json(said.data)); });
    client.on_list_changed(
        [](mcp::list_kind kind) { print_event("changed", mcp::json(static_cast<int>(kind))); });
    client.on_resource_updated(
        [](const std::string& uri) { print_event("updated", mcp::json(uri)); });
    client.on_fault([](const std::string& why) { print_event("fault", mcp::json(why)); });
}

/// Calls a tool, and prints its progress. With `until`, the call is cancelled at that much of it.
inline asio::awaitable<mcp::json> call(mcp::client& client, const mcp::json& step) {
    mcp::call_options options;
    if (step.as_object().contains("progress"))
        options.on_progress = [](const mcp::progress_update& now) {
            print_event("progress", mcp::json(now.progress));
        };
    const mcp::tool_result got =
        co_await client.call(text_of(step, "name"), object_of(step, "arguments"), options);
    mcp::json_object shown;
    shown["text"] = got.text();
    shown["blocks"] = got.content.size();
    if (!got.structured.empty())
        shown["structured"] = *mcp::parse_json(got.structured);
    if (got.is_error)
        shown["isError"] = true;
    co_return shown;
}

/// Calls a tool, and cancels the call at its first progress. Returns whether it has ended so.
inline asio::awaitable<mcp::json> cancel(mcp::client& client, const mcp::json& step) {
    asio::cancellation_signal stop;
    mcp::call_options options;
    options.on_progress = [&stop](const mcp::progress_update&) {
        stop.emit(asio::cancellation_type::terminal);
    };
    const auto executor = co_await asio::this_coro::executor;
    auto later =
        client.call<mcp::tool_result>(text_of(step, "name"), object_of(step, "arguments"), options);
    try {
        co_await asio::co_spawn(executor, std::move(later),
                                asio::bind_cancellation_slot(stop.slot(), asio::use_awaitable));
    } catch (const std::system_error& why) {
        co_return why.code() == asio::error::operation_aborted;
    }
    co_return false;
}

inline asio::awaitable<mcp::json> complete(mcp::client& client, const mcp::json& step) {
    const mcp::completion_result found = co_await client.complete(
        text_of(step, "of"), text_of(step, "argument"), text_of(step, "typed"));
    mcp::json_array values;
    for (const std::string& each : found.values)
        values.emplace_back(each);
    co_return values;
}

inline mcp::json facts_of(const mcp::client& client) {
    const mcp::server_facts& facts = client.server();
    mcp::json_object shown;
    shown["revision"] = to_string(facts.revision);
    shown["name"] = facts.info.name;
    shown["instructions"] = facts.instructions;
    return shown;
}

inline asio::awaitable<mcp::json> run(mcp::client& client, answers& given, const mcp::json& step) {
    const std::string what = text_of(step, "do");
    if (what == "facts") {
        co_return facts_of(client);
    } else if (what == "answer") {
        given.form = object_of(step, "values");
        co_return nullptr;
    } else if (what == "tools") {
        const auto list = co_await client.tools();
        co_return names_of(list, &mcp::tool_info::name);
    } else if (what == "resources") {
        const auto list = co_await client.resources();
        co_return names_of(list, &mcp::resource_info::uri);
    } else if (what == "templates") {
        const auto list = co_await client.resource_templates();
        co_return names_of(list, &mcp::resource_template_info::uri_template);
    } else if (what == "prompts") {
        const auto list = co_await client.prompts();
        co_return names_of(list, &mcp::prompt_info::name);
    } else if (what == "call") {
        co_return co_await call(client, step);
    } else if (what == "cancel") {
        co_return co_await cancel(client, step);
    } else if (what == "complete") {
        co_return co_await complete(client, step);
    } else if (what == "read") {
        const std::string text = co_await client.read<std::string>(text_of(step, "uri"));
        co_return mcp::json(text);
    } else if (what == "prompt") {
        const std::string text = co_await client.prompt<std::string>(text_of(step, "name"),
                                                                     object_of(step, "arguments"));
        co_return mcp::json(text);
    } else if (what == "ping") {
        co_await client.ping();
        co_return nullptr;
    } else if (what == "level") {
        co_await client.set_level(mcp::log_level::info);
        co_return nullptr;
    }
    throw std::invalid_argument("there is no step " + what);
}

/// Returns {"failed": [kind, code or status, text]}.
inline mcp::json_object failure_of(std::exception_ptr failure) {
    mcp::json_object line;
    try {
        std::rethrow_exception(failure);
    } catch (const mcp::protocol_error& why) {
        line["failed"] = mcp::json_array{"protocol", why.error().code, why.what()};
    } catch (const mcp::transport_error& why) {
        line["failed"] = mcp::json_array{"transport", why.status(), why.what()};
    } catch (const std::exception& why) {
        line["failed"] = mcp::json_array{"other", 0, why.what()};
    }
    return line;
}

inline asio::awaitable<void> step(mcp::client& client, answers& given, std::string text) {
    mcp::json_object line;
    std::exception_ptr failure;
    try {
        const mcp::json wanted = *mcp::parse_json(text);
        line["result"] = co_await run(client, given, wanted);
    } catch (...) {
        failure = std::current_exception();
    }
    print(failure ? failure_of(failure) : line);
}

/// Returns a transport to a URL or, without a scheme, to a process.
inline std::unique_ptr<mcp::client_transport> transport_to(const std::vector<std::string>& target) {
    if (target.front().find("://") != std::string::npos)
        return std::make_unique<mcp::http_transport>(target.front());
    mcp::child_process server(target.front(), {target.begin() + 1, target.end()});
    server.errors = mcp::child_errors::discard;
    return std::make_unique<mcp::child_transport>(std::move(server));
}

/// Plays all lines of standard input, then ends the connection.
inline asio::awaitable<void> drive(std::vector<std::string> target) {
    mcp::client_options options{.name = "driver", .version = "1.0.0"};
    if (target.at(0) == "--revision") {
        options.revision = mcp::parse_revision(target.at(1));
        target.erase(target.begin(), target.begin() + 2);
    }
    answers given;
    mcp::client client(options);
    answer_questions(client, given);
    co_await client.connect(transport_to(target));

    asio::posix::stream_descriptor input(co_await asio::this_coro::executor, ::dup(STDIN_FILENO));
    std::string lines;
    for (;;) {
        std::error_code ended;
        const std::size_t size =
            co_await asio::async_read_until(input, asio::dynamic_buffer(lines), '\n',
                                            asio::redirect_error(asio::use_awaitable, ended));
        if (ended)
            break;
        std::string line = lines.substr(0, size);
        lines.erase(0, size);
        co_await step(client, given, std::move(line));
    }
    co_await client.close();
}

} // namespace interop
