// mcp: the compiler cannot list the members of a struct with a base class; list all in describe<T>
#include <mcp/server/server.hpp>

#include <string>

struct dated {
    std::string day;
};

struct query : dated {
    int limit;
#ifdef ACCEPT
    static constexpr auto describe =
        mcp::described(mcp::member<&query::day>(), mcp::member<&query::limit>());
#endif
};

void use(mcp::server<>& server) {
    server.tool<"t">("T", [](query what) { return what.limit; });
}
