#pragma once

#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/regex.hpp>

#include <concepts>
#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace mcp {
namespace reflect {

/// Specialised for `void` by `<mcp/schema/re2.hpp>`; without it no pattern is checked.
template <class>
struct pattern_engine;

namespace detail {

/// `Dependent` keeps the question open until something is checked.
template <class Dependent>
using engine_for = pattern_engine<std::enable_if_t<sizeof(Dependent) != 0>>;

/// The compiled form of an expression of the program, kept for the life of the thread.
[[nodiscard]] inline const regex& compiled(std::string_view expression) {
    thread_local std::map<std::string, regex, std::less<>> known;
    auto found = known.find(expression);
    if (found == known.end()) {
        auto made = regex::compile(expression);
        if (!made)
            throw std::invalid_argument("mcp::pattern: " + made.error().message);
        found = known.emplace(std::string{expression}, std::move(*made)).first;
    }
    return found->second;
}

} // namespace detail
} // namespace reflect

/// A string contains a match of this ECMAScript expression; anchor it with `^…$` to mean the whole.
/// An attribute of `describe`. See `reflect::regex` for what is supported: no look-around, no
/// back-references. Checking it needs `<mcp/schema/re2.hpp>`.
struct pattern {
    std::string_view expression;

    /// Throws `std::invalid_argument` if RE2 refuses the expression for its size, or because it
    /// does not know a script.
    template <std::convertible_to<std::string_view> Text>
    [[nodiscard]] bool admits(const Text& text) const {
        constexpr bool included = requires { reflect::detail::engine_for<Text>::included; };
        static_assert(included, "mcp: checking a pattern needs RE2: include <mcp/schema/re2.hpp> "
                                "here and link the component asio-mcp::re2");
        if constexpr (included)
            return reflect::detail::compiled(expression).matches(text);
        else
            return false;
    }

    /// What `admits` may cost at most, in units of some 100 nanoseconds; whoever reads what a peer
    /// has sent bounds the sum.
    [[nodiscard]] std::size_t effort(std::string_view text) const {
        return reflect::detail::compiled(expression).effort(text.size());
    }

    /// Whether it is an expression that is supported.
    [[nodiscard]] constexpr bool is_valid() const noexcept {
        return reflect::detail::find_pattern_fault(expression).what == nullptr;
    }

    [[nodiscard]] std::string expectation() const {
        return "text that matches " + std::string{expression};
    }
};

/// Strings that contain a match of `Expression`, as `pattern` says.
template <fixed_string Expression>
struct pattern_rule {
    // A copy is read: to g++ with -fsanitize=undefined, the address of a template argument is no
    // constant.
    static_assert(
        [] {
            const auto text = Expression;
            return pattern{text.view()}.is_valid();
        }(),
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

/// `matching<"^[a-z]+$">`
template <fixed_string Expression>
using matching = constrained<pattern_rule<Expression>>;

} // namespace mcp
