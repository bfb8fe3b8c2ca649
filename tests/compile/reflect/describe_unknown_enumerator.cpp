// mcp: describe<T> names a member that T does not have; write the name exactly as T declares it
#include <mcp/schema/schema_of.hpp>

enum class fruit { apple, pear };

template <>
struct mcp::describe<fruit> {
#ifdef ACCEPT
    static constexpr auto members = mcp::members(mcp::member<"pear">("A pear"));
#else
    static constexpr auto members = mcp::members(mcp::member<"peer">("A pear"));
#endif
};

constexpr auto text = mcp::schema_of<fruit>;
