// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/json_names.hpp>
#include <mcp/reflect/member.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/schema/schema_of.hpp>
#include <mcp/server/expected.hpp>
#include <mcp/server/handler_fault.hpp>
#include <mcp/server/operation.hpp>
#include <mcp/server/tool_output.hpp>

#include <array>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mcp {

struct header_parameter;

namespace detail {

/// One tool of a server: its definition for clients, and its call. [MCP 2026-07-28 server/tools]
class tool_entry : public operation {
public:
    /// Adds empty `properties` to an input schema without them, because the APIs of models require
    /// them. Throws `std::invalid_argument` if the name is no tool name, if an `x-mcp-header` of
    /// the input schema breaks a rule, or if RE2 refuses one of its patterns. `legacy_output` is
    /// the output schema for clients that take only objects, if it differs.
    explicit tool_entry(tool_definition definition, std::string_view legacy_output = {});
    ~tool_entry() override;

    const tool_definition& definition() const noexcept { return definition_; }
    std::string_view key() const noexcept { return definition_.name; }

    /// Returns the arguments that modern clients repeat as headers: `x-mcp-header` in the schema.
    const std::vector<header_parameter>& mirrored() const noexcept;

    /// Returns whether legacy clients get the structured result as `{"result": …}`.
    bool wraps_result() const noexcept;

    /// Writes the definition for `tools/list`. `plain` selects the input schema of
    /// `schema::plain_schema`.
    void write_definition(json_writer& w, mcp::revision r, bool plain = false) const;

private:
    struct derived;

    tool_definition definition_;
    const std::unique_ptr<derived> derived_; ///< from the definition
};

/// Returns the `arguments` of a tools/call; an empty object if there are none.
json_view tool_arguments(const context& ctx);

/// Returns the arguments without those for which `known(name)` is false. Returns nothing if all are
/// known.
std::optional<json> only_known(json_view arguments,
                               const std::function<bool(std::string_view)>& known);

/// The arguments of a tools/call, without the unknown ones if the server drops them.
class given_arguments {
public:
    /// Keeps all arguments: their codec knows them.
    explicit given_arguments(const context& ctx);
    given_arguments(const context& ctx, std::span<const std::string_view> known);

    json_view operator*() const noexcept { return known_ ? json_view(*known_) : all_; }

private:
    const json_view all_;
    std::optional<json> known_;
};

template <class... Args>
constexpr auto input_names(std::type_identity<arguments<Args...>>) {
    return std::array<std::string_view, sizeof...(Args)>{Args::name...};
}
template <reflect::aggregate_struct T>
constexpr auto input_names(std::type_identity<T>) {
    return reflect::json_names<T>;
}

template <class T>
struct schema_unknown {
    static_assert(never<T>, "mcp: a tool that takes any JSON needs an explicit schema: "
                            "tool(mcp::tool_definition(name, description, schema), handler)");
};

template <class R>
consteval auto find_tool_result_fault() {
    if constexpr (expected_like<R>)
        return first_fault<typename decltype(find_tool_result_fault<delivered_t<R>>())::type,
                           typename decltype(find_error_fault<error_type<R>>())::type>();
    else if constexpr (is_structured<R>)
        return std::type_identity<form_fault<json_use::writing, R>>();
    else
        return std::type_identity<no_fault>();
}

template <class Input>
given_arguments arguments_for(const context& ctx) {
    if constexpr (has_codec_read<Input>) {
        return given_arguments(ctx);
    } else {
        static constexpr auto names = input_names(std::type_identity<Input>());
        return given_arguments(ctx, names);
    }
}

/// Reads the arguments and writes the result of tools. Errors become results that models can read.
struct tool_policy {
    using definition_type = tool_definition;

    template <fixed_string... Names, class Parameters>
    static consteval auto find_parameters_fault(Parameters parameters) {
        return find_arguments_fault<tool_policy, Names...>(parameters);
    }

    template <class... Declared>
    using wrong_names = wrong_number_of_names<Declared...>;

    template <class T>
    using argument_fault = form_fault<json_use::reading, T>;

    template <class T>
    using whole_fault = std::conditional_t<std::is_same_v<T, json>, schema_unknown<T>,
                                           form_fault<json_use::reading, T>>;

    template <class R>
    using result_fault = typename decltype(find_tool_result_fault<R>())::type;

    template <class Input, class Described>
    static bool input(const tool_entry&, context& ctx, result_writer& out, Input& into,
                      [[maybe_unused]] const Described& described) {
        const given_arguments given = arguments_for<Input>(ctx);
        std::optional<decode_error> fault;
        if constexpr (std::is_same_v<Described, no_descriptions>)
            fault = decode_into(into, *given, "arguments");
        else
            fault = decode_into(into, *given, "arguments", described);
        if (fault)
            refuse(out, *fault);
        return !fault;
    }

    static void refuse_gap(result_writer& out, std::string_view name);

    template <class... Value>
    static void output(const tool_entry&, context&, result_writer& out, const Value&... value) {
        write_tool_output(out, value...);
    }

    static void failed(const tool_entry& which, context& ctx, result_writer& out,
                       const std::exception_ptr& failure);

    static void refuse(result_writer& out, const decode_error& why);
};

/// Returns the definition with the schemas of a handler.
tool_definition with_schemas(tool_definition definition, std::string_view input,
                             std::string_view output);

/// Returns the schema of the arguments, with what the options say of them.
template <class Input, class... Params>
auto input_schema_of(const described_members<Params...>& params) {
    if constexpr (sizeof...(Params) > 0)
        return described_schema_of<Input>(describe_input<Input>(params));
    else
        return schema_of<Input>;
}

/// A tool made of a callable. Its arguments are decoded, and its result is encoded.
template <class F, class Params, fixed_string... Names>
class bound_tool final : public bound_operation<tool_entry, tool_policy, F, Params, Names...> {
    using base = bound_operation<tool_entry, tool_policy, F, Params, Names...>;
    using result_type = delivered_t<typename base::result_type>;

public:
    bound_tool(tool_definition definition, F f, const Params& params)
        : base(std::move(f), params,
               with_schemas(std::move(definition),
                            input_schema_of<typename base::input_type>(params),
                            output_schema_of<result_type>()),
               wraps_result<result_type> ? wrapped_schema_of<result_type>() : std::string_view()) {}
};

template <class Handler>
struct raw_tool_header {
    static_assert(never<Handler>,
                  "mcp: for a tool with a schema that is known only at run time, write #include "
                  "<mcp/server/raw_tool.hpp>");
};

/// Makes a tool of a handler and a definition with schemas that are known only at run time.
/// `mcp/server/raw_tool.hpp` specializes it.
template <class Handler, class = void>
struct raw_tool_maker {
    using fault = raw_tool_header<Handler>;
};

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/tool.ipp>
#endif
