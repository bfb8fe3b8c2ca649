#include <mcp/src/zlib.hpp>
