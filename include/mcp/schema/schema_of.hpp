// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/form_fault.hpp>
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/describe.hpp>
#include <mcp/reflect/parameters.hpp>
#include <mcp/schema/elicitation_schema_of.hpp>
#include <mcp/schema/impl/definitions.hpp>
#include <mcp/schema/impl/emit.hpp>
#include <mcp/schema/impl/fill.hpp>

#include <string>
#include <string_view>
#include <type_traits>

namespace mcp {
namespace schema::detail {

template <class T, class Definitions = definitions>
struct full_schema {
    static constexpr void write(text_sink& out) {
        Definitions known;
        collect<T>(known);
        if constexpr (reflect::aggregate_struct<T>)
            known.template set_root<T>();
        keywords k;
        k.top = true;
        emit<T>(out, known, k);
    }
};

/// Writes the schema of the arguments of a function whose parameters are described at run time.
template <class Arguments, class Descriptions>
constexpr void write_described(text_sink& out, const Descriptions& described) {
    definitions known;
    collect<Arguments>(known);
    keywords k;
    k.top = true;
    emit_arguments(out, known, k, std::type_identity<Arguments>{}, described);
    end_schema(out, known, k);
}

} // namespace schema::detail

/// The JSON Schema [2020-12] of `T`, as text that is a constant of the program.
///
/// | C++ | schema |
/// |---|---|
/// | bool, floating point, strings | `{"type":"boolean"}` … |
/// | integers | with the range of types narrower than `int`; unsigned: from 0 (`shows_range`) |
/// | enum | its names; with titles where `describe<E>` has them; an array of names for flags |
/// | aggregate struct, `arguments` | object without other properties |
/// | optional, unique_ptr, shared_ptr | not required as a member; elsewhere the value or null |
/// | vector, set, `std::array`, tuple, map | array with `items` … |
/// | variant | `oneOf`, or `anyOf` where a value may fit two alternatives |
/// | duration | string with a pattern of ISO 8601 durations |
/// | system-clock time point, date | string with format `date-time`, `date` |
/// | types with a `text_form` | string with its format and pattern |
/// | `mcp::bytes` | string with `contentEncoding` base64 |
/// | `mcp::json` | `{}` |
/// | `ranged`, `sized`, `matching`, `formatted` | their value with its limits |
/// | types with `codec<T>::schema` | that schema |
///
/// Structs that are used more than once or contain themselves are written in `$defs`. Titles and
/// descriptions come from `describe`. Defaults come from `describe` or from default member
/// initialisers (see `<mcp/reflect/defaults.hpp>`). There is no `$schema`, because MCP assumes
/// 2020-12 [MCP 2026-07-28 basic].
template <class T>
inline constexpr std::string_view schema_of =
    schema::detail::filled<schema::detail::full_schema<std::remove_cv_t<T>>>;

template <class T>
    requires detail::is_fault<detail::form_fault<detail::json_use::schema, T>>
inline constexpr std::string_view schema_of<T> =
    (detail::form_fault<detail::json_use::schema, T>(), "");

/// The JSON Schema of a `T` that the server writes, such as the result of a tool: `schema_of`, but
/// all members are required except empty ones, and there are no defaults.
template <class T>
inline constexpr std::string_view result_schema_of = schema::detail::filled<
    schema::detail::full_schema<std::remove_cv_t<T>, schema::detail::result_definitions>>;

template <class T>
    requires detail::is_fault<detail::form_fault<detail::json_use::result_schema, T>>
inline constexpr std::string_view result_schema_of<T> =
    (detail::form_fault<detail::json_use::result_schema, T>(), "");

/// Returns the schema of `arguments<…>` whose parameters are described at run time. It is the same
/// text as that of parameters whose types have the descriptions.
template <class Arguments, class... Described>
[[nodiscard]] std::string
described_schema_of(const reflect::parameter_descriptions<Described...>& described) {
    schema::detail::text_sink counted;
    schema::detail::write_described<Arguments>(counted, described);
    std::string text(counted.size(), '\0');
    schema::detail::text_sink out{text.data()};
    schema::detail::write_described<Arguments>(out, described);
    return text;
}

} // namespace mcp
