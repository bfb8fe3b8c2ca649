#include <mcp/protocol/revision.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace {

using mcp::revision;

TEST(revision, names_and_parses_every_published_one) {
    for (revision r : mcp::all_revisions) {
        EXPECT_EQ(mcp::parse_revision(mcp::to_string(r)), r);
    }
    EXPECT_EQ(mcp::to_string(revision::v2024_11_05), "2024-11-05");
    EXPECT_EQ(mcp::to_string(revision::v2025_03_26), "2025-03-26");
    EXPECT_EQ(mcp::to_string(revision::v2025_06_18), "2025-06-18");
    EXPECT_EQ(mcp::to_string(revision::v2025_11_25), "2025-11-25");
    EXPECT_EQ(mcp::to_string(revision::v2026_07_28), "2026-07-28");
}

TEST(revision, refuses_what_was_never_published) {
    for (std::string_view bad : {"", "2025-11-2", "2025-11-255", " 2025-11-25", "1999-01-01",
                                 "DRAFT-2025-v3", "2025-11-25\n", "draft"}) {
        EXPECT_EQ(mcp::parse_revision(bad), std::nullopt) << bad;
    }
}

TEST(revision, is_ordered_by_age) {
    EXPECT_TRUE(std::is_sorted(mcp::all_revisions.begin(), mcp::all_revisions.end()));
    EXPECT_EQ(mcp::latest, mcp::all_revisions.back());
    EXPECT_TRUE(mcp::is_legacy(mcp::latest_legacy));
    EXPECT_TRUE(mcp::is_modern(mcp::latest));
}

struct feature {
    const char* name;
    bool (*has)(revision) noexcept;
    const char* expected; // one letter per revision, oldest first
};

TEST(revision, features_come_and_go) {
    const feature table[] = {
        {"is_modern", mcp::is_modern, "....x"},
        {"is_legacy", mcp::is_legacy, "xxxx."},
        {"has_batches", mcp::has_batches, ".x..."},
        {"has_streamable_http", mcp::has_streamable_http, ".xxxx"},
        {"has_audio", mcp::has_audio, ".xxxx"},
        {"has_tool_annotations", mcp::has_tool_annotations, ".xxxx"},
        {"has_completions_capability", mcp::has_completions_capability, ".xxxx"},
        {"has_progress_message", mcp::has_progress_message, ".xxxx"},
        {"has_structured_content", mcp::has_structured_content, "..xxx"},
        {"has_any_structured_content", mcp::has_any_structured_content, "....x"},
        {"has_resource_links", mcp::has_resource_links, "..xxx"},
        {"has_titles", mcp::has_titles, "..xxx"},
        {"has_nested_meta", mcp::has_nested_meta, "..xxx"},
        {"has_last_modified", mcp::has_last_modified, "..xxx"},
        {"has_completion_context", mcp::has_completion_context, "..xxx"},
        {"has_elicitation", mcp::has_elicitation, "..xxx"},
        {"has_version_header", mcp::has_version_header, "..xxx"},
        {"has_icons", mcp::has_icons, "...xx"},
        {"has_implementation_details", mcp::has_implementation_details, "...xx"},
        {"has_url_elicitation", mcp::has_url_elicitation, "...xx"},
        {"has_elicitation_ids", mcp::has_elicitation_ids, "...x."},
        {"has_sampling_tools", mcp::has_sampling_tools, "...xx"},
        {"has_sse_priming", mcp::has_sse_priming, "...x."},
        {"has_input_errors_as_results", mcp::has_input_errors_as_results, "...xx"},
        {"omits_unknown_id", mcp::omits_unknown_id, "...xx"},
        {"has_extensions", mcp::has_extensions, "....x"},
        {"has_result_type", mcp::has_result_type, "....x"},
        {"has_caching", mcp::has_caching, "....x"},
        {"has_input_required", mcp::has_input_required, "....x"},
        {"has_listen", mcp::has_listen, "....x"},
    };
    for (const feature& f : table) {
        std::string got;
        for (revision r : mcp::all_revisions) {
            got += f.has(r) ? 'x' : '.';
        }
        EXPECT_EQ(got, f.expected) << f.name;
    }
}

} // namespace
