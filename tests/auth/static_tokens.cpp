#include <mcp/auth/static_tokens.hpp>

#include <mcp/http/message.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace static_tokens_test {

using reason = mcp::auth_failure::reason;

mcp::auth_result authenticated(const mcp::static_tokens& tokens, std::string_view value) {
    mcp::http::request q;
    q.headers.add("Authorization", value);
    return tokens.authenticate(q);
}

TEST(static_tokens, know_whose_a_token_is) {
    const mcp::static_tokens tokens{{"aaa-1", {.subject = "ann", .scopes = {"read"}}},
                                    {"aaa-2", {.subject = "bob"}},
                                    {"a~b+c/d._==", {.subject = "eve"}}};
    const struct {
        const char* value;
        const char* subject;
    } rows[] = {
        {"Bearer aaa-1", "ann"},
        {"bearer aaa-2", "bob"},
        {"Bearer a~b+c/d._==", "eve"},
    };
    for (const auto& each : rows) {
        const auto outcome = authenticated(tokens, each.value);
        ASSERT_TRUE(outcome.has_value()) << each.value;
        EXPECT_EQ(outcome->subject, each.subject);
    }
    EXPECT_TRUE(authenticated(tokens, "Bearer aaa-1")->has_scope("read"));
    EXPECT_FALSE(authenticated(tokens, "Bearer aaa-2")->has_scope("read"));
}

TEST(static_tokens, know_a_token_again_that_was_used) {
    mcp::static_tokens tokens{{"aaa-1", {.subject = "ann"}}, {"aaa-2", {.subject = "bob"}}};
    const auto check = [](const mcp::static_tokens& of) {
        for (int i = 0; i < 3; ++i) {
            EXPECT_EQ(authenticated(of, "Bearer aaa-2")->subject, "bob");
            EXPECT_FALSE(authenticated(of, "Bearer aaa-3").has_value());
            EXPECT_EQ(authenticated(of, "Bearer aaa-1")->subject, "ann");
        }
    };
    check(tokens);
    const mcp::static_tokens copy = tokens;
    tokens.add("aaa-4", {.subject = "eve"});
    check(tokens);
    check(copy);
    EXPECT_EQ(authenticated(tokens, "Bearer aaa-4")->subject, "eve");
    EXPECT_FALSE(authenticated(copy, "Bearer aaa-4").has_value());
}

TEST(static_tokens, are_used_by_several_threads) {
    const mcp::static_tokens tokens{{"aaa-1", {.subject = "ann"}}, {"aaa-2", {.subject = "bob"}}};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 1000; ++i) {
                EXPECT_EQ(authenticated(tokens, "Bearer aaa-1")->subject, "ann");
                EXPECT_EQ(authenticated(tokens, "Bearer aaa-2")->subject, "bob");
            }
        });
    for (std::thread& each : threads)
        each.join();
}

TEST(static_tokens, refuse_all_others) {
    const mcp::static_tokens tokens{{"ab", {.subject = "ann"}}, {"cd", {.subject = "bob"}}};
    for (const char* value : {"Bearer a", "Bearer abc", "Bearer abab", "Bearer AB", "Bearer ad",
                              "Bearer cb", "Bearer abcd", "Bearer ab,cd", "Bearer ab ", "Bearer b"})
        EXPECT_EQ(authenticated(tokens, value).error().why, reason::invalid_token) << value;
    for (const char* value : {"", "Bearer", "Bearer ", "Basic ab", "ab"})
        EXPECT_EQ(authenticated(tokens, value).error().why, reason::no_token) << value;
    EXPECT_EQ(tokens.authenticate(mcp::http::request()).error().why, reason::no_token);
    EXPECT_EQ(authenticated({}, "Bearer ab").error().why, reason::invalid_token);
    EXPECT_EQ(authenticated(tokens, "Bearer abc").error().description.find("abc"),
              std::string::npos);
}

TEST(static_tokens, refuse_two_headers_even_if_both_are_good) {
    const mcp::static_tokens tokens{{"ab", {.subject = "ann"}}};
    mcp::http::request q;
    q.headers.add("Authorization", "Bearer ab");
    q.headers.add("authorization", "Bearer ab");
    EXPECT_EQ(tokens.authenticate(q).error().why, reason::bad_request);
}

TEST(static_tokens, end_when_they_expire) {
    using namespace std::chrono;
    const auto now = floor<seconds>(system_clock::now());
    const mcp::static_tokens tokens{{"old", {.subject = "ann", .expires = now - seconds(1)}},
                                    {"new", {.subject = "ann", .expires = now + hours(1)}},
                                    {"ever", {.subject = "ann", .expires = sys_seconds::max()}}};
    EXPECT_EQ(authenticated(tokens, "Bearer old").error().why, reason::invalid_token);
    EXPECT_TRUE(authenticated(tokens, "Bearer new").has_value());
    EXPECT_TRUE(authenticated(tokens, "Bearer ever").has_value())
        << "beyond what the clock can tell";
}

TEST(static_tokens, are_known_by_their_digests_alone) {
    mcp::static_tokens tokens;
    // printf %s aaa-1 | sha256sum
    constexpr std::string_view digest =
        "d5fea765223eedf834a3f95c5af9780e00290b0b27c4cb1f41db3b25aed65d96";
    tokens.add("sha256:" + std::string(digest), {.subject = "ann"});
    ASSERT_TRUE(authenticated(tokens, "Bearer aaa-1").has_value());
    EXPECT_EQ(authenticated(tokens, "Bearer aaa-1")->subject, "ann");
    // Who reads the settings has no token yet.
    EXPECT_FALSE(authenticated(tokens, "Bearer " + std::string(digest)).has_value());
    EXPECT_FALSE(authenticated(tokens, "Bearer sha256:" + std::string(digest)).has_value());
    EXPECT_THROW(tokens.add("aaa-1", {.subject = "bob"}), std::invalid_argument);
    for (const std::string& bad :
         {std::string("sha256:"), "sha256:" + std::string(digest.substr(2)),
          "sha256:" + std::string(digest) + "00", "sha256:zz" + std::string(digest.substr(2)),
          "sha512:" + std::string(digest)})
        EXPECT_THROW(tokens.add(bad, {.subject = "bob"}), std::invalid_argument) << bad;
}

TEST(static_tokens, what_cannot_be_a_token_is_refused_when_added) {
    mcp::static_tokens tokens;
    for (const char* bad : {"", "=", "==", "a b", "a=b", "\"a\"", "a,b", "a\r\nb", "caf\xc3\xa9"})
        EXPECT_THROW(tokens.add(bad, {.subject = "ann"}), std::invalid_argument) << bad;
    const char* unset = nullptr;
    EXPECT_THROW(tokens.add(unset, {.subject = "ann"}), std::invalid_argument);
    EXPECT_THROW(tokens.add("a", {}), std::invalid_argument);
    tokens.add("a", {.subject = "ann"});
    EXPECT_THROW(tokens.add("a", {.subject = "bob"}), std::invalid_argument);
    EXPECT_EQ(authenticated(tokens, "Bearer a")->subject, "ann");
}

} // namespace static_tokens_test
