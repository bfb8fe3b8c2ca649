#include <mcp/src/sqlite.hpp>
