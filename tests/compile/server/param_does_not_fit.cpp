// mcp: an attribute does not fit the type of its parameter; minimum and maximum are for numbers,
// min_length, pattern and format for strings, min_items for containers, default_value for what the
// parameter can be made of, param_header for strings, integers and bool, json_name and defaulted
// for members only
//
// mistake: an attribute of `mcp::param` for another type
//
// and no other error
#include <mcp/server/server.hpp>

#include <string>

std::string greet(std::string name) {
    return name;
}

void add(mcp::any_server& server) {
#ifdef ACCEPT
    server.tool<greet, "name">("Greet", mcp::param<"name">("Whom", mcp::min_length{1}));
#else
    server.tool<greet, "name">("Greet", mcp::param<"name">("Whom", mcp::minimum{1}));
#endif
}
