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
    std::optional<std::string> read(const std::string& name) const {
        const std::lock_guard lock(mutex_);
        const auto note = notes_.find(name);
        return note == notes_.end() ? std::nullopt : std::optional(note->second);
    }

private:
    mutable std::mutex mutex_; // several event loops may call handlers at once
    std::map<std::string, std::string> notes_{{"welcome", "Notes live in memory."}};
};

int main(int argc, char** argv) {
    notebook notes;
    mcp::server server{"notebook", "1.0.0"};

    server.tool<"write">(
        "Write a note, or replace it",
        [&notes](mcp::arg<"name", std::string, "A short name"> name,
                 mcp::arg<"text", std::string> text) {
            notes.write(*name, *text);
            return "Wrote " + *name;
        },
        mcp::idempotent);

    server.resource<"notes://{name}">("A note",
                                      [&notes](std::string name) { return notes.read(name); });

    server.prompt<"summarize">("Summarize a note", [&notes](mcp::arg<"name", std::string> name) {
        return "Summarize this note:\n" + notes.read(*name).value_or("It is empty.");
    });

    return mcp::run(server, argc, argv);
}
