#include <mcp/server.hpp>

#include "tools.hpp"
#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::vector<std::string> words(const std::string& text) {
    std::vector<std::string> found;
    std::istringstream in(text);
    for (std::string word; in >> word;)
        found.push_back(std::move(word));
    return found;
}

std::string reverse(std::string text) {
    std::reverse(text.begin(), text.end());
    return text;
}

} // namespace

void add_text_tools(mcp::any_server& server) {
    server.tool<words, "text">("The words of a text", mcp::read_only);
    server.tool<reverse, "text">("The text from its end to its beginning", mcp::read_only);
}
