#pragma once

#include <mcp/json/value.hpp>
#include <mcp/result.hpp>
#include <mcp/schema/impl/validate_check.hpp>
#include <mcp/schema/impl/validate_compile.hpp>
#include <mcp/schema/impl/validate_document.hpp>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::schema {

/// What validation may cost. Schemas and values may both come from strangers.
struct validation_limits {
    /// How deep schemas may nest in each other while they are applied, references included.
    std::size_t depth = 256;

    /// How many steps, of some 100 nanoseconds, one validation may take: about one for each schema
    /// and value that meet, and what `reflect::regex::effort` says for each pattern.
    std::size_t work = 1'000'000;
};

/// Why a value does not conform to a schema. Safe to show to the peer who sent the value.
struct validation_error {
    validation_error() = default;
    validation_error(std::string path_, std::string keyword_, std::string message_)
        : path{std::move(path_)}
        , keyword{std::move(keyword_)}
        , message{std::move(message_)} {}

    /// Where in the value: "arguments.filter.tags[2]"; empty for the value itself.
    std::string path;

    /// The keyword that the value does not meet, such as "minLength".
    std::string keyword;

    /// One sentence: "expected string, got number".
    std::string message;

    /// "arguments.filter.tags[2]: expected string, got number"
    std::string what() const { return path.empty() ? message : path + ": " + message; }
};

/// What `result::value()` throws: `std::invalid_argument`.
[[noreturn]] inline void throw_exception_from_error(const validation_error& error,
                                                    const boost::source_location&) {
    throw std::invalid_argument{error.what()};
}

/// Why a JSON Schema cannot be used.
struct schema_error {
    /// What is wrong, and where: "schema.properties.a.type: expected string, got number".
    std::string message;

    const std::string& what() const { return message; }
};

/// What `result::value()` throws: `std::invalid_argument`.
[[noreturn]] inline void throw_exception_from_error(const schema_error& error,
                                                    const boost::source_location&) {
    throw std::invalid_argument{error.message};
}

/// A JSON Schema that values are checked against, for schemas that are known only at run time
/// (those of C++ types are checked by `decode`).
///
/// Takes dialect 2020-12, which MCP assumes without `$schema`, with all its keywords that assert:
/// `$ref`, `$dynamicRef` and `unevaluated...` too; and draft 7, which many tools still send.
/// `format` and `content...` are annotations and not checked. References stay inside the schema:
/// nothing is ever fetched. Regular expressions are those of `reflect::regex`; a schema that has
/// some is refused unless the program includes `<mcp/schema/re2.hpp>`.
///
/// Copies share the schema; one object may be used by any number of threads at once.
///
///     const auto compiled = mcp::schema::validator::compile(schema);
///     if (!compiled)
///         return compiled.error().what();
///     const auto valid = compiled->validate(value, "arguments");
class validator {
public:
    /// Reads a schema, which is copied. The error says what is wrong with it, and where.
    static result<validator, schema_error> compile(const json& schema,
                                                   const validation_limits& limits = {}) {
        auto made = std::make_shared<validation::document>();
        made->text = schema;
        validation::compiler compiler{*made, limits.depth};
        if (!compiler.compile()) {
            return schema_error{std::move(compiler.message())};
        }
        return validator{std::move(made), limits};
    }

    /// Whether `value` conforms; paths in the error start with `root`.
    result<void, validation_error> validate(const json& value, std::string_view root = {}) const {
        validation::checker checker{*document_, root, limits_.depth, limits_.work};
        if (!checker.run(value)) {
            validation::mistake found = checker.take_mistake();
            return validation_error{std::move(found.path), std::string{found.keyword},
                                    std::move(found.message)};
        }
        return {};
    }

private:
    validator(std::shared_ptr<const validation::document> document, const validation_limits& limits)
        : document_{std::move(document)}
        , limits_{limits} {}

    std::shared_ptr<const validation::document> document_;
    validation_limits limits_;
};

} // namespace mcp::schema
