// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/limits.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/schema/absent_nulls.hpp>
#include <mcp/schema/validate.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/raw_tool.hpp>

#include <optional>

namespace mcp {

/// The schemas of a raw tool, ready for use.
struct detail::raw_tool_entry::schemas {
    schemas(schema::validator input_, const json& schema)
        : input(std::move(input_))
        , nulls(schema) {}

    /// If the schema refuses unknown arguments, compiles it without that rule, and a schema of the
    /// argument names.
    void compile_lenient(json whole);

    schema::validator input;
    schema::absent_nulls nulls; ///< which null arguments count as absent
    std::optional<schema::validator> lenient;
    std::optional<schema::validator> names;
    std::optional<schema::validator> output;
};

namespace detail {

/// The limits for results of the program itself, which is trusted. They only bound the cost of a
/// mistake.
inline constexpr schema::validation_limits own_result_limits{.work = 100'000'000};

} // namespace detail

MCP_DECL detail::raw_tool_entry::raw_tool_entry(tool_definition definition)
    : detail::tool_entry(std::move(definition)) {
    const auto compile = [this](std::string_view which, const std::string& text,
                                const schema::validation_limits& bounds = {}) {
        const auto parsed = parse_json(text);
        if (!parsed)
            throw refusal("the " + std::string(which) +
                          " schema is not JSON: " + parsed.error().what());
        auto compiled = schema::validator::compile(*parsed, bounds);
        if (!compiled)
            throw refusal(std::string(which) + " " + compiled.error().message);
        return std::move(*compiled);
    };
    const std::string& text = this->definition().input_schema;
    auto input = compile("input", text);
    json schema = *parse_json(text);
    auto made = std::make_unique<schemas>(std::move(input), schema);
    const json* type = schema.is_object() ? schema.get_object().if_contains("type") : nullptr;
    if (!type || *type != "object") // otherwise clients refuse the whole list
        throw refusal("the input schema must have \"type\":\"object\"");
    made->compile_lenient(std::move(schema));
    if (has_output_schema())
        made->output =
            compile("output", this->definition().output_schema, detail::own_result_limits);
    schemas_ = std::move(made);
}

MCP_DECL detail::raw_tool_entry::~raw_tool_entry() = default;

MCP_DECL void detail::raw_tool_entry::schemas::compile_lenient(json whole) {
    json_object& root = whole.get_object();
    const json* rest = root.if_contains("additionalProperties");
    if (!rest || *rest != false)
        return;
    json_object known_names{{"additionalProperties", false}};
    for (const std::string_view key : {"properties", "patternProperties"})
        if (const json* known = root.if_contains(key)) {
            json_object& all = known_names[key].emplace_object();
            for (const auto& each : known->get_object())
                all.emplace(each.key(), true);
        }
    root.erase("additionalProperties");
    names = *schema::validator::compile(known_names);
    lenient = *schema::validator::compile(whole);
}

MCP_DECL const schema::validator& detail::raw_tool_entry::validator() const noexcept {
    return schemas_->input;
}

MCP_DECL const schema::validator& detail::raw_tool_entry::lenient() const noexcept {
    return schemas_->lenient ? *schemas_->lenient : schemas_->input;
}

MCP_DECL bool detail::raw_tool_entry::knows(std::string_view argument) const {
    const auto& names = schemas_->names;
    return !names || names->validate(json_object{{argument, nullptr}}).has_value();
}

MCP_DECL bool detail::raw_tool_entry::read_arguments(const context& ctx, result_writer& out,
                                                     json& into) const {
    json all = detail::tool_arguments(ctx).to_json();
    auto without = schemas_->nulls.without(all);
    const json& given = without ? *without : all;
    const unknown_arguments how =
        detail::context_access::environment(ctx).options.unknown_arguments;
    const auto checked =
        (how == unknown_arguments::refuse ? validator() : lenient()).validate(given, "arguments");
    if (!checked) {
        detail::write_tool_error(out, checked.error().what());
        return false;
    }
    std::optional<json> known;
    if (how == unknown_arguments::ignore)
        known = detail::only_known(given, [this](std::string_view name) { return knows(name); });
    if (known)
        into = std::move(*known);
    else if (without)
        into = std::move(*without);
    else
        into = std::move(all);
    return true;
}

MCP_DECL void detail::raw_tool_entry::check_output(const json& structured) const {
    const auto checked = schemas_->output->validate(structured, "structuredContent");
    if (!checked)
        throw output_error("the result does not conform to the output schema: " +
                           checked.error().what());
}

MCP_DECL void detail::raw_tool_entry::check_output(std::string_view structured) const {
    if (structured.empty())
        throw output_error(
            "the result has no structured content, but the tool has an output schema");
    const auto parsed = parse_json(structured, own_json_limits);
    if (!parsed)
        throw output_error("structuredContent is not JSON: " + parsed.error().what());
    check_output(*parsed);
}

MCP_DECL std::invalid_argument detail::raw_tool_entry::refusal(const std::string& why) const {
    return std::invalid_argument("tool " + definition().name + ": " + why);
}

} // namespace mcp
