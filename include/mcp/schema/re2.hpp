// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/reflect/pattern.hpp>
#include <mcp/reflect/regex.hpp>
#include <mcp/result.hpp>

#include <memory>
#include <string>

// The regular expressions of schemas, with RE2 (component re2; link with -lre2). For schemas that
// are known only at run time, it is enough to include this header in one source file.
// `mcp::pattern` and `mcp::matching` need it where they are used.

namespace mcp {
namespace schema::detail {

/// Compiles a regular expression with RE2, which follows all possible matches at once and so takes
/// linear time.
result<std::shared_ptr<const reflect::compiled_regex>, reflect::regex_error>
compile_re2(const std::string& expression);

/// Makes RE2 the engine of the program.
inline const bool re2_is_set = (reflect::engine.store(&compile_re2), true);

} // namespace schema::detail

/// Lets `mcp::pattern` and `mcp::matching` compile.
template <>
struct reflect::pattern_engine<void> {
    static constexpr bool included = true;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/schema/impl/re2.ipp>
#endif
