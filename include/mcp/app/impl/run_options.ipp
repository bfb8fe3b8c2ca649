// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/app/impl/run_sources.hpp>
#include <mcp/app/impl/run_table.hpp>
#include <mcp/app/run_options.hpp>

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

namespace detail {

/// Returns whether Kubernetes has made the value for a Service: `tcp://10.0.0.1:8000`.
inline bool is_service_link(std::string_view text) {
    return text.find("://") != text.npos;
}

/// Returns a variable without blanks around it; empty if it is not set.
inline std::string variable(const environment_lookup& environment, const std::string& name) {
    const char* set = environment(name.c_str());
    const std::string_view value = trimmed(set == nullptr ? "" : set);
    return name == "MCP_PORT" && is_service_link(value) ? std::string() : std::string(value);
}

/// Returns the value of a key without blanks around it; empty if it is not given.
inline std::string_view given(const run_values& values, std::string_view key) {
    const auto found = values.find(key);
    return found == values.end() ? std::string_view() : trimmed(found->second);
}

} // namespace detail

MCP_DECL result<run_options, usage_error>
parse_run_options(int argc, const char* const* argv, const environment_lookup& environment,
                  std::string_view name, std::string_view version, run_options defaults) {
    run_options options = std::move(defaults);
    std::vector<detail::run_setting> settings = detail::run_settings(options);
    const auto command =
        detail::read_command_line(argc, argv, settings, std::string(name), std::string(version));
    if (!command)
        return command.error();
    if (command->answer) {
        options.answer = command->answer;
        return options;
    }
    std::string file(detail::trimmed(command->config));
    if (file.empty())
        file = detail::variable(environment, "MCP_CONFIG");
    detail::run_values kept;
    if (!file.empty()) {
        auto read = detail::read_run_file(file, settings);
        if (!read)
            return read.error();
        kept = std::move(*read);
    }
    for (detail::run_setting& each : settings) {
        each.source = each.option;
        std::string value(detail::given(command->values, each.key()));
        bool checked = true;
        if (value.empty()) {
            each.source = each.variable();
            value = detail::variable(environment, each.source);
            checked = each.group == detail::run_group::general ||
                      options.transport == run_transport::http;
        }
        if (value.empty()) {
            each.source = file;
            value = detail::given(kept, each.key());
            checked = true;
        }
        if (value.empty()) {
            each.source.clear();
            continue;
        }
        std::string wrong = each.value.read(value);
        if (!wrong.empty() && each.secret)
            wrong = "the value is invalid";
        if (!wrong.empty() && checked)
            return usage_error{detail::one_line(
                each.source + ": " +
                (each.source == file ? std::string(each.key()) + ": " : std::string()) + wrong)};
        if (!wrong.empty())
            each.source.clear();
    }
    if (command->print)
        options.answer = detail::print_settings(settings);
    return options;
}

MCP_DECL result<run_options, usage_error> parse_run_options(int argc, const char* const* argv,
                                                            std::string_view name,
                                                            std::string_view version,
                                                            run_options defaults) {
    return parse_run_options(
        argc, argv, [](const char* variable) { return std::getenv(variable); }, name, version,
        std::move(defaults));
}

} // namespace mcp
