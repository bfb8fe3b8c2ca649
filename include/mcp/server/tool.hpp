#pragma once

#include <mcp/json/decode.hpp>
#include <mcp/json/member.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/schema/schema_of.hpp>
#include <mcp/server/operation.hpp>
#include <mcp/server/tool_output.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// One tool of a server: what clients see of it, and how it is called. [MCP 2026-07-28
/// server/tools]
class tool_entry : public operation {
public:
    /// Throws `std::invalid_argument` if an `x-mcp-header` of the input schema breaks a rule.
    /// `legacy_output` is the output schema for clients that take only objects, if it differs.
    explicit tool_entry(tool_definition definition, std::string_view legacy_output = {})
        : definition_(std::move(definition))
        , legacy_output_(legacy_output) {
        const auto schema = parse_json(definition_.input_schema);
        auto found = schema ? find_header_parameters(*schema) : header_parameters{};
        if (!found.error.empty())
            throw std::invalid_argument("tool " + definition_.name + ": " + found.error);
        headers_ = std::move(found.list);
    }

    const tool_definition& definition() const noexcept { return definition_; }
    std::string_view key() const noexcept { return definition_.name; }

    /// The arguments that modern clients mirror as headers: `x-mcp-header` in the input schema.
    const std::vector<header_parameter>& mirrored() const noexcept { return headers_; }

    /// Writes what `tools/list` shows.
    void write_definition(json_writer& w, mcp::revision r) const {
        if (is_modern(r) || legacy_output_.empty())
            return write(w, definition_, r);
        tool_definition legacy = definition_;
        legacy.output_schema = legacy_output_;
        write(w, legacy, r);
    }

private:
    tool_definition definition_;
    std::string legacy_output_;
    std::vector<header_parameter> headers_;
};

namespace detail {

/// The `arguments` of a tools/call; an empty object if there are none.
inline const json& tool_arguments(const context& ctx) {
    static const json none(json_object{});
    const json* given = find_member(ctx.params(), "arguments");
    const json_object* members = given ? find_members(*given) : nullptr;
    return given && (!members || !members->empty()) ? *given : none;
}

/// How tools take and give: what goes wrong becomes a result that models can read.
struct tool_policy {
    template <class Input>
    static std::optional<Input> input(const tool_entry&, context& ctx, result_writer& out) {
        auto decoded = decode<Input>(tool_arguments(ctx), "arguments");
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
                throw; // nobody waits for the answer
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

/// A tool made of a callable: arguments are decoded, what it returns is encoded.
template <class F, fixed_string... Names>
class bound_tool final : public bound_operation<tool_entry, detail::tool_policy, F, Names...> {
    using base = bound_operation<tool_entry, detail::tool_policy, F, Names...>;
    using result_type = typename base::result_type;

public:
    bound_tool(tool_definition definition, F f)
        : base(std::move(f), with_schemas(std::move(definition)),
               wraps_result<result_type> ? wrapped_schema_of<result_type>() : std::string_view()) {}

    static_assert(!std::is_same_v<typename base::input_type, json>,
                  "mcp: a tool that takes any JSON says its schema itself: "
                  "tool(mcp::tool_definition(name, description, schema), handler)");

private:
    static tool_definition with_schemas(tool_definition definition) {
        definition.input_schema = schema_of<typename base::input_type>;
        definition.output_schema = output_schema_of<result_type>();
        return definition;
    }
};

} // namespace mcp
