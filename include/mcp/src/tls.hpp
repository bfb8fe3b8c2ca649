// SPDX-License-Identifier: MIT
#pragma once

/// The function bodies of the component tls, for the compiled form.
/// One source file of the program includes this header.

#ifndef MCP_SEPARATE_COMPILATION
#error "define MCP_SEPARATE_COMPILATION in all files of the program"
#endif

#include <mcp/client/impl/client_credentials_jwt.ipp>
#include <mcp/http/impl/tls.ipp>
#include <mcp/http/impl/tls_server.ipp>
#include <mcp/state/impl/sealed_state.ipp>
