// mcp: this type has no JSON form; make it an aggregate struct or specialise mcp::codec for it
//
// lines: 34
#include <mcp/json/encode.hpp>

#include <memory>
#include <string>

#ifdef ACCEPT
using member = std::string;
#else
using member = std::unique_ptr<std::string>;
#endif

struct answer {
    member text;
};

std::string text_of(const answer& a) {
    return mcp::encode(a);
}
