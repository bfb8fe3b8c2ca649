// The client of the client scenarios of the official suite, and of the interop tests with servers of
// other people.
//
//     everything_client URL              plays the scenario that the environment names
//     everything_client --drive TARGET   does what standard input says; see ../interop/driver.hpp

#include <mcp/client.hpp>
#include <mcp/client/client_credentials.hpp>
#include <mcp/client/client_credentials_jwt.hpp>
#include <mcp/client/oauth.hpp>
#include <mcp/client/user_agent.hpp>
#include <mcp/json/member.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/view.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include "../interop/driver.hpp"
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using arguments = std::vector<std::string>;

std::string setting(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// Returns null if the variable is not set.
mcp::json json_setting(const char* name) {
    auto value = mcp::parse_json(setting(name));
    return value ? *std::move(value) : mcp::json();
}

/// What the suite tells a client, beside the URL.
struct scenario {
    std::string name = setting("MCP_CONFORMANCE_SCENARIO");
    mcp::json context = json_setting("MCP_CONFORMANCE_CONTEXT");
};

/// Returns a value for each parameter that a tool requires.
mcp::json_object sample_arguments(const mcp::tool_info& tool) {
    const mcp::json schema = *mcp::parse_json(tool.input_schema);
    mcp::json_object given;
    const mcp::json_view required = mcp::json_view(schema).find("required");
    if (!required)
        return given;
    const mcp::json_view properties = mcp::json_view(schema).find("properties");
    for (const mcp::json_view each : required.elements()) {
        const std::string_view name = *each.if_string();
        const auto type = properties.find(name).find("type").if_string();
        if (type == "number" || type == "integer")
            given[name] = 2;
        else
            given[name] = "a";
    }
    return given;
}

/// Calls each tool that the server lists.
asio::awaitable<void> call_tools(mcp::client& client, mcp::json) {
    for (const mcp::tool_info& tool : co_await client.tools())
        co_await client.call(tool.name, sample_arguments(tool));
}

/// Sends a request of each kind.
asio::awaitable<void> use_all(mcp::client& client, mcp::json context) {
    co_await call_tools(client, std::move(context));
    for (const mcp::resource_info& each : co_await client.resources())
        co_await client.read(each.uri);
    for (const mcp::prompt_info& each : co_await client.prompts())
        co_await client.prompt(each.name);
}

/// Makes the calls that the suite asks for.
asio::awaitable<void> call_as_told(mcp::client& client, mcp::json context) {
    co_await client.tools();
    for (const mcp::json& call : context.at("toolCalls").as_array()) {
        const std::string name(call.at("name").as_string());
        co_await client.call(name, call.at("arguments").as_object());
    }
}

/// Lists tools, and calls none.
asio::awaitable<void> list_tools(mcp::client& client, mcp::json) {
    co_await client.tools();
}

/// Sends the schema of each other tool back, as the client knows it.
asio::awaitable<void> echo_schemas(mcp::client& client, mcp::json) {
    const std::string echo = "json_schema_echo";
    for (const mcp::tool_info& tool : co_await client.tools()) {
        if (tool.name == echo)
            continue;
        mcp::json_object given;
        given["schema"] = *mcp::parse_json(tool.input_schema);
        co_await client.call(echo, given);
    }
}

/// Answers a question only after a call of another tool.
asio::awaitable<void> ask_between(mcp::client& client, mcp::json) {
    for (const char* tool :
         {"test_mrtr_echo_state", "test_mrtr_no_state", "test_mrtr_no_result_type"})
        co_await client.call(tool);
}

struct row {
    std::string_view name;
    asio::awaitable<void> (*play)(mcp::client&, mcp::json);
};

asio::awaitable<void> play(const scenario& now, mcp::client& client) {
    static constexpr row rows[] = {
        {"http-standard-headers", use_all},
        {"http-custom-headers", call_as_told},
        {"json-schema-ref-no-deref", list_tools},
        {"json-schema-2020-12-preservation", echo_schemas},
        {"sep-2322-client-request-state", ask_between},
    };
    for (const row& each : rows)
        if (each.name == now.name)
            return each.play(client, now.context);
    return call_tools(client, now.context);
}

/// Answers the questions of a server, so that all capabilities are declared.
void answer_questions(mcp::client& client, const scenario& now) {
    client.on_elicit(
        [&client, &now](const mcp::elicit_request&) -> asio::awaitable<mcp::json_object> {
            if (now.name == "sep-2322-client-request-state")
                co_await client.call("test_mrtr_unrelated");
            co_return mcp::json_object(); // the client adds the defaults of the form
        });
    client.on_sample([](const mcp::sampling_request&) { return "Bonjour"; });
    client.on_roots({mcp::root("file:///home/parrot")});
}

/// Returns what the suite names for the authorization, such as `client_id`; empty if it does not.
std::string credential(const scenario& now, std::string_view name) {
    return std::string(mcp::find_member(now.context, name).if_string().value_or(""));
}

/// Authorizes the client without a user, in the way that the scenario wants.
std::shared_ptr<mcp::authorizer> authorizer_for(const scenario& now) {
    if (now.name.starts_with("auth/client-credentials")) {
        mcp::client_credentials_options options;
        options.client_id = credential(now, "client_id");
        options.client_secret = credential(now, "client_secret");
        if (const std::string key = credential(now, "private_key_pem"); !key.empty())
            options.assertion = mcp::client_credentials_jwt(options.client_id, key);
        return std::make_shared<mcp::client_credentials>(options);
    }
    mcp::oauth_options options;
    options.name = "everything";
    options.client_id = credential(now, "client_id");
    options.client_secret = credential(now, "client_secret");
    options.issuer = credential(now, "issuer");
    options.client_document = "https://conformance-test.local/client-metadata.json";
    options.agent = std::make_shared<mcp::headless_agent>();
    return std::make_shared<mcp::oauth>(options);
}

asio::awaitable<void> play_scenario(std::string url) {
    const scenario now;
    mcp::http_options http;
    if (now.name.starts_with("auth/"))
        http.authorization = authorizer_for(now);
    mcp::client client{{.name = "everything", .version = "1.0.0"}};
    answer_questions(client, now);
    co_await client.connect(std::make_unique<mcp::http_transport>(url, http));
    co_await play(now, client);
    co_await client.close();
}

} // namespace

int main(int argc, char** argv) {
    const arguments given(argv + 1, argv + argc);
    if (given.empty()) {
        std::fputs("everything_client: no URL\n", stderr);
        return 2;
    }
    asio::io_context loop;
    std::exception_ptr failure;
    const auto ended = [&failure](std::exception_ptr why) { failure = why; };
    if (given.front() == "--drive")
        asio::co_spawn(loop, interop::drive({given.begin() + 1, given.end()}), ended);
    else
        asio::co_spawn(loop, play_scenario(given.back()), ended);
    loop.run();
    try {
        if (failure)
            std::rethrow_exception(failure);
    } catch (const std::exception& why) {
        std::fprintf(stderr, "everything_client: %s\n", why.what());
        return 1;
    }
}
