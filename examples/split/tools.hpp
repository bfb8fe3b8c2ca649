#pragma once

#include <mcp/fwd.hpp>

/// Adds the tools of one source file.
void add_number_tools(mcp::any_server& server);
void add_text_tools(mcp::any_server& server);
