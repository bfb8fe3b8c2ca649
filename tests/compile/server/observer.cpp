// mcp: an observer has begin(const mcp::call_info&), which returns a state, and end(state&, const
// mcp::call_info&, const mcp::call_end&); or log(const mcp::log_line&); or count(std::string_view
// name, std::uint64_t by); all but begin return void, and none is awaited
//
// mistake: an observer without any of its functions
//
// and no other error
#include <mcp/server/server.hpp>

struct tracer {
    int begin(const mcp::call_info&) { return 1; }
#ifdef ACCEPT
    void end(int, const mcp::call_info&, const mcp::call_end&) {}
#endif
    void log(const mcp::log_line&) {}
};

void use() {
    mcp::server server{"test", "1", tracer{}};
}
