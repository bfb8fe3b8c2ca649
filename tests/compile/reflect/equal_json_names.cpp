// mcp: two members of this struct have the same name in JSON; give one another mcp::json_name
#include <mcp/schema/schema_of.hpp>

struct page {
    int page_size;
    int pageSize;
};

template <>
struct mcp::describe<page> {
#ifdef ACCEPT
    static constexpr auto members =
        mcp::members(mcp::member<"pageSize">(mcp::json_name{"old_size"}));
#endif
    static constexpr mcp::camel_case names{};
};

constexpr auto text = mcp::schema_of<page>;
