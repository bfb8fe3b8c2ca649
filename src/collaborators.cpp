#include <mcp/src/collaborators.hpp>
