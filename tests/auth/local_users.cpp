#include <mcp/auth/local_users.hpp>

#include <mcp/http/message.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>

namespace local_users_test {

using mcp::auth_failure;
using mcp::local_users;
using mcp::http::local_peer;

TEST(local_users, knows_who_comes_over_a_unix_domain_socket) {
    const local_users by_number;
    const local_users only_ann([](const local_peer& peer) -> std::optional<mcp::principal> {
        if (peer.user != 1000)
            return std::nullopt;
        return mcp::principal{.subject = "ann", .scopes = {"read"}};
    });
    const local_users nameless([](const local_peer&) { return mcp::principal{}; });
    struct {
        const local_users& backend;
        std::optional<local_peer> peer;
        std::string subject; ///< empty: it is refused
        auth_failure::reason why{};
    } const table[] = {{by_number, local_peer{12, 1000, 100}, "uid:1000"},
                       {by_number, local_peer{12, 0, 0}, "uid:0"},
                       {by_number, std::nullopt, "", auth_failure::reason::no_token},
                       {only_ann, local_peer{12, 1000, 100}, "ann"},
                       {only_ann, local_peer{12, 0, 0}, "", auth_failure::reason::invalid_token},
                       {only_ann, std::nullopt, "", auth_failure::reason::no_token},
                       {nameless, local_peer{12, 0, 0}, "", auth_failure::reason::invalid_token}};
    for (const auto& each : table) {
        mcp::http::request request;
        request.local = each.peer;
        const mcp::auth_result outcome = each.backend.authenticate(request);
        EXPECT_EQ(outcome ? outcome->subject : "", each.subject);
        if (!outcome) {
            EXPECT_EQ(outcome.error().why, each.why);
        }
    }
    EXPECT_EQ(local_users::by_number({12, 1000, 100}).claims,
              (mcp::json_object{{"uid", 1000}, {"gid", 100}, {"pid", 12}}));
    EXPECT_THROW(local_users{local_users::mapping()}, std::invalid_argument);
}

} // namespace local_users_test
