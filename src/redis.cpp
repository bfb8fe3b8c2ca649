#include <mcp/src/redis.hpp>
