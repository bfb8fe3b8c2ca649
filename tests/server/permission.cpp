#include <mcp/server/permission.hpp>

#include <mcp/async/pending.hpp>
#include <mcp/http/message.hpp>
#include <mcp/server/server.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace permission_test {

using mcp::allow_if;
using mcp::scopes;

mcp::principal with(std::vector<std::string> granted) {
    return {.subject = "ann", .scopes = std::move(granted)};
}

/// Whether all predicates hold.
bool holds(const mcp::permission& of, const mcp::principal& who,
           const mcp::json_object& params = {}) {
    asio::io_context loop;
    std::exception_ptr failure;
    asio::co_spawn(loop, of.check(who, params), [&](std::exception_ptr e) { failure = e; });
    loop.run();
    try {
        if (failure)
            std::rethrow_exception(failure);
        return true;
    } catch (const mcp::forbidden&) {
        return false;
    }
}

TEST(permission, scopes_are_needed_all_of_them) {
    const mcp::permission one = scopes("read");
    const mcp::permission two = scopes("read", std::string("write"));
    const mcp::permission none;
    const struct {
        const char* name;
        const mcp::permission& needed;
        std::optional<mcp::principal> who;
        bool has;
    } rows[] = {
        {"nothing is needed of nobody", none, std::nullopt, true},
        {"nothing is needed of somebody", none, with({}), true},
        {"nobody", one, std::nullopt, false},
        {"none", one, with({}), false},
        {"it", one, with({"read"}), true},
        {"more", one, with({"a", "read", "b"}), true},
        {"case", one, with({"Read"}), false},
        {"one of two", two, with({"read"}), false},
        {"other of two", two, with({"write"}), false},
        {"two in one name", two, with({"read write"}), false},
        {"both", two, with({"write", "read"}), true},
    };
    for (const auto& each : rows) {
        SCOPED_TRACE(each.name);
        const mcp::principal* who = each.who ? &*each.who : nullptr;
        EXPECT_EQ(each.needed.has_scopes(who), each.has);
        if (each.has)
            EXPECT_NO_THROW(each.needed.check_caller(who));
        else
            EXPECT_THROW(each.needed.check_caller(who), mcp::forbidden);
    }
}

TEST(permission, forbidden_lists_all_scopes_and_not_only_those_that_lack) {
    const mcp::principal who = with({"read"});
    try {
        scopes("read", "write", "we\"ird").check_caller(&who);
        FAIL() << "let in";
    } catch (const mcp::forbidden& e) {
        EXPECT_EQ(e.scopes(), (std::vector<std::string>{"read", "write", "we\"ird"}));
        EXPECT_EQ(e.error().code, mcp::errc::forbidden);
        EXPECT_EQ(e.error().data, R"({"requiredScopes":["read","write","we\"ird"]})");
    }
    EXPECT_EQ(mcp::forbidden().error().data, "");
    EXPECT_TRUE(mcp::forbidden().scopes().empty());
}

TEST(permission, predicates_need_somebody) {
    const mcp::permission open = allow_if([](const auto&, const auto&) { return true; });
    EXPECT_FALSE(open.empty());
    EXPECT_FALSE(open.has_scopes(nullptr));
    EXPECT_THROW(open.check_caller(nullptr), mcp::forbidden);
    const mcp::principal who = with({});
    EXPECT_TRUE(open.has_scopes(&who));
    EXPECT_TRUE(holds(open, who));
}

TEST(permission, predicates_of_the_caller_alone_are_known_before_there_is_a_request) {
    const mcp::permission anns =
        allow_if([](const mcp::principal& who) { return who.subject == "ann"; });
    const mcp::permission later = allow_if([](const mcp::principal& who) -> asio::awaitable<bool> {
        co_await asio::post(asio::use_awaitable);
        co_return who.subject == "ann";
    });
    const mcp::principal ann = with({});
    const mcp::principal bob{.subject = "bob"};
    EXPECT_FALSE(anns.empty());
    EXPECT_TRUE(anns.predicates.empty()) << "nothing is to be awaited";
    const struct {
        const mcp::permission needed;
        const mcp::principal* who;
        bool admitted;
    } rows[] = {
        {anns, &ann, true},
        {anns, &bob, false},
        {anns, nullptr, false},
        {later, &bob, true}, // is asked when there is a request
        {later, nullptr, false},
        {anns & scopes("read"), &ann, false},
        {anns & allow_if([](const auto&, const auto&) { return false; }), &ann, true},
        {anns & allow_if([](const mcp::principal&) { return false; }), &ann, false},
        {mcp::permission(), nullptr, true},
    };
    for (const auto& each : rows) {
        SCOPED_TRACE(&each - rows);
        EXPECT_EQ(each.needed.admits(each.who), each.admitted);
        if (each.admitted)
            EXPECT_NO_THROW(each.needed.check_caller(each.who));
        else
            EXPECT_THROW(each.needed.check_caller(each.who), mcp::forbidden);
    }
    EXPECT_TRUE(holds(later, ann));
    EXPECT_FALSE(holds(later, bob));
    try {
        (anns & scopes("read")).check_caller(&bob);
        FAIL() << "let in";
    } catch (const mcp::forbidden& e) {
        EXPECT_EQ(e.scopes(), std::vector<std::string>{"read"});
    }
    try { // scopes would not help
        anns.check_caller(&bob);
        FAIL() << "let in";
    } catch (const mcp::forbidden& e) {
        EXPECT_TRUE(e.scopes().empty());
    }
}

TEST(permission, a_verdict_is_what_refuses) {
    const auto verdict = [](const mcp::permission& needed, std::shared_ptr<mcp::principal> who) {
        asio::io_context loop;
        std::exception_ptr said;
        asio::co_spawn(loop,
                       mcp::detail::verdict_of(std::make_shared<mcp::permission>(needed),
                                               std::move(who), {{"uri", "a://"}}),
                       [&](std::exception_ptr e, std::exception_ptr v) { said = e ? e : v; });
        loop.run();
        return said;
    };
    const auto ann = std::make_shared<mcp::principal>(with({}));
    const auto says = allow_if([](const mcp::principal&, const mcp::json_object& params) {
        if (params.size() != 1)
            throw std::runtime_error("other parameters");
        return true;
    });
    EXPECT_FALSE(verdict(says, ann));
    EXPECT_FALSE(verdict({}, nullptr));
    EXPECT_THROW(std::rethrow_exception(verdict(says, nullptr)), mcp::forbidden);
    EXPECT_THROW(std::rethrow_exception(verdict(says & scopes("x"), ann)), mcp::forbidden);
    const auto lost = [](const auto&, const auto&) -> bool { throw mcp::unavailable("gone"); };
    EXPECT_THROW(std::rethrow_exception(verdict(allow_if(lost), ann)), mcp::unavailable);
}

TEST(permission, predicates_are_given_the_caller_and_the_parameters) {
    const auto owner = [](const mcp::principal& who, const mcp::json_object& params) {
        const auto* name = params.if_contains("name");
        return name && name->is_string() && std::string_view(name->as_string()) == who.subject;
    };
    const mcp::permission now = allow_if(owner);
    const mcp::permission later =
        allow_if([owner](const mcp::principal& who,
                         const mcp::json_object& params) -> asio::awaitable<bool> {
            co_await asio::post(asio::use_awaitable);
            co_return owner(who, params);
        });
    for (const mcp::permission* each : {&now, &later}) {
        EXPECT_TRUE(holds(*each, with({}), {{"name", "ann"}}));
        EXPECT_FALSE(holds(*each, with({}), {{"name", "bob"}}));
        EXPECT_FALSE(holds(*each, with({}), {}));
    }
}

/// Claims of a token name the tenants of its principal.
bool belongs(const mcp::principal& who, const mcp::http::path_params& path) {
    const mcp::json* tenant = who.claims.if_contains("tenant");
    return tenant && tenant->is_string() &&
           path.find("tenant") == std::string_view(tenant->get_string());
}

TEST(permission, predicates_see_the_path_of_the_endpoint) {
    const mcp::permission list = allow_if(belongs);
    const mcp::permission later = allow_if(
        [](const mcp::principal& who, const mcp::http::path_params& path) -> asio::awaitable<bool> {
            co_await asio::post(asio::use_awaitable);
            co_return belongs(who, path);
        });
    const mcp::permission all =
        allow_if([](const mcp::principal& who, const mcp::json_object& params,
                    const mcp::http::path_params& path) {
            return params.size() == 1 && belongs(who, path);
        });
    EXPECT_EQ(list.callers.size(), 1U);
    EXPECT_EQ(later.predicates.size(), 1U);
    EXPECT_EQ(all.predicates.size(), 1U);
    mcp::principal ann = with({});
    ann.claims["tenant"] = "acme";
    const struct {
        const char* tenant; ///< of the path; null without a path
        bool allowed;
    } rows[] = {{"acme", true}, {"globex", false}, {nullptr, false}};
    for (const auto& each : rows) {
        mcp::http::path_params path;
        if (each.tenant)
            path.add("tenant", each.tenant);
        const auto* given = each.tenant ? &path : nullptr;
        EXPECT_EQ(list.admits(&ann, given), each.allowed);
        for (const mcp::permission* needed : {&list, &later, &all}) {
            asio::io_context loop;
            std::exception_ptr refusal;
            asio::co_spawn(
                loop,
                mcp::detail::verdict_of(std::make_shared<mcp::permission>(*needed),
                                        std::make_shared<mcp::principal>(ann), {{"uri", "a://"}},
                                        given),
                [&](std::exception_ptr e, std::exception_ptr v) { refusal = e ? e : v; });
            loop.run();
            EXPECT_EQ(!refusal, each.allowed);
        }
    }
}

/// Each tenant sees and uses its own entries, in both eras.
TEST(permission, lists_hide_what_the_path_does_not_allow) {
    mcp::server<> server{"test", "1"};
    server.options().hide_forbidden = true;
    server.tool<"open">("", [] { return "open"; });
    server.tool<"own">("", [] { return "own"; }, allow_if(belongs));
    server.tool<"judged">(
        "", [] { return "judged"; },
        allow_if([](const mcp::principal& who, const mcp::json_object&,
                    const mcp::http::path_params& path) { return belongs(who, path); }));
    server.prompt<"own">("", [] { return "own"; }, allow_if(belongs));
    server.resource<"own://">("", [] { return "own"; }, allow_if(belongs));
    server.resource<"own://{x}">("", [](std::string x) { return x; }, allow_if(belongs));
    auto ann = std::make_shared<mcp::principal>(with({}));
    ann->claims["tenant"] = "acme";
    const struct {
        const char* tenant;
        const char* method;
        const char* params;
        const char* path; ///< into the result
        const char* found;
    } rows[] = {
        {"acme", "tools/list", "{}", "/tools/1/name", R"("own")"},
        {"globex", "tools/list", "{}", "/tools/1/name", R"("judged")"},
        {"acme", "prompts/list", "{}", "/prompts/0/name", R"("own")"},
        {"globex", "prompts/list", "{}", "/prompts", "[]"},
        {"acme", "resources/list", "{}", "/resources/0/uri", R"("own://")"},
        {"globex", "resources/list", "{}", "/resources", "[]"},
        {"globex", "resources/templates/list", "{}", "/resourceTemplates", "[]"},
        {"acme", "tools/call", R"({"name":"own"})", "/content/0/text", R"("own")"},
        {"globex", "tools/call", R"({"name":"own"})", "", ""},
        {"acme", "tools/call", R"({"name":"judged"})", "/content/0/text", R"("judged")"},
        {"globex", "tools/call", R"({"name":"judged"})", "", ""},
        {"acme", "prompts/get", R"({"name":"own"})", "/messages/0/content/text", R"("own")"},
        {"globex", "prompts/get", R"({"name":"own"})", "", ""},
        {"acme", "resources/read", R"({"uri":"own://"})", "/contents/0/text", R"("own")"},
        {"globex", "resources/read", R"({"uri":"own://"})", "", ""},
        {"globex", "resources/read", R"({"uri":"own://7"})", "", ""},
    };
    for (const mcp::revision r : {mcp::latest, mcp::revision::v2025_06_18}) {
        for (const auto& each : rows) {
            SCOPED_TRACE(std::string(each.method) + " of " + each.tenant);
            test::peer client(server, r);
            client.who = ann;
            client.path.add("tenant", each.tenant);
            const auto got = client.ask(each.method, each.params);
            EXPECT_EQ(got->result(each.path), each.found) << got->text();
            EXPECT_EQ(got->status(),
                      *each.found ? mcp::reply_status::ok : mcp::reply_status::forbidden);
        }
    }
}

TEST(permission, and_needs_both_and_stops_at_the_first_no) {
    auto asked = std::make_shared<std::vector<std::string>>();
    const auto says = [&](std::string name, bool answer) {
        return allow_if([=](const mcp::principal&, const mcp::json_object&) {
            asked->push_back(name);
            return answer;
        });
    };
    const mcp::permission both = scopes("a") & says("first", true) & scopes("b") &
                                 says("second", false) & says("third", true);
    EXPECT_EQ(both.scopes, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(both.predicates.size(), 3U);
    EXPECT_FALSE(holds(both, with({"a", "b"})));
    EXPECT_EQ(*asked, (std::vector<std::string>{"first", "second"}));
    const mcp::principal half = with({"a"});
    EXPECT_FALSE(both.has_scopes(&half));
    EXPECT_TRUE((mcp::permission() & mcp::permission()).empty());
    EXPECT_TRUE(holds(says("x", true) & says("y", true), with({})));
}

TEST(permission, a_predicate_that_throws_lets_nobody_in) {
    const mcp::permission now =
        allow_if([](const auto&, const auto&) -> bool { throw std::runtime_error("database"); });
    const mcp::permission later = allow_if([](const auto&, const auto&) -> asio::awaitable<bool> {
        co_await asio::post(asio::use_awaitable);
        throw std::runtime_error("database");
    });
    EXPECT_THROW(holds(now, with({})), std::runtime_error);
    EXPECT_THROW(holds(later, with({})), std::runtime_error);
}

} // namespace permission_test
