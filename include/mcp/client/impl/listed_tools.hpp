// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/schema/validate.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::detail {

/// Takes a sentence for the log of the program.
using fault_sink = std::function<void(const std::string&)>;

/// What a client knows of a tool that it has listed.
class listed_tool {
public:
    listed_tool(const tool_definition& tool, std::vector<header_parameter> mirrored)
        : name_(tool.name)
        , input_schema_(tool.input_schema)
        , output_schema_(tool.output_schema)
        , mirrored_(std::move(mirrored)) {}

    /// Returns whether the tool has the same schemas still.
    bool matches(const tool_definition& tool) const {
        return tool.input_schema == input_schema_ && tool.output_schema == output_schema_;
    }

    /// Returns the `Mcp-Param-…` of a call.
    std::vector<std::pair<std::string, std::string>> parameters(std::string_view arguments) const {
        std::vector<std::pair<std::string, std::string>> out;
        const auto read = mirrored_.empty() ? parse_json("{}") : parse_json(arguments);
        for (const header_parameter& each : mirrored_)
            if (auto value = each.value(*read))
                out.emplace_back(each.field, *std::move(value));
        return out;
    }

    /// Checks a result against the output schema. Returns a sentence that describes a misfit; empty
    /// if there is none. A schema that cannot be used is reported once, and checks nothing.
    std::string misfit(const tool_result& result, const fault_sink& report) {
        if (output_schema_.empty() || result.is_error)
            return {};
        if (!tried_) {
            tried_ = true;
            compile(report);
        }
        if (!compiled_)
            return {};
        if (result.structured.empty())
            return "it has no structuredContent, although the tool has an outputSchema";
        const auto value = parse_json(result.structured);
        if (!value)
            return "structuredContent: " + value.error().what();
        const auto valid = compiled_->validate(*value, "structuredContent");
        return valid ? std::string()
                     : "it does not conform to the outputSchema: " + valid.error().what();
    }

private:
    void compile(const fault_sink& report) {
        std::string why;
        if (const auto text = parse_json(output_schema_)) {
            if (auto compiled = schema::validator::compile(*text))
                compiled_ = *std::move(compiled);
            else
                why = compiled.error().what();
        } else {
            why = text.error().what();
        }
        if (!compiled_)
            report("the results of tool " + name_ +
                   " are not checked, since its outputSchema cannot be used: " + why);
    }

    std::string name_;
    std::string input_schema_;
    std::string output_schema_;
    std::vector<header_parameter> mirrored_;
    std::optional<schema::validator> compiled_;
    bool tried_ = false; ///< to compile the schema
};

/// The tools of the list that a client has got last.
class listed_tools {
public:
    void clear() { known_.clear(); }

    /// Takes a list. If `mirrors`, arguments become headers, and tools are removed from it whose
    /// `x-mcp-header` breaks a rule [MCP 2026-07-28 server/tools].
    void take(std::vector<tool_definition>& tools, bool mirrors, const fault_sink& report) {
        const auto before = std::exchange(known_, {});
        std::erase_if(tools, [&](const tool_definition& tool) {
            const auto old = before.find(tool.name);
            if (old != before.end() && old->second->matches(tool)) {
                known_.insert(*old);
                return false;
            }
            header_parameters found;
            if (mirrors)
                if (const auto schema = parse_json(tool.input_schema))
                    found = find_header_parameters(*schema);
            if (!found.error.empty()) {
                report("tool " + tool.name + " is left out: " + found.error);
                return true;
            }
            known_[tool.name] = std::make_shared<listed_tool>(tool, std::move(found.list));
            return false;
        });
    }

    /// Returns null for a tool that has not been listed.
    std::shared_ptr<listed_tool> find(std::string_view name) const {
        const auto found = known_.find(name);
        return found == known_.end() ? nullptr : found->second;
    }

private:
    std::map<std::string, std::shared_ptr<listed_tool>, std::less<>> known_;
};

} // namespace mcp::detail
