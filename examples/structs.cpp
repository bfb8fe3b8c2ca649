// A function that takes one struct. The members are the parameters of the tool; their types and
// defaults are the schema. The result becomes structured content with an output schema.

#include <mcp.hpp>

#include <optional>
#include <string>
#include <vector>

enum class order { newest, cheapest };

struct price_range {
    double from = 0;
    double to = 1000;
};

struct search {
    std::string query;                // required: it has no default
    int limit = 10;                   // optional, 10 if absent
    order by = order::newest;         // a choice of names
    std::optional<price_range> price; // optional, a nested object
    std::vector<std::string> tags;    // optional: `describe` says so, C++ cannot
};

// Describes the members to the model.
template <>
struct mcp::describe<search> {
    static constexpr auto members = mcp::members(
        mcp::member<"query">("Words to look for"),
        mcp::member<"limit">("How many results at most", mcp::minimum{1}, mcp::maximum{100}),
        mcp::member<"tags">(mcp::defaulted{}));
};

struct product {
    std::string name;
    double price;
};

struct search_result {
    std::vector<product> products;
    int total;
};

search_result find_products(search what) {
    search_result found{{}, 2};
    for (const product& each : {product{"kettle", 25.5}, product{"teapot", 40}}) {
        if (each.name.find(what.query) != std::string::npos)
            found.products.push_back(each);
    }
    return found;
}

int main(int argc, char** argv) {
    mcp::server server{"shop", "1.0.0"};
    server.tool<find_products>("Search the shop", mcp::read_only);
    return mcp::run(server, argc, argv);
}
