// SPDX-License-Identifier: MIT
#pragma once

/// The version of asio-mcp: the only place where it stands. CMake, Meson and the packages read it.
#define MCP_VERSION_MAJOR 0
#define MCP_VERSION_MINOR 1
#define MCP_VERSION_PATCH 0
#define MCP_VERSION_STRING "0.1.0"
