// SPDX-License-Identifier: MIT
#pragma once

// Where settings come from, besides the code: the command line and a file.

#include <mcp/app/impl/run_readers.hpp>
#include <mcp/app/impl/run_setting.hpp>
#include <mcp/app/run_options.hpp>
#include <mcp/result.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp::detail {

inline std::string one_line(std::string text) {
    for (char& c : text) {
        if (c == '\n' || c == '\r')
            c = ' ';
    }
    while (!text.empty() && text.back() == ' ')
        text.pop_back();
    return text;
}

/// Returns the number of letters to insert, remove or replace between two words.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

/// Returns "NAME is unknown; did you mean OTHER?", with the known name that is most alike.
inline std::string unknown_name(std::string_view name, const std::vector<std::string>& known) {
    const std::string* best = nullptr;
    std::size_t least = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const std::string& each : known) {
        const std::size_t distance = edit_distance(lower_case(name), each);
        if (distance < least) {
            least = distance;
            best = &each;
        }
    }
    return std::string(name) + " is unknown" + (best ? "; did you mean " + *best + "?" : "");
}

/// Values by the key of their setting. Several values of a list are joined by commas.
using run_values = std::map<std::string, std::string, std::less<>>;

/// Reads a file of settings. Each key is that of a setting.
inline result<run_values, usage_error> read_run_file(const std::string& name,
                                                     const std::vector<run_setting>& settings) {
    errno = 0;
    std::ifstream file(name);
    std::vector<CLI::ConfigItem> items;
    try {
        if (file)
            items = CLI::ConfigTOML().from_config(file);
    } catch (const CLI::Error& error) {
        return usage_error{one_line(name + ": " + error.what())};
    }
    struct stat kind{}; // libc++ reads a directory as an empty file
    if (::stat(name.c_str(), &kind) == 0 && S_ISDIR(kind.st_mode))
        errno = EISDIR;
    if (!file.eof() || errno == EISDIR)
        return usage_error{one_line("--config: cannot read " + name + ": " +
                                    std::generic_category().message(errno))};
    run_values values;
    for (const CLI::ConfigItem& item : items) {
        if (!item.parents.empty())
            return usage_error{one_line(name + ": the section " + item.parents.front() +
                                        " is unknown; settings have no sections")};
        const auto row = std::find_if(settings.begin(), settings.end(),
                                      [&](const auto& each) { return each.key() == item.name; });
        if (row == settings.end()) {
            std::vector<std::string> known;
            for (const run_setting& each : settings)
                known.emplace_back(each.key());
            return usage_error{one_line(name + ": " + unknown_name(item.name, known))};
        }
        if (!row->value.list && item.inputs.size() > 1)
            return usage_error{one_line(name + ": " + item.name + ": a single value is expected")};
        std::string& value = values[item.name];
        const std::string more = joined(item.inputs);
        value = row->value.list && !value.empty() ? value + "," + more : more;
    }
    return values;
}

/// A command line, once parsed.
struct run_command {
    run_values values{};
    std::string config{};
    bool print = false;                  ///< `--print-config`
    std::optional<std::string> answer{}; ///< of `--help` and `--version`
};

/// Parses a command line. `--help` shows the present values of the settings.
inline result<run_command, usage_error> read_command_line(int argc, const char* const* argv,
                                                          const std::vector<run_setting>& settings,
                                                          const std::string& name,
                                                          const std::string& version) {
    CLI::App app(name + ": a Model Context Protocol server", name);
    app.allow_extras();
    app.set_version_flag("--version", name + " " + version);
    app.get_option("--help")->description("Print this help and exit");
    app.get_option("--version")->description("Print the version and exit");
    run_command command;
    app.add_option("--config", command.config, "File of settings [MCP_CONFIG]")->type_name("FILE");
    app.add_flag("--print-config", command.print, "Print all settings as such a file and exit");
    std::vector<std::string> given(settings.size());
    std::vector<CLI::Option*> options;
    std::vector<std::string> known = {"--help", "--version", "--config", "--print-config"};
    for (std::size_t i = 0; i < settings.size(); ++i) {
        const run_setting& each = settings[i];
        known.emplace_back(each.option);
        options.push_back(
            app.add_option(known.back(), given[i], each.help + (" [" + each.variable() + "]"))
                ->type_name(each.type)
                ->default_str(each.value.flag ? "true" : "") // for an option without a value
                ->group(std::string(each.group))
                ->expected(each.value.flag ? 0 : 1, 1)
                ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast));
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        for (std::size_t i = 0; i < settings.size(); ++i) {
            const run_setting& each = settings[i];
            const std::string shown = each.secret ? std::string() : each.value.show();
            options[i]->default_str(shown.empty() ? each.unset : shown);
        }
        command.answer = app.help();
        return command;
    } catch (const CLI::CallForVersion& answer) {
        command.answer = std::string(answer.what()) + "\n";
        return command;
    } catch (const CLI::ParseError& error) {
        return usage_error{one_line(error.what())};
    }
    if (const auto extra = app.remaining(); !extra.empty())
        return usage_error{one_line(
            unknown_name(std::string_view(extra[0]).substr(0, extra[0].find('=')), known))};
    for (std::size_t i = 0; i < settings.size(); ++i) {
        const auto& texts = options[i]->results();
        if (!texts.empty())
            command.values.emplace(settings[i].key(),
                                   settings[i].value.list ? joined(texts) : texts.back());
    }
    return command;
}

/// Returns a value in the form of TOML.
inline std::string toml_value(const run_setting& setting, const std::string& text) {
    const auto quote = [](std::string_view each) {
        const char mark = each.find('"') == each.npos ? '"' : '\'';
        return mark + std::string(each) + mark;
    };
    if (setting.value.list) {
        std::string all;
        for (const std::string_view each : split_list(text))
            all.append(all.empty() ? "[" : ", ").append(quote(each));
        return all + "]";
    }
    const bool bare = setting.value.flag || text.find_first_not_of("0123456789") == text.npos;
    return bare ? text : quote(text);
}

/// Returns all settings as a file, with where each comes from.
inline std::string print_settings(const std::vector<run_setting>& settings) {
    std::string text;
    std::string_view group;
    for (const run_setting& each : settings) {
        if (each.group != group)
            text.append(text.empty() ? "# " : "\n# ").append(each.group).append("\n");
        group = each.group;
        const std::string shown = each.value.show();
        const std::string source = each.source.empty() ? "default" : each.source;
        const std::string key(each.key());
        if (shown.empty())
            text += "# " + key + " is not set" + (each.unset.empty() ? "" : ": " + each.unset);
        else if (each.secret)
            text += "# " + key + " is secret  # " + source;
        else
            text += key + " = " + toml_value(each, shown) + "  # " + source;
        text += "\n";
    }
    return text;
}

} // namespace mcp::detail
