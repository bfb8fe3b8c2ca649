// SPDX-License-Identifier: MIT
#include <mcp/client/mcp_servers.hpp>

#include <mcp/json/parse.hpp>

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

namespace mcp_servers_test {

std::optional<std::string> variable(const std::string& name) {
    const std::map<std::string, std::string> all{{"HOME", "/home/ada"}, {"KEY", "s3cret"}};
    const auto found = all.find(name);
    return found == all.end() ? std::nullopt : std::optional(found->second);
}

std::string kind_name(mcp::server_kind kind) {
    return kind == mcp::server_kind::process ? "process"
           : kind == mcp::server_kind::http  ? "http"
                                             : "sse";
}

/// Writes what was read in one line, or the error.
std::string show(const std::string& text) {
    const mcp::json value = *mcp::parse_json(text);
    const auto entries = mcp::read_mcp_servers(value, variable);
    if (!entries)
        return entries.error().what();
    std::string out;
    for (const mcp::server_entry& each : *entries) {
        out += "[" + each.name + " " + kind_name(each.kind) + " " + each.command + each.url;
        for (const std::string& argument : each.arguments)
            out += " '" + argument + "'";
        for (const auto& [name, given] : each.environment)
            out += " " + name + "=" + given;
        if (!each.folder.empty())
            out += " in " + each.folder;
        for (const auto& [name, given] : each.headers)
            out += " " + name + ": " + given;
        out += "]";
    }
    return out;
}

TEST(mcp_servers, reads_configurations_of_hosts_and_names_what_is_wrong) {
    const struct {
        const char* text;
        const char* expected;
    } table[] = {
        {R"({"mcpServers":{}})", ""},
        {R"({"mcpServers":{"a":{"command":"x"}}})", "[a process x]"},
        {R"({"mcpServers":{"a":{"command":"x","args":["-v","${HOME}/n"],"env":{"K":"${env:KEY}","N":3},)"
         R"("cwd":"/tmp"}}})",
         "[a process x '-v' '/home/ada/n' K=s3cret N=3 in /tmp]"},
        {R"({"servers":{"w":{"type":"http","url":"https://e/mcp","headers":{"Authorization":"Bearer ${KEY}"}}}})",
         "[w http https://e/mcp Authorization: Bearer s3cret]"},
        {R"({"mcpServers":{"w":{"url":"https://e/mcp"},"s":{"type":"sse","url":"https://e/sse"}}})",
         "[w http https://e/mcp][s sse https://e/sse]"},
        {R"({"mcpServers":{"w":{"transport":"streamable-http","url":"u"}}})", "[w http u]"},
        {R"({"mcpServers":{"off":{"command":"x","disabled":true},"on":{"command":"y","disabled":false}}})",
         "[on process y]"},
        {R"({"mcpServers":{"a":{"command":"${NONE:-echo}","args":["${KEY:-k}","$HOME","${"]}}})",
         "[a process echo 's3cret' '$HOME' '${']"},
        {R"({"mcpServers":{"a":{"command":"x","env":null,"headers":[],"alwaysAllow":["y"]}}})",
         "[a process x]"},

        {R"({})", "the configuration has neither mcpServers nor servers"},
        {R"([])", "the configuration has neither mcpServers nor servers"},
        {R"({"mcpServers":3})", "mcpServers: expected object, got number"},
        {R"({"mcpServers":{"a":"x"}})", "mcpServers.a: expected object, got string"},
        {R"({"mcpServers":{"a":{}}})", "mcpServers.a.command is missing, and so is url"},
        {R"({"mcpServers":{"a":{"command":7}}})",
         "mcpServers.a.command: expected string, got number"},
        {R"({"mcpServers":{"a":{"command":"x","args":"y"}}})",
         "mcpServers.a.args: expected array, got string"},
        {R"({"mcpServers":{"a":{"command":"x","args":[1]}}})",
         "mcpServers.a.args[0]: expected string, got number"},
        {R"({"mcpServers":{"a":{"command":"x","env":{"K":[]}}}})",
         "mcpServers.a.env: K must be a text"},
        {R"({"mcpServers":{"a":{"command":"x","url":"y"}}})",
         "mcpServers.a.url: must not stand beside command"},
        {R"({"mcpServers":{"a":{"type":"http","command":"x"}}})", "mcpServers.a.url is missing"},
        {R"({"mcpServers":{"a":{"type":"pipe","command":"x"}}})",
         "mcpServers.a.type: must be stdio, http or sse"},
        {R"({"servers":{"a":{"url":"https://e/${NONE}"}}})",
         "servers.a.url: names the variable NONE, which is not set"},
        {R"({"servers":{"a":{"command":"x","env":{"K":"${input:key}"}}}})",
         "servers.a.env: asks the user for a value by ${input:key}, which is not supported"},
    };
    for (const auto& row : table)
        EXPECT_EQ(show(row.text), row.expected) << row.text;
}

} // namespace mcp_servers_test
