#pragma once

// What descriptions of types and members are made of; the pieces are in `reflect/`, because
// decoding checks them too.
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/describe.hpp>
#include <mcp/reflect/pattern.hpp>
