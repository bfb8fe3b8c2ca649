// An expression, a line end, and a text: what the translator takes, RE2 takes too, unless it is too
// large or names a script that RE2 does not know; matching ends.
#include <mcp/reflect/regex.hpp>

#include <mcp/schema/re2.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t end = std::min(input.find('\n'), input.size());
    const std::string_view expression = input.substr(0, end);
    const auto compiled = mcp::reflect::regex::compile(expression);
    if (compiled && compiled->effort(input.size() - end) <= 1'000'000)
        (void)compiled->matches(input.substr(end));
    else if (!compiled &&
             compiled.error().message.starts_with("the regular expression is not supported") &&
             compiled.error().message.find("pattern too large") == std::string::npos &&
             expression.find("p{") == std::string_view::npos &&
             expression.find("P{") == std::string_view::npos)
        std::abort();
    return 0;
}
