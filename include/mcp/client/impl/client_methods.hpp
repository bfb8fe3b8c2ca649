// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/client.hpp>
#include <mcp/client/impl/client_cache.hpp>
#include <mcp/client/impl/client_core.hpp>
#include <mcp/client/impl/client_exchange.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/completion.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/pagination.hpp>

#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::detail {

inline std::string string_member(std::string_view name, std::string_view text) {
    std::string out = '"' + std::string(name) + "\":";
    json_writer w(out);
    w.value(text);
    return out;
}

/// Returns a result, or throws if it does not have the form that the protocol gives it.
template <class Read>
auto read_or_throw(Read read, const client_request& what) {
    if (!read)
        throw_misfit(what.method, what.name, read.error().what());
    return *std::move(read);
}

/// A handler that always returns the same roots.
struct fixed_roots {
    std::vector<root> roots;
    std::vector<root> operator()() const { return roots; }
};

/// Returns the arguments of a prompt, which are texts.
inline std::string as_texts(const call_arguments& arguments) {
    const json given = text_as_json(arguments.text(), "the arguments of", "a prompt");
    json_object texts;
    for (const auto& [name, value] : given.as_object())
        texts[name] = value.is_string() ? value : json(encode(value));
    return encode(texts);
}

/// Appends the elements of a page. Returns the cursor of the next one.
template <class Definition>
std::optional<std::string>
append_page(std::vector<Definition>& all, json_view page, const client_request& what,
            std::string_view member,
            result<Definition, decode_error> (*read_one)(json_view, std::string_view)) {
    auto read = read_or_throw(read_page<Definition>(page, member, read_one), what);
    std::move(read.items.begin(), read.items.end(), std::back_inserter(all));
    return std::move(read.next_cursor);
}

/// Returns the elements of all pages of a list. The cache keeps an array of the pages.
template <class Definition>
asio::awaitable<std::vector<Definition>>
all_pages(std::shared_ptr<client_core> core, std::string method, std::string_view member,
          result<Definition, decode_error> (*read_one)(json_view, std::string_view),
          call_options options) {
    std::vector<Definition> all;
    client_request what(method);
    if (const auto kept = core->cache.find(method, {}, options)) {
        for (const json_view page : kept->elements())
            append_page(all, page, what, member, read_one);
        co_return all;
    }
    cache_deposit deposit(core->cache, method, {}, options);
    std::set<std::string> seen;
    std::optional<std::string> cursor;
    do {
        if (cursor)
            what.members = string_member("cursor", *cursor);
        const client_response response = co_await core->request(what, options);
        cursor = append_page(all, response.result(), what, member, read_one);
        deposit.add(response.result());
        if (cursor && !seen.insert(*cursor).second)
            throw_misfit(method, "", "the server repeats a cursor");
        if (cursor && seen.size() >= core->options.pages)
            throw_misfit(method, "",
                         "the list has more than " + std::to_string(core->options.pages) +
                             " pages");
    } while (cursor);
    deposit.keep();
    co_return all;
}

/// Lists the tools, and learns what their calls need.
inline asio::awaitable<std::vector<tool_info>> list_tools(std::shared_ptr<client_core> core,
                                                          call_options options) {
    auto all = co_await all_pages<tool_info>(core, "tools/list", "tools", read_tool_definition,
                                             std::move(options));
    core->tools.take(all, core->mirrors_arguments(), core->reporter());
    co_return all;
}

/// Sets the headers of a call. Returns whether it has changed them.
inline bool mirror_arguments(client_core& core, client_request& what, std::string_view arguments) {
    std::vector<std::pair<std::string, std::string>> parameters;
    if (core.mirrors_arguments())
        if (const auto tool = core.tools.find(what.name))
            parameters = tool->parameters(arguments);
    const bool changed = parameters != what.parameters;
    what.parameters = std::move(parameters);
    return changed;
}

inline asio::awaitable<tool_result> call_tool(std::shared_ptr<client_core> core, std::string name,
                                              std::string arguments, call_options options) {
    std::string members = string_member("name", name);
    members.append(",\"arguments\":").append(arguments);
    client_request what("tools/call", std::move(members), std::move(name));
    mirror_arguments(*core, what, arguments);
    client_response response;
    std::exception_ptr mismatch;
    try {
        response = co_await core->request(what, options);
    } catch (const protocol_error& refusal) {
        if (refusal.error().code != errc::header_mismatch || !core->mirrors_arguments())
            throw;
        mismatch = std::current_exception();
    }
    if (mismatch) { // the tool has not been listed yet, or it has changed
        call_options listing;
        listing.cache = cache_use::refresh;
        co_await list_tools(core, listing);
        if (!mirror_arguments(*core, what, arguments))
            std::rethrow_exception(mismatch);
        response = co_await core->request(what, options);
    }
    tool_result result = read_or_throw(read_tool_result(response.result()), what);
    const auto tool = core->options.check_results ? core->tools.find(what.name) : nullptr;
    const std::string misfit = tool ? tool->misfit(result, core->reporter()) : std::string();
    if (!misfit.empty())
        throw core->broken("bad result of " + what.what() + ": " + misfit);
    co_return result;
}

inline asio::awaitable<resource_result> read_resource(std::shared_ptr<client_core> core,
                                                      client_request what, call_options options) {
    if (const auto kept = core->cache.find(what.method, what.name, options))
        co_return read_or_throw(read_resource_result(kept->first().result()), what);
    cache_deposit deposit(core->cache, what.method, what.name, options);
    const client_response response = co_await core->request(what, std::move(options));
    resource_result result = read_or_throw(read_resource_result(response.result()), what);
    if (!response.after_questions) { // else it depends on the answers
        deposit.add(response.result());
        deposit.keep();
    }
    co_return result;
}

inline asio::awaitable<prompt_result> get_prompt(std::shared_ptr<client_core> core,
                                                 client_request what, call_options options) {
    const client_response response = co_await core->request(what, std::move(options));
    co_return read_or_throw(read_prompt_result(response.result()), what);
}

inline asio::awaitable<completion_result> complete(std::shared_ptr<client_core> core,
                                                   client_request what) {
    const call_options given;
    const client_response response = co_await core->request(what, given);
    co_return read_or_throw(read_completion_result(response.result()), what);
}

inline asio::awaitable<json> request_json(std::shared_ptr<client_core> core, client_request what,
                                          call_options options) {
    const client_response response = co_await core->request(std::move(what), std::move(options));
    co_return response.result().to_json();
}

inline asio::awaitable<void> request_nothing(std::shared_ptr<client_core> core,
                                             client_request what) {
    const call_options given;
    co_await core->request(std::move(what), given);
}

} // namespace mcp::detail
