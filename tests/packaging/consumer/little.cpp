// Little of the library, for the ways in which only flags differ: what it includes from each of its
// dependencies is found, and what must be linked is.
#include <mcp/app/run_options.hpp>
#include <mcp/http/url.hpp>
#include <mcp/json/parse.hpp>

#include <cstdio>

int main(int argc, char** argv) {
    const auto options = mcp::parse_run_options(argc, argv, "consumer", "1.0.0");
    const bool linked = mcp::parse_json("[1]").has_value() &&
                        mcp::http::parse_web_url("http://localhost/").has_value();
    if (!options || !options->answer || !linked)
        return 1;
    std::fputs(options->answer->c_str(), stdout);
}
