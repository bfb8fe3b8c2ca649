// Authenticates clients with a backend of its own: an awaitable one that asks an identity provider
// about each token. USERINFO_URL is the URL of the provider, such as
// https://login.example.com/userinfo. Run: example_auth_userinfo --transport http

#include <mcp.hpp>
#include <mcp/http/client.hpp>
#include <mcp/http/tls.hpp>

#include <cstdlib>
#include <string>
#include <utility>

class userinfo_auth {
public:
    explicit userinfo_auth(std::string url) : url_(std::move(url)) {}

    // Called for every request, from all event loops at once. Awaiting the provider blocks none.
    asio::awaitable<mcp::auth_result> authenticate(const mcp::http::request& request) {
        using reason = mcp::auth_failure::reason;
        const auto token = mcp::bearer_token(request);
        if (!token)
            co_return mcp::auth_failure{};

        mcp::http::client_request question(url_);
        question.set("Authorization", "Bearer " + std::string(*token));
        mcp::http::client_response answer;
        try {
            answer = co_await client_.send(std::move(question));
        } catch (const mcp::http::client_error&) {
            co_return mcp::auth_failure{reason::unavailable, "The provider cannot be reached"};
        }
        if (answer.code == mcp::http::status::unauthorized)
            co_return mcp::auth_failure{reason::invalid_token, "The provider refuses the token"};

        const auto claims = mcp::parse_json(answer.body);
        const auto* user = answer.ok() && claims ? claims->if_object() : nullptr;
        const auto* name = user != nullptr ? user->if_contains("sub") : nullptr;
        if (name == nullptr || !name->is_string() || name->as_string().empty())
            co_return mcp::auth_failure{reason::unavailable, "The provider does not say who it is"};
        mcp::principal who{std::string(name->as_string())};
        who.claims = *user;
        co_return who;
    }

private:
    std::string url_;
    mcp::http::client client_{{.tls = mcp::http::tls()}};
};

std::string whoami(mcp::context& ctx) {
    return ctx.principal() != nullptr ? ctx.principal()->subject : "nobody"; // over stdio
}

int main(int argc, char** argv) {
    const char* url = std::getenv("USERINFO_URL");
    mcp::server server{
        mcp::server_info{"userinfo", "1.0.0"},
        userinfo_auth(url != nullptr && *url != 0 ? url : "http://127.0.0.1:9000/userinfo")};
    server.tool<whoami>("Say who is calling", mcp::read_only);
    return mcp::run(server, argc, argv);
}
