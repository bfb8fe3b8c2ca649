// Serves a hundred tools with large schemas, to measure `tools/list`. With `stream` it sets
// `always_stream`, to measure responses as SSE streams.
//
//     hundred_tools PORT [stream]

#include <mcp/http/router.hpp>
#include <mcp/http/server.hpp>
#include <mcp/server/server.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

struct place {
    std::string city;
    std::optional<std::string> country;
    double latitude = 0;
    double longitude = 0;
};

struct query {
    std::string text;
    std::vector<std::string> tags;
    place near;
    int limit;
};

} // namespace

template <>
struct mcp::describe<query> {
    static constexpr bool defaults = false; // of `near`, which not every compiler can read
};

namespace {

struct answer {
    std::vector<std::string> found;
    int total = 0;
};

answer look_up(const query&) {
    return {};
}

int add(int a, int b) {
    return a + b;
}

constexpr std::size_t count = 100;

/// Returns the name of tool N: "look_up_00" to "look_up_98".
template <std::size_t N>
constexpr auto name_of() {
    mcp::fixed_string name("look_up_00");
    name.text[8] = static_cast<char>('0' + N / 10);
    name.text[9] = static_cast<char>('0' + N % 10);
    return name;
}

template <class Server, std::size_t... N>
void add_tools(Server& server, std::index_sequence<N...>) {
    (server.template tool<name_of<N>()>("Look up what matches a query near a place", look_up), ...);
}

} // namespace

int main(int argc, char** argv) {
    mcp::server server{"hundred-tools", "1.0.0"};
    server.tool<add, "a", "b">("Add two numbers");
    add_tools(server, std::make_index_sequence<count - 1>());

    mcp::streamable_http_options options;
    options.always_stream = argc > 2 && std::string_view(argv[2]) == "stream";
    mcp::http::router router;
    router.mount("/mcp", mcp::streamable_http{server, options});
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 8000);
    mcp::http::server http{router, {.port = port}};
    http.run();
}
