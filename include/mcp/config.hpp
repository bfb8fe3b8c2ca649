// SPDX-License-Identifier: MIT
#pragma once

/// The form in which the library is compiled.
///
/// The header-only form is the default. If `MCP_SEPARATE_COMPILATION` is defined, the headers only
/// declare, and the function bodies are compiled once: in a source file that includes
/// `<mcp/src.hpp>`, or in several that include its parts. All files of a program use the same form.
/// See docs/compile_time.md.

/// If `MCP_NO_LEGACY` is defined, in all files of a program, the library has no code for clients that
/// start with the initialize handshake. Such a program compiles faster, and needs no folder named
/// `legacy`.

/// Stands before a function that a header declares and that an `.ipp` file defines.
#ifdef MCP_SEPARATE_COMPILATION
#define MCP_DECL
#else
#define MCP_DECL inline
#endif

/// Is defined where headers include the bodies of their functions. Besides the header-only form,
/// that is a source file that defines `MCP_SOURCE` before it includes the single header.
#if !defined(MCP_SEPARATE_COMPILATION) || defined(MCP_SOURCE)
#define MCP_BODIES
#endif
