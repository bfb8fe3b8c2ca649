// SPDX-License-Identifier: MIT
#pragma once

/// What a source file of tools, resources and prompts needs: `mcp::any_server`, `mcp::context` and
/// the types of results. It includes no transport, no HTTP and no collaborator. The file with
/// `main` includes `<mcp.hpp>`.

#include <mcp/server/any_server.hpp>
