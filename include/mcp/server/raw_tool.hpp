// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/server/tool.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mcp {

namespace schema {
class validator;
} // namespace schema

/// Reports that the result of a tool does not conform to its output schema. This is a fault of the
/// server: clients get the text that the tool has failed, and the log has the reason.
class output_error : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

namespace detail {

/// A tool whose schemas are known only at run time.
class raw_tool_entry : public tool_entry {
public:
    /// Throws `std::invalid_argument` if the name is invalid, if the input schema is not a JSON
    /// Schema of objects, or if the output schema, where present, is not a JSON Schema.
    explicit raw_tool_entry(tool_definition definition);
    ~raw_tool_entry() override;

    /// Returns the validator of the arguments of calls.
    const schema::validator& validator() const noexcept;

    /// Returns the validator for a server that does not refuse unknown arguments.
    const schema::validator& lenient() const noexcept;

    /// Returns whether the input schema describes an argument of that name.
    bool knows(std::string_view argument) const;

    /// Reads the arguments of a call, without the nulls that stand for absent members. Returns
    /// false after it has written an error.
    bool read_arguments(const context& ctx, result_writer& out, json& into) const;

    bool has_output_schema() const noexcept { return !definition().output_schema.empty(); }

    /// Throws `output_error` if the result of a call does not conform to the output schema.
    void check_output(const json& structured) const;
    /// Does so for a result that is JSON text; empty if there is none.
    void check_output(std::string_view structured) const;

protected:
    std::invalid_argument refusal(const std::string& why) const;

private:
    struct schemas;

    std::unique_ptr<const schemas> schemas_;
};

template <class... Parameters>
struct raw_tool_parameters {
    static_assert(
        never<Parameters...>,
        "mcp: the handler of a raw tool takes const mcp::json&, and optionally mcp::context&");
};

/// Reads the arguments and writes the result of raw tools. The arguments are checked against the
/// input schema and passed on unchanged, without the nulls that stand for absent members. The
/// result is checked against the output schema.
struct raw_tool_policy : tool_policy {
    template <fixed_string... Names, class... Declared>
    static consteval auto find_parameters_fault(parameter_list<Declared...>) {
        if constexpr (sizeof...(Declared) == 1 &&
                      (std::same_as<std::remove_cvref_t<Declared>, json> && ...))
            return first_fault<std::conditional_t<is_mutable_reference<Declared>,
                                                  mutable_reference<Declared>, no_fault>...>();
        else
            return std::type_identity<raw_tool_parameters<Declared...>>();
    }

    template <class Input, class Described>
    static bool input(const raw_tool_entry& which, context& ctx, result_writer& out, Input& into,
                      const Described&) {
        return which.read_arguments(ctx, out, into);
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
        if constexpr (expected_like<R>) {
            if constexpr (!std::is_void_v<delivered_t<R>>)
                if (value.has_value())
                    check(which, *value);
        } else if constexpr (std::is_same_v<R, json>) {
            which.check_output(value);
        } else if constexpr (std::is_same_v<R, tool_result>) {
            if (!value.is_error) // the output schema does not describe errors
                which.check_output(std::string_view(value.structured));
        } else if constexpr (is_structured<R>) {
            std::string text;
            encode(text, value);
            which.check_output(std::string_view(text));
        }
    }
};

} // namespace detail

/// A raw tool made of a callable that takes `const mcp::json&`.
template <class F>
class raw_tool final
    : public detail::bound_operation<detail::raw_tool_entry, detail::raw_tool_policy, F,
                                     described_members<>> {
    using base = detail::bound_operation<detail::raw_tool_entry, detail::raw_tool_policy, F,
                                         described_members<>>;
    using result_type = detail::delivered_t<typename base::result_type>;

public:
    /// Throws `std::invalid_argument` also if there is an output schema and `f` returns no
    /// structured value, but text for example.
    raw_tool(F f, tool_definition definition)
        : base(std::move(f), described_members<>(), std::move(definition)) {
        if (this->has_output_schema() && !detail::is_structured<result_type> &&
            !std::is_same_v<result_type, tool_result>)
            throw this->refusal(
                "the output schema needs a handler that returns structured content");
    }
};

namespace detail {

template <class Handler>
struct raw_tool_maker<Handler, void> {
    using fault = handler_fault<raw_tool_policy, Handler>;
    static std::unique_ptr<tool_entry> make(tool_definition definition, Handler handler) {
        return std::make_unique<raw_tool<Handler>>(std::move(handler), std::move(definition));
    }
};

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/raw_tool.ipp>
#endif
