// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/writer.hpp>

#include "mcp/arguments.hpp"
#include "mcp/ask.hpp"
#include "mcp/command_line.hpp"
#include "mcp/terminal.hpp"

#include <asio/awaitable.hpp>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace mcp_app {

/// Returns a word of the command line. Throws `usage_error` if it is missing.
inline const std::string& word(const command_line& given, std::size_t at, const char* name) {
    if (given.words.size() <= at)
        throw usage_error(given.command + " wants " + name);
    return given.words[at];
}

/// Writes a result as the server sent it, in the newest form.
template <class Result>
std::string as_json(const Result& result) {
    std::string out;
    mcp::json_writer w(out);
    write(w, result, mcp::latest);
    return out;
}

inline void print_line(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    if (!text.ends_with('\n'))
        std::fputc('\n', stdout);
}

/// Prints a text of the server; on a terminal without control characters.
inline void print_text(const std::string& text) {
    print_line(is_terminal(STDOUT_FILENO) ? printable(text, true) : text);
}

inline std::string size_of(const mcp::bytes& data) {
    return std::to_string(data.size()) + " bytes";
}

inline void print_contents(const mcp::resource_contents& contents) {
    if (const std::string* text = contents.text())
        return print_text(*text);
    const mcp::bytes& data = *contents.blob();
    if (is_terminal(STDOUT_FILENO))
        return print_text("[" + contents.mime_type + ", " + size_of(data) + "]");
    std::fwrite(data.data(), 1, data.size(), stdout);
}

inline void print_content(const mcp::content& block) {
    if (const std::string* text = block.if_text())
        print_text(*text);
    else if (const auto* picture = std::get_if<mcp::image>(&block.value))
        print_text("[" + picture->mime_type + ", " + size_of(picture->data) + "]");
    else if (const auto* sound = std::get_if<mcp::audio>(&block.value))
        print_text("[" + sound->mime_type + ", " + size_of(sound->data) + "]");
    else if (const auto* link = std::get_if<mcp::resource_link>(&block.value))
        print_text("[" + link->uri + "]");
    else if (const auto* inner = std::get_if<mcp::embedded_resource>(&block.value))
        print_contents(inner->resource);
}

/// Writes a tool and its arguments, the optional ones in brackets.
inline std::string usage_of(const mcp::tool_info& tool) {
    std::string out = tool.name;
    const auto schema = mcp::parse_json(tool.input_schema);
    if (!schema)
        return out;
    const mcp::json_view root(*schema);
    for (const auto& [name, value] : root.find("properties").members())
        out += detail::is_required(root, name) ? " " + std::string(name)
                                               : " [" + std::string(name) + "]";
    return out;
}

inline std::string usage_of(const mcp::prompt_info& prompt) {
    std::string out = prompt.name;
    for (const mcp::prompt_argument& each : prompt.arguments)
        out += each.required ? " " + each.name : " [" + each.name + "]";
    return out;
}

inline std::string usage_of(const mcp::resource_info& resource) {
    return resource.uri;
}

inline std::string usage_of(const mcp::resource_template_info& form) {
    return form.uri_template;
}

template <class Info>
void print_list(const char* heading, const std::vector<Info>& all) {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const Info& each : all)
        rows.emplace_back(usage_of(each), !each.description.empty() ? each.description
                                          : !each.title.empty()     ? each.title
                                                                    : std::string());
    print_table(heading, std::move(rows));
}

template <class Info>
void add_json(std::string& out, const char* member, const std::vector<Info>& all) {
    out.append(out.empty() ? "{\"" : ",\"").append(member).append("\":[");
    for (std::size_t i = 0; i < all.size(); ++i)
        out.append(i == 0 ? "" : ",").append(as_json(all[i]));
    out += ']';
}

inline asio::awaitable<int> list(mcp::client& client, const command_line& given) {
    const std::string what = given.words.empty() ? std::string() : given.words[0];
    if (!what.empty() && what != "tools" && what != "resources" && what != "templates" &&
        what != "prompts")
        throw usage_error(what + ": list takes tools, resources, templates or prompts");
    const mcp::server_capabilities has = client.server().capabilities;
    std::string json;
    const auto show = [&](const char* heading, const char* member, const auto& all) {
        if (given.json)
            add_json(json, member, all);
        else
            print_list(heading, all);
    };
    if (what == "tools" || (what.empty() && has.tools)) {
        const auto all = co_await client.tools();
        show("Tools", "tools", all);
    }
    if (what == "resources" || (what.empty() && has.resources)) {
        const auto all = co_await client.resources();
        show("Resources", "resources", all);
    }
    if (what == "templates" || (what.empty() && has.resources)) {
        const auto all = co_await client.resource_templates();
        show("Resource templates", "resourceTemplates", all);
    }
    if (what == "prompts" || (what.empty() && has.prompts)) {
        const auto all = co_await client.prompts();
        show("Prompts", "prompts", all);
    }
    if (given.json)
        print_line(json.empty() ? "{}" : json + "}");
    co_return 0;
}

/// Reads the arguments of a tool, whose schema it asks the server for if that matters.
inline asio::awaitable<mcp::json_object> tool_arguments(mcp::client& client,
                                                        const command_line& given) {
    mcp::json_object values;
    if (given.arguments) {
        auto parsed = mcp::parse_json(*given.arguments);
        if (!parsed || !parsed->is_object())
            throw usage_error("--args wants a JSON object");
        values = std::move(parsed->get_object());
    }
    if (given.words.size() < 2)
        co_return values;
    mcp::json schema;
    const auto tools = co_await client.tools();
    for (const mcp::tool_info& each : tools)
        if (each.name == given.words[0])
            if (auto parsed = mcp::parse_json(each.input_schema))
                schema = *std::move(parsed);
    co_return typed_arguments(given.words, 1, schema, std::move(values));
}

inline asio::awaitable<int> call(mcp::client& client, const command_line& given) {
    const std::string tool = word(given, 0, "TOOL");
    const mcp::json_object arguments = co_await tool_arguments(client, given);
    const auto bar = std::make_shared<progress_line>();
    mcp::call_options options;
    options.progress_extends_timeout = true;
    options.on_progress = [bar](const mcp::progress_update& now) { bar->show(now); };
    const mcp::call_arguments sent(arguments);
    const mcp::tool_result result = co_await client.call(tool, sent, options);
    bar->clear();
    if (given.json) {
        print_line(as_json(result));
    } else {
        for (const mcp::content& each : result.content)
            print_content(each);
        if (result.content.empty() && !result.structured.empty())
            print_text(result.structured);
    }
    co_return result.is_error ? 1 : 0;
}

inline asio::awaitable<int> read(mcp::client& client, const command_line& given) {
    const std::string uri = word(given, 0, "URI");
    const mcp::resource_result result = co_await client.read(uri);
    if (given.json)
        print_line(as_json(result));
    else
        for (const mcp::resource_contents& each : result.contents)
            print_contents(each);
    co_return 0;
}

inline asio::awaitable<int> prompt(mcp::client& client, const command_line& given) {
    const std::string name = word(given, 0, "NAME");
    mcp::json_object values;
    for (const auto& [key, value] : typed_arguments(given.words, 1, {}))
        values[key] = detail::plain(value);
    const mcp::call_arguments sent(values);
    const mcp::prompt_result result = co_await client.prompt(name, sent);
    if (given.json) {
        print_line(as_json(result));
        co_return 0;
    }
    for (const mcp::prompt_message& each : result.messages) {
        print_line(each.role == mcp::role::user ? "user:" : "assistant:");
        print_content(each.content);
    }
    co_return 0;
}

inline asio::awaitable<int> complete(mcp::client& client, const command_line& given) {
    const std::string reference = word(given, 0, "PROMPT-OR-TEMPLATE");
    const std::string argument = word(given, 1, "ARGUMENT");
    const std::string typed = given.words.size() > 2 ? given.words[2] : std::string();
    const mcp::completion_result result = co_await client.complete(reference, argument, typed);
    if (given.json) {
        print_line(as_json(result));
        co_return 0;
    }
    for (const std::string& each : result.values)
        print_text(each);
    co_return 0;
}

inline asio::awaitable<int> info(mcp::client& client, const command_line& given) {
    const mcp::server_facts& facts = client.server();
    std::string offers;
    const std::pair<const char*, bool> all[] = {{"tools", facts.capabilities.tools},
                                                {"resources", facts.capabilities.resources},
                                                {"prompts", facts.capabilities.prompts},
                                                {"completions", facts.capabilities.completions},
                                                {"logging", facts.capabilities.logging}};
    mcp::json_array names;
    for (const auto& [name, has] : all) {
        if (!has)
            continue;
        offers.append(offers.empty() ? "" : ", ").append(name);
        names.emplace_back(name);
    }
    const std::string revision(to_string(facts.revision));
    if (given.json) {
        const mcp::json_object out{{"name", facts.info.name},
                                   {"version", facts.info.version},
                                   {"title", facts.info.title},
                                   {"revision", revision},
                                   {"offers", names},
                                   {"instructions", facts.instructions}};
        print_line(mcp::encode(out));
        co_return 0;
    }
    print_text(facts.info.name + ' ' + facts.info.version);
    print_text("revision: " + revision);
    print_text("offers: " + offers);
    if (!facts.instructions.empty())
        print_text("\n" + facts.instructions);
    co_return 0;
}

inline asio::awaitable<int> ping(mcp::client& client, const command_line& given) {
    co_await client.ping();
    print_line(given.json ? "{}" : "The server is there.");
    co_return 0;
}

/// Prints what changes on the server until it ends the stream, or the user presses Ctrl-C.
inline asio::awaitable<int> listen(mcp::client& client, const command_line& given) {
    const mcp::server_facts& facts = client.server();
    mcp::call_options endless;
    endless.timeout = std::chrono::milliseconds(0);
    std::fprintf(stderr, "Listening; Ctrl-C ends it.\n");
    if (mcp::is_modern(facts.revision)) {
        mcp::json_object filter{{"toolsListChanged", true},
                                {"promptsListChanged", true},
                                {"resourcesListChanged", true}};
        mcp::json_array uris;
        for (const std::string& each : given.words)
            uris.emplace_back(each);
        if (!uris.empty())
            filter["resourceSubscriptions"] = uris;
        const mcp::json_object params{{"notifications", filter}};
        co_await client.request("subscriptions/listen", params, endless);
        co_return 0;
    }
    for (const std::string& each : given.words) {
        const mcp::json_object params{{"uri", each}};
        co_await client.request("resources/subscribe", params);
    }
    asio::steady_timer never(co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max());
    co_await never.async_wait(asio::use_awaitable);
    co_return 0;
}

/// Prints a change as one line.
inline void print_change(const command_line& given, const std::string& what,
                         const std::string& uri = {}) {
    if (given.json) {
        mcp::json_object line{{"changed", what}};
        if (!uri.empty())
            line["uri"] = uri;
        print_line(mcp::encode(line));
    } else {
        print_text("changed: " + (uri.empty() ? what : uri));
    }
    std::fflush(stdout);
}

inline const char* name_of(mcp::list_kind kind) {
    return kind == mcp::list_kind::tools       ? "tools"
           : kind == mcp::list_kind::resources ? "resources"
                                               : "prompts";
}

/// Sets the handlers of a client. `given` outlives it.
inline void set_handlers(mcp::client& client, const command_line& given) {
    if (is_terminal(STDIN_FILENO) && is_terminal(STDERR_FILENO)) {
        client.on_elicit([](const mcp::elicit_request& asked) { return ask_form(asked); });
        client.on_elicit_url([](const mcp::url_elicitation& asked) { return ask_url(asked); });
    } else {
        client.on_elicit([] { return mcp::elicit_action::decline; });
    }
    if (given.command == "listen") {
        client.on_list_changed(
            [&given](mcp::list_kind kind) { print_change(given, name_of(kind)); });
        client.on_resource_updated(
            [&given](const std::string& uri) { print_change(given, "resource", uri); });
    }
    if (!given.verbose)
        return;
    client.on_log([](const mcp::log_message& message) {
        std::fprintf(stderr, "%s: %s\n", std::string(to_string(message.level)).c_str(),
                     printable(message.data).c_str());
    });
    client.on_fault([](const std::string& fault) {
        std::fprintf(stderr, "fault: %s\n", printable(fault).c_str());
    });
}

inline asio::awaitable<int> run_command(mcp::client& client, const command_line& given) {
    return given.command == "list"       ? list(client, given)
           : given.command == "call"     ? call(client, given)
           : given.command == "read"     ? read(client, given)
           : given.command == "prompt"   ? prompt(client, given)
           : given.command == "complete" ? complete(client, given)
           : given.command == "listen"   ? listen(client, given)
           : given.command == "ping"     ? ping(client, given)
                                         : info(client, given);
}

} // namespace mcp_app
