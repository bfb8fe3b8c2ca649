#include <mcp/src/http.hpp>
