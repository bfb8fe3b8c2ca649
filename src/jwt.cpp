#include <mcp/src/jwt.hpp>
