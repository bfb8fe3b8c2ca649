#include <mcp/src/transport.hpp>
