// What needs permission, over HTTP: tools, resources, templates, prompts, completions and
// subscriptions, by scope and by predicate. [MCP 2026-07-28 basic/authorization]

#include <mcp/server/server.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <support/mcp_http.hpp>
#include <thread>
#include <utility>
#include <vector>

namespace streamable_http_permissions_test {

using wire::answer;
using wire::request;

/// A token is a subject and its scopes: `ann.read`.
struct door {
    mcp::auth_result authenticate(const mcp::http::request& q) {
        const std::string token(mcp::bearer_token(q).value_or("nobody"));
        mcp::principal who{.subject = token.substr(0, token.find('.'))};
        if (token.find('.') != token.npos)
            who.scopes.push_back(token.substr(token.find('.') + 1));
        return who;
    }
};

request as(std::string_view token, request q) {
    return q.add("Authorization", "Bearer " + std::string(token));
}

/// Kinds of permissions that all let nobody in but `ann.read`, and count how often they are asked.
enum class kind { scopes, sync, awaitable, blend };

mcp::permission needs(kind k, std::shared_ptr<int> asked) {
    const auto sync = [asked](const mcp::principal& who, const mcp::json_object&) {
        ++*asked;
        return who.subject == "ann";
    };
    const auto awaitable = [asked](const mcp::principal& who,
                                   const mcp::json_object&) -> asio::awaitable<bool> {
        co_await asio::post(asio::use_awaitable);
        ++*asked;
        co_return who.subject == "ann";
    };
    switch (k) {
    case kind::scopes:
        return mcp::scopes("read");
    case kind::sync:
        return mcp::allow_if(sync);
    case kind::awaitable:
        return mcp::allow_if(awaitable);
    case kind::blend:
        break;
    }
    return mcp::scopes("read") & mcp::allow_if(awaitable);
}

/// One of everything, behind one permission.
template <class... Collaborators>
struct test_server {
    explicit test_server(const mcp::permission& needed, Collaborators... parts)
        : server("weather", "1.0", door(), std::move(parts)...) {
        server.options().log = [](mcp::log_level, std::string_view) {};
        server.template tool<"now">("", [this] { return ++ran, std::string("done"); }, needed);
        server.template tool<"later">(
            "",
            [this](mcp::context& ctx) -> asio::awaitable<std::string> {
                ++ran;
                ctx.warning("started");
                co_return "done";
            },
            needed);
        server.template resource<"vault://a">(
            "", [this] { return ++ran, std::string("done"); }, needed);
        server.template resource<"vault://n/{n}">(
            "", [this](std::string) { return ++ran, std::string("done"); }, needed);
        server.template prompt<"plan">(
            "", [this](mcp::arg<"what", std::string>) { return ++ran, std::string("done"); },
            needed);
        const auto candidates = [this](std::string) {
            ++ran;
            return std::vector<std::string>{"done"};
        };
        server.template complete<"plan", "what">(candidates);
        server.template complete<"vault://n/{n}", "n">(candidates);
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
    /// A request on either wire; on the legacy one in a session of its own.
    answer call(bool legacy, std::string_view token, std::string_view method, std::string members,
                std::string_view name = {}) {
        if (legacy)
            return ask(as(token, wire::in_session(session(token), wire::call(method, members))));
        return ask(as(token, wire::modern(method, std::move(members), name)));
    }

    mcp::server<door, Collaborators...> server;
    wire::endpoint_options options{};
    int ran = 0;

private:
    std::unique_ptr<mcp::streamable_http> endpoint_;
};

const struct {
    const char* method;
    const char* members;
    const char* name;
} calls[] = {
    {"tools/call", R"("name":"now","arguments":{})", "now"},
    {"tools/call", R"("name":"later","arguments":{})", "later"},
    {"resources/read", R"("uri":"vault://a")", "vault://a"},
    {"resources/read", R"("uri":"vault://n/1")", "vault://n/1"},
    {"prompts/get", R"("name":"plan","arguments":{"what":"x"})", "plan"},
    {"completion/complete",
     R"("ref":{"type":"ref/prompt","name":"plan"},"argument":{"name":"what","value":""})", ""},
    {"completion/complete",
     R"("ref":{"type":"ref/resource","uri":"vault://n/{n}"},"argument":{"name":"n","value":""})",
     ""},
};

struct setting {
    bool log;
    bool always_stream;
};
constexpr setting settings[] = {{false, false}, {true, false}, {false, true}, {true, true}};

TEST(streamable_http_permissions, a_refusal_is_a_403_on_both_wires_whatever_is_streamed) {
    for (const kind k : {kind::scopes, kind::sync, kind::awaitable, kind::blend}) {
        for (const setting s : settings) {
            const auto asked = std::make_shared<int>(0);
            test_server<> here(needs(k, asked));
            here.options.always_stream = s.always_stream;
            here.options.replay_events = s.log ? 10 : 0;
            for (const bool legacy : {false, true}) {
                for (const auto& each : calls) {
                    SCOPED_TRACE(std::string(legacy ? "legacy " : "modern ") + each.members +
                                 " kind " + std::to_string(static_cast<int>(k)) +
                                 (s.log ? " log" : "") + (s.always_stream ? " stream" : ""));
                    const bool blend = k == kind::blend;
                    const bool scope = blend || k == kind::scopes;
                    const auto try_as = [&](const char* token) {
                        return here.call(legacy, token, each.method, each.members, each.name);
                    };
                    const answer no = try_as(k == kind::scopes ? "ann"
                                             : blend           ? "bob.read"
                                                               : "bob");
                    EXPECT_EQ(no.code, 403) << no.body;
                    EXPECT_EQ(no.type, "application/json");
                    EXPECT_EQ(no.error(), mcp::errc::forbidden);
                    EXPECT_EQ(no["/id"], "1");
                    EXPECT_EQ(
                        no.header("WWW-Authenticate"),
                        k == kind::scopes
                            ? R"(Bearer realm="mcp", scope="read", error="insufficient_scope")"
                            : R"(Bearer realm="mcp", error="insufficient_scope")");
                    EXPECT_EQ(here.ran, 0);
                    EXPECT_EQ(*asked, k == kind::scopes ? 0 : 1);
                    *asked = 0;
                    const answer yes = try_as(scope ? "ann.read" : "ann");
                    EXPECT_EQ(yes.code, 200);
                    EXPECT_NE(yes.body.find("done"), yes.body.npos) << yes.body;
                    EXPECT_EQ(yes.header("WWW-Authenticate"), "");
                    EXPECT_EQ(std::exchange(here.ran, 0), 1);
                    EXPECT_EQ(std::exchange(*asked, 0), k == kind::scopes ? 0 : 1);
                    if (s.always_stream) {
                        EXPECT_EQ(yes.type, "text/event-stream");
                    }
                }
            }
        }
    }
}

/// The timer of the stream fires while the predicate waits for a later one of the same loop.
TEST(streamable_http_permissions, a_predicate_that_takes_long_still_refuses_with_a_status) {
    for (const bool log : {false, true}) {
        test_server<> here(mcp::allow_if(
            [](const mcp::principal& who, const mcp::json_object&) -> asio::awaitable<bool> {
                asio::steady_timer later(co_await asio::this_coro::executor);
                later.expires_after(std::chrono::milliseconds(20));
                co_await later.async_wait(asio::use_awaitable);
                co_return who.subject == "ann";
            }));
        here.options.replay_events = log ? 10 : 0;
        here.options.stream_after = std::chrono::milliseconds(1);
        for (const bool legacy : {false, true}) {
            for (const auto& each : calls) {
                SCOPED_TRACE(std::string(legacy ? "legacy " : "modern ") + each.members);
                const answer no = here.call(legacy, "bob", each.method, each.members, each.name);
                EXPECT_EQ(no.code, 403) << no.body;
                EXPECT_EQ(no.type, "application/json");
                const answer yes = here.call(legacy, "ann", each.method, each.members, each.name);
                EXPECT_EQ(yes.code, 200) << yes.body;
                EXPECT_EQ(yes.type, "text/event-stream");
            }
        }
    }
}

TEST(streamable_http_permissions, a_member_of_a_batch_is_refused_by_itself) {
    for (const bool log : {false, true}) {
        const auto asked = std::make_shared<int>(0);
        test_server<> here(needs(kind::awaitable, asked));
        here.options.replay_events = log ? 10 : 0;
        const std::string id = here.session("bob", "2025-03-26");
        std::string batch = '[' + wire::call("ping", "", "99");
        int next = 0;
        for (const auto& each : calls)
            batch += ',' + wire::call(each.method, each.members, std::to_string(++next));
        batch +=
            ',' + wire::call("resources/subscribe", R"("uri":"vault://a")", std::to_string(++next));
        const answer a = here.ask(as("bob", wire::in_session(id, batch + ']')));
        EXPECT_EQ(a.code, 200);
        EXPECT_EQ(*asked, next);
        EXPECT_EQ(here.ran, 0);
        int refused = 0;
        for (const std::string& each : a.messages())
            refused += wire::at(each, "/error/code") == std::to_string(mcp::errc::forbidden);
        EXPECT_EQ(refused, next) << a.body;
    }
}

TEST(streamable_http_permissions, a_call_whose_predicate_is_being_asked_can_be_cancelled) {
    for (const bool log : {false, true}) {
        wire::happening began;
        int ran = 0;
        mcp::server server("weather", "1.0", door());
        server.options().log = [](mcp::log_level, std::string_view) {};
        server.tool<"slow">(
            "", [&ran] { return ++ran; },
            mcp::allow_if([&began](const mcp::principal&,
                                   const mcp::json_object&) -> asio::awaitable<bool> {
                asio::steady_timer never(co_await asio::this_coro::executor, std::chrono::hours(1));
                began.happen();
                co_await never.async_wait(asio::use_awaitable);
                co_return true;
            }));
        wire::endpoint_options options;
        options.replay_events = log ? 10 : 0;
        mcp::streamable_http endpoint(server, wire::furnish(server, options));
        const std::string id =
            wire::ask(endpoint, as("ann", wire::initialize())).header("Mcp-Session-Id");
        answer got;
        std::thread call(
            [&] { got = wire::ask(endpoint, as("ann", wire::legacy_tool(id, "slow"))); });
        EXPECT_TRUE(began.seen());
        wire::ask(endpoint, as("ann", wire::in_session(id, wire::call("notifications/cancelled",
                                                                      R"("requestId":1)", ""))));
        call.join();
        EXPECT_EQ(got.code, 202);
        EXPECT_EQ(got.body, "");
        EXPECT_EQ(ran, 0);
    }
}

TEST(streamable_http_permissions, only_who_may_read_a_resource_subscribes_to_it) {
    for (const kind k : {kind::scopes, kind::sync, kind::awaitable}) {
        const auto asked = std::make_shared<int>(0);
        test_server<> here(needs(k, asked));
        here.server.resource<"open://a">("", [] { return std::string(); });
        for (const char* uri : {"vault://a", "vault://n/1"}) {
            SCOPED_TRACE(uri);
            const auto kept = [&](const std::string& id) {
                auto step = here.server.environment().sessions.find(id);
                return step.take()->subscriptions;
            };
            const std::string params = R"("uri":")" + std::string(uri) + '"';
            const auto subscribe = [&](const char* token, const std::string& id) {
                return here.ask(
                    as(token, wire::in_session(id, wire::call("resources/subscribe", params))));
            };
            const char* stranger = k == kind::scopes ? "ann" : "bob";
            const char* friend_ = k == kind::scopes ? "ann.read" : "ann";
            const std::string theirs = here.session(stranger);
            const answer no = subscribe(stranger, theirs);
            EXPECT_EQ(no.code, 403);
            EXPECT_EQ(no.error(), mcp::errc::forbidden);
            EXPECT_NE(no.header("WWW-Authenticate"), "");
            EXPECT_TRUE(kept(theirs).empty());
            const std::string ours = here.session(friend_);
            const answer yes = subscribe(friend_, ours);
            EXPECT_EQ(yes.code, 200);
            EXPECT_EQ(yes["/result"], "{}");
            EXPECT_EQ(kept(ours), std::vector<std::string>{uri});
            EXPECT_EQ(subscribe(friend_, ours).code, 200) << "again";
            EXPECT_EQ(std::exchange(*asked, 0), k == kind::scopes ? 0 : 3);
            EXPECT_EQ(
                here.ask(as(stranger, wire::in_session(theirs, wire::call("resources/subscribe",
                                                                          R"("uri":"open://a")"))))
                    .code,
                200);
        }
    }
}

/// What became of a listen request whose stream was drained at once: what was granted, and how many
/// heard of a change of `vault://a` before.
struct granted {
    int code = 0;
    std::string filter;
    std::size_t heard = 0;
    answer whole{};
};

granted listen(test_server<>& here, std::string_view token) {
    const request q = as(
        token, wire::modern("subscriptions/listen",
                            R"("notifications":{"toolsListChanged":true,"resourceSubscriptions":)"
                            R"(["vault://a","open://a","vault://n/1","none://a"]})"));
    granted got;
    auto drained = [&](const mcp::http::request& asked,
                       mcp::http::response& r) -> asio::awaitable<void> {
        co_await here.endpoint()(asked, r);
        if (r.stream) {
            auto step = here.server.environment().topics.publish("resource:vault://a", "{}");
            got.heard = step.take();
            r.stream->drain();
        }
    };
    got.whole = wire::ask(drained, q);
    got.code = got.whole.code;
    const auto events = got.whole.events();
    if (!events.empty())
        got.filter = wire::at(events.front(), "/params/notifications");
    return got;
}

TEST(streamable_http_permissions, listening_drops_what_the_caller_may_not_read) {
    for (const kind k : {kind::scopes, kind::sync, kind::awaitable, kind::blend}) {
        const auto asked = std::make_shared<int>(0);
        test_server<> here(needs(k, asked));
        here.server.resource<"open://a">("", [] { return std::string(); });
        const bool by_scope = k == kind::scopes || k == kind::blend;
        const granted all = listen(here, by_scope ? "ann.read" : "ann");
        EXPECT_EQ(all.code, 200);
        EXPECT_EQ(all.filter, R"({"toolsListChanged":true,"resourceSubscriptions":)"
                              R"(["vault://a","open://a","vault://n/1","none://a"]})");
        EXPECT_EQ(all.heard, 1u);
        EXPECT_EQ(std::exchange(*asked, 0), k == kind::scopes ? 0 : 2) << "once for each";
        for (const char* token : {"bob", by_scope ? "ann" : "bob.read"}) {
            const granted some = listen(here, token);
            EXPECT_EQ(some.code, 200);
            EXPECT_EQ(some.filter, R"({"toolsListChanged":true,"resourceSubscriptions":)"
                                   R"(["open://a","none://a"]})");
            EXPECT_EQ(some.heard, 0u);
        }
    }
}

mcp::permission cut_off(kind k) {
    if (k == kind::sync)
        return mcp::allow_if([](const mcp::principal&, const mcp::json_object&) -> bool {
            throw mcp::unavailable("secret-host:6379 is gone");
        });
    if (k == kind::blend) // of the caller alone
        return mcp::allow_if([](const mcp::principal&) -> bool {
            throw mcp::unavailable("secret-host:6379 is gone");
        });
    return mcp::allow_if(
        [](const mcp::principal&, const mcp::json_object&) -> asio::awaitable<bool> {
            co_await asio::post(asio::use_awaitable);
            throw mcp::unavailable("secret-host:6379 is gone");
        });
}

void expect_unavailable(const answer& a) {
    EXPECT_EQ(a.code, 503) << a.body;
    EXPECT_EQ(a.type, "application/json");
    EXPECT_EQ(a.header("Retry-After"), "1");
    EXPECT_EQ(a.error(), mcp::jsonrpc::errc::internal_error);
    EXPECT_EQ(a.body.find("secret-host"), a.body.npos);
}

TEST(streamable_http_permissions, a_predicate_that_is_cut_off_is_a_503_without_details) {
    for (const kind k : {kind::sync, kind::awaitable, kind::blend}) {
        for (const setting s : settings) {
            test_server<> here(cut_off(k));
            here.options.always_stream = s.always_stream;
            here.options.replay_events = s.log ? 10 : 0;
            for (const bool legacy : {false, true}) {
                for (const auto& each : calls) {
                    SCOPED_TRACE(std::string(legacy ? "legacy " : "modern ") + each.members);
                    expect_unavailable(
                        here.call(legacy, "ann", each.method, each.members, each.name));
                }
            }
            expect_unavailable(
                here.call(true, "ann", "resources/subscribe", R"("uri":"vault://a")"));
            expect_unavailable(listen(here, "ann").whole);
            EXPECT_EQ(here.ran, 0);
        }
    }
}

TEST(streamable_http_permissions, a_predicate_that_throws_lets_nobody_in) {
    test_server<> here(mcp::allow_if([](const mcp::principal&, const mcp::json_object&) -> bool {
        throw std::runtime_error("secret-host: no such table");
    }));
    for (const bool legacy : {false, true}) {
        for (const auto& each : calls) {
            const answer a = here.call(legacy, "ann", each.method, each.members, each.name);
            EXPECT_EQ(a.error(), mcp::jsonrpc::errc::internal_error) << a.body;
            EXPECT_EQ(a.body.find("secret-host"), a.body.npos);
        }
    }
    EXPECT_EQ(listen(here, "ann").heard, 0u);
    EXPECT_EQ(here.call(true, "ann", "resources/subscribe", R"("uri":"vault://a")").error(),
              mcp::jsonrpc::errc::internal_error);
    EXPECT_EQ(here.ran, 0);
}

struct lost_state {
    std::string seal(const mcp::state_binding&, std::string) {
        throw mcp::unavailable("secret-host:6379 is gone");
    }
    std::optional<std::string> open(const mcp::state_binding&, std::string_view) {
        throw mcp::unavailable("secret-host:6379 is gone");
    }
};
struct lost_state_later {
    asio::awaitable<std::string> seal(mcp::state_binding, std::string) {
        co_await asio::post(asio::use_awaitable);
        throw mcp::unavailable("secret-host:6379 is gone");
    }
    asio::awaitable<std::optional<std::string>> open(mcp::state_binding, std::string_view) {
        co_await asio::post(asio::use_awaitable);
        throw mcp::unavailable("secret-host:6379 is gone");
    }
};

template <class State>
void lose_state() {
    for (const bool always_stream : {false, true}) {
        test_server<State> here{mcp::permission(), State()};
        here.options.always_stream = always_stream;
        here.server.template tool<"asks">("", [](mcp::context& ctx) -> asio::awaitable<int> {
            co_await ctx.elicit("Well?", R"({"type":"object","properties":{}})");
            co_return 1;
        });
        const answer sealed = here.ask(as("ann", wire::modern_tool("asks")));
        if (!always_stream) {
            expect_unavailable(sealed);
        } else { // the stream was open
            EXPECT_EQ(wire::at(sealed.events().at(0), "/error/code"), "-32603");
            EXPECT_EQ(sealed.body.find("secret-host"), sealed.body.npos);
        }
        expect_unavailable(here.ask(
            as("ann", wire::modern("tools/call",
                                   R"("name":"asks","arguments":{},"requestState":"x")", "asks"))));
    }
}

TEST(streamable_http_permissions, a_request_state_that_is_cut_off_is_a_503) {
    lose_state<lost_state>();
    lose_state<lost_state_later>();
}

/// What predicates see when something is completed or subscribed to, they see when it is used.
TEST(streamable_http_permissions, predicates_see_the_same_parameters_however_they_are_asked) {
    const auto seen = std::make_shared<std::vector<std::string>>();
    test_server<> here(mcp::allow_if([seen](const mcp::principal&, const mcp::json_object& params) {
        std::string text;
        for (const char* name : {"name", "uri", "arguments"})
            if (const auto* value = params.if_contains(name))
                mcp::json_writer(text.append(name).append("=")).value(*value);
        seen->push_back(text);
        return true;
    }));
    const auto sees = [&](bool legacy, std::string_view method, std::string members) {
        EXPECT_EQ(here.call(legacy, "ann", method, std::move(members)).code, 200);
        return seen->back();
    };
    for (const bool legacy : {false, true}) {
        EXPECT_EQ(sees(legacy, "completion/complete",
                       R"("ref":{"type":"ref/prompt","name":"plan"},)"
                       R"("argument":{"name":"what","value":"a"},)"
                       R"("context":{"arguments":{"who":"b"}})"),
                  R"(name="plan"arguments={"who":"b","what":"a"})");
        EXPECT_EQ(sees(legacy, "completion/complete",
                       R"("ref":{"type":"ref/resource","uri":"vault://n/{n}"},)"
                       R"("argument":{"name":"n","value":"1"})"),
                  R"(uri="vault://n/1")");
    }
    for (const std::string method : {"resources/read", "resources/subscribe"})
        for (const char* spelling : {"vault://a", "VAULT://%61", "vault://A"})
            EXPECT_EQ(sees(true, method, R"("uri":")" + std::string(spelling) + '"'),
                      R"(uri="vault://a")")
                << method << spelling;
    EXPECT_EQ(listen(here, "ann").code, 200);
    EXPECT_EQ(seen->back(), R"(uri="vault://n/1")");
}

TEST(streamable_http_permissions, lists_hide_what_a_predicate_of_the_caller_alone_forbids) {
    const auto lists = {"tools/list", "resources/list", "resources/templates/list", "prompts/list"};
    const auto entries = [](test_server<>& here, bool legacy, const char* token,
                            const char* method) {
        const answer a = here.call(legacy, token, method, "");
        EXPECT_EQ(a.code, 200);
        for (const char* kind : {"tools", "resources", "resourceTemplates", "prompts"})
            if (const std::string found = a["/result/" + std::string(kind)]; !found.empty())
                return found != "[]";
        ADD_FAILURE() << a.body;
        return false;
    };
    test_server<> alone(
        mcp::allow_if([](const mcp::principal& who) { return who.subject == "ann"; }));
    const auto asked = std::make_shared<int>(0);
    test_server<> both(needs(kind::sync, asked));
    for (const bool hide : {false, true}) {
        alone.server.options().hide_forbidden = both.server.options().hide_forbidden = hide;
        for (const bool legacy : {false, true}) {
            for (const char* method : lists) {
                SCOPED_TRACE(std::string(legacy ? "legacy " : "modern ") + method);
                EXPECT_TRUE(entries(alone, legacy, "ann", method));
                EXPECT_EQ(entries(alone, legacy, "bob", method), !hide);
                EXPECT_TRUE(entries(both, legacy, "bob", method)) << "depends on the parameters";
            }
            for (const auto& each : calls)
                EXPECT_EQ(alone.call(legacy, "bob", each.method, each.members, each.name).code,
                          403);
        }
    }
    EXPECT_EQ(*asked, 0);
}

int pull() {
    return 1;
}

TEST(streamable_http_permissions, what_is_made_at_run_time_or_compile_time_takes_them_too) {
    test_server<> here{mcp::permission()};
    const auto anns = mcp::allow_if([](const mcp::principal& who) { return who.subject == "ann"; });
    here.server.resource(
        mcp::resource_definition("made://a", "made", ""), [] { return std::string("x"); }, anns);
    here.server.toolset(mcp::toolset(mcp::tool<pull>("")), mcp::scopes("read") & anns);
    for (const bool legacy : {false, true}) {
        const auto read = [&](const char* token) {
            return here.call(legacy, token, "resources/read", R"("uri":"made://a")", "made://a")
                .code;
        };
        const auto call = [&](const char* token) {
            return here.call(legacy, token, "tools/call", R"("name":"pull","arguments":{})", "pull")
                .code;
        };
        EXPECT_EQ(read("ann"), 200);
        EXPECT_EQ(read("bob.read"), 403);
        EXPECT_EQ(call("ann"), 403);
        EXPECT_EQ(call("bob.read"), 403);
        EXPECT_EQ(call("ann.read"), 200);
    }
}

} // namespace streamable_http_permissions_test
