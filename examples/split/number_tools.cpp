#include <mcp/server.hpp>

#include "tools.hpp"
#include <cmath>
#include <stdexcept>

namespace {

int add(int a, int b) { return a + b; }

double divide(double dividend, double divisor) {
    if (divisor == 0)
        throw std::invalid_argument("divisor is 0; it must be another number");
    return dividend / divisor;
}

struct point {
    double x;
    double y;
};

double distance(point from, point to) { return std::hypot(to.x - from.x, to.y - from.y); }

} // namespace

void add_number_tools(mcp::any_server& server) {
    server.tool<add, "a", "b">("Add two numbers", mcp::read_only);
    server.tool<divide, "dividend", "divisor">("Divide two numbers", mcp::read_only);
    server.tool<distance, "from", "to">("The distance between two points", mcp::read_only);
}
