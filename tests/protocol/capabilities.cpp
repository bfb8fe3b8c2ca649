#include <mcp/protocol/capabilities.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <string>

namespace {

using mcp::client_capabilities;
using mcp::revision;
using mcp::server_capabilities;

client_capabilities read_client(const char* text) {
    return mcp::read_client_capabilities(wire::parsed(text)).value();
}

TEST(capabilities, client_with_everything) {
    client_capabilities all;
    all.roots = all.roots_list_changed = all.sampling = all.sampling_tools = all.sampling_context =
        all.elicitation_form = all.elicitation_url = true;
    all.extensions["io.modelcontextprotocol/ui"] = mcp::json_object{};
    all.experimental["x"] = mcp::json_object{};
    wire::expect_written(
        all,
        {R"({"experimental":{"x":{}},"roots":{"listChanged":true},"sampling":{}})", nullptr,
         R"({"experimental":{"x":{}},"roots":{"listChanged":true},"sampling":{},)"
         R"("elicitation":{}})",
         R"({"experimental":{"x":{}},"roots":{"listChanged":true},)"
         R"("sampling":{"context":{},"tools":{}},"elicitation":{"form":{},"url":{}}})",
         R"({"experimental":{"x":{}},"roots":{},"sampling":{"context":{},"tools":{}},)"
         R"("elicitation":{"form":{},"url":{}},"extensions":{"io.modelcontextprotocol/ui":{}}})"});
}

TEST(capabilities, client_with_nothing) {
    wire::expect_written(client_capabilities{}, {"{}"});
    EXPECT_TRUE(client_capabilities{}.empty());
    EXPECT_TRUE(read_client("{}").empty());
}

TEST(capabilities, form_alone_is_an_empty_object) {
    client_capabilities form;
    form.elicitation_form = true;
    EXPECT_EQ(wire::written(form), R"({"elicitation":{}})");
    client_capabilities url;
    url.elicitation_url = true;
    EXPECT_EQ(wire::written(url), R"({"elicitation":{"url":{}}})");
    EXPECT_EQ(wire::written(url, revision::v2025_06_18), "{}");
}

TEST(capabilities, elicitation_without_modes_means_form) {
    struct row {
        const char* text;
        bool form;
        bool url;
    };
    for (const row& expected :
         {row{R"({"elicitation":{}})", true, false},
          row{R"({"elicitation":{"form":{}}})", true, false},
          row{R"({"elicitation":{"url":{}}})", false, true},
          row{R"({"elicitation":{"form":{},"url":{}}})", true, true},
          row{R"({"elicitation":{"other":{}}})", true, false}, row{"{}", false, false}}) {
        const auto read = read_client(expected.text);
        EXPECT_EQ(read.elicitation_form, expected.form) << expected.text;
        EXPECT_EQ(read.elicitation_url, expected.url) << expected.text;
    }
}

TEST(capabilities, reads_the_examples_of_the_specification) {
    EXPECT_TRUE(read_client(R"({"roots":{}})").roots);
    EXPECT_FALSE(read_client(R"({"roots":{}})").roots_list_changed);
    EXPECT_TRUE(read_client(R"({"roots":{"listChanged":true}})").roots_list_changed);
    EXPECT_TRUE(read_client(R"({"sampling":{}})").sampling);
    EXPECT_FALSE(read_client(R"({"sampling":{}})").sampling_tools);
    EXPECT_TRUE(read_client(R"({"sampling":{"tools":{}}})").sampling_tools);
    EXPECT_TRUE(read_client(R"({"sampling":{"context":{}}})").sampling_context);
    const auto ui = read_client(
        R"({"extensions":{"io.modelcontextprotocol/ui":{"mimeTypes":["text/html;profile=mcp-app"]}}})");
    EXPECT_TRUE(ui.has_extension("io.modelcontextprotocol/ui"));
    EXPECT_FALSE(ui.has_extension("io.modelcontextprotocol/tasks"));
}

TEST(capabilities, refuses_what_is_no_object) {
    for (const char* bad : {"[1]", "null", R"({"roots":true})", R"({"sampling":1})",
                            R"({"elicitation":"form"})", R"({"extensions":[1]})"}) {
        EXPECT_FALSE(mcp::read_client_capabilities(wire::parsed(bad))) << bad;
    }
    EXPECT_FALSE(mcp::read_server_capabilities(wire::parsed(R"({"tools":true})")));
}

TEST(capabilities, an_empty_array_is_an_empty_object_and_null_is_absent) {
    const auto read = mcp::read_client_capabilities(
        wire::parsed(R"({"roots":[],"sampling":{"tools":[],"context":null},
                         "elicitation":null,"extensions":[],"experimental":null})"));
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->roots);
    EXPECT_TRUE(read->sampling_tools);
    EXPECT_FALSE(read->sampling_context);
    EXPECT_FALSE(read->elicitation_form);
    EXPECT_TRUE(mcp::read_client_capabilities(wire::parsed("[]"))->empty());
    EXPECT_TRUE(mcp::read_server_capabilities(wire::parsed(R"({"tools":[]})"))->tools);
}

TEST(capabilities, says_what_is_missing) {
    client_capabilities needed;
    needed.sampling = needed.sampling_tools = needed.elicitation_form = true;
    needed.extensions["a/b"] = mcp::json_object{};
    client_capabilities have;
    have.sampling = true;
    const auto missing = have.missing(needed);
    EXPECT_EQ(wire::written(missing),
              R"({"sampling":{"tools":{}},"elicitation":{},"extensions":{"a/b":{}}})");
    EXPECT_TRUE(needed.missing(needed).empty());
    EXPECT_TRUE(needed.missing({}).empty());
}

TEST(capabilities, what_a_revision_does_not_know_is_not_asked_for) {
    client_capabilities all;
    all.roots = all.sampling = all.sampling_tools = all.sampling_context = all.elicitation_form =
        all.elicitation_url = true;
    for (const revision r : mcp::all_revisions) {
        const auto known = all.known_to(r);
        EXPECT_TRUE(known.roots);
        EXPECT_TRUE(known.sampling);
        EXPECT_EQ(known.elicitation_form, r >= revision::v2025_06_18);
        for (const bool newer :
             {known.elicitation_url, known.sampling_tools, known.sampling_context})
            EXPECT_EQ(newer, r >= revision::v2025_11_25);
    }
}

TEST(capabilities, the_error_names_them) {
    client_capabilities sampling;
    sampling.sampling = true;
    client_capabilities tools = sampling;
    tools.sampling_tools = true;
    client_capabilities roots;
    roots.roots = true;
    client_capabilities form;
    form.elicitation_form = true;
    client_capabilities url;
    url.elicitation_url = true;
    client_capabilities extension;
    extension.extensions["x.y/z"] = mcp::json_object{};
    extension.experimental["w"] = mcp::json_object{};
    const std::string undeclared =
        "The request needs capabilities that the client has not declared: ";
    const auto unknown = [](const std::string& what, const std::string& revision) {
        return "The request needs " + what + ", which revision " + revision + " does not have";
    };
    using enum revision;
    const struct {
        client_capabilities needed;
        revision r;
        std::string text;
        std::string data;
    } rows[] = {
        {sampling, v2026_07_28, undeclared + "sampling", R"({"sampling":{}})"},
        {sampling, v2024_11_05, undeclared + "sampling", R"({"sampling":{}})"},
        {roots, v2025_03_26, undeclared + "roots", R"({"roots":{}})"},
        {tools, v2025_11_25, undeclared + "sampling, sampling.tools",
         R"({"sampling":{"tools":{}}})"},
        {tools, v2025_06_18,
         unknown("sampling.tools", "2025-06-18") +
             "; and capabilities that the client has not declared: sampling",
         R"({"sampling":{}})"},
        {form, v2026_07_28, undeclared + "elicitation.form", R"({"elicitation":{}})"},
        {form, v2025_06_18, undeclared + "elicitation.form", R"({"elicitation":{}})"},
        {form, v2025_03_26, unknown("elicitation.form", "2025-03-26"), ""},
        {form, v2024_11_05, unknown("elicitation.form", "2024-11-05"), ""},
        {url, v2025_11_25, undeclared + "elicitation.url", R"({"elicitation":{"url":{}}})"},
        {url, v2025_06_18, unknown("elicitation.url", "2025-06-18"), ""},
        {extension, v2026_07_28, undeclared + "extensions.x.y/z, experimental.w",
         R"({"experimental":{"w":{}},"extensions":{"x.y/z":{}}})"},
    };
    for (const auto& row : rows) {
        const auto error = mcp::missing_client_capability(row.needed, row.r);
        EXPECT_EQ(error.code, -32021);
        EXPECT_EQ(error.message, row.text);
        EXPECT_EQ(error.data,
                  row.data.empty() ? "" : R"({"requiredCapabilities":)" + row.data + '}');
    }
}

TEST(capabilities, server_by_revision) {
    server_capabilities all;
    all.tools = all.tools_list_changed = all.resources = all.resources_subscribe =
        all.resources_list_changed = all.prompts = all.prompts_list_changed = all.logging =
            all.completions = true;
    all.extensions["io.modelcontextprotocol/tasks"] = mcp::json_object{};
    wire::expect_written(
        all, {R"({"logging":{},"prompts":{"listChanged":true},)"
              R"("resources":{"subscribe":true,"listChanged":true},"tools":{"listChanged":true}})",
              R"({"logging":{},"completions":{},"prompts":{"listChanged":true},)"
              R"("resources":{"subscribe":true,"listChanged":true},"tools":{"listChanged":true}})",
              nullptr, nullptr,
              R"({"logging":{},"completions":{},"prompts":{"listChanged":true},)"
              R"("resources":{"subscribe":true,"listChanged":true},"tools":{"listChanged":true},)"
              R"("extensions":{"io.modelcontextprotocol/tasks":{}}})"});
}

TEST(capabilities, server_minimal) {
    wire::expect_written(server_capabilities{}, {"{}"});
    server_capabilities lists_only;
    lists_only.tools_list_changed = true;
    wire::expect_written(lists_only, {"{}"});
    lists_only.tools = true;
    lists_only.tools_list_changed = false;
    wire::expect_written(lists_only, {R"({"tools":{}})"});
}

TEST(capabilities, server_round_trip) {
    const char* const text =
        R"({"experimental":{"e":{}},"logging":{},"completions":{},"prompts":{},)"
        R"("resources":{"subscribe":true},"tools":{"listChanged":true},"extensions":{"a/b":{}}})";
    const auto read = mcp::read_server_capabilities(wire::parsed(text));
    ASSERT_TRUE(read);
    EXPECT_EQ(wire::written(*read, mcp::latest), text);
}

} // namespace
