// A second translation unit with all of the library: whatever is not inline collides at link time.
#include <mcp.hpp>

int multiply(int a, int b) {
    return a * b;
}
