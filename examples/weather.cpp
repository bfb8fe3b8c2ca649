#include <mcp.hpp>

int add(int a, int b) { return a + b; }

struct forecast {
    std::string city;
    double celsius;
};

asio::awaitable<forecast> get_forecast(std::string city, int days) {
    co_return forecast{city, 20.0 + days};
}

int main(int argc, char** argv) {
    mcp::server server{"weather", "1.0.0"};
    server.tool<add, "a", "b">("Add two numbers");
    server.tool<get_forecast, "city", "days">("Forecast for a city", mcp::read_only);
    return mcp::run(server, argc, argv);
}
