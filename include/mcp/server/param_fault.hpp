// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/fault.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/member.hpp>

#include <concepts>
#include <string_view>
#include <tuple>
#include <type_traits>

// Finds the first fault of what `mcp::param` and `mcp::arg` say of the parameters of a handler,
// when it is registered; see <mcp/json/form_fault.hpp>.

namespace mcp::detail {

template <fixed_string Name>
struct unknown_parameter {
    static_assert(never<arg<Name, void>>,
                  "mcp: mcp::param names no parameter of this handler; the members of a struct are "
                  "described by mcp::describe");
};

template <fixed_string Name>
struct parameter_described_twice {
    static_assert(never<arg<Name, void>>, "mcp: two mcp::param describe the same parameter");
};

template <class Arg, class Attribute>
struct unfit_attribute {
    static_assert(never<Arg>,
                  "mcp: an attribute does not fit the type of its parameter; minimum and maximum "
                  "are for numbers, min_length, pattern and format for strings, min_items for "
                  "containers, default_value for what the parameter can be made of, param_header "
                  "for strings, integers and bool, json_name and defaulted for members only");
};

template <class Arg, class Attribute>
using attribute_fault =
    std::conditional_t<reflect::detail::fits<Attribute, typename Arg::value_type> &&
                           !std::same_as<Attribute, json_name> &&
                           !std::same_as<Attribute, defaulted>,
                       no_fault, unfit_attribute<Arg, Attribute>>;

template <class Arg, class Attributes>
struct attributes_fault;
template <class Arg, class... Attributes>
struct attributes_fault<Arg, const std::tuple<Attributes...>>
    : first_fault<attribute_fault<Arg, Attributes>...> {};

/// The fault of a `described_member` if it describes `Arg`.
template <class Arg, class Param>
struct fault_at : std::type_identity<no_fault> {};
template <class Arg, fixed_string Name, class... Attributes>
    requires(Arg::name == described_member<Name>::name)
struct fault_at<Arg, described_member<Name, Attributes...>>
    : first_fault<attribute_fault<Arg, Attributes>...> {};

/// Finds the fault of one `mcp::param`. `Earlier` are those before it.
template <class... Args, class... Earlier, fixed_string Name, class... Attributes>
consteval auto find_param_fault(std::type_identity<arguments<Args...>>,
                                std::type_identity<std::tuple<Earlier...>>,
                                std::type_identity<described_member<Name, Attributes...>>) {
    constexpr std::string_view name = described_member<Name>::name;
    if constexpr (!(false || ... || (Args::name == name)))
        return std::type_identity<unknown_parameter<Name>>();
    else if constexpr ((false || ... || (Earlier::name == name)))
        return std::type_identity<parameter_described_twice<Name>>();
    else
        return first_fault<
            typename fault_at<Args, described_member<Name, Attributes...>>::type...>();
}

template <class Input, class... Earlier>
consteval auto find_params_fault(std::type_identity<std::tuple<Earlier...>>) {
    return std::type_identity<no_fault>();
}
template <class Input, class... Earlier, class First, class... Rest>
consteval auto find_params_fault(std::type_identity<std::tuple<Earlier...>> earlier,
                                 std::type_identity<First> first, Rest... rest) {
    using found = typename decltype(find_param_fault(
        std::type_identity<std::conditional_t<reflect::is_arguments<Input>, Input, arguments<>>>(),
        earlier, first))::type;
    if constexpr (is_fault<found>)
        return std::type_identity<found>();
    else
        return find_params_fault<Input>(std::type_identity<std::tuple<Earlier..., First>>(),
                                        rest...);
}

template <class Input>
struct own_attributes_fault : std::type_identity<no_fault> {};
template <class... Args>
struct own_attributes_fault<arguments<Args...>>
    : first_fault<typename attributes_fault<Args, decltype(Args::attributes)>::type...> {};

template <class Input, class Params>
struct find_input_fault;
template <class Input, class... Params>
struct find_input_fault<Input, described_members<Params...>>
    : first_fault<typename own_attributes_fault<Input>::type,
                  typename decltype(find_params_fault<Input>(
                      std::type_identity<std::tuple<>>(), std::type_identity<Params>()...))::type> {
};

/// The first fault of the descriptions of a handler's input, or `no_fault`. `Params` is the
/// `described_members<…>` of the options.
template <class Input, class Params>
using input_fault = typename find_input_fault<Input, Params>::type;

} // namespace mcp::detail
