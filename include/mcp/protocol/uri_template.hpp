// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// The variables of a URI template, as names and values in the order in which they were set.
class uri_variables {
public:
    uri_variables() = default;
    uri_variables(std::initializer_list<std::pair<std::string, std::string>> values)
        : values_{values} {}

    /// Sets a variable. Replaces the value if the name exists.
    void set(std::string_view name, std::string value);

    /// Returns the value, or nullptr if the variable is undefined. Valid until the next `set`.
    const std::string* find(std::string_view name) const noexcept;

    std::size_t size() const noexcept { return values_.size(); }
    bool empty() const noexcept { return values_.empty(); }
    auto begin() const noexcept { return values_.begin(); }
    auto end() const noexcept { return values_.end(); }

    friend bool operator==(const uri_variables&, const uri_variables&) = default;

private:
    std::vector<std::pair<std::string, std::string>> values_;
};

/// Returns a sentence that describes the error in a URI template, or nullptr if it is valid.
/// Suitable for `static_assert`.
constexpr const char* uri_template_error(std::string_view text) noexcept;

/// Returns the number of variables in a valid template. Each occurrence counts.
constexpr std::size_t uri_template_variable_count(std::string_view text) noexcept;

/// Returns the name of the variable at position `index` of a valid template.
constexpr std::string_view uri_template_variable(std::string_view text, std::size_t index) noexcept;

/// A URI template of levels 1 to 3 [RFC 6570]: `{var}`, `{+path}`, `{#x}`, `{.x}`, `{/x,y}`,
/// `{;x}`, `{?x,y}`, `{&x}`. Level 4 (`{x:3}`, `{x*}`) is not supported.
///
///     mcp::uri_template files{"file:///{+path}"};
///     files.match("file:///etc/a%20b")->find("path"); // "etc/a b"
class uri_template {
public:
    /// Parses a template of the program. Throws `std::invalid_argument` if it is malformed.
    explicit uri_template(std::string_view text);

    /// Parses a template from another source. Returns nothing if it is malformed;
    /// `uri_template_error` gives the reason.
    static std::optional<uri_template> parse(std::string_view text);

    /// Returns the text that was parsed.
    const std::string& text() const noexcept { return text_; }

    /// Returns the names of the variables in order of appearance, each once.
    std::vector<std::string_view> variables() const;

    /// Returns the URI for these values. Undefined variables are left out, as RFC 6570 requires.
    std::string expand(const uri_variables& values) const;

    /// Returns the percent-decoded values of the variables in `uri`, or nothing if `uri` does not
    /// match.
    ///
    /// - Literals compare by `normal_escapes`; in the scheme and the host without regard to case.
    ///   `.` and `..` are not removed from the path.
    /// - A simple variable takes at least one character and never crosses `/`, `?` or `#`. A `+`
    ///   variable may cross them, unless a later `{?x}` or `{#x}` begins there.
    /// - If two splits are possible, the earlier variable takes more.
    /// - The variables of `{?x,y}` may come in any order or be missing.
    /// - A URI with broken percent-encoding, with a value that is not UTF-8, or over 64 KiB does
    ///   not match.
    ///
    /// A decoded value may contain anything, including `../`. A program that uses it as a file name
    /// checks it first, for example by `is_relative_path`. The resource handlers of a server get
    /// checked values only. [MCP 2026-07-28 server/resources]
    ///
    /// The work is bounded: the match of a hostile URI with a template full of `{+x}` fails.
    std::optional<uri_variables> match(std::string_view uri) const;

private:
    struct expression {
        char op = 0; // 0 for {x}
        std::vector<std::string> names;
    };
    /// A literal, followed by an expression. An expression without names is absent.
    struct part {
        std::string literal; // for expansion
        std::string pattern; // for matching
        expression variables;
    };
    class matcher;

    void read(std::string_view text);

    std::string text_;
    std::vector<part> parts_;
};

} // namespace mcp

#include <mcp/protocol/impl/uri_template_grammar.hpp>

#ifdef MCP_BODIES
#include <mcp/protocol/impl/uri_template.ipp>
#endif
