// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/result.hpp>

#include <boost/assert/source_location.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::reflect {

/// A regular expression that an engine has compiled. Several threads use it at once.
class compiled_regex {
public:
    virtual ~compiled_regex() = default;

    /// Returns whether `text` contains a match, in time linear in its length.
    virtual bool matches(std::string_view text) const = 0;
};

/// Why a regular expression cannot be used.
struct regex_error {
    /// For example "look-ahead is not supported, at offset 3 of the regular expression".
    std::string message;

    const std::string& what() const { return message; }
};

/// Lets `result::value()` throw `std::invalid_argument`.
[[noreturn]] void throw_exception_from_error(const regex_error& error,
                                             const boost::source_location&);

/// A function that compiles an expression in the syntax of RE2.
using regex_engine =
    result<std::shared_ptr<const compiled_regex>, regex_error> (*)(const std::string& expression);

/// The regular expression engine of this program. It is null until a source file includes
/// `<mcp/schema/re2.hpp>`, which sets it before `main`. A replacement must match in linear time.
inline constinit std::atomic<regex_engine> engine{nullptr};

/// A regular expression of a schema: ECMAScript [ECMA-262 §22.2.1] with the flag u, not anchored
/// [JSON Schema 2020-12 core §6.4].
///
/// Matching takes time linear in the length of the text, whatever the expression. So there is no
/// look-around, no back-reference, and no more than 1000 repetitions. Characters are code points;
/// `\d`, `\w` and `\b` are ASCII, `\s` is the white space of ECMAScript. Copies share the compiled
/// form. Any number of threads may use one object at once.
class regex {
public:
    /// Compiles an expression with the engine of the program.
    static result<regex, regex_error> compile(std::string_view expression);

    /// Returns whether `text`, which is UTF-8, contains a match.
    [[nodiscard]] bool matches(std::string_view text) const { return compiled_->matches(text); }

    /// Returns the maximum cost of matching that many bytes, in units of about 100 nanoseconds.
    [[nodiscard]] std::size_t effort(std::size_t bytes) const noexcept {
        return 1 + bytes * positions_ / 8;
    }

private:
    regex(std::shared_ptr<const compiled_regex> compiled, std::size_t positions)
        : compiled_(std::move(compiled))
        , positions_(positions) {}

    std::shared_ptr<const compiled_regex> compiled_;
    std::size_t positions_;
};

} // namespace mcp::reflect

#ifdef MCP_BODIES
#include <mcp/reflect/impl/regex.ipp>
#endif
