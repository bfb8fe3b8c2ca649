// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/value.hpp>
#include <mcp/result.hpp>

#include <boost/assert/source_location.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::schema {
namespace validation {

struct document;

} // namespace validation

/// The limits of a validation. Schemas and values may both come from untrusted peers.
struct validation_limits {
    /// How deep schemas may nest while they are applied, including references.
    std::size_t depth = 256;

    /// The maximum number of steps of a validation, of about 100 nanoseconds each: about one for
    /// each pair of schema and value, plus `reflect::regex::effort` for each pattern.
    std::size_t work = 1'000'000;
};

/// Why a value does not conform to a schema. Safe to show to the peer that sent the value.
struct validation_error {
    validation_error() = default;
    validation_error(std::string path_, std::string keyword_, std::string message_)
        : path{std::move(path_)}
        , keyword{std::move(keyword_)}
        , message{std::move(message_)} {}

    /// The path in the value, such as "arguments.filter.tags[2]"; empty for the value itself.
    std::string path;

    /// The keyword that the value does not meet, such as "minLength".
    std::string keyword;

    /// One sentence, such as "expected string, got number".
    std::string message;

    /// Returns path and message: "arguments.filter.tags[2]: expected string, got number".
    std::string what() const { return path.empty() ? message : path + ": " + message; }
};

/// Lets `result::value()` throw `std::invalid_argument`.
[[noreturn]] void throw_exception_from_error(const validation_error& error,
                                             const boost::source_location&);

/// Why a JSON Schema cannot be used.
struct schema_error {
    /// The fault and its place: "schema.properties.a.type: expected string, got number".
    std::string message;

    const std::string& what() const { return message; }
};

/// Lets `result::value()` throw `std::invalid_argument`.
[[noreturn]] void throw_exception_from_error(const schema_error& error,
                                             const boost::source_location&);

/// A JSON Schema to check values against. Use it for schemas that are known only at run time;
/// `decode` checks those of C++ types.
///
/// It accepts dialect 2020-12, which MCP assumes without `$schema`, with all keywords that assert,
/// including `$ref`, `$dynamicRef` and `unevaluated...`. It also accepts draft 7, which many tools
/// still send. `format` and `content...` are annotations and not checked. References stay inside
/// the schema: nothing is ever fetched. Regular expressions are those of `reflect::regex`; a schema
/// that has any is refused unless the program includes `<mcp/schema/re2.hpp>`.
///
/// Copies share the schema. Any number of threads may use one object at once.
///
///     const auto compiled = mcp::schema::validator::compile(schema);
///     if (!compiled)
///         throw std::invalid_argument(compiled.error().what());
///     const auto valid = compiled->validate(value, "arguments");
class validator {
public:
    /// Reads a schema, which is copied. The error gives the fault and its place.
    static result<validator, schema_error> compile(const json& schema,
                                                   const validation_limits& limits = {});

    /// Returns whether `value` conforms; paths in the error start with `root`.
    result<void, validation_error> validate(const json& value, std::string_view root = {}) const;

private:
    validator(std::shared_ptr<const validation::document> document,
              const validation_limits& limits);

    std::shared_ptr<const validation::document> document_;
    validation_limits limits_;
};

} // namespace mcp::schema

#ifdef MCP_BODIES
#include <mcp/schema/impl/validate.ipp>
#endif
