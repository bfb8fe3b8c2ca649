// mcp: ranged<T, Min, Max> needs Min <= Max; swap them
#include <mcp/reflect/constraints.hpp>

#ifdef ACCEPT
const mcp::ranged<int, 1, 9> number = 5;
#else
const mcp::ranged<int, 9, 1> number = 5;
#endif
