#include <mcp/src/tls.hpp>
