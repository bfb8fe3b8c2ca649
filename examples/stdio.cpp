// A server without a command line. It talks to the program that started it over standard input and
// output, until the input ends.

#include <mcp.hpp>

#include <string>

std::string shout(std::string text) {
    for (char& c : text) {
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
    }
    return text + "!";
}

int main() {
    mcp::server server{"shout", "1.0.0"};
    server.tool<shout, "text">("Say it louder");
    return mcp::serve_stdio(server);
}
