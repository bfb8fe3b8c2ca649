// Clients read resources; a URI template describes a family of them. Prompts are conversations that
// a user may start. Completions help to fill in the arguments of both.

#include <mcp.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

const std::map<std::string, std::string> notes{{"shopping", "milk, bread"},
                                               {"ideas", "a server in C++"}};

std::string all_notes() {
    std::string list;
    for (const auto& [name, text] : notes)
        list += name + "\n";
    return list;
}

std::optional<std::string> one_note(std::string name) {
    const auto found = notes.find(name);
    if (found == notes.end())
        return std::nullopt; // no such resource
    return found->second;
}

std::vector<std::string> complete_name(std::string typed) {
    std::vector<std::string> names;
    for (const auto& [name, text] : notes) {
        if (name.starts_with(typed))
            names.push_back(name);
    }
    return names;
}

std::string summarize(mcp::arg<"name", std::string, "Which note"> name,
                      mcp::arg<"words", std::optional<int>, "How long"> words) {
    return "Summarize in " + std::to_string(words->value_or(10)) +
           " words: " + one_note(*name).value_or("");
}

int main(int argc, char** argv) {
    mcp::server server{"notes", "1.0.0"};

    server.resource<"notes://all">("The names of all notes", all_notes);
    server.resource<"notes://{name}">("One note", one_note);
    server.complete<"notes://{name}", "name">(complete_name);

    server.prompt<"summarize">("Summarize a note", summarize);
    server.complete<"summarize", "name">(complete_name);

    return mcp::run(server, argc, argv);
}
