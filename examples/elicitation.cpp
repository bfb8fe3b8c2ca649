// A tool that asks the user in the middle of a call. The same coroutine serves both eras. A legacy
// client gets a request. A stateless client sends the call again with the user's input: the handler
// runs again from its start, and each `elicit` that has its input returns at once.

#include <mcp.hpp>

#include <string>

struct passenger {
    std::string name;
    bool vegetarian = false;
};

struct confirmation {
    bool book;
};

int reserve_seat(const std::string& flight) {
    return static_cast<int>(flight.size()) + 11; // a placeholder for a call to the airline
}

asio::awaitable<std::string> book_flight(std::string flight, mcp::context& ctx) {
    const auto who = co_await ctx.elicit<passenger>("Who flies?");
    if (!who)
        co_return "Not booked: nobody wants to fly";

    // `once` runs a function a single time, however often the handler runs.
    const auto reserve = [&flight] { return reserve_seat(flight); };
    const int seat = co_await ctx.once("seat", reserve);

    const auto sure = co_await ctx.elicit<confirmation>("Book seat " + std::to_string(seat) + "?");
    if (!sure || !sure->book)
        co_return "Not booked: the user said no";
    co_return "Booked seat " + std::to_string(seat) + " on " + flight + " for " + who->name;
}

int main(int argc, char** argv) {
    mcp::server server{"airline", "1.0.0"};
    server.tool<book_flight, "flight">("Book a seat on a flight");
    return mcp::run(server, argc, argv);
}
