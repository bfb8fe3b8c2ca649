// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/child_process.hpp>
#include <mcp/client/client.hpp>
#include <mcp/client/http_transport.hpp>
#include <mcp/client/impl/client_answers.hpp>
#include <mcp/client/impl/client_core.hpp>
#include <mcp/client/impl/client_exchange.hpp>
#include <mcp/client/impl/client_listening.hpp>
#include <mcp/client/impl/client_messages.hpp>
#include <mcp/client/impl/client_methods.hpp>
#include <mcp/client/impl/client_negotiation.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/protocol/headers.hpp>

#include <memory>
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
    json value;
    if (!result.structured.empty()) {
        value = text_as_json(result.structured, "tools/call", "");
        if (!value.is_object() || value.get_object().size() != 1 ||
            !value.get_object().contains("result"))
            return value;
    }
    const std::string text = result.text();
    auto of_text = parse_json(text);
    if (result.structured.empty())
        return of_text ? *std::move(of_text) : json(text);
    const json& wrapped = value.get_object().at("result");
    return of_text && *of_text == wrapped ? wrapped : value;
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

/// Keeps the state of a client while a member of it runs, which may begin when the client is gone.
template <class T>
asio::awaitable<T> keeping([[maybe_unused]] std::shared_ptr<client_core> core,
                           asio::awaitable<T> work) {
    co_return co_await std::move(work);
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
    return detail::keeping(core_, core_->connect(std::move(transport)));
}

MCP_DECL asio::awaitable<void> client::connect(std::string url) {
    return connect(std::make_unique<http_transport>(std::move(url)));
}

MCP_DECL asio::awaitable<void> client::connect(std::string url, http_options options) {
    return connect(std::make_unique<http_transport>(std::move(url), std::move(options)));
}

MCP_DECL asio::awaitable<void> client::connect(child_process process) {
    return connect(std::make_unique<child_transport>(std::move(process)));
}

MCP_DECL asio::awaitable<void> client::close() {
    return detail::keeping(core_, core_->close());
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

MCP_DECL asio::awaitable<std::vector<tool_info>> client::tools(call_options options) {
    return detail::list_tools(core_, std::move(options));
}

MCP_DECL asio::awaitable<std::vector<resource_info>> client::resources(call_options options) {
    return detail::all_pages<resource_info>(core_, "resources/list", "resources",
                                            read_resource_definition, std::move(options));
}

MCP_DECL asio::awaitable<std::vector<resource_template_info>>
client::resource_templates(call_options options) {
    return detail::all_pages<resource_template_info>(
        core_, "resources/templates/list", "resourceTemplates", read_resource_template_definition,
        std::move(options));
}

MCP_DECL asio::awaitable<std::vector<prompt_info>> client::prompts(call_options options) {
    return detail::all_pages<prompt_info>(core_, "prompts/list", "prompts", read_prompt_definition,
                                          std::move(options));
}

MCP_DECL asio::awaitable<subscription> client::listen(subscription_filter filter) {
    return detail::keeping(core_, core_->listen(std::move(filter)));
}

MCP_DECL asio::awaitable<bool> client::subscribe(std::string uri) {
    return detail::keeping(core_, core_->subscribe(std::move(uri)));
}

MCP_DECL asio::awaitable<void> client::unsubscribe(std::string uri) {
    return detail::keeping(core_, core_->unsubscribe(std::move(uri)));
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
    return detail::keeping(core_, core_->notify(std::move(message)));
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
