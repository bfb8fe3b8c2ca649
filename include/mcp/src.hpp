// SPDX-License-Identifier: MIT
#pragma once

/// All function bodies, but not those of components, for the compiled form. One source
/// file of the program includes this header. A component has a part of its own, such as
/// `<mcp/src/redis.hpp>`. To compile the parts in parallel, include each in a source file.

#include <mcp/src/client.hpp>
#include <mcp/src/collaborators.hpp>
#include <mcp/src/foundation.hpp>
#include <mcp/src/http.hpp>
#include <mcp/src/server.hpp>
#include <mcp/src/testing.hpp>
#include <mcp/src/transport.hpp>
