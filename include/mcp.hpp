#pragma once

// All of asio-mcp but what needs a library that not every user has: the headers that are left out,
// each with its reason, are listed in scripts/check. That script also holds this list complete.

#include <mcp/result.hpp>
#include <mcp/version.hpp>
