// Authenticates clients by bearer tokens; each tool names the scopes that it requires. The program
// holds only the digests of the tokens. To make a digest: printf %s "$TOKEN" | sha256sum
//
//     example_auth_bearer --transport http
//     curl -i http://127.0.0.1:8000/mcp -d '{}'      # 401, with the available scopes
//     # `Authorization: Bearer anns-token` permits all tools; `bobs-token` permits reading.

#include <mcp.hpp>

#include <mutex>
#include <string>
#include <utility>
#include <vector>

class notebook {
public:
    std::vector<std::string> read() const {
        std::lock_guard lock(mutex_);
        return notes_;
    }
    void write(std::string note) {
        std::lock_guard lock(mutex_);
        notes_.push_back(std::move(note));
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> notes_;
};

int main(int argc, char** argv) {
    mcp::static_tokens tokens;
    tokens.add("sha256:bf767b3254de253681cc294cfdbf179e0980635066d624f301d00c6dd53bd328",
               {.subject = "ann", .scopes = {"notes:read", "notes:write"}});
    tokens.add("sha256:c8258ff6b71789efe9c0371433bac953652370c1282f9823825b913e2c9a89c4",
               {.subject = "bob", .scopes = {"notes:read"}});

    mcp::server server{"notes", "1.0.0", std::move(tokens)};
    // A 401 tells clients the available scopes. The operator issues the tokens, so there is no
    // metadata document for clients that look for an authorization server.
    server.options().resource = {.scopes_supported = {"notes:read", "notes:write"}};
    server.options().hide_forbidden = true; // Bob does not see tools that he may not call

    notebook notes;
    server.tool<"read">(
        "Read all notes", [&notes] { return notes.read(); }, mcp::read_only,
        mcp::scopes("notes:read"));
    server.tool<"write">(
        "Write a note, signed",
        [&notes](mcp::arg<"note", std::string> note, mcp::context& ctx) {
            // The principal is not null: a tool with scopes refuses clients without a principal.
            notes.write(*note + " (" + ctx.principal()->subject + ")");
        },
        mcp::scopes("notes:write"));
    return mcp::run(server, argc, argv);
}
