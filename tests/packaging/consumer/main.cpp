#include <mcp.hpp>

int multiply(int a, int b);

/// Built in each of the ways in which a project may take the library; answers `--version`.
int main(int argc, char** argv) {
    mcp::server server{"consumer", "1.0.0"};
    server.tool<multiply, "a", "b">("Multiply two numbers");
    return mcp::run(server, argc, argv);
}
