// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/impl/attribute_text.hpp>
#include <mcp/reflect/impl/pattern_grammar.hpp>
#include <mcp/reflect/regex.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

namespace mcp {
namespace reflect {

/// Specialised for `void` by `<mcp/schema/re2.hpp>`. Without that header, no pattern can be
/// checked.
template <class>
struct pattern_engine;

namespace detail {

/// `Dependent` defers the lookup until a pattern is checked.
template <class Dependent>
using engine_for = pattern_engine<std::enable_if_t<sizeof(Dependent) != 0>>;

/// Returns the compiled form of an expression of the program, kept until the thread ends.
[[nodiscard]] const regex& compiled(std::string_view expression);

} // namespace detail
} // namespace reflect

/// Requires a string that contains a match of this ECMAScript expression; `^…$` makes it match the
/// whole string. It is an attribute of `describe`. `reflect::regex` lists what is supported: no
/// look-around, no back-references. Checking a pattern needs `<mcp/schema/re2.hpp>`.
struct pattern {
    reflect::attribute_text expression;

    /// True if `<mcp/schema/re2.hpp>` is included before this is used for texts of type `Text`.
    template <class Text>
    static constexpr bool has_engine = requires { reflect::detail::engine_for<Text>::included; };

    /// Throws `std::invalid_argument` if RE2 rejects the expression because of its size or an
    /// unknown script.
    template <std::convertible_to<std::string_view> Text>
    [[nodiscard]] bool admits(const Text& text) const {
        static_assert(has_engine<Text>,
                      "mcp: checking a pattern needs RE2: include <mcp/schema/re2.hpp> here and "
                      "link the component asio-mcp::re2");
        if constexpr (has_engine<Text>)
            return reflect::detail::compiled(expression).matches(text);
        else
            return false;
    }

    /// Returns the maximum cost of `admits` in units of about 100 nanoseconds. A caller that
    /// decodes the input of a peer limits the sum.
    [[nodiscard]] std::size_t effort(std::string_view text) const;

    /// Returns whether the expression is supported.
    [[nodiscard]] constexpr bool is_valid() const noexcept {
        return reflect::detail::find_pattern_fault(expression).what == nullptr;
    }

    [[nodiscard]] std::string expectation() const;
};

/// Strings that contain a match of `Expression`, under the rules of `pattern`.
template <fixed_string Expression>
struct pattern_rule {
    // Reads a copy, because g++ with -fsanitize=undefined does not treat the address of a template
    // argument as a constant.
    static constexpr bool is_valid = [] {
        const auto text = Expression;
        return pattern{text.view()}.is_valid();
    }();
    static_assert(
        is_valid,
        "mcp: mcp::matching takes an ECMAScript regular expression that RE2 can match: no "
        "look-around, no back-references, no more than 1000 repetitions");

    using value_type = std::string;
    static constexpr std::string_view expression = Expression;

    [[nodiscard]] static bool admits(const std::string& text) {
        return pattern{expression}.admits(text);
    }

    [[nodiscard]] static std::size_t effort(const std::string& text) {
        return pattern{expression}.effort(text);
    }

    [[nodiscard]] static std::string expectation() { return pattern{expression}.expectation(); }
};

/// A string with a pattern: `matching<"^[a-z]+$">`.
template <fixed_string Expression>
using matching = constrained<pattern_rule<Expression>>;

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/reflect/impl/pattern.ipp>
#endif
