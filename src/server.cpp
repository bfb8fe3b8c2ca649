#include <mcp/src/server.hpp>
