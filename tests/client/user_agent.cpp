// SPDX-License-Identifier: MIT
#include <mcp/client/user_agent.hpp>

#include <mcp/client/authorization_error.hpp>

#include <client/oauth_world.hpp>
#include <gtest/gtest.h>

#include <gmock/gmock.h>
#include <string>
#include <utility>

namespace {

using ::testing::HasSubstr;

std::string follow(const oauth_test::world& w, const std::string& path) {
    mcp::headless_agent agent;
    try {
        return oauth_test::result_of(agent.authorize(w.origin() + path));
    } catch (const mcp::authorization_error& error) {
        return error.what();
    }
}

TEST(user_agent, headless_agent_follows_redirects) {
    const oauth_test::world w;
    mcp::headless_agent agent;
    const std::string back = oauth_test::result_of(agent.redirect_uri(""));
    EXPECT_EQ(follow(w, "/as/authorize?state=s&redirect_uri=" + back), "code=secret-code&state=s");
    EXPECT_EQ(follow(w, "/as/authorize?state=s&redirect_uri=/as/authorize%3Fredirect_uri%3D" +
                            back + "%26x%3D"),
              "code=secret-code&state=s");
    EXPECT_THAT(follow(w, "/none"), HasSubstr("shows a page, with status 404"));
    EXPECT_THAT(follow(w, "/as/authorize?redirect_uri=/as/authorize"),
                HasSubstr("cannot be reached")); // to a relative URL
}

} // namespace
