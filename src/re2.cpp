#include <mcp/src/re2.hpp>
