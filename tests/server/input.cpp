#include <mcp/server/input.hpp>

#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>

#include <gtest/gtest.h>

#include <string>

namespace input_test {

struct person {
    std::string name;
};

TEST(input, each_question_says_what_it_needs_and_how_it_is_asked) {
    const mcp::elicitation<person> form("Who?", mcp::key("who"));
    EXPECT_TRUE(form.needs().elicitation_form);
    EXPECT_FALSE(form.needs().elicitation_url);
    const auto asked = form.request(mcp::latest);
    EXPECT_EQ(asked.key, "who");
    EXPECT_EQ(asked.method, "elicitation/create");
    EXPECT_NE(asked.params.find(R"("message":"Who?")"), std::string::npos);
    EXPECT_NE(asked.params.find(R"("requestedSchema":{)"), std::string::npos);

    const mcp::open_elicitation page(mcp::url_elicitation("Sign in", "https://x/y", "id-1"),
                                     mcp::key("p"));
    EXPECT_TRUE(page.needs().elicitation_url);
    EXPECT_FALSE(page.needs().elicitation_form);
    const mcp::open_elicitation open(mcp::form_elicitation("Q", R"({"type":"object"})"),
                                     mcp::key("o"));
    EXPECT_TRUE(open.needs().elicitation_form);

    const mcp::sampling sample(mcp::sampling_request("Hello"), mcp::key("s"));
    EXPECT_TRUE(sample.needs().sampling);
    EXPECT_FALSE(sample.needs().sampling_tools);
    EXPECT_EQ(sample.request(mcp::latest).method, "sampling/createMessage");
    EXPECT_EQ(page.request(mcp::latest).key, "p");
    EXPECT_EQ(sample.request(mcp::latest).key, "s");
    EXPECT_EQ(mcp::elicitation<person>("Who?").request(mcp::latest).key, "");

    const mcp::list_roots roots(mcp::key("r"));
    EXPECT_TRUE(roots.needs().roots);
    EXPECT_EQ(roots.request(mcp::latest).params, "{}");
}

TEST(input, answers_are_read_by_type) {
    const auto good = mcp::parse_json(R"({"action":"accept","content":{"name":"Ann"}})");
    EXPECT_EQ((*mcp::elicitation<person>::read(*good, "p"))->name, "Ann");
    const auto bad = mcp::elicitation<person>::read(*mcp::parse_json(R"({"action":1})"), "p.who");
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().what().find("p.who.action"), 0U) << bad.error().what();
    EXPECT_FALSE(mcp::list_roots::read(*mcp::parse_json(R"({"roots":7})"), "p"));
}

TEST(input, null_fields_of_a_form_are_absent) {
    const mcp::open_elicitation form(
        mcp::form_elicitation("Q", R"({"type":"object","required":["name"],"properties":{)"
                                   R"("name":{"type":"string"},"age":{"type":"integer"}}})"),
        mcp::key("f"));
    const auto read = [&](std::string_view content) {
        const auto answer = form.read(
            *mcp::parse_json(R"({"action":"accept","content":)" + std::string(content) + "}"), "p");
        return answer ? mcp::encode(**answer) : answer.error().what();
    };
    EXPECT_EQ(read(R"({"name":"Ann","age":null})"), R"({"name":"Ann"})");
    EXPECT_EQ(read(R"({"name":"Ann","age":7})"), R"({"name":"Ann","age":7})");
    EXPECT_EQ(read(R"({"name":null})"), "p.content.name: expected string, got null");
}

} // namespace input_test
