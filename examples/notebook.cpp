// The server of docs/getting_started.md: a tool, a resource and a prompt share a notebook.

#include <mcp.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <string>

class notebook {
public:
    void write(const std::string& name, std::string text) {
        const std::lock_guard lock(mutex_);
        notes_[name] = std::move(text);
    }
    std::optional<std::string> read(std::string name) const {
        const std::lock_guard lock(mutex_);
        const auto note = notes_.find(name);
        return note == notes_.end() ? std::nullopt : std::optional(note->second);
    }

private:
    mutable std::mutex mutex_; // several event loops may call handlers at once
    std::map<std::string, std::string> notes_{{"welcome", "Notes live in memory."}};
};

void add_notes(mcp::any_server& server, notebook& notes) {
    server.tool<"write">(
        "Write a note, or replace it",
        [&notes](mcp::arg<"name", std::string, "A short name"> name,
                 mcp::arg<"text", std::string> text) {
            notes.write(*name, *text);
            return "Wrote " + *name;
        },
        mcp::idempotent);
    server.resource<"notes://{name}", &notebook::read>("A note", notes);
    server.prompt<"summarize">("Summarize a note", [&notes](mcp::arg<"name", std::string> name) {
        return "Summarize this note:\n" + notes.read(*name).value_or("It is empty.");
    });
}

int main(int argc, char** argv) {
    notebook notes;
    mcp::server server{"notebook", "1.0.0"};
    add_notes(server, notes);
    return mcp::run(server, argc, argv);
}
