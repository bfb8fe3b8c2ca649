// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/reflect/impl/pattern_grammar.hpp>
#include <mcp/reflect/regex.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::reflect {

MCP_DECL void throw_exception_from_error(const regex_error& error, const boost::source_location&) {
    throw std::invalid_argument{error.message};
}

MCP_DECL result<regex, regex_error> regex::compile(std::string_view expression) {
    std::string translated;
    detail::pattern_translator<std::string> translator{expression, translated};
    const detail::pattern_fault fault = translator.run();
    if (fault.what != nullptr)
        return regex_error{std::string{fault.what} + ", at offset " + std::to_string(fault.at) +
                           " of the regular expression"};
    const regex_engine compiler = engine.load();
    if (compiler == nullptr)
        return regex_error{"regular expressions need RE2: include <mcp/schema/re2.hpp>"};
    auto made = compiler(translated);
    if (!made)
        return regex_error{"the regular expression is not supported: " + made.error().message};
    return regex{std::move(*made), translator.positions()};
}

} // namespace mcp::reflect
