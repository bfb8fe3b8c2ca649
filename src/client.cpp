#include <mcp/src/client.hpp>
