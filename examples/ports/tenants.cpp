// Tenants with tokens: each sees its own orders, at an address of its own. tenants.py is the same
// server with FastMCP.

#include <mcp.hpp>

#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

struct order {
    std::string item;
    int count = 1;
    std::string by;
};

std::map<std::string, std::vector<order>> orders;

std::string tenant_of(const mcp::context& ctx) {
    return std::string(ctx.principal()->claims.at("tenant").as_string());
}

void audit(mcp::context& ctx, const mcp::call_info& call) {
    if (ctx.path_param("tenant").value_or(tenant_of(ctx)) != tenant_of(ctx))
        throw mcp::tool_error("This token is of another tenant");
    std::clog << ctx.subject() << " calls " << call.name << '\n';
}

std::vector<order> list_orders(mcp::context& ctx) { return orders[tenant_of(ctx)]; }

int place_order(std::string item, int count, mcp::context& ctx) {
    auto& all = orders[tenant_of(ctx)];
    all.push_back({item, count, std::string(ctx.subject())});
    return static_cast<int>(all.size());
}

int main(int argc, char** argv) {
    mcp::static_tokens tokens;
    tokens.add("anns-token",
               {.subject = "ann", .scopes = {"read", "write"}, .claims = {{"tenant", "acme"}}});
    tokens.add("bobs-token",
               {.subject = "bob", .scopes = {"read"}, .claims = {{"tenant", "acme"}}});
    tokens.add("eves-token",
               {.subject = "eve", .scopes = {"read", "write"}, .claims = {{"tenant", "globex"}}});

    mcp::server server{"tenants", "1.0.0", std::move(tokens)};
    server.around(audit);
    server.tool<list_orders>("List the orders of the tenant", mcp::read_only);
    server.tool<place_order, "item", "count">("Order an item", mcp::scopes("write"),
                                              mcp::param<"count">(mcp::default_value{1}));
    mcp::run_options defaults;
    defaults.transport = mcp::run_transport::http;
    defaults.path = "/t/{tenant}/mcp";
    return mcp::run(server, argc, argv, defaults);
}
