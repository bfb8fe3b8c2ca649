// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/reflect/pattern.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL const reflect::regex& reflect::detail::compiled(std::string_view expression) {
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

MCP_DECL std::size_t pattern::effort(std::string_view text) const {
    return reflect::detail::compiled(expression).effort(text.size());
}

MCP_DECL std::string pattern::expectation() const {
    return "text that matches " + std::string{expression};
}

} // namespace mcp
