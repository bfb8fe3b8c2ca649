// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/client.hpp>
#include <mcp/client/http_transport.hpp>
#include <mcp/client/impl/client_answers.hpp>
#include <mcp/client/impl/client_core.hpp>
#include <mcp/client/impl/client_exchange.hpp>
#include <mcp/client/impl/client_messages.hpp>
#include <mcp/client/impl/client_negotiation.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/completion.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/protocol/pagination.hpp>

#include <exception>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

namespace detail {

MCP_DECL void throw_misfit(std::string_view method, std::string_view name, const std::string& why) {
    throw transport_error(transport_failure::bad_message,
                          "the result of " + std::string(method) + ' ' + std::string(name) +
                              " does not have the expected type: " + why);
}

MCP_DECL json text_as_json(const std::string& text, std::string_view method,
                           std::string_view name) {
    auto value = parse_json(text);
    if (!value)
        throw_misfit(method, name, value.error().what());
    return *std::move(value);
}

// A legacy server puts a value that is no object into an object, or sends only its text.
MCP_DECL json returned_value(const tool_result& result) {
    const std::string text = result.text();
    auto of_text = parse_json(text);
    if (result.structured.empty())
        return of_text ? *std::move(of_text) : json(text);
    json value = text_as_json(result.structured, "tools/call", "");
    const json_view wrapped = json_view(value).find("result");
    if (wrapped && value.get_object().size() == 1 && of_text && *of_text == wrapped.to_json())
        return *std::move(of_text);
    return value;
}

MCP_DECL std::string text_of(const prompt_result& prompt) {
    tool_result all;
    for (const prompt_message& each : prompt.messages)
        all.content.push_back(each.content);
    return all.text();
}

MCP_DECL std::string text_of(const resource_result& result, std::string_view uri) {
    const std::string* text = result.contents.size() == 1 ? result.contents[0].text() : nullptr;
    if (!text)
        throw_misfit("resources/read", uri, "the contents are no single text");
    return *text;
}

MCP_DECL bytes blob_of(const resource_result& result, std::string_view uri) {
    const bytes* blob = result.contents.size() == 1 ? result.contents[0].blob() : nullptr;
    if (!blob)
        throw_misfit("resources/read", uri, "the contents are no single blob");
    return *blob;
}

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

/// Returns the elements of all pages of a list.
template <class Definition>
asio::awaitable<std::vector<Definition>>
all_pages(std::shared_ptr<client_core> core, std::string method, std::string_view member,
          result<Definition, decode_error> (*read_one)(json_view, std::string_view)) {
    std::vector<Definition> all;
    std::set<std::string> seen;
    std::optional<std::string> cursor;
    do {
        client_request what(method, cursor ? string_member("cursor", *cursor) : std::string());
        const call_options given;
        const client_response response = co_await core->request(what, given);
        auto page = read_or_throw(read_page<Definition>(response.result(), member, read_one), what);
        std::move(page.items.begin(), page.items.end(), std::back_inserter(all));
        cursor = std::move(page.next_cursor);
        if (cursor && !seen.insert(*cursor).second)
            throw_misfit(method, "", "the server repeats a cursor");
        if (cursor && seen.size() >= core->options.pages)
            throw_misfit(method, "",
                         "the list has more than " + std::to_string(core->options.pages) +
                             " pages");
    } while (cursor);
    co_return all;
}

/// Lists the tools, and learns what their calls need.
inline asio::awaitable<std::vector<tool_info>> list_tools(std::shared_ptr<client_core> core) {
    auto all = co_await all_pages<tool_info>(core, "tools/list", "tools", read_tool_definition);
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
        co_await list_tools(core);
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
    const client_response response = co_await core->request(what, std::move(options));
    co_return read_or_throw(read_resource_result(response.result()), what);
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

} // namespace detail

MCP_DECL client::client(client_options options)
    : core_(std::make_shared<detail::client_core>(std::move(options))) {}
MCP_DECL client::client(client&&) noexcept = default;
MCP_DECL client& client::operator=(client&& other) noexcept {
    if (core_ && core_ != other.core_)
        core_->stop();
    core_ = std::move(other.core_);
    return *this;
}
MCP_DECL client::~client() {
    if (core_)
        core_->stop();
}

MCP_DECL asio::awaitable<void> client::connect(std::unique_ptr<client_transport> transport) {
    return core_->connect(std::move(transport));
}

MCP_DECL asio::awaitable<void> client::connect(std::string url) {
    return connect(std::make_unique<http_transport>(std::move(url)));
}

MCP_DECL asio::awaitable<void> client::connect(std::string url, http_options options) {
    return connect(std::make_unique<http_transport>(std::move(url), std::move(options)));
}

MCP_DECL asio::awaitable<void> client::close() {
    return core_->close();
}

MCP_DECL bool client::connected() const noexcept {
    return core_->connected();
}

MCP_DECL const server_facts& client::server() const noexcept {
    return core_->facts;
}

MCP_DECL asio::awaitable<tool_result> client::call_tool(std::string name, std::string arguments,
                                                        call_options options) {
    return detail::call_tool(core_, std::move(name), std::move(arguments), std::move(options));
}

MCP_DECL asio::awaitable<resource_result> client::read_resource(std::string uri,
                                                                call_options options) {
    std::string members = detail::string_member("uri", uri);
    return detail::read_resource(
        core_, detail::client_request("resources/read", std::move(members), std::move(uri)),
        std::move(options));
}

MCP_DECL asio::awaitable<prompt_result>
client::get_prompt(std::string name, const call_arguments& arguments, call_options options) {
    std::string members = detail::string_member("name", name);
    if (arguments.text() != "{}")
        members.append(",\"arguments\":").append(detail::as_texts(arguments));
    return detail::get_prompt(
        core_, detail::client_request("prompts/get", std::move(members), std::move(name)),
        std::move(options));
}

MCP_DECL asio::awaitable<completion_result> client::complete(std::string reference,
                                                             std::string argument,
                                                             std::string typed,
                                                             const call_arguments& known) {
    const bool of_resource = reference.find("://") != reference.npos;
    std::string members =
        of_resource ? R"("ref":{"type":"ref/resource",)" : R"("ref":{"type":"ref/prompt",)";
    members.append(detail::string_member(of_resource ? "uri" : "name", reference))
        .append(R"(},"argument":{)")
        .append(detail::string_member("name", argument))
        .append(",")
        .append(detail::string_member("value", typed))
        .append("}");
    if (known.text() != "{}")
        members.append(R"(,"context":{"arguments":)").append(detail::as_texts(known)).append("}");
    return detail::complete(core_,
                            detail::client_request("completion/complete", std::move(members)));
}

MCP_DECL asio::awaitable<std::vector<tool_info>> client::tools() {
    return detail::list_tools(core_);
}

MCP_DECL asio::awaitable<std::vector<resource_info>> client::resources() {
    return detail::all_pages<resource_info>(core_, "resources/list", "resources",
                                            read_resource_definition);
}

MCP_DECL asio::awaitable<std::vector<resource_template_info>> client::resource_templates() {
    return detail::all_pages<resource_template_info>(
        core_, "resources/templates/list", "resourceTemplates", read_resource_template_definition);
}

MCP_DECL asio::awaitable<std::vector<prompt_info>> client::prompts() {
    return detail::all_pages<prompt_info>(core_, "prompts/list", "prompts", read_prompt_definition);
}

MCP_DECL asio::awaitable<void> client::ping() {
    return detail::request_nothing(
        core_,
        detail::client_request(is_modern(core_->facts.revision) ? "server/discover" : "ping"));
}

MCP_DECL asio::awaitable<void> client::set_level(log_level level) {
    core_->options.log_level = level;
    if (is_modern(core_->facts.revision))
        return detail::ready_nothing();
    return detail::request_nothing(
        core_, detail::client_request("logging/setLevel",
                                      detail::string_member("level", to_string(level))));
}

MCP_DECL asio::awaitable<json> client::request(std::string method, json_object params,
                                               call_options options) {
    if (const json* meta = params.if_contains("_meta"); meta && meta->is_object())
        for (const auto& [name, value] : meta->get_object())
            options.meta[name] = value;
    params.erase("_meta");
    const std::string text = encode(params);
    const auto name = mcp_name(method, params);
    detail::client_request what(method, text.substr(1, text.size() - 2),
                                std::string(name.value_or(std::string_view())));
    return detail::request_json(core_, std::move(what), std::move(options));
}

MCP_DECL asio::awaitable<void> client::notify(std::string method, const json_object& params) {
    std::string message;
    jsonrpc::write_notification(message, method, params.empty() ? std::string() : encode(params));
    return core_->notify(std::move(message));
}

MCP_DECL void client::on_roots(std::vector<root> roots) {
    on_roots(detail::fixed_roots{std::move(roots)});
    core_->told_of_roots();
}

MCP_DECL void client::on_log(std::function<void(const log_message&)> f) {
    core_->on_log = std::move(f);
}

MCP_DECL void client::on_list_changed(std::function<void(list_kind)> f) {
    core_->on_list_changed = std::move(f);
}

MCP_DECL void client::on_resource_updated(std::function<void(const std::string&)> f) {
    core_->on_resource_updated = std::move(f);
}

MCP_DECL void client::on_notification(std::function<void(const std::string&, const json&)> f) {
    core_->on_notification = std::move(f);
}

MCP_DECL void client::on_fault(std::function<void(const std::string&)> f) {
    core_->on_fault = std::move(f);
}

MCP_DECL detail::client_questions& client::questions() {
    return core_->questions;
}

MCP_DECL detail::pool_source client::pool() {
    return core_->pool();
}

} // namespace mcp
