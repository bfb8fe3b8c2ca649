// SPDX-License-Identifier: MIT
#pragma once

/// The function bodies of the component jwt, for the compiled form.
/// One source file of the program includes this header.

#ifndef MCP_SEPARATE_COMPILATION
#error "define MCP_SEPARATE_COMPILATION in all files of the program"
#endif

#include <mcp/auth/impl/jwks.ipp>
#include <mcp/auth/impl/jwks_fetch.ipp>
#include <mcp/auth/impl/jwks_remote.ipp>
#include <mcp/auth/impl/jwt.ipp>
#include <mcp/auth/impl/jwt_cache.ipp>
#include <mcp/auth/impl/jwt_claims.ipp>
#include <mcp/auth/impl/jwt_key.ipp>
