#pragma once

// What descriptions of types and members are made of. The pieces are in `reflect/`, because
// decoding checks them too; `pattern` and `matching` are in <mcp/reflect/pattern.hpp>, since they
// bring <regex>.
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/describe.hpp>
