// SPDX-License-Identifier: MIT
#pragma once

#if __has_include(<asio/version.hpp>) && __has_include(<boost/version.hpp>)
#include <asio/version.hpp>
#include <boost/version.hpp>
#endif

// What the library needs of its surroundings. The file that is included after a sentence does not
// exist: that stops the compiler, so that nothing else hides the sentence.
#if !defined(__linux__)
#error "mcp: asio-mcp runs on Linux only"
#include <asio-mcp_stops_here>
#elif defined(__clang__) ? __clang_major__ < 16 : __GNUC__ < 12
#error "mcp: asio-mcp needs g++ 12.2, clang 16 or newer"
#include <asio-mcp_stops_here>
#elif __cplusplus < 202002L
#error "mcp: asio-mcp needs C++20: compile with -std=c++20 or newer"
#include <asio-mcp_stops_here>
#elif !defined(__cpp_exceptions)
#error "mcp: asio-mcp needs exceptions: compile without -fno-exceptions"
#include <asio-mcp_stops_here>
#elif !defined(__cpp_rtti) && !defined(ASIO_NO_TYPEID)
#error "mcp: with -fno-rtti, Asio needs -DASIO_NO_TYPEID"
#include <asio-mcp_stops_here>
#elif defined(ASIO_VERSION) && ASIO_VERSION < 102200
#error "mcp: asio-mcp needs Asio 1.22 or newer"
#include <asio-mcp_stops_here>
#elif defined(BOOST_VERSION) && BOOST_VERSION < 108100
#error "mcp: asio-mcp needs Boost 1.81 or newer"
#include <asio-mcp_stops_here>
#elif defined(__clang__) && ASIO_VERSION < 102400 && !defined(ASIO_HAS_CO_AWAIT)
#error "mcp: Asio before 1.24 does not know that clang has coroutines: define ASIO_HAS_CO_AWAIT=1"
#include <asio-mcp_stops_here>
#endif

/// The form in which the library is compiled.
///
/// The header-only form is the default. If `MCP_SEPARATE_COMPILATION` is defined, the headers only
/// declare, and the function bodies are compiled once: in a source file that includes
/// `<mcp/src.hpp>`, or in several that include its parts. All files of a program use the same form.
/// See docs/compile_time.md.

/// If `MCP_NO_LEGACY` is defined, in all files of a program, the library has no code for clients
/// that start with the initialize handshake. Such a program compiles faster, and needs no folder
/// named `legacy`.

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
