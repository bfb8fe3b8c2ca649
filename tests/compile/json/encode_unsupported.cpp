// mcp: this type has no JSON form; make it an aggregate struct, list its members by pointer in
// mcp::describe, or specialise mcp::codec for it
//
// mistake: a class without a JSON form
#include <mcp/json/encode.hpp>

#include <string>

#ifdef ACCEPT
using member = std::string;
#else
class member {
public:
    member() {}
};
#endif

struct answer {
    member text;
};

std::string text_of(const answer& a) {
    return mcp::encode(a);
}
