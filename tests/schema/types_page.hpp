#pragma once

#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/schema/schema_of.hpp>
#include <mcp/schema/validate.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

/// Makes the sections of docs/types.md, and compares them with those that the page has. If the
/// variable MCP_WRITE_TYPES is set, they are written instead.
namespace types_page {

/// Returns a file of this tree. Its name, as compilers give it, may be relative to the folder in
/// which they ran.
inline std::filesystem::path find(const std::filesystem::path& name) {
    if (name.is_absolute())
        return name;
    std::filesystem::path inside;
    for (const auto& part : name)
        if (part != "..")
            inside /= part;
    auto folder = std::filesystem::current_path();
    while (!exists(folder / inside) && folder != folder.root_path())
        folder = folder.parent_path();
    return folder / inside;
}

inline const std::filesystem::path root = find(__FILE__).parent_path().parent_path().parent_path();

/// Returns a file; fails the test if there is none.
inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(find(path));
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Returns code for a cell of a table: spaces let a browser break the line.
inline std::string code(std::string_view text) {
    std::string cell = "`";
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '"' && (at == 0 || text[at - 1] != '\\'))
            quoted = !quoted;
        if (text[at] == '|')
            cell += '\\';
        cell += text[at];
        if (text[at] == ',' && !quoted && at + 1 < text.size() && text[at + 1] != ' ')
            cell += ' ';
    }
    return cell += '`';
}

/// Returns a sentence for a cell of a table.
inline std::string plain(std::string_view sentence) {
    std::string cell;
    for (const char c : sentence) {
        if (std::string_view("|<*\\").find(c) != std::string_view::npos)
            cell += '\\';
        cell += c;
    }
    return cell;
}

/// Compares two texts line by line: a section is too long for one message.
inline void compare(const std::string& of_page, const std::string& made) {
    std::istringstream expected(of_page);
    std::istringstream actual(made);
    std::string left, right;
    while (std::getline(expected, left) && std::getline(actual, right))
        ASSERT_EQ(left, right) << "run scripts/types --write";
    EXPECT_EQ(of_page.size(), made.size()) << "run scripts/types --write";
}

/// Compares a section with that of the page, or writes it there.
inline void show_section(const std::string& title, const std::string& text) {
    const std::filesystem::path file = root / "docs" / "types.md";
    std::string page = read_file(file);
    const std::string heading = "\n## " + title + "\n\n";
    const std::size_t begin = page.find(heading);
    ASSERT_NE(begin, std::string::npos) << "docs/types.md has no section " << title;
    const std::size_t from = begin + heading.size();
    const std::size_t to = std::min(page.find("\n## ", from - 1), page.size());
    if (std::getenv("MCP_WRITE_TYPES") == nullptr) {
        compare(page.substr(from, to - from), text);
        return;
    }
    page.replace(from, to - from, text);
    std::ofstream(file) << page;
}

/// One section: the code between its comment and its test in the source file, then a table of what
/// the test adds.
class section {
public:
    explicit section(std::string title, const char* source)
        : title_(std::move(title))
        , source_(read_file(source)) {
        const std::string comment = "// " + title_ + "\n";
        const std::size_t begin = source_.find("\n" + comment);
        EXPECT_NE(begin, std::string::npos) << "no comment that says " << title_;
        at_ = source_.find("\nTEST(", begin);
        add_declarations(std::string_view(source_).substr(begin + 1 + comment.size(),
                                                          at_ - begin - 1 - comment.size()));
        text_ += "| C++ | schema | accepted | refused |\n|---|---|---|---|\n";
    }

    /// Adds a type with values that it accepts and refuses. The source file spells the type.
    template <class T>
    void type(std::initializer_list<std::string_view> accepted,
              std::initializer_list<std::string_view> refused) {
        const std::string spelling = next_type();
        constexpr std::string_view schema = mcp::schema_of<T>;
        text_ += "| " + code(spelling) + " | " + code(schema) + " | ";
        std::string_view between;
        for (const std::string_view each : accepted) {
            text_.append(between).append(accept<T>(each)).append(mark(schema, each, true));
            between = "<br>";
        }
        text_ += " | ";
        between = "";
        for (const std::string_view each : refused) {
            text_.append(between).append(refuse<T>(each)).append(mark(schema, each, false));
            between = "<br>";
        }
        text_ += " |\n";
    }

    /// Compares the section with that of the page, or writes it there.
    void show() const { show_section(title_, text_); }

private:
    /// Shows the declarations of a section, without the lines that only open a namespace.
    void add_declarations(std::string_view lines) {
        std::string shown;
        while (!lines.empty()) {
            const std::size_t size = std::min(lines.find('\n'), lines.size() - 1) + 1;
            const std::string_view line = lines.substr(0, size);
            lines.remove_prefix(size);
            const bool blank = line == "\n" && (shown.empty() || shown.ends_with("\n\n"));
            if (!blank && line != "namespace {\n" && line != "} // namespace\n")
                shown += line;
        }
        while (shown.ends_with('\n'))
            shown.pop_back();
        if (!shown.empty())
            text_ += "```cpp skip\n" + shown + "\n```\n\n";
    }

    /// Returns the template argument of the next call of `type` in the source file.
    std::string next_type() {
        constexpr std::string_view call = ".type<";
        at_ = source_.find(call, at_) + call.size();
        const std::size_t begin = at_;
        int depth = 1;
        for (; depth > 0 && at_ < source_.size(); ++at_)
            depth += source_[at_] == '<' ? 1 : source_[at_] == '>' ? -1 : 0;
        std::string spelling;
        for (const char c : source_.substr(begin, at_ - 1 - begin))
            if (c != '\n' && (c != ' ' || !spelling.ends_with(' ')))
                spelling += c;
        return spelling;
    }

    template <class T>
    static std::string accept(std::string_view text) {
        const auto value = mcp::decode<T>(mcp::parse_json(text).value());
        if (!value) {
            ADD_FAILURE() << mcp::schema_of<T> << " refuses " << text << ": "
                          << value.error().what();
            return {};
        }
        const std::string written = mcp::encode(*value);
        return written == text ? code(text) : code(text) + " → " + code(written);
    }

    template <class T>
    static std::string refuse(std::string_view text) {
        const auto value = mcp::decode<T>(mcp::parse_json(text).value());
        EXPECT_FALSE(value) << mcp::schema_of<T> << " accepts " << text;
        return value ? std::string() : code(text) + ": " + plain(value.error().what());
    }

    /// Returns a mark if the schema alone does not say that a value is accepted or refused. Patterns
    /// are not looked at: some programs of tests have no engine for them.
    static std::string_view mark(std::string_view schema, std::string_view text, bool accepted) {
        if (schema.find("\"pattern\"") != std::string_view::npos)
            return "";
        const auto rules = mcp::schema::validator::compile(mcp::parse_json(schema).value());
        EXPECT_TRUE(rules) << schema;
        return rules && rules->validate(mcp::parse_json(text).value()).has_value() == accepted
                   ? ""
                   : " ¹";
    }

    std::string title_;
    std::string source_;
    std::string text_;
    std::size_t at_ = 0;
};

} // namespace types_page
