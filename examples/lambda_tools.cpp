// Lambdas name their parameters in their types, with a description if one helps.

#include <mcp.hpp>

#include <atomic>
#include <string>

int main(int argc, char** argv) {
    mcp::server server{"lambdas", "1.0.0"};

    server.tool<"greet">("Greet somebody", [](mcp::arg<"name", std::string> name) {
        return "Hello, " + *name + "!";
    });

    // A tool error is for the model to read: it may try again with better arguments.
    server.tool<"divide">(
        "Divide two numbers",
        [](mcp::arg<"dividend", double> a, mcp::arg<"divisor", double, "Anything but 0"> b) {
            if (*b == 0)
                throw mcp::tool_error("Dividing by 0 gives nothing; choose another divisor");
            return *a / *b;
        },
        mcp::read_only, mcp::idempotent);

    // The context is no parameter that clients see. State lives in what the lambda captures. With
    // `--threads 2` two event loops may call a tool at once, so its state is atomic, or locked.
    std::atomic<int> calls{0};
    server.tool<"count">("Count the calls", [&calls](mcp::context& ctx) {
        ctx.info("counting");
        return ++calls;
    });

    return mcp::run(server, argc, argv);
}
