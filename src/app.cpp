#include <mcp/src/app.hpp>
