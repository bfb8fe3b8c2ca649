#include <mcp/src/testing.hpp>
