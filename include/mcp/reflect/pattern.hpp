#pragma once

#include <mcp/reflect/constraints.hpp>

#include <cstddef>
#include <regex>
#include <string>
#include <string_view>

namespace mcp {
namespace reflect::detail {

/// `std::regex` recurses once per character; longer text would be a way to exhaust the stack.
inline constexpr std::size_t max_matched_length = 4096;

[[nodiscard]] inline bool contains_match(std::string_view text, const std::regex& expression) {
    return text.size() <= max_matched_length &&
           std::regex_search(text.begin(), text.end(), expression);
}

} // namespace reflect::detail

/// A string contains a match of this ECMAScript expression; anchor it with `^…$` to mean the whole.
/// An attribute of `describe`. Strings beyond 4096 bytes do not match.
struct pattern {
    std::string_view expression;

    [[nodiscard]] bool admits(std::string_view text) const {
        return reflect::detail::contains_match(text,
                                               std::regex{expression.begin(), expression.end()});
    }

    [[nodiscard]] std::string expectation() const {
        return "text that matches " + std::string{expression};
    }
};

/// Strings that contain a match of `Expression`, as `pattern` says.
template <fixed_string Expression>
struct pattern_rule {
    using value_type = std::string;
    static constexpr std::string_view expression = Expression;

    [[nodiscard]] static bool admits(const std::string& text) {
        static const std::regex compiled{Expression.text, Expression.size()};
        return reflect::detail::contains_match(text, compiled);
    }

    [[nodiscard]] static std::string expectation() {
        return "text that matches " + std::string{expression};
    }
};

/// `matching<"^[a-z]+$">`
template <fixed_string Expression>
using matching = constrained<pattern_rule<Expression>>;

} // namespace mcp
