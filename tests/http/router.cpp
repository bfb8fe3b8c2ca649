#include <mcp/http/router.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace router_test {

using namespace mcp::http;

constexpr std::string_view uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";

/// Answers with its name, the parameters a, b and rest, and what its mount took.
handler named(std::string name) {
    return [name](request& q, response& r) -> asio::awaitable<void> {
        r.body = name;
        for (const auto* p : {"a", "b", "rest"}) {
            if (const auto value = q.params.find(p)) {
                r.body.append(" ").append(p).append("=").append(*value);
            }
        }
        if (q.mounted > 0) {
            r.body.append(" mounted=").append(q.path.substr(0, q.mounted));
        }
        co_return;
    };
}

response ask(const router& under_test, verb method, std::string_view path) {
    request q;
    q.method = method;
    q.method_name = to_string(method);
    q.target = q.path = path;
    response r;
    asio::io_context loop;
    std::exception_ptr failure;
    asio::co_spawn(loop, under_test(q, r), [&](std::exception_ptr e) { failure = e; });
    loop.run();
    EXPECT_FALSE(failure);
    return r;
}

std::string body(const router& under_test, std::string_view path, verb method = verb::get) {
    const response r = ask(under_test, method, path);
    return r.code == status::ok ? r.body : std::to_string(static_cast<int>(r.code));
}

TEST(router, finds_the_most_specific_pattern) {
    router app;
    app.add(verb::get, "/x/{rest:path}", named("rest"));
    app.add(verb::get, "/x/{a}", named("any"));
    app.add(verb::get, "/x/{a:int}", named("int"));
    app.add(verb::get, "/x/{a:uuid}", named("uuid"));
    app.add(verb::get, "/x/new", named("new"));
    app.add(verb::get, "/x", named("list"));
    app.add(verb::get, "/x/{a}/y/{b}", named("two"));
    app.add(verb::get, "/", named("root"));
    const std::pair<std::string, std::string> table[] = {
        {"/", "root"},
        {"/x", "list"},
        {"/x/new", "new"},
        {"/x/%6eew", "new"},
        {"/x/7", "int a=7"},
        {"/x/-7", "int a=-7"},
        {"/x/9223372036854775807", "int a=9223372036854775807"},
        {"/x/9223372036854775808", "any a=9223372036854775808"},
        {"/x/7a", "any a=7a"},
        {"/x/" + std::string(uuid), "uuid a=" + std::string(uuid)},
        {"/x/a%2Fb%20c", "any a=a/b c"},
        {"/x/1/y/2", "two a=1 b=2"},
        {"/x/1/2/3", "rest rest=1/2/3"},
        {"/x/1/2%2f3/", "rest rest=1/2/3/"},
        {"/x/", "rest rest="},
        {"/x/a/../../etc/passwd", "404"},
        {"/x/..", "404"},
        {"/x/%2e%2e", "404"},
        {"/x/%", "404"},
        {"/x/%00", "404"},
        {"/y", "404"},
        {"/X", "404"},
        {"//", "404"},
    };
    for (const auto& [path, expected] : table) {
        EXPECT_EQ(body(app, path), expected) << path;
    }
}

TEST(router, values_stay_in_their_folder_unless_they_are_raw) {
    router app;
    app.add(verb::get, "/users/{a}", named("user"));
    app.add(verb::get, "/files/{rest:path}", named("files"));
    app.add(verb::get, "/raw/{a:raw}", named("raw"));
    app.add(verb::get, "/all/{rest:raw_path}", named("all"));
    app.mount("/of/{a}", named("mount"));
    using namespace std::string_literals;
    const std::pair<std::string, std::string> table[] = {
        {"/users/..%2fetc", "404"},
        {"/users/..%5Cetc", "404"},
        {"/users/a%2f..%2f..", "404"},
        {"/users/%2fetc%2fpasswd", "404"},
        {"/users/a%00", "404"},
        {"/users/a\0b"s, "404"},
        {"/users/.", "404"},
        {"/users/...", "user a=..."},
        {"/users/a..b", "user a=a..b"},
        {"/users/a%2fb", "user a=a/b"},
        {"/of/..%2fx/mcp", "404"},
        {"/files/a/..%2f..%2fetc", "404"},
        {"/files/a%2f%2e%2e/b", "404"},
        {"/files/a/%2e%2e/b", "404"},
        {"/files//etc/passwd", "404"},
        {"/files/%2fetc", "404"},
        {"/files/a/%00", "404"},
        {"/files/a\\..\\b", "404"},
        {"/files/a//b/..c", "files rest=a//b/..c"},
        {"/raw/..%2fetc", "raw a=../etc"},
        {"/raw/..", "raw a=.."},
        {"/raw/a%00b", "raw a=a\0b"s},
        {"/raw/", "404"},
        {"/raw/%zz", "404"},
        {"/all/a/..%2f..%2fetc", "all rest=a/../../etc"},
        {"/all//etc", "all rest=/etc"},
        {"/all/", "all rest="},
    };
    for (const auto& [path, expected] : table)
        EXPECT_EQ(body(app, path), expected) << path;
}

TEST(router, raw_is_tried_where_its_kind_is) {
    for (const auto& [one, other] :
         {std::pair("/x/{a:raw}", "/x/{a}"), {"/x/{a:raw_path}", "/x/{a:path}"}})
        EXPECT_EQ(path_pattern(one), path_pattern(other)) << one;
    EXPECT_LT(path_pattern("/x/{a:int}"), path_pattern("/x/{a:raw}"));
    EXPECT_LT(path_pattern("/x/{a:raw}"), path_pattern("/x/{a:path}"));
}

TEST(router, mounts_take_a_prefix_by_segment) {
    router app;
    app.mount("/mcp", named("mcp"));
    app.mount("/mcp/{a:uuid}/", named("user"));
    app.mount("/mcp/admin", named("admin"));
    app.add(verb::get, "/mcp/info", named("info"));
    const std::pair<std::string, std::string> table[] = {
        {"/mcp", "mcp mounted=/mcp"},
        {"/mcp/", "mcp mounted=/mcp"},
        {"/mcp/x/y", "mcp mounted=/mcp"},
        {"/mcpx", "404"},
        {"/mcp/admin", "admin mounted=/mcp/admin"},
        {"/mcp/admin/z", "admin mounted=/mcp/admin"},
        {"/mcp/administrator", "mcp mounted=/mcp"},
        {"/mcp/" + std::string(uuid) + "/x",
         "user a=" + std::string(uuid) + " mounted=/mcp/" + std::string(uuid)},
        {"/mcp/info", "info"},
        {"/mcp/info/x", "mcp mounted=/mcp"},
    };
    for (const auto& [path, expected] : table) {
        EXPECT_EQ(body(app, path), expected) << path;
    }
    for (const auto method : {verb::post, verb::delete_, verb::options}) {
        EXPECT_EQ(body(app, "/mcp", method), "mcp mounted=/mcp");
    }
}

TEST(router, a_mount_at_the_root_takes_all) {
    router app;
    app.mount("/", named("all"));
    EXPECT_EQ(body(app, "/"), "all");
    EXPECT_EQ(body(app, "/a/b"), "all");
}

TEST(router, says_what_it_serves) {
    router app;
    EXPECT_FALSE(app.serves(verb::get, "/"));
    app.add(verb::get, "/x/{a:int}", named("get"));
    app.mount("/tools", named("tools"));
    EXPECT_TRUE(app.serves(verb::get, "/x/7"));
    EXPECT_FALSE(app.serves(verb::post, "/x/7"));
    EXPECT_FALSE(app.serves(verb::get, "/x/y"));
    EXPECT_TRUE(app.serves(verb::post, "/tools/y"));
    EXPECT_FALSE(app.serves(verb::get, "/"));
    app.fallback(named("rest"));
    EXPECT_TRUE(app.serves(verb::get, "/"));
}

TEST(router, a_path_known_under_another_method) {
    router app;
    app.add(verb::get, "/x", named("get"));
    app.add(verb::post, "/x", named("post"));
    app.add(verb::delete_, "/{a}", named("delete"));
    EXPECT_EQ(body(app, "/x", verb::post), "post");
    EXPECT_EQ(body(app, "/x", verb::head), "get");
    EXPECT_EQ(body(app, "/x", verb::delete_), "delete a=x");
    const response refused = ask(app, verb::put, "/x");
    EXPECT_EQ(refused.code, status::method_not_allowed);
    EXPECT_EQ(refused.headers, "Allow: GET, HEAD, POST, DELETE, OPTIONS\r\n");
    const response options = ask(app, verb::options, "/y");
    EXPECT_EQ(options.code, status::no_content);
    EXPECT_EQ(options.headers, "Allow: DELETE, OPTIONS\r\n");
    EXPECT_EQ(options.body, "");
}

TEST(router, falls_back) {
    router inner;
    inner.add(verb::get, "/inner/{a}", named("inner"));
    router app;
    app.add(verb::get, "/x", named("x"));
    app.fallback(inner);
    EXPECT_EQ(body(app, "/inner/1"), "inner a=1");
    EXPECT_EQ(body(app, "/nowhere"), "404");
    EXPECT_EQ(body(app, "/x", verb::post), "405");
}

TEST(router, slugs_and_converters_of_ones_own) {
    router app;
    app.converter("even", [](std::string_view value) { return value.size() % 2 == 0; });
    app.converter("tenant", [](std::string_view value) { return value.starts_with("t-"); });
    app.add(verb::get, "/x/{a}", named("any"));
    app.add(verb::get, "/x/{a:tenant}", named("tenant"));
    app.add(verb::get, "/x/{a:even}", named("even"));
    app.add(verb::get, "/x/{a:int}", named("int"));
    app.add(verb::get, "/y/{a:slug}", named("slug"));
    app.mount("/t/{a:tenant}/mcp", named("mcp"));
    const std::pair<const char*, const char*> rows[] = {
        {"/x/12", "int a=12"},
        {"/x/ab", "even a=ab"},
        {"/x/abc", "any a=abc"},
        {"/x/t-1", "tenant a=t-1"},
        {"/x/t-12", "tenant a=t-12"}, // the first that was added
        {"/x/a%62", "even a=ab"},
        {"/x/..", "404"},
        {"/x/", "404"},
        {"/y/a-B_9", "slug a=a-B_9"},
        {"/y/a.b", "404"},
        {"/y/a%20b", "404"},
        {"/y/%C3%A9", "404"},
        {"/t/t-1/mcp", "mcp a=t-1 mounted=/t/t-1/mcp"},
        {"/t/x-1/mcp", "404"},
    };
    for (const auto& [path, found] : rows)
        EXPECT_EQ(body(app, path), found) << path;
    for (const char* name : {"", "int", "path", "raw_path", "even", "a}b", "a/b"})
        EXPECT_THROW(app.converter(name, [](std::string_view) { return true; }),
                     std::invalid_argument)
            << name;
}

TEST(router, an_unknown_converter_is_refused_with_the_known_ones) {
    router app;
    app.converter("tenant", [](std::string_view) { return true; });
    const auto why = [](auto make) -> std::string {
        try {
            make();
        } catch (const std::invalid_argument& e) {
            return e.what();
        }
        return "";
    };
    EXPECT_EQ(
        why([] { path_pattern("/{a:float}"); }),
        "unknown path converter in {a:float}; known are int, uuid, slug, path, raw, raw_path");
    EXPECT_EQ(why([&] { app.mount("/{a:tenants}", named("x")); }),
              "unknown path converter in {a:tenants}; known are int, uuid, slug, path, raw, "
              "raw_path, tenant");
}

TEST(router, refuses_patterns_that_make_no_sense) {
    for (const auto* bad : {"", "x", "/{}", "/{a", "/a}", "/a{b}", "/{a}b", "/{a:float}", "/{:int}",
                            "/{a{b}}", "/{a:path}/b", "/{a:raw_path}/b", "/{a:raw }"}) {
        EXPECT_THROW(path_pattern{bad}, std::invalid_argument) << bad;
    }
}

} // namespace router_test
