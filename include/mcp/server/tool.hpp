#pragma once

#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/member.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/pattern.hpp>
#include <mcp/reflect/regex.hpp>
#include <mcp/schema/plain_schema.hpp>
#include <mcp/schema/schema_of.hpp>
#include <mcp/server/operation.hpp>
#include <mcp/server/tool_output.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mcp {

namespace detail {

/// Returns why a pattern in a schema cannot be matched: RE2 finds it too large, or does not know
/// its script. Empty if all patterns are accepted. Looks only at patterns that the compiler
/// accepts; the codecs of the others check them.
inline std::string find_refused_pattern(const json& schema) {
    std::string found;
    if (const json_array* array = schema.if_array()) {
        for (auto each = array->begin(); each != array->end() && found.empty(); ++each)
            found = find_refused_pattern(*each);
    } else if (const json_object* object = schema.if_object()) {
        const json* pattern = object->if_contains("pattern");
        if (pattern && pattern->is_string() && mcp::pattern{pattern->get_string()}.is_valid() &&
            reflect::engine.load()) {
            const auto compiled = reflect::regex::compile(pattern->get_string());
            found = compiled ? "" : compiled.error().message;
        }
        for (auto each = object->begin(); each != object->end() && found.empty(); ++each)
            found = find_refused_pattern(each->value());
    }
    return found;
}

} // namespace detail

/// One tool of a server: its definition for clients, and its call. [MCP 2026-07-28 server/tools]
class tool_entry : public operation {
public:
    /// Adds empty `properties` to an input schema without them, because the APIs of models require
    /// them. Throws `std::invalid_argument` if an `x-mcp-header` of the input schema breaks a rule,
    /// or if RE2 refuses one of its patterns. `legacy_output` is the output schema for clients that
    /// take only objects, if it differs.
    explicit tool_entry(tool_definition definition, std::string_view legacy_output = {})
        : definition_(std::move(definition))
        , legacy_output_(legacy_output) {
        const auto schema = parse_json(definition_.input_schema);
        auto found = schema ? find_header_parameters(*schema) : header_parameters{};
        if (!found.error.empty())
            throw std::invalid_argument("tool " + definition_.name + ": " + found.error);
        headers_ = std::move(found.list);
        const std::string refused = schema ? detail::find_refused_pattern(*schema) : "";
        if (!refused.empty())
            throw std::invalid_argument("tool " + definition_.name + ": " + refused);
        if (schema && schema->is_object() && !schema->get_object().contains("properties"))
            definition_.input_schema = encode(schema::with_properties(*schema));
    }

    const tool_definition& definition() const noexcept { return definition_; }
    std::string_view key() const noexcept { return definition_.name; }

    /// Returns the arguments that modern clients repeat as headers: `x-mcp-header` in the schema.
    const std::vector<header_parameter>& mirrored() const noexcept { return headers_; }

    /// Writes the definition for `tools/list`. `plain` selects the input schema of
    /// `schema::plain_schema`.
    void write_definition(json_writer& w, mcp::revision r, bool plain = false) const {
        const bool legacy = !is_modern(r) && !legacy_output_.empty();
        if (!legacy && !plain)
            return write(w, definition_, r);
        tool_definition shown = definition_;
        if (legacy)
            shown.output_schema = legacy_output_;
        if (plain)
            shown.input_schema = plain_input();
        write(w, shown, r);
    }

private:
    const std::string& plain_input() const {
        std::call_once(plain_made_, [this] {
            const auto schema = parse_json(definition_.input_schema);
            plain_ = schema ? encode(schema::plain_schema(*schema)) : definition_.input_schema;
        });
        return plain_;
    }

    tool_definition definition_;
    mutable std::once_flag plain_made_;
    mutable std::string plain_;
    std::string legacy_output_;
    std::vector<header_parameter> headers_;
};

namespace detail {

/// Returns the `arguments` of a tools/call; an empty object if there are none.
inline const json& tool_arguments(const context& ctx) {
    static const json none(json_object{});
    const json* given = find_member(ctx.params(), "arguments");
    const json_object* members = given ? find_members(*given) : nullptr;
    return given && (!members || !members->empty()) ? *given : none;
}

/// Returns the arguments without those for which `known(name)` is false. Returns nothing if all are
/// known.
template <class Known>
std::optional<json> only_known(const json& arguments, Known known) {
    const json_object* given = arguments.if_object();
    if (!given || std::ranges::all_of(*given, [&](const auto& each) { return known(each.key()); }))
        return std::nullopt;
    json_object kept;
    for (const auto& each : *given)
        if (known(std::string_view(each.key())))
            kept.insert(each);
    return kept;
}

template <class... Args>
constexpr auto input_names(std::type_identity<arguments<Args...>>) {
    return std::array<std::string_view, sizeof...(Args)>{Args::name...};
}
template <reflect::aggregate_struct T>
constexpr auto input_names(std::type_identity<T>) {
    return reflect::member_names<T>;
}

template <class Input>
std::optional<json> without_unknown(const json& given) {
    if constexpr (!has_codec_read<Input>) {
        static constexpr auto names = input_names(std::type_identity<Input>());
        return only_known(given, [](std::string_view name) {
            return std::ranges::find(names, name) != names.end();
        });
    }
    return std::nullopt; // its codec knows its arguments
}

/// Reads the arguments and writes the result of tools. Errors become results that models can read.
struct tool_policy {
    template <class Input>
    static std::optional<Input> input(const tool_entry&, context& ctx, result_writer& out) {
        const json& given = tool_arguments(ctx);
        std::optional<json> known;
        if (ctx.environment().options.unknown_arguments != unknown_arguments::refuse)
            known = without_unknown<Input>(given);
        auto decoded = decode<Input>(known ? *known : given, "arguments");
        if (decoded)
            return std::move(*decoded);
        write_tool_error(out, decoded.error().what());
        return std::nullopt;
    }

    template <class... Value>
    static void output(const tool_entry&, context&, result_writer& out, const Value&... value) {
        write_tool_output(out, value...);
    }

    static void failed(const tool_entry& which, context& ctx, result_writer& out,
                       const std::exception_ptr& failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const protocol_error&) {
            throw;
        } catch (const tool_error& e) {
            try {
                out.restart();
                write_tool_output(out, e.result());
            } catch (...) {
                write_unexpected(which, ctx, out, std::current_exception());
            }
        } catch (...) {
            if (ctx.cancelled())
                throw; // no client waits for the response
            write_unexpected(which, ctx, out, failure);
        }
    }

private:
    static void write_unexpected(const tool_entry& which, context& ctx, result_writer& out,
                                 const std::exception_ptr& failure) {
        const std::string what = "tool " + std::string(which.key());
        write_tool_error(out, public_text(ctx.environment(), what, out.id(), failure));
    }
};

} // namespace detail

/// A tool made of a callable. Its arguments are decoded, and its result is encoded.
template <class F, fixed_string... Names>
class bound_tool final : public bound_operation<tool_entry, detail::tool_policy, F, Names...> {
    using base = bound_operation<tool_entry, detail::tool_policy, F, Names...>;
    using result_type = typename base::result_type;

public:
    bound_tool(tool_definition definition, F f)
        : base(std::move(f), with_schemas(std::move(definition)),
               wraps_result<result_type> ? wrapped_schema_of<result_type>() : std::string_view()) {}

    static_assert(!std::is_same_v<typename base::input_type, json>,
                  "mcp: a tool that takes any JSON needs an explicit schema: "
                  "tool(mcp::tool_definition(name, description, schema), handler)");

private:
    static tool_definition with_schemas(tool_definition definition) {
        definition.input_schema = schema_of<typename base::input_type>;
        definition.output_schema = output_schema_of<result_type>();
        return definition;
    }
};

} // namespace mcp
