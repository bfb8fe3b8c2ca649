// Lambdas name their parameters in their types, with an optional description.

#include <mcp.hpp>

#include <atomic>
#include <string>

int main(int argc, char** argv) {
    mcp::server server{"lambdas", "1.0.0"};

    server.tool<"greet">("Greet somebody", [](mcp::arg<"name", std::string> name) {
        return "Hello, " + *name + "!";
    });

    // The model reads a tool error, and may call again with better arguments.
    server.tool<"divide">(
        "Divide two numbers",
        [](mcp::arg<"dividend", double> a, mcp::arg<"divisor", double, "Anything but 0"> b) {
            if (*b == 0)
                throw mcp::tool_error("Dividing by 0 gives nothing; choose another divisor");
            return *a / *b;
        },
        mcp::read_only, mcp::idempotent);

    // Clients do not see the context as a parameter. The lambda captures the state of the tool.
    // With `--threads 2` two event loops may call a tool at once, so its state is atomic or locked.
    std::atomic<int> calls{0};
    server.tool<"count">("Count the calls", [&calls](mcp::context& ctx) {
        ctx.info("counting");
        return ++calls;
    });

    return mcp::run(server, argc, argv);
}
