// mcp: sized<T, Min, Max> needs Min <= Max; swap them
#include <mcp/reflect/constraints.hpp>

#ifdef ACCEPT
const mcp::sized<std::string, 1, 9> text = "abc";
#else
const mcp::sized<std::string, 9, 1> text = "abc";
#endif
