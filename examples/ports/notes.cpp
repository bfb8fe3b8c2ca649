// A notebook: methods of one object are tools, a resource and a prompt. notes.py is the same server
// with FastMCP.

#include <mcp.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

class notebook { // one event loop serves it; with `--threads 2` it needs a lock
public:
    int write(std::string text) {
        notes_[++last_] = std::move(text);
        return last_;
    }
    std::vector<std::string> find(const std::string& words, std::size_t limit) const {
        std::vector<std::string> found;
        for (const auto& [number, note] : notes_)
            if (found.size() < limit && note.find(words) != note.npos)
                found.push_back(note);
        return found;
    }
    void erase(int number, mcp::context& ctx) {
        if (notes_.erase(number) == 0)
            throw mcp::tool_error("There is no note " + std::to_string(number));
        ctx.info("erased " + std::to_string(number));
    }
    std::string read(int number) const {
        if (!notes_.contains(number))
            throw mcp::not_found("There is no note " + std::to_string(number));
        return notes_.at(number);
    }
    std::string summarise(const std::string& style) const {
        std::string text = "Summarise these notes, " + style + ":";
        for (const auto& [number, note] : notes_)
            text += " " + note + ";";
        return text;
    }

private:
    std::map<int, std::string> notes_;
    int last_ = 0;
};

int main(int argc, char** argv) {
    notebook notes;
    mcp::server server{"notes", "1.0.0"};
    server.tool<&notebook::write, "text">("Write a note", notes,
                                          mcp::param<"text">("The note", mcp::min_length{1}));
    server.tool<&notebook::find, "words", "limit">(
        "Find notes", notes, mcp::read_only, mcp::param<"words">("Text to look for"),
        mcp::param<"limit">("How many notes", mcp::default_value{10}, mcp::maximum{100}));
    server.tool<&notebook::erase, "number">("Erase a note", notes, mcp::destructive);
    server.resource<"notes://{number}", &notebook::read>("A note", notes);
    server.prompt<&notebook::summarise, "style">(
        "Summarise all notes", notes, mcp::param<"style">("How long", mcp::default_value{"short"}));
    return mcp::run(server, argc, argv);
}
