// SPDX-License-Identifier: MIT
#pragma once

/// The function bodies of the folder client, for the compiled form.
/// One source file of the program includes this header.

#ifndef MCP_SEPARATE_COMPILATION
#error "define MCP_SEPARATE_COMPILATION in all files of the program"
#endif
