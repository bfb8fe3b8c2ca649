#include <mcp.hpp>

#include "tools.hpp"

/// A program of several files: each file of tools includes only what its tools need, and a change in
/// one tool compiles one small file.
int main(int argc, char** argv) {
    mcp::server server{"split", "1.0.0"};
    add_number_tools(server);
    add_text_tools(server);
    return mcp::run(server, argc, argv);
}
