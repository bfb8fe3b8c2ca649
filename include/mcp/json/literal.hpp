// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/text_form.hpp>
#include <mcp/reflect/fixed_string.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace mcp {

/// A string of which there is one value. As a required member it tells the structs of a variant
/// apart, and the schema of the variant is then `oneOf`:
///
///     struct disc {
///         mcp::literal<"disc"> kind;
///         double radius;
///     };
///     struct square {
///         mcp::literal<"square"> kind;
///         double side;
///     };
///     using figure = std::variant<disc, square>;
template <fixed_string Text>
struct literal {
    static constexpr std::string_view text = Text;

    constexpr operator std::string_view() const noexcept { return text; }

    friend constexpr bool operator==(const literal&, const literal&) = default;
};

/// A literal is its text, and no other text is read.
template <fixed_string Text>
struct text_form<literal<Text>> {
    static constexpr std::string_view constant = Text;

    static std::string what() { return std::string{"\""}.append(constant).append("\""); }

    static bool append(std::string& out, const literal<Text>&) {
        out += constant;
        return true;
    }

    static std::optional<literal<Text>> parse(std::string_view text) {
        return text == constant ? std::optional{literal<Text>{}} : std::nullopt;
    }
};

} // namespace mcp
