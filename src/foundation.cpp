#include <mcp/src/foundation.hpp>
