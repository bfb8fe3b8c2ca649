// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/schema/impl/validate_check.hpp>
#include <mcp/schema/impl/validate_compile.hpp>
#include <mcp/schema/impl/validate_document.hpp>
#include <mcp/schema/validate.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::schema {

MCP_DECL void throw_exception_from_error(const validation_error& error,
                                         const boost::source_location&) {
    throw std::invalid_argument{error.what()};
}

MCP_DECL void throw_exception_from_error(const schema_error& error, const boost::source_location&) {
    throw std::invalid_argument{error.message};
}

MCP_DECL validator::validator(std::shared_ptr<const validation::document> document,
                              const validation_limits& limits)
    : document_{std::move(document)}
    , limits_{limits} {}

MCP_DECL result<validator, schema_error> validator::compile(const json& schema,
                                                            const validation_limits& limits) {
    auto made = std::make_shared<validation::document>();
    made->text = schema;
    validation::compiler compiler{*made, limits.depth};
    if (!compiler.compile()) {
        return schema_error{std::move(compiler.message())};
    }
    return validator{std::move(made), limits};
}

MCP_DECL result<void, validation_error> validator::validate(const json& value,
                                                            std::string_view root) const {
    validation::checker checker{*document_, root, limits_.depth, limits_.work};
    if (!checker.run(value)) {
        validation::mistake found = checker.take_mistake();
        return validation_error{std::move(found.path), std::string{found.keyword},
                                std::move(found.message)};
    }
    return {};
}

} // namespace mcp::schema
