#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// Names and values of a URI template's variables, in the order in which they were set.
class uri_variables {
public:
    uri_variables() = default;
    uri_variables(std::initializer_list<std::pair<std::string, std::string>> values)
        : values_{values} {}

    /// Replaces the value if the name is there.
    void set(std::string_view name, std::string value);

    /// nullptr if undefined; valid until the next `set`.
    const std::string* find(std::string_view name) const noexcept;

    std::size_t size() const noexcept { return values_.size(); }
    bool empty() const noexcept { return values_.empty(); }
    auto begin() const noexcept { return values_.begin(); }
    auto end() const noexcept { return values_.end(); }

    friend bool operator==(const uri_variables&, const uri_variables&) = default;

private:
    std::vector<std::pair<std::string, std::string>> values_;
};

/// What is wrong with a URI template, as one sentence; nullptr if nothing is. For `static_assert`.
constexpr const char* uri_template_error(std::string_view text) noexcept;

/// How many variables stand in a well-formed template, counting each place.
constexpr std::size_t uri_template_variable_count(std::string_view text) noexcept;

/// The name at place `index` of a well-formed template.
constexpr std::string_view uri_template_variable(std::string_view text, std::size_t index) noexcept;

/// A URI template of levels 1 to 3 [RFC 6570]: `{var}`, `{+path}`, `{#x}`, `{.x}`, `{/x,y}`,
/// `{;x}`,
/// `{?x,y}`, `{&x}`. Level 4 (`{x:3}`, `{x*}`) is refused.
///
///     mcp::uri_template files{"file:///{+path}"};
///     files.match("file:///etc/a%20b")->find("path"); // "etc/a b"
class uri_template {
public:
    /// For a template that is part of the program: throws `std::invalid_argument` if malformed.
    explicit uri_template(std::string_view text);

    /// For one that came from elsewhere; nothing if malformed, `uri_template_error` says why.
    static std::optional<uri_template> parse(std::string_view text);

    /// As it was parsed.
    const std::string& text() const noexcept { return text_; }

    /// The names in order of appearance, each once.
    std::vector<std::string_view> variables() const;

    /// The URI for these values; undefined variables are left out as RFC 6570 says.
    std::string expand(const uri_variables& values) const;

    /// The values that this URI has for the template, percent-decoded, or nothing if it does not
    /// fit. Literals compare by `normal_escapes`, and in the scheme and the host without case; `.`
    /// and `..` are not taken out of the path. A simple variable takes at least one character and
    /// never crosses `/`, `?` or `#`; with
    /// `+` it does, unless a later `{?x}` or `{#x}` claims what begins there. Where two splits are
    /// possible the earlier variable takes more. Variables of `{?x,y}` may come in any order or be
    /// missing. Broken percent-encoding, values that are not UTF-8, and URIs over 64 KiB fit
    /// nothing. A decoded value can hold anything, `../` as well: a program that makes a file name
    /// of it checks it first, as by `is_relative_path`. Handlers of a server's resources get
    /// checked values only. [MCP 2026-07-28 server/resources]
    ///
    /// The work is bounded: a hostile URI against a template full of `{+x}` is given up.
    std::optional<uri_variables> match(std::string_view uri) const;

private:
    struct expression {
        char op = 0; // 0 for {x}
        std::vector<std::string> names;
    };
    /// A literal, then an expression; an expression without names is none.
    struct part {
        std::string literal; // as it is expanded
        std::string pattern; // as it is matched
        expression variables;
    };
    class matcher;

    void read(std::string_view text);

    std::string text_;
    std::vector<part> parts_;
};

} // namespace mcp

#include <mcp/protocol/impl/uri_template.hpp>
