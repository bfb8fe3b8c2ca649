// mcp: a struct may not hold a union, named or not, because it is not known which member is set; use
// std::variant
//
// and no other error
#include <mcp/schema/schema_of.hpp>

#include <variant>

struct number {
#ifdef ACCEPT
    std::variant<int, float> value;
#else
    union {
        int whole;
        float real;
    };
#endif
};

constexpr auto schema = mcp::schema_of<number>;
