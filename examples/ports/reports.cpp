// A long job: it reports progress and asks the user before it ends. reports.py is the same server
// with FastMCP.

#include <mcp.hpp>

#include <chrono>
#include <string>

struct choice {
    bool publish;
    std::string title;

    static constexpr auto describe =
        mcp::described(mcp::member<&choice::title>(mcp::default_value{"Report"}));
};

struct report {
    std::string title;
    int pages;
    bool published;
};

asio::awaitable<int> make_pages(int pages, double pause, mcp::context& ctx) {
    for (int page = 1; page <= pages; ++page) {
        co_await mcp::sleep_for(std::chrono::duration<double>(pause));
        ctx.progress(page, pages, "page " + std::to_string(page));
    }
    ctx.info("all pages are made");
    co_return pages;
}

asio::awaitable<report> make_report(int pages, double pause, mcp::context& ctx) {
    const auto work = [&] { return make_pages(pages, pause, ctx); };
    const int made = co_await ctx.once("pages", work); // not again when the user has answered
    const auto answer = co_await ctx.elicit<choice>("Publish the report?");
    if (!answer)
        throw mcp::tool_error("The user did not decide");
    co_return report{answer->title, made, answer->publish};
}

int main(int argc, char** argv) {
    mcp::server server{"reports", "1.0.0"};
    server.tool<make_report, "pages", "pause">(
        "Make a report; this takes a while",
        mcp::param<"pages">("How many pages", mcp::default_value{10}, mcp::minimum{1},
                            mcp::maximum{500}),
        mcp::param<"pause">("Seconds for a page", mcp::default_value{0.01}));
    return mcp::run(server, argc, argv);
}
