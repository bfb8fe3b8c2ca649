// mcp: ranged<T, Min, Max> needs limits that T can hold; take a wider T
//
// mistake: a range with limits beyond the type
#include <mcp/reflect/constraints.hpp>

#ifdef ACCEPT
const mcp::ranged<unsigned char, 0, 255> number{static_cast<unsigned char>(5)};
#else
const mcp::ranged<unsigned char, 0, 256> number{static_cast<unsigned char>(5)};
#endif
