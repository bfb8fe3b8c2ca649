#pragma once

#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/schema/absent_nulls.hpp>
#include <mcp/schema/validate.hpp>
#include <mcp/server/tool.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mcp {

/// Reports that the result of a tool does not conform to its output schema. This is a fault of the
/// server: clients get the text that the tool has failed, and the log has the reason.
class output_error : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

/// A tool whose schemas are known only at run time.
class raw_tool_entry : public tool_entry {
public:
    /// Throws `std::invalid_argument` if the input schema is not a JSON Schema of objects, or if
    /// the output schema, where present, is not a JSON Schema.
    explicit raw_tool_entry(tool_definition definition)
        : tool_entry(std::move(definition))
        , input_(compile("input", this->definition().input_schema))
        , nulls_(*parse_json(this->definition().input_schema)) {
        json schema = *parse_json(this->definition().input_schema);
        const json* type = schema.is_object() ? schema.get_object().if_contains("type") : nullptr;
        if (!type || *type != "object") // otherwise clients refuse the whole list
            throw refusal("the input schema must have \"type\":\"object\"");
        compile_lenient(std::move(schema));
        if (has_output_schema())
            output_ = compile("output", this->definition().output_schema, own_work);
    }

    /// Returns the validator of the arguments of calls.
    const schema::validator& validator() const noexcept { return input_; }

    /// Returns which null arguments count as absent.
    const schema::absent_nulls& nulls() const noexcept { return nulls_; }

    /// Returns the validator for a server that does not refuse unknown arguments.
    const schema::validator& lenient() const noexcept { return lenient_ ? *lenient_ : input_; }

    /// Returns whether the input schema describes an argument of that name.
    bool knows(std::string_view argument) const {
        return !names_ || names_->validate(json_object{{argument, nullptr}}).has_value();
    }

    bool has_output_schema() const noexcept { return !definition().output_schema.empty(); }

    /// Throws `output_error` if the result of a call does not conform to the output schema.
    void check_output(const json& structured) const {
        const auto checked = output_->validate(structured, "structuredContent");
        if (!checked)
            throw output_error("the result does not conform to the output schema: " +
                               checked.error().what());
    }

protected:
    std::invalid_argument refusal(const std::string& why) const {
        return std::invalid_argument("tool " + definition().name + ": " + why);
    }

private:
    /// The limits for results of the program itself, which is trusted. They only bound the cost of
    /// a mistake.
    static constexpr schema::validation_limits own_work{.work = 100'000'000};

    schema::validator compile(std::string_view which, std::string_view text,
                              const schema::validation_limits& limits = {}) const {
        const auto parsed = parse_json(text);
        if (!parsed)
            throw refusal("the " + std::string(which) +
                          " schema is not JSON: " + parsed.error().what());
        auto compiled = schema::validator::compile(*parsed, limits);
        if (!compiled)
            throw refusal(std::string(which) + " " + compiled.error().message);
        return std::move(*compiled);
    }

    /// If the schema refuses unknown arguments, compiles it without that rule, and a schema of the
    /// argument names.
    void compile_lenient(json whole) {
        json_object& root = whole.get_object();
        const json* rest = root.if_contains("additionalProperties");
        if (!rest || *rest != false)
            return;
        json_object names{{"additionalProperties", false}};
        for (const std::string_view key : {"properties", "patternProperties"})
            if (const json* known = root.if_contains(key)) {
                json_object& all = names[key].emplace_object();
                for (const auto& each : known->get_object())
                    all.emplace(each.key(), true);
            }
        root.erase("additionalProperties");
        names_ = *schema::validator::compile(names);
        lenient_ = *schema::validator::compile(whole);
    }

    schema::validator input_;
    schema::absent_nulls nulls_;
    std::optional<schema::validator> lenient_;
    std::optional<schema::validator> names_;
    std::optional<schema::validator> output_;
};

namespace detail {

/// Reads the arguments and writes the result of raw tools. The arguments are checked against the
/// input schema and passed on unchanged, without the nulls that stand for absent members. The
/// result is checked against the output schema.
struct raw_tool_policy : tool_policy {
    template <class Input>
    static std::optional<Input> input(const raw_tool_entry& which, context& ctx,
                                      result_writer& out) {
        static_assert(
            std::is_same_v<Input, json>,
            "mcp: the handler of a raw tool takes const mcp::json&, and optionally mcp::context&");
        auto without = which.nulls().without(tool_arguments(ctx));
        const json& given = without ? *without : tool_arguments(ctx);
        const unknown_arguments how = ctx.environment().options.unknown_arguments;
        const auto checked =
            (how == unknown_arguments::refuse ? which.validator() : which.lenient())
                .validate(given, "arguments");
        if (checked && how == unknown_arguments::ignore)
            if (auto known =
                    only_known(given, [&](std::string_view name) { return which.knows(name); }))
                return known;
        if (checked)
            return without ? std::move(without) : std::optional<Input>(std::in_place, given);
        write_tool_error(out, checked.error().what());
        return std::nullopt;
    }

    template <class... Value>
    static void output(const raw_tool_entry& which, context& ctx, result_writer& out,
                       const Value&... value) {
        if (which.has_output_schema())
            (check(which, value), ...);
        tool_policy::output(which, ctx, out, value...);
    }

private:
    template <class R>
    static void check(const raw_tool_entry& which, const R& value) {
        if constexpr (std::is_same_v<R, json>) {
            which.check_output(value);
        } else if constexpr (std::is_same_v<R, tool_result>) {
            if (!value.is_error) // the output schema does not describe errors
                check_text(which, value.structured);
        } else if constexpr (is_structured<R>) {
            std::string text;
            encode(text, value);
            check_text(which, text);
        }
    }

    static void check_text(const raw_tool_entry& which, std::string_view text) {
        if (text.empty())
            throw output_error(
                "the result has no structured content, but the tool has an output schema");
        const auto parsed = parse_json(text, own_json_limits);
        if (!parsed)
            throw output_error("structuredContent is not JSON: " + parsed.error().what());
        which.check_output(*parsed);
    }
};

} // namespace detail

/// A raw tool made of a callable that takes `const mcp::json&`.
template <class F>
class raw_tool final : public bound_operation<raw_tool_entry, detail::raw_tool_policy, F> {
    using base = bound_operation<raw_tool_entry, detail::raw_tool_policy, F>;
    using result_type = typename base::result_type;

public:
    /// Throws `std::invalid_argument` also if there is an output schema and `f` returns no
    /// structured value, but text for example.
    raw_tool(F f, tool_definition definition) : base(std::move(f), std::move(definition)) {
        if (this->has_output_schema() && !is_structured<result_type> &&
            !std::is_same_v<result_type, tool_result>)
            throw this->refusal(
                "the output schema needs a handler that returns structured content");
    }
};

} // namespace mcp
