#include <mcp/protocol/elicitation.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <optional>
#include <string>

namespace {

using mcp::elicit_action;
using mcp::elicit_result;

struct booking {
    std::string day;
    int guests = 2;
    std::optional<bool> window;
};

struct all_optional {
    std::optional<std::string> name;
};

TEST(elicitation, form_by_revision) {
    wire::expect_written(
        mcp::form_elicitation{"Which day?", R"({"type":"object","properties":{}})"},
        {R"({"message":"Which day?","requestedSchema":{"type":"object","properties":{}}})", nullptr,
         nullptr,
         R"({"mode":"form","message":"Which day?",)"
         R"("requestedSchema":{"type":"object","properties":{}}})",
         nullptr});
}

TEST(elicitation, url_has_an_id_where_one_is_given_or_needed) {
    const mcp::url_elicitation url{"Your key, please.", "https://example.com/key", "e-1"};
    EXPECT_EQ(wire::written(url, mcp::revision::v2025_11_25),
              R"({"mode":"url","message":"Your key, please.","elicitationId":"e-1",)"
              R"("url":"https://example.com/key"})");
    EXPECT_EQ(wire::written(url, mcp::revision::v2026_07_28),
              R"({"mode":"url","message":"Your key, please.","elicitationId":"e-1",)"
              R"("url":"https://example.com/key"})");
    const mcp::url_elicitation nameless{"m", "https://example.com/key"};
    EXPECT_EQ(wire::written(nameless, mcp::revision::v2025_11_25),
              R"({"mode":"url","message":"m","elicitationId":"","url":"https://example.com/key"})");
    EXPECT_EQ(wire::written(nameless, mcp::revision::v2026_07_28),
              R"({"mode":"url","message":"m","url":"https://example.com/key"})");
}

TEST(elicitation, of_2025_11_25_only) {
    std::string out;
    mcp::write_elicitation_complete(out, "e-1");
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","method":"notifications/elicitation/complete",)"
                   R"("params":{"elicitationId":"e-1"}})");
    const auto error = mcp::url_elicitation_required({{"m", "https://x", "e-1"}});
    EXPECT_EQ(error.code, -32042);
    EXPECT_EQ(error.data, R"({"elicitations":[{"mode":"url","message":"m",)"
                          R"("elicitationId":"e-1","url":"https://x"}]})");
}

TEST(elicitation, accepted_answers_have_a_value) {
    const auto read = mcp::read_elicit_result<booking>(
        wire::parsed(R"({"action":"accept","content":{"day":"Monday","guests":4}})"));
    ASSERT_TRUE(read) << read.error().what();
    EXPECT_TRUE(read->accepted());
    EXPECT_TRUE(static_cast<bool>(*read));
    EXPECT_EQ((*read)->day, "Monday");
    EXPECT_EQ((**read).guests, 4);
    EXPECT_FALSE(read->value().window);
}

TEST(elicitation, other_answers_have_none) {
    const auto declined =
        mcp::read_elicit_result<booking>(wire::parsed(R"({"action":"decline"})")).value();
    EXPECT_TRUE(declined.declined());
    EXPECT_FALSE(declined.accepted());
    EXPECT_THROW(declined.value(), std::bad_optional_access);
    const auto cancelled =
        mcp::read_elicit_result<booking>(wire::parsed(R"({"action":"cancel","content":{"x":1}})"))
            .value();
    EXPECT_TRUE(cancelled.cancelled());
    EXPECT_FALSE(cancelled);
    EXPECT_TRUE(elicit_result<booking>{}.cancelled());
}

TEST(elicitation, accept_without_content_is_an_empty_object) {
    for (const char* text : {R"({"action":"accept"})", R"({"action":"accept","content":null})",
                             R"({"action":"accept","content":[]})"}) {
        EXPECT_TRUE(mcp::read_elicit_result<all_optional>(wire::parsed(text)).value().accepted());
        EXPECT_TRUE(mcp::read_elicit_result(wire::parsed(text)).value()->empty());
        EXPECT_FALSE(mcp::read_elicit_result<booking>(wire::parsed(text)));
    }
}

TEST(elicitation, refuses_answers) {
    const std::pair<const char*, const char*> table[] = {
        {"[1]", "r: expected object, got array"},
        {"{}", "r.action is missing"},
        {R"({"action":"yes"})", "r.action: expected accept, decline or cancel"},
        {R"({"action":"accept","content":{"day":5}})",
         "r.content.day: expected string, got number"},
    };
    for (const auto& [text, expected] : table) {
        const auto read = mcp::read_elicit_result<booking>(wire::parsed(text), "r");
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().what(), expected);
    }
    EXPECT_FALSE(mcp::read_elicit_result(wire::parsed(R"({"action":"accept","content":[1]})")));
}

TEST(elicitation, writes_answers) {
    const auto text = [](elicit_action action) {
        std::string out;
        mcp::json_writer w{out};
        mcp::write_elicit_result(w, action, R"({"a":1})");
        return out;
    };
    EXPECT_EQ(text(elicit_action::accept), R"({"action":"accept","content":{"a":1}})");
    EXPECT_EQ(text(elicit_action::decline), R"({"action":"decline"})");
    EXPECT_EQ(text(elicit_action::cancel), R"({"action":"cancel"})");
}

TEST(elicitation, reads_questions) {
    const auto read = [](const char* text) {
        const auto params = wire::parsed(text);
        return mcp::read_elicitation_params(params.if_object());
    };
    const auto form = read(R"({"message":"m","requestedSchema":{"type":"object"}})").value();
    ASSERT_TRUE(form.form);
    EXPECT_FALSE(form.url);
    EXPECT_EQ(form.form->schema, R"({"type":"object"})");
    const auto url = read(R"({"mode":"url","message":"m","url":"https://x"})").value();
    ASSERT_TRUE(url.url);
    EXPECT_FALSE(url.form);
    EXPECT_EQ(url.url->url, "https://x");
    for (const char* bad : {"{}", R"({"message":"m"})", R"({"mode":"url","message":"m"})",
                            R"({"mode":"call","message":"m"})",
                            R"({"mode":"form","message":"m","requestedSchema":[1]})"}) {
        EXPECT_FALSE(read(bad)) << bad;
    }
}

TEST(elicitation, finds_defaults) {
    const auto defaults = mcp::elicitation_defaults(wire::parsed(
        R"({"type":"object","properties":{"name":{"type":"string","default":"John"},
            "age":{"type":"integer"},"ok":{"type":"boolean","default":false}}})"));
    EXPECT_EQ(mcp::json(defaults), wire::parsed(R"({"name":"John","ok":false})"));
    for (const char* none : {"{}", "[]", R"({"properties":[]})", R"({"properties":{"a":1}})"}) {
        EXPECT_TRUE(mcp::elicitation_defaults(wire::parsed(none)).empty()) << none;
    }
}

} // namespace
