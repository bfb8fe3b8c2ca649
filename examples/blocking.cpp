// Wraps code that blocks in `mcp::blocking`: it runs on the server's thread pool and does not block
// the event loop.

#include <mcp.hpp>

#include <chrono>
#include <string>
#include <thread>

// A placeholder for a database driver, a compression, or a call into an old library.
std::string query_database(std::string sql) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return "3 rows for: " + sql;
}

int main(int argc, char** argv) {
    mcp::server server{"database", "1.0.0"};
    server.options().blocking_threads = 8;
    server.tool<"query">("Run a query", mcp::blocking([](mcp::arg<"sql", std::string> sql) {
                             return query_database(*sql);
                         }),
                         mcp::read_only);
    return mcp::run(server, argc, argv);
}
