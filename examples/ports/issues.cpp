// An issue tracker: nested types, optional members, a date, an enum, a type that contains itself.
// issues.py is the same server with FastMCP.

#include <mcp.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

enum class level { low, normal, urgent };

struct comment {
    std::string author;
    std::string text;
    std::vector<comment> replies{};

    static constexpr auto describe =
        mcp::described(mcp::member<&comment::replies>(mcp::defaulted{}));
};

struct issue {
    std::string title;
    level priority = level::normal;
    std::vector<std::string> labels{};
    std::optional<std::chrono::year_month_day> due{};
    std::vector<comment> comments{};

    static constexpr auto describe =
        mcp::described(mcp::member<&issue::title>("One line", mcp::max_length{80}),
                       mcp::member<&issue::labels>(mcp::defaulted{}),
                       mcp::member<&issue::comments>(mcp::defaulted{}));
};

struct filed {
    int number;
    issue content;
};

struct filter {
    std::optional<std::string> label;
    std::optional<level> priority;
    int limit = 20;

    static constexpr auto describe =
        mcp::described(mcp::member<&filter::limit>(mcp::minimum{1}, mcp::maximum{100}));

    bool fits(const issue& each) const {
        return (!label ||
                std::find(each.labels.begin(), each.labels.end(), *label) != each.labels.end()) &&
               (!priority || *priority == each.priority);
    }
};

std::vector<filed> issues;

filed file_issue(issue what) {
    return issues.emplace_back(static_cast<int>(issues.size()) + 1, what);
}

std::vector<filed> list_issues(filter by) {
    std::vector<filed> found;
    for (const filed& each : issues)
        if (by.fits(each.content) && std::ssize(found) < by.limit)
            found.push_back(each);
    return found;
}

issue comment_on(int number, comment words) {
    if (number < 1 || number > std::ssize(issues))
        throw mcp::tool_error("There is no issue " + std::to_string(number));
    issue& found = issues[static_cast<std::size_t>(number) - 1].content;
    found.comments.push_back(words);
    return found;
}

int main(int argc, char** argv) {
    mcp::server server{"issues", "1.0.0"};
    server.tool<file_issue, "issue">("File an issue");
    server.tool<list_issues, "filter">("List issues", mcp::read_only);
    server.tool<comment_on, "number", "comment">("Comment on an issue");
    return mcp::run(server, argc, argv);
}
