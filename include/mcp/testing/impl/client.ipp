// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/parse.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/testing/client.hpp>
#include <mcp/testing/impl/client_wire.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::testing {

namespace detail {

/// Returns arguments of a prompt, which are texts.
inline json_object as_texts(const json_object& arguments) {
    json_object texts;
    for (const auto& [name, value] : arguments)
        texts[name] = value.is_string() ? value : json(encode(value));
    return texts;
}

inline std::string sent(const resource_result& result) {
    std::string text;
    json_writer w(text);
    write(w, result, latest);
    return text;
}

} // namespace detail

MCP_DECL client::client(any_server& server, client_options options)
    : wire_(std::make_unique<detail::client_wire>(server, std::move(options))) {}

MCP_DECL client::~client() = default;

MCP_DECL json client::request(std::string_view method, const json_object& params) {
    return wire_->request(method, params);
}

MCP_DECL std::shared_ptr<detail::exchange> client::start_tool(std::string_view name,
                                                              const std::string& arguments) {
    json_object params;
    params["name"] = name;
    params["arguments"] = detail::client_wire::parse(arguments);
    return wire_->start("tools/call", std::move(params));
}

MCP_DECL resource_result client::read_resource(std::string_view uri) {
    json_object params;
    params["uri"] = uri;
    const json sent = wire_->request("resources/read", std::move(params));
    auto result = read_resource_result(sent);
    if (!result)
        detail::misfit("resources/read", uri, result.error().what(), encode(sent));
    return *std::move(result);
}

MCP_DECL prompt_result client::get_prompt(std::string_view name, const json_object& arguments) {
    json_object params;
    params["name"] = name;
    params["arguments"] = detail::as_texts(arguments);
    const json sent = wire_->request("prompts/get", std::move(params));
    auto result = read_prompt_result(sent);
    if (!result)
        detail::misfit("prompts/get", name, result.error().what(), encode(sent));
    return *std::move(result);
}

MCP_DECL completion_result client::complete(std::string_view reference, std::string_view argument,
                                            std::string_view typed, const json_object& known) {
    const bool of_resource = reference.find("://") != reference.npos;
    json_object target;
    target["type"] = of_resource ? "ref/resource" : "ref/prompt";
    target[of_resource ? "uri" : "name"] = reference;
    json_object asked;
    asked["name"] = argument;
    asked["value"] = typed;
    json_object params;
    params["ref"] = std::move(target);
    params["argument"] = std::move(asked);
    if (!known.empty()) {
        json_object context;
        context["arguments"] = detail::as_texts(known);
        params["context"] = std::move(context);
    }
    const json sent = wire_->request("completion/complete", std::move(params));
    auto result = read_completion_result(sent);
    if (!result)
        detail::misfit("completion/complete", reference, result.error().what(), encode(sent));
    return *std::move(result);
}

MCP_DECL std::vector<tool_definition> client::tools() {
    return wire_->all_pages<tool_definition>("tools/list", "tools", read_tool_definition);
}

MCP_DECL std::vector<resource_definition> client::resources() {
    return wire_->all_pages<resource_definition>("resources/list", "resources",
                                                 read_resource_definition);
}

MCP_DECL std::vector<resource_template_definition> client::resource_templates() {
    return wire_->all_pages<resource_template_definition>(
        "resources/templates/list", "resourceTemplates", read_resource_template_definition);
}

MCP_DECL std::vector<prompt_definition> client::prompts() {
    return wire_->all_pages<prompt_definition>("prompts/list", "prompts", read_prompt_definition);
}

MCP_DECL void client::on_roots(std::vector<root> roots) {
    wire_->answers.roots = std::move(roots);
}

MCP_DECL void client::set_elicit(std::vector<detail::elicit_answer> answers) {
    wire_->answers.elicit = std::move(answers);
    wire_->answers.elicited = 0;
}

MCP_DECL void client::set_sample(std::vector<detail::sample_answer> answers) {
    wire_->answers.sample = std::move(answers);
    wire_->answers.sampled = 0;
}

MCP_DECL void client::listen(const subscription_filter& filter) {
    wire_->listen(filter);
}

MCP_DECL notification client::next_notification(std::string_view method) {
    return wire_->next(method);
}

MCP_DECL const std::vector<notification>& client::notifications() const noexcept {
    return wire_->notifications;
}

MCP_DECL const std::vector<progress_update>& client::progress() const noexcept {
    return wire_->progress;
}

MCP_DECL const std::vector<log_message>& client::log() const noexcept {
    return wire_->log;
}

MCP_DECL void client::clear() {
    wire_->notifications.clear();
    wire_->progress.clear();
    wire_->log.clear();
}

MCP_DECL json client::returned_value(const tool_result& result) {
    const std::string text = result.text();
    auto of_text = parse_json(text);
    if (result.structured.empty())
        return of_text ? *std::move(of_text) : json(text);
    json value = detail::client_wire::parse(result.structured);
    const json_view wrapped = json_view(value).find("result");
    if (wrapped && value.get_object().size() == 1 && of_text && *of_text == wrapped.to_json())
        return *std::move(of_text);
    return value;
}

MCP_DECL std::string client::text_of(const resource_result& result, std::string_view uri) {
    const std::string* text = result.contents.size() == 1 ? result.contents[0].text() : nullptr;
    if (!text)
        detail::misfit("resources/read", uri, "the contents are no single text",
                       detail::sent(result));
    return *text;
}

MCP_DECL bytes client::blob_of(const resource_result& result, std::string_view uri) {
    const bytes* blob = result.contents.size() == 1 ? result.contents[0].blob() : nullptr;
    if (!blob)
        detail::misfit("resources/read", uri, "the contents are no single blob",
                       detail::sent(result));
    return *blob;
}

MCP_DECL json client::parsed(const std::string& text, std::string_view method,
                             std::string_view name) {
    auto value = parse_json(text);
    if (!value)
        detail::misfit(method, name, value.error().what(), text);
    return *std::move(value);
}

namespace detail {

MCP_DECL started_call::started_call(client_wire& wire, std::shared_ptr<exchange> what) noexcept
    : wire_(&wire)
    , what_(std::move(what)) {}

MCP_DECL started_call::~started_call() {
    if (what_)
        wire_->cancel(*what_);
}

MCP_DECL bool started_call::ready() {
    wire_->poll();
    return what_->done();
}

MCP_DECL void started_call::cancel() {
    wire_->cancel(*what_);
}

MCP_DECL progress_update started_call::next_progress() {
    return wire_->next_progress(*what_);
}

MCP_DECL const std::vector<progress_update>& started_call::progress() const noexcept {
    return what_->progress;
}

MCP_DECL tool_result started_call::wait() {
    const json sent = wire_->result_of(what_);
    auto result = read_tool_result(sent);
    if (!result)
        misfit("tools/call", tool(), result.error().what(), encode(sent));
    if (result->is_error)
        throw tool_error(*std::move(result));
    return *std::move(result);
}

MCP_DECL std::string started_call::tool() const {
    return std::string(json_view(what_->params.at("name")).get_string());
}

MCP_DECL void misfit(std::string_view method, std::string_view name, const std::string& why,
                     const std::string& text) {
    throw client_failure(std::string(method) + ' ' + std::string(name) + ": " + why + ": " + text);
}

MCP_DECL client_capabilities every_capability() {
    client_capabilities all;
    all.roots = all.sampling = all.sampling_tools = all.sampling_context = true;
    all.elicitation_form = all.elicitation_url = true;
    return all;
}

MCP_DECL std::string text_of(const prompt_result& prompt) {
    tool_result all;
    for (const prompt_message& each : prompt.messages)
        all.content.push_back(each.content);
    return all.text();
}

MCP_DECL sampling_result said(std::string words) {
    sampling_result result;
    result.content.emplace_back(std::move(words));
    result.model = "test";
    result.stop_reason = "endTurn";
    return result;
}

} // namespace detail

} // namespace mcp::testing
