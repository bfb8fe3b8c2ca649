#include <mcp/transport/http_policy.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace http_policy_test {

using mcp::http_policy;

mcp::http::request from(std::string_view host, const char* peer = "127.0.0.1") {
    mcp::http::request q;
    q.headers.add("Host", host);
    q.remote = asio::ip::make_address(peer);
    return q;
}

bool origin(std::string_view value, std::string_view host = "localhost:8000",
            const http_policy& policy = {}) {
    auto q = from(host);
    q.headers.add("Origin", value);
    return mcp::accepts_origin(policy, q);
}

TEST(http_policy, host_of) {
    EXPECT_EQ(mcp::host_of("a.example:80"), "a.example");
    EXPECT_EQ(mcp::host_of("a.example"), "a.example");
    EXPECT_EQ(mcp::host_of("[::1]:80"), "[::1]");
    EXPECT_EQ(mcp::host_of("[::1]"), "[::1]");
    for (const char* none : {"", ":80", "[::1", "[::1]evil", "localhost:80@evil", "localhost:abc"})
        EXPECT_EQ(mcp::host_of(none), "") << none;
}

TEST(http_policy, names_of_this_machine) {
    for (const char* ours : {"localhost", "LocalHost", "127.0.0.1", "[::1]"})
        EXPECT_TRUE(mcp::is_localhost(ours)) << ours;
    for (const char* other : {"", "localhost.", "localhost.evil.com", "127.0.0.1.evil.com",
                              "127.0.0.2", "xlocalhost", "[::2]"})
        EXPECT_FALSE(mcp::is_localhost(other)) << other;
}

TEST(http_policy, peers_on_this_machine) {
    for (const char* ours : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"})
        EXPECT_TRUE(mcp::is_local(asio::ip::make_address(ours))) << ours;
    for (const char* other : {"0.0.0.0", "10.0.0.1", "::", "::2", "::ffff:10.0.0.1"})
        EXPECT_FALSE(mcp::is_local(asio::ip::make_address(other))) << other;
}

TEST(http_policy, host_by_default) {
    EXPECT_TRUE(mcp::accepts_host({}, from("localhost:8000")));
    EXPECT_TRUE(mcp::accepts_host({}, from("[::1]:8000", "::1")));
    http_policy named;
    named.own_names = {"127.0.0.2", "Box", "[fd00::1]", "fd00::3"};
    for (const char* own :
         {"127.0.0.2:8000", "box:8000", "[fd00::1]:8000", "[fd00::3]:8000", "localhost"})
        EXPECT_TRUE(mcp::accepts_host(named, from(own))) << own;
    for (const char* other : {"127.0.0.3", "box.evil.com", "[fd00::2]"})
        EXPECT_FALSE(mcp::accepts_host(named, from(other))) << other;
    EXPECT_FALSE(mcp::accepts_host({}, from("evil.com")));
    EXPECT_FALSE(mcp::accepts_host({}, from("evil.com", "::ffff:127.0.0.1")));
    EXPECT_FALSE(mcp::accepts_host({}, from("")));
    EXPECT_TRUE(mcp::accepts_host({}, from("evil.com", "10.0.0.1")));
    mcp::http::request without; // HTTP/1.0
    without.remote = asio::ip::make_address("127.0.0.1");
    EXPECT_TRUE(mcp::accepts_host({}, without));
}

TEST(http_policy, a_host_that_is_none) {
    for (const char* bad : {"localhost:80@evil", "localhost:abc", "[::1]evil", "a b"}) {
        http_policy all;
        all.hosts = {"*", "localhost", "[::1]"};
        EXPECT_FALSE(mcp::accepts_host({}, from(bad))) << bad;
        EXPECT_FALSE(mcp::accepts_host({}, from(bad, "10.0.0.1"))) << bad;
        EXPECT_FALSE(mcp::accepts_host(all, from(bad))) << bad;
    }
    auto twice = from("localhost");
    twice.headers.add("host", "evil.com");
    EXPECT_FALSE(mcp::accepts_host({}, twice));
}

TEST(http_policy, the_authority_of_the_target_goes_before_the_host) {
    auto q = from("localhost");
    q.authority = "evil.com";
    EXPECT_FALSE(mcp::accepts_host({}, q));
    q.headers.add("Origin", "http://evil.com");
    EXPECT_TRUE(mcp::accepts_origin({}, q)); // its own, which accepts_host has refused
    auto r = from("evil.com");
    r.authority = "localhost:80";
    EXPECT_TRUE(mcp::accepts_host({}, r));
    r.headers.add("Origin", "http://evil.com");
    EXPECT_FALSE(mcp::accepts_origin({}, r));
}

TEST(http_policy, host_by_list) {
    http_policy policy;
    policy.hosts = {"a.example", "b.example"};
    EXPECT_TRUE(mcp::accepts_host(policy, from("A.example:443")));
    EXPECT_TRUE(mcp::accepts_host(policy, from("b.example", "10.0.0.1")));
    EXPECT_FALSE(mcp::accepts_host(policy, from("localhost")));
    EXPECT_FALSE(mcp::accepts_host(policy, from("c.example", "10.0.0.1")));
    EXPECT_FALSE(mcp::accepts_host(policy, mcp::http::request()));
    for (const char* written : {"[2001:DB8::1]", "2001:db8::1"}) {
        policy.hosts = {written};
        EXPECT_TRUE(mcp::accepts_host(policy, from("[2001:db8::1]:80"))) << written;
        EXPECT_FALSE(mcp::accepts_host(policy, from("[2001:db8::2]:80"))) << written;
    }
    policy.hosts = {"*"};
    EXPECT_TRUE(mcp::accepts_host(policy, from("anything")));
    policy.hosts->clear();
    EXPECT_FALSE(mcp::accepts_host(policy, from("localhost")));
}

TEST(http_policy, origin_by_default) {
    EXPECT_TRUE(mcp::accepts_origin({}, from("localhost")));
    EXPECT_TRUE(origin("http://localhost:3000"));
    EXPECT_TRUE(origin("https://127.0.0.1"));
    EXPECT_TRUE(origin("http://[::1]:1"));
    EXPECT_TRUE(origin("http://a.example:80", "a.example:80"));
    EXPECT_TRUE(origin("http://a.example", "a.example:80"));
    EXPECT_TRUE(origin("https://A.example", "a.example:443"));
    EXPECT_TRUE(origin("https://a.example", "a.example")); // behind a proxy that ends TLS
    EXPECT_FALSE(origin("http://a.example:81", "a.example:80"));
    EXPECT_FALSE(origin("http://localhost:80@evil.com"));
    EXPECT_FALSE(origin("http://localhost:abc"));
    EXPECT_FALSE(origin("http://[::1]evil"));
    EXPECT_FALSE(origin("http://localhost/"));
    EXPECT_FALSE(origin("://localhost"));
    EXPECT_FALSE(origin("http://localhost:80@evil.com", "localhost:80@evil.com"));
    EXPECT_FALSE(origin("http://evil.com"));
    EXPECT_FALSE(origin("http://localhost.evil.com"));
    EXPECT_FALSE(origin("http://evil.com/localhost"));
    EXPECT_FALSE(origin("null"));
    EXPECT_FALSE(origin(""));
    EXPECT_FALSE(origin("localhost"));
}

TEST(http_policy, origin_by_list) {
    http_policy policy;
    policy.hosts = {"a.example"};
    policy.origins = {"https://app.example"};
    EXPECT_TRUE(origin("https://app.example", "a.example", policy));
    EXPECT_TRUE(origin("HTTPS://APP.example", "a.example", policy));
    EXPECT_TRUE(origin("https://a.example", "a.example", policy));
    EXPECT_FALSE(origin("http://app.example", "a.example", policy));
    EXPECT_FALSE(origin("http://localhost", "a.example", policy));
    policy.origins = {"*"};
    EXPECT_TRUE(origin("null", "a.example", policy));
}

TEST(http_policy, two_origins_are_none) {
    auto q = from("localhost");
    q.headers.add("Origin", "http://localhost");
    q.headers.add("Origin", "http://localhost");
    EXPECT_FALSE(mcp::accepts_origin({}, q));
}

} // namespace http_policy_test
