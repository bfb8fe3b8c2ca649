// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/protocol/prompts.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/reflect/annotations.hpp>
#include <mcp/reflect/signature.hpp>
#include <mcp/server/bound_method.hpp>
#include <mcp/server/handler.hpp>
#include <mcp/server/registration_options.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

// Functions as tools and prompts by reflection.

#ifdef __cpp_impl_reflection
// clang-format off
namespace mcp::detail {

/// True for a member function that needs an object.
template <std::meta::info Function>
concept reflects_method = std::meta::is_function(Function) && std::meta::is_class_member(Function) &&
                          !std::meta::is_static_member(Function);

template <std::meta::info Scope, class Object>
[[nodiscard]] consteval bool has_class() {
    if constexpr (is_type(Scope) && !is_namespace(Scope))
        return requires(typename holder_of<Object>::type object) {
            static_cast<const [:Scope:]&>(*object);
        };
    return false;
}

/// True for an object of a class, or a `std::shared_ptr` to one.
template <class Object, std::meta::info Scope>
concept object_of_scope = has_class<Scope, Object>();

[[nodiscard]] consteval bool is_context_parameter(std::meta::info parameter) {
    return remove_cvref(type_of(parameter)) == ^^context;
}

[[nodiscard]] consteval bool has_default_value(std::meta::info parameter) {
    for (const std::meta::info each : reflect::detail::attributes_among(parameter)) {
        const std::meta::info type = remove_const(type_of(each));
        if (has_template_arguments(type) && template_of(type) == ^^default_value)
            return true;
    }
    return false;
}

/// Returns whether a parameter may be left out of a call, and its value is not known.
[[nodiscard]] consteval bool may_be_left_out(std::meta::info parameter) {
    return has_default_argument(parameter) && !has_default_value(parameter);
}

/// Returns the type of the member that holds an argument.
[[nodiscard]] consteval std::meta::info stored_type(std::meta::info parameter) {
    std::meta::info type = remove_cvref(type_of(parameter));
    const bool is_optional = has_template_arguments(type) && template_of(type) == ^^std::optional;
    if (type == dealias(^^std::string_view))
        type = dealias(^^std::string);
    return may_be_left_out(parameter) && !is_optional ? substitute(^^std::optional, {type}) : type;
}

/// Returns whether each parameter has a name, the same in all declarations.
[[nodiscard]] consteval bool all_named(std::meta::info function) {
    for (const std::meta::info each : parameters_of(function))
        if (!is_context_parameter(each) && !has_identifier(each))
            return false;
    return true;
}

/// Returns whether no argument can be written by the function.
[[nodiscard]] consteval bool all_readable(std::meta::info function) {
    for (const std::meta::info each : parameters_of(function)) {
        const std::meta::info type = type_of(each);
        if (!is_context_parameter(each) && is_lvalue_reference_type(type) &&
            !is_const(remove_reference(type)))
            return false;
    }
    return true;
}

/// Makes the struct whose members are the parameters of a function, with their annotations.
template <std::meta::info Function>
struct parameters {
    struct type;

    consteval {
        std::vector<std::meta::info> members;
        for (const std::meta::info each : parameters_of(Function))
            if (!is_context_parameter(each))
                members.push_back(data_member_spec(
                    stored_type(each),
                    {.name = has_identifier(each) ? identifier_of(each) : std::string_view("_"),
                     .annotations = annotations_of(each)}));
        define_aggregate(^^type, members);
    }
};

template <std::meta::info Function>
inline constexpr auto function_parameters = std::define_static_array(parameters_of(Function));

/// Returns the position of a parameter among those that are not the context.
template <std::meta::info Function>
[[nodiscard]] consteval std::size_t place_of_parameter(std::size_t index) {
    std::size_t place = 0;
    for (std::size_t at = 0; at < index; ++at)
        place += is_context_parameter(function_parameters<Function>[at]) ? 0 : 1;
    return place;
}

/// Calls a function with the members of one struct. `Holder` holds the object of a member function.
template <std::meta::info Function, class Holder>
struct reflected_function {
    using input = typename parameters<Function>::type;
    using result = [: return_type_of(Function) :];

    result operator()(input&& in, context& ctx) const { return call<size>(in, ctx); }

    [[no_unique_address]] Holder object;

private:
    static constexpr std::size_t size = function_parameters<Function>.size();

    template <std::size_t At>
    static constexpr auto& member(input& in) {
        return in.[: reflect::detail::members_of_struct<input>[place_of_parameter<Function>(At)] :];
    }

    /// Passes the first `Count` arguments. C++ fills in the others, if their defaults are the last.
    template <std::size_t Count>
    result call(input& in, context& ctx) const {
        if constexpr (Count > 0) {
            if constexpr (may_be_left_out(function_parameters<Function>[Count - 1])) {
                if (!member<Count - 1>(in))
                    return call<Count - 1>(in, ctx);
            }
        }
        return pass(in, ctx, std::make_index_sequence<Count>{});
    }

    template <std::size_t... At>
    result pass([[maybe_unused]] input& in, [[maybe_unused]] context& ctx,
                std::index_sequence<At...>) const {
        if constexpr (reflects_method<Function>)
            return (*object).[:Function:](argument<At>(in, ctx)...);
        else
            return [:Function:](argument<At>(in, ctx)...);
    }

    template <std::size_t At>
    static decltype(auto) argument(input& in, context& ctx) {
        constexpr std::meta::info parameter = function_parameters<Function>[At];
        if constexpr (is_context_parameter(parameter)) {
            return (ctx);
        } else if constexpr (may_be_left_out(parameter) &&
                             stored_type(parameter) != remove_cvref(type_of(parameter))) {
            if (!member<At>(in))
                refuse_gap(std::define_static_string(identifier_of(parameter)));
            return std::move(*member<At>(in));
        } else {
            return std::move(member<At>(in));
        }
    }

    [[noreturn]] static void refuse_gap(std::string_view name) {
        throw tool_error("arguments." + std::string(name) +
                         ": expected a value, because a later parameter has one");
    }
};

[[nodiscard]] consteval std::vector<std::meta::info> arguments_of(std::meta::info function) {
    std::vector<std::meta::info> found;
    for (const std::meta::info each : parameters_of(function))
        if (!is_context_parameter(each))
            found.push_back(each);
    return found;
}

[[nodiscard]] consteval bool has_default_arguments(std::meta::info function) {
    for (const std::meta::info each : parameters_of(function))
        if (has_default_argument(each))
            return true;
    return false;
}

/// Returns whether one parameter takes all arguments.
template <class... Ps>
[[nodiscard]] consteval bool are_whole_input(std::tuple<std::type_identity<Ps>...>) {
    return sizeof...(Ps) == 1 && ((is_whole_input<Ps> && !reflect::is_arg<Ps>) && ...);
}

/// Returns whether the types of the parameters say all: one struct, or parameters with names.
template <class... Ps>
[[nodiscard]] consteval bool describe_themselves(std::tuple<std::type_identity<Ps>...> types) {
    return (reflect::is_arg<Ps> && ...) || are_whole_input(types);
}

/// What a function without a fault (see `reflected_fault.hpp`) says, and the callable that an entry
/// holds.
template <std::meta::info Function>
struct reflected {
    using pointer = decltype(&[:Function:]);
    using input_types = typename inputs<typename reflect::signature_of<pointer>::parameters>::type;
    static constexpr bool is_whole = are_whole_input(input_types());
    static constexpr bool is_plain = describe_themselves(input_types());

    static pointer function() { return &[:Function:]; }

    /// Returns whether the function is annotated with `execution::blocking`.
    static consteval bool is_blocking() {
        for (const std::meta::info each : annotations_of_with_type(Function, ^^execution))
            if (extract<execution>(constant_of(each)) == execution::blocking)
                return true;
        return false;
    }

    static auto as_annotated(auto callable) {
        if constexpr (is_blocking())
            return blocking(std::move(callable));
        else
            return callable;
    }

    /// Returns the function for entries whose parameters have no names, with its object.
    template <class Object>
    static auto plain_handler(Object&& object) {
        if constexpr (reflects_method<Function>)
            return as_annotated(bind_method<&[:Function:]>(object));
        else
            return as_annotated(function());
    }

    /// Returns the function that takes one struct, with its object.
    template <class Object>
    static auto handler(Object&& object) {
        if constexpr (is_plain)
            return plain_handler(object);
        else
            return as_annotated(reflected_function<Function, typename holder_of<Object>::type>{
                holder_of<Object>::of(object)});
    }

    static constexpr auto arguments = std::define_static_array(arguments_of(Function));

    /// Returns the descriptions of the arguments of a prompt.
    static std::vector<prompt_argument> prompt_arguments() {
        std::vector<prompt_argument> list;
        template for (constexpr auto each : arguments)
            list.emplace_back(std::define_static_string(identifier_of(each)),
                              std::define_static_string(reflect::detail::doc_of(each)));
        return list;
    }

    static constexpr std::string_view description =
        std::define_static_string(reflect::detail::doc_of(Function));
    static constexpr std::string_view name = std::define_static_string(identifier_of(Function));

    /// Writes the annotations and the options into a definition.
    template <class Definition, class... Options>
    static Definition define(Definition definition, const Options&... options) {
        reflect::detail::for_each_annotation<Function>([&]([[maybe_unused]] const auto& each) {
            if constexpr (!std::is_same_v<decltype(each), const execution&>)
                apply_option(definition, each);
        });
        return detail::define(std::move(definition), options...);
    }
};

[[nodiscard]] consteval bool has_uri(std::meta::info function) {
    return reflect::detail::find_annotation(function, ^^uri) != std::meta::info();
}

/// Returns the functions of a namespace or class that have a `doc` and no `uri`, in order of
/// declaration.
[[nodiscard]] consteval std::vector<std::meta::info> described_functions(std::meta::info scope) {
    std::vector<std::meta::info> found;
    for (const std::meta::info each : members_of(scope, std::meta::access_context::unchecked()))
        if (std::meta::is_function(each) && !reflect::detail::doc_of(each).empty() && !has_uri(each))
            found.push_back(each);
    return found;
}

template <std::meta::info Scope>
inline constexpr auto described_functions_of = std::define_static_array(described_functions(Scope));

} // namespace mcp::detail
// clang-format on
#endif
