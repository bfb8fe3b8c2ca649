#include <mcp/server/owned_request.hpp>

#include <mcp/auth/principal.hpp>
#include <mcp/http/message.hpp>
#include <mcp/json/value.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/server/catalog.hpp>
#include <mcp/server/legacy/session.hpp>
#include <mcp/session/record_change.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

namespace owned_request_test {

TEST(owned_request, gives_the_same_view_after_the_request_has_gone) {
    std::optional<mcp::owned_request> owned;
    const auto live = std::make_shared<mcp::legacy::session>("s", mcp::legacy::handshake());
    {
        const std::string method = "tools/call";
        const std::string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        const mcp::json params(mcp::json_object{{"name", "add"}});
        const auto principal = std::make_shared<const mcp::principal>([] {
            mcp::principal ann;
            ann.subject = "ann";
            return ann;
        }());
        mcp::http::path_params path;
        path.add("user", "7");
        mcp::jsonrpc::message message;
        message.id = mcp::jsonrpc::id(7);
        message.method = method;
        message.params = params;
        const mcp::catalog_snapshot offers(mcp::catalog(), {});
        mcp::detail::record_change change;
        mcp::request_view from(message, mcp::revision::v2025_06_18, offers);
        from.session = live;
        from.principal = principal;
        from.path = &path;
        from.trace = {parent, "a=b"};
        from.bytes = 100;
        from.change = &change;
        owned.emplace(from);
    }
    const mcp::request_view view = owned->view();
    EXPECT_EQ(view.id, mcp::jsonrpc::id(7));
    EXPECT_EQ(view.method, "tools/call");
    EXPECT_EQ(view.params.find("name").get_string(), "add");
    EXPECT_EQ(view.revision, mcp::revision::v2025_06_18);
    EXPECT_EQ(view.session.get(), live.get());
    EXPECT_EQ(view.principal->subject, "ann");
    EXPECT_EQ(view.path->find("user"), "7");
    EXPECT_EQ(view.trace.span_id(), "00f067aa0ba902b7");
    EXPECT_EQ(view.trace.state, "a=b");
    EXPECT_EQ(view.bytes, 100U);
    EXPECT_EQ(view.offers, nullptr);
    EXPECT_EQ(view.sink, nullptr);
    EXPECT_EQ(view.change, nullptr);
}

TEST(owned_request, parameters_may_be_absent) {
    const mcp::jsonrpc::id id(1);
    const mcp::owned_request owned(mcp::request_view(id, "ping", {}, mcp::latest_legacy));
    EXPECT_FALSE(owned.view().params);
}

} // namespace owned_request_test
