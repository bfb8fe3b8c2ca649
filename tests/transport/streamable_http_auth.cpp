#include <mcp/auth/protected_resource.hpp>
#include <mcp/auth/static_tokens.hpp>
#include <mcp/http/router.hpp>
#include <mcp/server/server.hpp>
#include <mcp/transport/resource_metadata.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <support/mcp_http.hpp>
#include <utility>
#include <vector>

// Who may call, and how often, at the endpoint itself. [MCP 2026-07-28 basic/authorization]

namespace streamable_http_auth_test {

using wire::answer;
using wire::modern;
using wire::modern_tool;
using wire::request;
using namespace std::chrono_literals;

/// A token is a subject and its scopes: `ann.read.write`. Some tokens have a meaning of their own.
mcp::auth_result judge(const mcp::http::request& q) {
    using enum mcp::auth_failure::reason;
    auto token = mcp::bearer_token(q);
    if (!token)
        return mcp::auth_failure{};
    if (*token == "expired")
        return mcp::auth_failure{invalid_token, "It \"expired\"\r\nX-Evil: 1"};
    if (*token == "silent")
        return mcp::auth_failure{invalid_token};
    if (*token == "form")
        return mcp::auth_failure{bad_request, "Two tokens"};
    if (*token == "down")
        return mcp::auth_failure{unavailable, "Try later"};
    if (*token == "nobody")
        return mcp::principal{};
    if (*token == "unreachable")
        throw mcp::unavailable("secret-host:6379 is gone");
    mcp::principal who;
    who.subject = token->substr(0, token->find('.'));
    for (auto dot = token->find('.'); dot != token->npos;) {
        const auto next = token->find('.', dot + 1);
        who.scopes.emplace_back(token->substr(dot + 1, next - dot - 1));
        dot = next;
    }
    return who;
}

struct sync_auth {
    mcp::auth_result authenticate(const mcp::http::request& q) { return judge(q); }
};
struct awaitable_auth {
    asio::awaitable<mcp::auth_result> authenticate(const mcp::http::request& q) {
        co_await asio::post(asio::use_awaitable);
        co_return judge(q);
    }
};
struct blocking_auth {
    static constexpr bool blocking = true;
    mcp::auth_result authenticate(const mcp::http::request& q) { return judge(q); }
};

request as(std::string_view token, request q) {
    return q.add("Authorization", "Bearer " + std::string(token));
}

const std::string metadata =
    R"(Bearer realm="mcp", )"
    R"(resource_metadata="https://example.com/.well-known/oauth-protected-resource/mcp")";

/// A server with things that need permission.
template <class... Collaborators>
struct test_server {
    explicit test_server(Collaborators... parts) : server("weather", "1.0", std::move(parts)...) {
        server.options().resource = {.resource = "https://example.com/mcp",
                                     .authorization_servers = {"https://login.example.com"}};
        server.options().log = [](mcp::log_level, std::string_view) {};
        server.template tool<"whoami">("Says who calls", [](mcp::context& ctx) {
            return ctx.principal() ? ctx.principal()->subject : std::string("nobody");
        });
        server.template tool<"later">(
            "Says it later", [](mcp::context& ctx) -> asio::awaitable<std::string> {
                co_await asio::post(asio::use_awaitable);
                co_return ctx.principal() ? ctx.principal()->subject : std::string("nobody");
            });
        server.template tool<"deploy">(
            "Deploys", [this] { return ++ran, std::string("done"); },
            mcp::scopes("deploy", "write"));
        server.template tool<"deploy_later">(
            "Deploys later",
            [this](mcp::context& ctx) -> asio::awaitable<std::string> {
                ++ran;
                ctx.warning("started");
                co_return "done";
            },
            mcp::scopes("deploy", "write"));
        server.template tool<"anns">(
            "Is Ann's", [this] { return ++ran, std::string("done"); },
            mcp::allow_if([](const mcp::principal& who, const mcp::json_object& params) {
                return who.subject == "ann" && params.at("name").as_string() == "anns";
            }));
        server.template tool<"anns_later">(
            "Is Ann's", [this] { return ++ran, std::string("done"); },
            mcp::allow_if(
                [](const mcp::principal& who, const mcp::json_object&) -> asio::awaitable<bool> {
                    co_await asio::post(asio::use_awaitable);
                    co_return who.subject == "ann";
                }));
        server.template tool<"throws">("Forbids itself",
                                       [](mcp::context&) -> asio::awaitable<std::string> {
                                           co_await asio::post(asio::use_awaitable);
                                           throw mcp::forbidden({"x", "y"});
                                       });
        server.template prompt<"secret">(
            "Secret", [] { return std::string("psst"); }, mcp::scopes("read"));
    }

    mcp::streamable_http& endpoint() {
        if (!endpoint_)
            endpoint_ =
                std::make_unique<mcp::streamable_http>(server, wire::furnish(server, options));
        return *endpoint_;
    }
    answer ask(const request& q) { return wire::ask(endpoint(), q); }
    std::string session(std::string_view token, std::string_view revision = "2025-11-25") {
        return ask(as(token, wire::initialize(revision))).header("Mcp-Session-Id");
    }

    mcp::server<Collaborators...> server;
    wire::endpoint_options options{};
    int ran = 0;

private:
    std::unique_ptr<mcp::streamable_http> endpoint_;
};

template <class Auth>
class streamable_http_auth_backends : public testing::Test {
protected:
    test_server<Auth> here{Auth()};
};
using backends = testing::Types<sync_auth, awaitable_auth, blocking_auth>;
TYPED_TEST_SUITE(streamable_http_auth_backends, backends);

TYPED_TEST(streamable_http_auth_backends, refusals) {
    const struct {
        const char* name;
        request q;
        int code;
        std::string challenge;
        std::string message;
    } rows[] = {
        {"no token", modern("tools/list"), 401, metadata, "Authentication is required"},
        {"other scheme", modern("tools/list").add("Authorization", "Basic YTpi"), 401, metadata,
         "Authentication is required"},
        {"two tokens", as("ann", as("ann", modern("tools/list"))), 401, metadata,
         "Authentication is required"},
        {"expired", as("expired", modern("tools/list")), 401,
         metadata + R"(, error="invalid_token", )"
                    R"(error_description="It \"expired\"X-Evil: 1")",
         "It \\\"expired\\\"\\r\\nX-Evil: 1"},
        {"silent", as("silent", modern("tools/list")), 401,
         metadata + R"(, error="invalid_token", error_description="Authentication is required")",
         "Authentication is required"},
        {"no subject", as("nobody", modern("tools/list")), 401,
         metadata + R"(, error="invalid_token", error_description="The token has no subject")",
         "The token has no subject"},
        {"form", as("form", modern("tools/list")), 400,
         metadata + R"(, error="invalid_request", error_description="Two tokens")", "Two tokens"},
        {"down", as("down", modern("tools/list")), 503, "", "Try later"},
        {"not even json", modern("tools/list").text("{"), 401, metadata,
         "Authentication is required"},
        {"initialize", wire::initialize(), 401, metadata, "Authentication is required"},
    };
    for (const auto& each : rows) {
        SCOPED_TRACE(each.name);
        const answer a = this->here.ask(each.q);
        EXPECT_EQ(a.code, each.code);
        EXPECT_EQ(a.header("WWW-Authenticate"), each.challenge);
        EXPECT_EQ(a.header("X-Evil"), "");
        EXPECT_EQ(a.header("Retry-After"), each.code == 503 ? "5" : "");
        EXPECT_EQ(a.type, "application/json");
        EXPECT_EQ(a["/error/message"], '"' + each.message + '"');
        EXPECT_EQ(a["/id"], "");
        EXPECT_EQ(a.header("Mcp-Session-Id"), "");
    }
}

TYPED_TEST(streamable_http_auth_backends, a_backend_that_is_cut_off_is_a_503_without_details) {
    const answer a = this->here.ask(as("unreachable", modern("tools/list")));
    EXPECT_EQ(a.code, 503);
    EXPECT_NE(a.header("Retry-After"), "");
    EXPECT_EQ(a.body.find("secret-host"), std::string::npos);
}

TYPED_TEST(streamable_http_auth_backends, every_method_is_authenticated) {
    const std::string id = this->here.session("ann");
    ASSERT_NE(id, "");
    using enum mcp::http::verb;
    for (const auto method : {get, delete_, put, head, options, patch}) {
        request q = wire::get(id);
        q.method = method;
        const answer a = this->here.ask(q);
        EXPECT_EQ(a.code, 401) << mcp::http::to_string(method);
        EXPECT_EQ(a.header("WWW-Authenticate"), metadata);
        EXPECT_EQ(this->here.ask(as("expired", q)).code, 401);
    }
    // The session is still there, and a token in the query is none.
    EXPECT_EQ(this->here.ask(as("ann", wire::in_session(id, wire::call("ping")))).code, 200);
    request query = modern("tools/list");
    query.path = "/mcp?access_token=ann";
    EXPECT_EQ(this->here.ask(query).code, 401);
}

TYPED_TEST(streamable_http_auth_backends, handlers_know_who_calls) {
    const std::string id = this->here.session("bob.read");
    for (const char* tool : {"whoami", "later"}) {
        const answer a = this->here.ask(as("ann", modern_tool(tool)));
        EXPECT_EQ(a.code, 200);
        EXPECT_EQ(a["/result/content/0/text"], R"("ann")") << a.body;
        const answer b = this->here.ask(as("bob", wire::legacy_tool(id, tool)));
        EXPECT_EQ(b["/result/content/0/text"], R"("bob")") << b.body;
    }
}

TYPED_TEST(streamable_http_auth_backends, a_session_is_its_owners) {
    const std::string id = this->here.session("ann.read");
    ASSERT_NE(id, "");
    const std::string unknown(id.size(), 'x');
    const auto tries = [](const std::string& session) {
        return std::vector<request>{wire::in_session(session, wire::call("ping")),
                                    wire::in_session(session, wire::call("x", "", "")),
                                    wire::legacy_tool(session, "whoami"), wire::get(session),
                                    wire::erase(session)};
    };
    const auto foreign = tries(id);
    const auto missing = tries(unknown);
    for (std::size_t i = 0; i < foreign.size(); ++i) {
        // Subjects are compared whole, and nothing else is.
        for (const char* other : {"bob", "an", "anna", "Ann", "bob.ann"}) {
            const answer theirs = this->here.ask(as(other, foreign[i]));
            const answer none = this->here.ask(as(other, missing[i]));
            EXPECT_EQ(theirs.code, 404);
            EXPECT_EQ(theirs.code, none.code);
            EXPECT_EQ(theirs.type, none.type);
            EXPECT_EQ(theirs.headers, none.headers);
            EXPECT_EQ(theirs.body, none.body);
        }
    }
    // Another token of the same subject may go on, and end it.
    EXPECT_EQ(this->here.ask(as("ann", foreign[0])).code, 200);
    EXPECT_LT(this->here.ask(as("ann.x", foreign[4])).code, 300);
    EXPECT_EQ(this->here.ask(as("ann", foreign[0])).code, 404);
}

class streamable_http_auth : public testing::Test {
protected:
    /// A call on either wire, and on the legacy one in a session of the caller.
    answer call(bool legacy, std::string_view token, std::string_view tool) {
        if (!legacy)
            return here.ask(as(token, modern_tool(tool)));
        return here.ask(as(token, wire::legacy_tool(here.session(token), tool)));
    }
    test_server<sync_auth> here{sync_auth()};
};

TEST(streamable_http_auth_text, says_that_no_authorization_server_issues_tokens) {
    mcp::static_tokens tokens;
    tokens.add("anns-token", {.subject = "ann"});
    test_server<mcp::static_tokens> here(std::move(tokens));
    const auto refusal = [&] { return here.ask(modern("tools/list")); };
    EXPECT_EQ(refusal()["/error/message"], R"("Authentication is required")"); // one is named
    here.server.options().resource.authorization_servers.clear();
    const answer a = refusal();
    EXPECT_EQ(a.code, 401);
    EXPECT_EQ(a.header("WWW-Authenticate"), R"(Bearer realm="mcp")");
    EXPECT_NE(a["/error/message"].find("No authorization server issues tokens"), std::string::npos)
        << a.body;
}

TEST_F(streamable_http_auth, lacking_scopes_are_told_all_at_once_and_before_any_stream) {
    const std::string challenge =
        metadata + R"(, scope="deploy write", error="insufficient_scope")";
    here.options.always_stream = true;
    here.options.replay_events = 10;
    for (const bool legacy : {false, true}) {
        for (const char* tool : {"deploy", "deploy_later"}) {
            for (const char* token : {"ann", "ann.deploy", "ann.write", "ann.Deploy.Write"}) {
                SCOPED_TRACE(std::string(legacy ? "legacy " : "modern ") + tool + ' ' + token);
                const answer a = call(legacy, token, tool);
                EXPECT_EQ(a.code, 403);
                EXPECT_EQ(a.type, "application/json");
                EXPECT_EQ(a.header("WWW-Authenticate"), challenge);
                EXPECT_EQ(a.error(), mcp::errc::forbidden);
                EXPECT_EQ(a["/error/data/requiredScopes"], R"(["deploy","write"])");
                EXPECT_EQ(a["/id"], "1");
            }
            EXPECT_EQ(here.ran, 0);
            EXPECT_EQ(call(legacy, "ann.write.read.deploy", tool).code, 200);
            EXPECT_EQ(std::exchange(here.ran, 0), 1);
        }
    }
}

TEST_F(streamable_http_auth, predicates_decide_before_the_handler_runs) {
    for (const bool legacy : {false, true}) {
        for (const char* tool : {"anns", "anns_later"}) {
            SCOPED_TRACE(std::string(legacy ? "legacy " : "modern ") + tool);
            const answer no = call(legacy, "bob.deploy.write", tool);
            EXPECT_EQ(no.code, 403);
            EXPECT_EQ(no.error(), mcp::errc::forbidden);
            EXPECT_EQ(no.type, "application/json");
            EXPECT_NE(no.header("WWW-Authenticate").find(R"(error="insufficient_scope")"),
                      std::string::npos);
            EXPECT_EQ(here.ran, 0);
            const answer yes = call(legacy, "ann", tool);
            EXPECT_EQ(yes.code, 200);
            EXPECT_EQ(yes["/result/content/0/text"], R"("done")");
            EXPECT_EQ(std::exchange(here.ran, 0), 1);
        }
    }
}

TEST_F(streamable_http_auth, what_a_handler_forbids_later_names_its_scopes_too) {
    for (const bool legacy : {false, true}) {
        const answer a = call(legacy, "ann", "throws");
        EXPECT_EQ(a.code, 403);
        EXPECT_EQ(a.header("WWW-Authenticate"),
                  metadata + R"(, scope="x y", error="insufficient_scope")");
        EXPECT_EQ(a["/error/data/requiredScopes"], R"(["x","y"])");
    }
}

TEST_F(streamable_http_auth, prompts_need_their_scopes_as_tools_do) {
    const auto get = [&](const char* token) {
        return here.ask(as(token, modern("prompts/get", R"("name":"secret")", "secret")));
    };
    EXPECT_EQ(get("ann").code, 403);
    EXPECT_EQ(get("ann").header("WWW-Authenticate"),
              metadata + R"(, scope="read", error="insufficient_scope")");
    EXPECT_EQ(get("ann.read").code, 200);
}

TEST_F(streamable_http_auth, a_member_of_a_batch_is_refused_by_itself) {
    const std::string id = here.session("ann", "2025-03-26");
    const std::string deploy = wire::call("tools/call", R"("name":"deploy","arguments":{})", "2");
    const answer a =
        here.ask(as("ann", wire::in_session(id, '[' + wire::call("ping") + ',' + deploy + ']')));
    EXPECT_EQ(a.code, 200);
    EXPECT_EQ(a["/0/result"], "{}");
    EXPECT_EQ(a["/1/error/code"], std::to_string(mcp::errc::forbidden));
    EXPECT_EQ(here.ran, 0);
}

TEST_F(streamable_http_auth, lists_show_all_unless_they_hide) {
    const auto listed = [&](const char* token) {
        const answer a = here.ask(as(token, modern("tools/list")));
        const answer b =
            here.ask(as(token, wire::in_session(here.session(token), wire::call("tools/list"))));
        const auto has = [](const answer& in, const char* tool) {
            return in.body.find("\"" + std::string(tool) + "\"") != std::string::npos;
        };
        EXPECT_TRUE(has(a, "whoami"));
        EXPECT_TRUE(has(a, "anns")); // predicates are only asked of calls
        EXPECT_EQ(has(a, "deploy"), has(b, "deploy"));
        EXPECT_EQ(has(a, "deploy"), has(a, "deploy_later"));
        return has(a, "deploy");
    };
    const auto prompts = [&](const char* token) {
        return here.ask(as(token, modern("prompts/list")))["/result/prompts/0/name"];
    };
    EXPECT_TRUE(listed("ann"));
    EXPECT_EQ(prompts("ann"), R"("secret")");
    here.server.options().hide_forbidden = true;
    EXPECT_FALSE(listed("ann"));
    EXPECT_FALSE(listed("ann.deploy"));
    EXPECT_TRUE(listed("ann.deploy.write"));
    EXPECT_EQ(prompts("ann"), "");
    EXPECT_EQ(prompts("ann.read"), R"("secret")");
}

/// The challenge names the metadata of the tenant. [RFC 9728 §5.1]
TEST(streamable_http_auth_tenants, a_challenge_names_the_document_of_its_path) {
    test_server<sync_auth> here{sync_auth{}};
    here.server.options().resource.resource = "https://example.com/t/{tenant}/mcp";
    mcp::http::router app;
    app.mount("/t/{tenant}/mcp", mcp::streamable_http{here.server});
    app.mount(mcp::resource_metadata_path, mcp::resource_metadata(here.server.options().resource));
    const auto call = [&](mcp::http::request& q, mcp::http::response& r) { return app(q, r); };
    const struct {
        request q;
        int code;
    } rows[] = {
        {modern("tools/list"), 401},
        {as("expired", modern("tools/list")), 401},
        {as("form", modern("tools/list")), 400},
        {as("ann", modern_tool("deploy")), 403},
        {as("ann", modern_tool("deploy_later")), 403},
    };
    for (const std::string tenant : {"acme", "globex"}) {
        for (const auto& each : rows) {
            request q = each.q;
            q.path = "/t/" + tenant + "/mcp";
            const auto refused = wire::ask(call, q);
            EXPECT_EQ(refused.code, each.code);
            const std::string url =
                "https://example.com/.well-known/oauth-protected-resource/t/" + tenant + "/mcp";
            EXPECT_NE(refused.header("WWW-Authenticate").find("resource_metadata=\"" + url + '"'),
                      std::string::npos)
                << refused.header("WWW-Authenticate");
            request get;
            get.method = mcp::http::verb::get;
            get.path = url.substr(url.find("/.well-known"));
            EXPECT_EQ(wire::ask(call, get)["/resource"], "\"https://example.com" + q.path + '"');
        }
    }
}

TEST(streamable_http_auth_none, without_a_backend_what_needs_permission_is_refused) {
    test_server<> open;
    EXPECT_EQ(open.ask(modern_tool("whoami"))["/result/content/0/text"], R"("nobody")");
    for (const char* tool : {"deploy", "deploy_later", "anns", "anns_later"})
        EXPECT_EQ(open.ask(modern_tool(tool)).code, 403) << tool;
    // Nor does a token help that nobody looks at.
    EXPECT_EQ(open.ask(as("ann.deploy.write", modern_tool("deploy"))).code, 403);
    EXPECT_EQ(open.ran, 0);
}

/// What limiters were asked, and what they are to say.
struct limiter_script {
    mcp::rate_decision answer(const std::string& key) {
        keys.push_back(key);
        if (cut_off)
            throw mcp::unavailable("secret-host:6379 is gone");
        return decision;
    }
    std::vector<std::string> keys{};
    mcp::rate_decision decision{};
    bool cut_off = false;
};
struct sync_limiter {
    mcp::rate_decision acquire(const std::string& key) { return to->answer(key); }
    std::shared_ptr<limiter_script> to;
};
struct awaitable_limiter {
    asio::awaitable<mcp::rate_decision> acquire(std::string key) {
        co_await asio::post(asio::use_awaitable);
        co_return to->answer(key);
    }
    std::shared_ptr<limiter_script> to;
};
struct blocking_limiter {
    static constexpr bool blocking = true;
    mcp::rate_decision acquire(const std::string& key) { return to->answer(key); }
    std::shared_ptr<limiter_script> to;
};

template <class Limiter>
class streamable_http_limits : public testing::Test {
protected:
    std::shared_ptr<limiter_script> said = std::make_shared<limiter_script>();
    test_server<sync_auth, Limiter> here{sync_auth(), Limiter{said}};
};
using limiters = testing::Types<sync_limiter, awaitable_limiter, blocking_limiter>;
TYPED_TEST_SUITE(streamable_http_limits, limiters);

TYPED_TEST(streamable_http_limits, too_many_requests_are_told_when_to_come_back) {
    const struct {
        std::chrono::milliseconds wait;
        const char* seconds;
    } rows[] = {{0ms, "1"},    {1ms, "1"},       {1000ms, "1"},
                {1001ms, "2"}, {60'000ms, "60"}, {-5000ms, "1"}};
    for (const auto& each : rows) {
        this->said->decision = {false, each.wait};
        for (const request& q : {modern_tool("whoami"), wire::initialize(), wire::get("x"),
                                 wire::erase("x"), modern("x").text("{")}) {
            const answer a = this->here.ask(as("ann", q));
            EXPECT_EQ(a.code, 429);
            EXPECT_EQ(a.header("Retry-After"), each.seconds);
            EXPECT_EQ(a["/error/data/retryAfter"], each.seconds);
            EXPECT_EQ(a.type, "application/json");
        }
    }
}

TYPED_TEST(streamable_http_limits, callers_are_counted_by_who_they_are) {
    EXPECT_EQ(this->here.ask(as("ann.read", modern("tools/list"))).code, 200);
    EXPECT_EQ(this->here.ask(as("bob", modern("tools/list"))).code, 200);
    EXPECT_EQ(this->here.ask(modern("tools/list")).code, 401);
    EXPECT_EQ(this->said->keys, (std::vector<std::string>{"subject:ann", "subject:bob"}));
}

TYPED_TEST(streamable_http_limits, a_limiter_that_is_cut_off_is_a_503_without_details) {
    this->said->cut_off = true;
    const answer a = this->here.ask(as("ann", modern("tools/list")));
    EXPECT_EQ(a.code, 503);
    EXPECT_NE(a.header("Retry-After"), "");
    EXPECT_EQ(a.body.find("secret-host"), std::string::npos);
}

TEST(streamable_http_limits_open, without_authentication_addresses_are_counted) {
    const auto said = std::make_shared<limiter_script>();
    test_server<sync_limiter> open(sync_limiter{said});
    request q = modern("tools/list").set("Host", "mcp.example.com");
    q.remote = "192.0.2.7";
    EXPECT_EQ(open.ask(q).code, 200);
    q.remote = "2001:db8::1";
    EXPECT_EQ(open.ask(q).code, 200);
    EXPECT_EQ(said->keys, (std::vector<std::string>{"address:192.0.2.7", "address:2001:db8::/64"}));
}

} // namespace streamable_http_auth_test
