// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/defaults.hpp>
#include <mcp/reflect/describe.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/nullable.hpp>

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp {

namespace reflect::detail {

/// Refuses values of attributes that are wrong for any type.
template <class Param>
[[nodiscard]] consteval Param checked_param(Param param) {
    bool names_headers = true, valid_patterns = true;
    for_each_of(param.attributes, [&]([[maybe_unused]] const auto& each) {
        names_headers = names_headers && names_header(each);
        valid_patterns = valid_patterns && is_valid_pattern(each);
    });
    if (!names_headers)
        throw "mcp: param_header takes the name of an HTTP header: letters, digits and "
              "!#$%&'*+-.^_`|~";
    if (!valid_patterns)
        throw "mcp: mcp::pattern takes an ECMAScript regular expression that RE2 can match: no "
              "look-around, no back-references, no more than 1000 repetitions";
    return param;
}

} // namespace reflect::detail

/// Describes the parameter `Name` of a handler: first its meaning, then its attributes. It is an
/// option of a tool, a prompt or a resource:
///
///     server.tool<forecast, "city", "days">(
///         "Forecast",
///         mcp::param<"days">("How many days", mcp::default_value{3}, mcp::minimum{1}));
///
/// A parameter with a `default_value` may be absent. The attributes that limit values are checked
/// before the handler is called. They add to those of `mcp::arg`; this text replaces the one there.
template <fixed_string Name, class... Attributes>
[[nodiscard]] consteval auto param(std::string_view description, Attributes... attributes) {
    return reflect::detail::checked_param(
        described_member<Name, Attributes...>{description, {attributes...}});
}

/// Describes a parameter without a text.
template <fixed_string Name, class... Attributes>
    requires(!(... || std::is_convertible_v<Attributes, std::string_view>))
[[nodiscard]] consteval auto param(Attributes... attributes) {
    return reflect::detail::checked_param(
        described_member<Name, Attributes...>{{}, {attributes...}});
}

namespace reflect {

/// The descriptions and attributes of a list of parameters, in their order. `Described` are
/// `described_member<…>`.
template <class... Described>
struct parameter_descriptions {
    std::tuple<Described...> list;
};

namespace detail {

/// Returns the index of the description of `name`, or their number.
template <class... Members>
[[nodiscard]] consteval std::size_t
find_parameter([[maybe_unused]] std::string_view name) noexcept {
    std::size_t at = 0;
    (void)(... && (Members::name != name && (++at, true)));
    return at;
}

template <class... Attributes>
[[nodiscard]] constexpr auto join(std::string_view description,
                                  const std::tuple<Attributes...>& attributes) {
    return described_member<"", Attributes...>{description, attributes};
}

/// Returns what `Arg` says of itself, after what `params` say of it.
template <class Arg, class... Members>
[[nodiscard]] constexpr auto
describe_parameter([[maybe_unused]] const described_members<Members...>& params) {
    constexpr std::size_t at = find_parameter<Members...>(Arg::name);
    if constexpr (at < sizeof...(Members)) {
        const auto& said = std::get<at>(params.list);
        return join(said.description.empty() ? Arg::description : said.description,
                    std::tuple_cat(said.attributes, Arg::attributes));
    } else {
        return join(Arg::description, Arg::attributes);
    }
}

} // namespace detail

/// Returns the descriptions of the parameters `Args`, which are `arg<…>`. `params` come first.
template <class... Args, class... Members>
[[nodiscard]] constexpr auto describe_parameters(std::type_identity<arguments<Args...>>,
                                                 const described_members<Members...>& params) {
    return parameter_descriptions<decltype(detail::describe_parameter<Args>(params))...>{
        {detail::describe_parameter<Args>(params)...}};
}

/// The descriptions that the types of the parameters have. `Arguments` is `arguments<…>`.
template <class Arguments>
inline constexpr auto own_descriptions =
    describe_parameters(std::type_identity<Arguments>(), described_members<>());

/// True if a parameter may be absent. `Described` is its `described_member<…>`.
template <class Arg, class Described>
inline constexpr bool may_be_left_out =
    is_nullable<typename Arg::value_type> ||
    gives_default<std::remove_cvref_t<decltype(std::declval<Described&>().attributes)>>;

/// Assigns the defaults of the parameters to their values.
template <class... Args, class... Described>
constexpr void apply_defaults(arguments<Args...>& to,
                              const parameter_descriptions<Described...>& from) {
    [&]<std::size_t... At>(std::index_sequence<At...>) {
        [[maybe_unused]] const auto apply = [](auto& value, const auto& described) {
            if constexpr (gives_default<std::remove_cvref_t<decltype(described.attributes)>>)
                value =
                    std::remove_reference_t<decltype(value)>(default_among(described.attributes));
        };
        (apply(std::get<At>(to.values), std::get<At>(from.list)), ...);
    }(std::index_sequence_for<Args...>());
}

} // namespace reflect
} // namespace mcp
