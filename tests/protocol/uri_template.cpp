#include <mcp/protocol/uri_template.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using mcp::uri_template;
using mcp::uri_variables;

const uri_variables& rfc_values() {
    static const uri_variables values{{"var", "value"},     {"hello", "Hello World!"},
                                      {"half", "50%"},      {"empty", ""},
                                      {"path", "/foo/bar"}, {"x", "1024"},
                                      {"y", "768"},         {"base", "http://example.com/home/"},
                                      {"who", "fred"},      {"dom", "example.com"},
                                      {"v", "6"},           {"dub", "me/too"}};
    return values;
}

struct expansion {
    const char* text;
    const char* expected;
};

class expands : public testing::TestWithParam<expansion> {};

TEST_P(expands, as_the_rfc_says) {
    EXPECT_EQ(uri_template{GetParam().text}.expand(rfc_values()), GetParam().expected)
        << GetParam().text;
}

// The examples of RFC 6570 §1.2 (levels 1 to 3) and §3.2 without modifiers.
constexpr expansion rfc_table[] = {
    {"{var}", "value"},
    {"{hello}", "Hello%20World%21"},
    {"{+var}", "value"},
    {"{+hello}", "Hello%20World!"},
    {"{+path}/here", "/foo/bar/here"},
    {"here?ref={+path}", "here?ref=/foo/bar"},
    {"X{#var}", "X#value"},
    {"X{#hello}", "X#Hello%20World!"},
    {"map?{x,y}", "map?1024,768"},
    {"{x,hello,y}", "1024,Hello%20World%21,768"},
    {"{+x,hello,y}", "1024,Hello%20World!,768"},
    {"{+path,x}/here", "/foo/bar,1024/here"},
    {"{#x,hello,y}", "#1024,Hello%20World!,768"},
    {"{#path,x}/here", "#/foo/bar,1024/here"},
    {"X{.var}", "X.value"},
    {"X{.x,y}", "X.1024.768"},
    {"{/var}", "/value"},
    {"{/var,x}/here", "/value/1024/here"},
    {"{;x,y}", ";x=1024;y=768"},
    {"{;x,y,empty}", ";x=1024;y=768;empty"},
    {"{?x,y}", "?x=1024&y=768"},
    {"{?x,y,empty}", "?x=1024&y=768&empty="},
    {"?fixed=yes{&x}", "?fixed=yes&x=1024"},
    {"{&x,y,empty}", "&x=1024&y=768&empty="},
    {"{half}", "50%25"},
    {"O{empty}X", "OX"},
    {"O{undef}X", "OX"},
    {"{x,empty}", "1024,"},
    {"?{x,undef}", "?1024"},
    {"?{undef,y}", "?768"},
    {"{+half}", "50%25"},
    {"{base}index", "http%3A%2F%2Fexample.com%2Fhome%2Findex"},
    {"{+base}index", "http://example.com/home/index"},
    {"O{+empty}X", "OX"},
    {"up{+path}{var}/here", "up/foo/barvalue/here"},
    {"{#half}", "#50%25"},
    {"foo{#empty}", "foo#"},
    {"foo{#undef}", "foo"},
    {"{.who,who}", ".fred.fred"},
    {"{.half,who}", ".50%25.fred"},
    {"www{.dom}", "www.example.com"},
    {"X{.empty}", "X."},
    {"X{.undef}", "X"},
    {"{/half,who}", "/50%25/fred"},
    {"{/who,dub}", "/fred/me%2Ftoo"},
    {"{/var,empty}", "/value/"},
    {"{/var,undef}", "/value"},
    {"{;who}", ";who=fred"},
    {"{;half}", ";half=50%25"},
    {"{;v,empty,who}", ";v=6;empty;who=fred"},
    {"{;v,undef,who}", ";v=6;who=fred"},
    {"{?who}", "?who=fred"},
    {"{?x,y,undef}", "?x=1024&y=768"},
    {"{&half}", "&half=50%25"},
    {"{&x,y,undef}", "&x=1024&y=768"},
    {"", ""},
    {"plain", "plain"},
    {"%7Ekept", "%7Ekept"},
    {"caf\xC3\xA9/{var}", "caf%C3%A9/value"},
};

INSTANTIATE_TEST_SUITE_P(uri_template, expands, testing::ValuesIn(rfc_table));

TEST(uri_template, keeps_triplets_only_where_reserved_characters_are_kept) {
    const uri_variables values{{"a", "%41%zz"}};
    EXPECT_EQ(uri_template{"{+a}"}.expand(values), "%41%25zz");
    EXPECT_EQ(uri_template{"{a}"}.expand(values), "%2541%25zz");
}

struct fit {
    const char* text;
    const char* uri;
    uri_variables expected;
};

TEST(uri_template, matches) {
    const fit table[] = {
        {"test://template/{id}/data", "test://template/123/data", {{"id", "123"}}},
        {"greeting://{name}", "greeting://a%20b", {{"name", "a b"}}},
        {"greeting://{name}", "greeting://J\xC3\xBCrgen", {{"name", "J\xC3\xBCrgen"}}},
        {"greeting://{name}", "greeting://J%C3%BCrgen", {{"name", "J\xC3\xBCrgen"}}},
        {"mail://{user}", "mail://me@example.com:25", {{"user", "me@example.com:25"}}},
        {"x:{a}", "x:..%2F..%2Fetc", {{"a", "../../etc"}}},
        {"file:///{+path}", "file:///etc/a%20b?x#y", {{"path", "etc/a b?x#y"}}},
        {"{+path}/data", "a/data/data", {{"path", "a/data"}}},
        {"{a}{b}", "xyz", {{"a", "xy"}, {"b", "z"}}},
        {"{a}{b}", "x%41", {{"a", "x"}, {"b", "A"}}},
        {"{name}.{ext}", "a.b.c", {{"name", "a.b"}, {"ext", "c"}}},
        {"{x,y}", "1,2", {{"x", "1"}, {"y", "2"}}},
        {"{x,y}", "1", {{"x", "1"}}},
        {"{+x,y}", "/1,/2", {{"x", "/1"}, {"y", "/2"}}},
        {"X{.var}", "X.v", {{"var", "v"}}},
        {"X{.var}", "X", {}},
        {"X{.x,y}", "X.1.2", {{"x", "1"}, {"y", "2"}}},
        {"{/a,b}/c", "/1/2/c", {{"a", "1"}, {"b", "2"}}},
        {"{/a,b}/c", "/1/c", {{"a", "1"}}},
        {"p{;x,y}", "p;y=2;x", {{"y", "2"}, {"x", ""}}},
        {"s{?q,lang}", "s?lang=en&q=a%26b", {{"lang", "en"}, {"q", "a&b"}}},
        {"s{?q,lang}", "s?q=", {{"q", ""}}},
        {"s{?q,lang}", "s", {}},
        {"s{?q}", "s?q=a+b/c?d", {{"q", "a+b/c?d"}}},
        {"s?f=1{&x}", "s?f=1&x=2", {{"x", "2"}}},
        {"s{?q}{#part}", "s?q=1#a/b", {{"q", "1"}, {"part", "a/b"}}},
        {"{a}/{a}", "1/1", {{"a", "1"}}},
        {"caf\xC3\xA9/{a}", "caf%C3%A9/1", {{"a", "1"}}},
        {"caf\xC3\xA9/{a}", "caf\xC3\xA9/1", {{"a", "1"}}},
        {"caf%c3%a9/{a}", "caf\xC3\xA9/1", {{"a", "1"}}},
        {"%44ocs/%7e{a}", "Doc%73/~x", {{"a", "x"}}},
        {"Docs://Host/P{a}", "%64OCS://hOST/Px", {{"a", "x"}}},
        {"docs://{a}.Example/x", "DOCS://Ann.EXAMPLE/x", {{"a", "Ann"}}}, // values keep their case
        {"docs://u@h/{a}", "docs://u@H/x", {{"a", "x"}}},
        {"{a}://h", "X://H", {{"a", "X"}}},
        {"q://h{?a}", "q://H?a=B", {{"a", "B"}}},
        {"plain", "plain", {}},
        {"", "", {}},
    };
    for (const fit& f : table) {
        const auto got = uri_template{f.text}.match(f.uri);
        ASSERT_TRUE(got) << f.text << " " << f.uri;
        EXPECT_EQ(*got, f.expected) << f.text << " " << f.uri;
    }
}

TEST(uri_template, does_not_match) {
    const std::pair<const char*, const char*> table[] = {
        {"plain", "plainer"},
        {"plain", "plai"},
        {"Plain", "plain"},
        {"a/{id}", "a/"},
        {"a/{id}", "a/b/c"},
        {"a/{id}", "a/b?c"},
        {"a/{id}", "a/b#c"},
        {"a/{id}", "a/%"},
        {"a/{id}", "a/%4"},
        {"a/{id}", "a/%zz"},
        {"a/{id}", "a/%%32e%%32e"},
        {"a/{id}", "a/%%34%31"},
        {"a/{id}", "a/%ff"},
        {"a/{id}", "a/\xC0\xAF"},
        {"a://h/P{x}", "a://h/p1"},
        {"a://u@h/{x}", "a://U@h/1"},
        {"a://h/{x}", "a://h/b/../c"},
        {"a%2fb{x}", "a/b1"},
        {"a/{id}/data", "a/1/dat"},
        {"s{?q}", "s?r=1"},
        {"s{?q}", "s?q"},
        {"s{?q}", "s?q=1&q=2"},
        {"s{?q}", "s?"},
        {"X{.a}", "X."},
        {"{a}/{a}", "1/2"},
        {"{x,y}", "1,2,3"},
        {"", "x"},
    };
    for (const auto& [text, uri] : table) {
        EXPECT_FALSE(uri_template{text}.match(uri)) << text << " " << uri;
    }
}

TEST(uri_template, gives_up_on_hostile_uris_in_bounded_time) {
    const uri_template greedy{"{+a}{+b}{+c}{+d}{+e}!"};
    EXPECT_FALSE(greedy.match(std::string(60'000, 'x')));
    EXPECT_FALSE(greedy.match(std::string(65 * 1024, '!')));
    EXPECT_TRUE(uri_template{"{+path}/data"}.match(std::string(60'000, 'x') + "/data"));
}

TEST(uri_template, what_it_expands_it_matches) {
    const char* const templates[] = {"a/{x}",     "a/{x}/{y}",   "{+x}",      "a{#x}",
                                     "a{.x,y}",   "{/x,y}/tail", "p{;x,y}",   "s{?x,y}",
                                     "s?f{&x,y}", "{x,y}",       "{+x}{?y}#z"};
    const char* const values[] = {"1", "a b", "\xE4\xB8\x96", "100%", "x&y=z", "~-_"};
    for (const char* text : templates) {
        for (const char* x : values) {
            uri_variables in{{"x", x}};
            const uri_template t{text};
            if (t.variables().size() > 1) {
                in.set("y", "q r");
            }
            const auto back = t.match(t.expand(in));
            ASSERT_TRUE(back) << text << " " << x;
            EXPECT_EQ(*back, in) << text << " " << x;
        }
    }
}

TEST(uri_template, refuses_malformed_text) {
    for (const char* bad :
         {"{",     "}",    "a{b",  "a}b",   "{}",    "{a,}",  "{,a}", "{a b}", "{a-b}",
          "{a:3}", "{a*}", "{?}",  "{=a}",  "{!a}",  "{{a}}", "a b",  "a\"b",  "a<b",
          "a%4",   "a%zz", "a\nb", "{.a.}", "{a%4}", "{^a}",  "a|b"}) {
        EXPECT_FALSE(uri_template::parse(bad)) << bad;
        EXPECT_NE(mcp::uri_template_error(bad), nullptr) << bad;
        EXPECT_THROW(uri_template{bad}, std::invalid_argument) << bad;
    }
}

TEST(uri_template, names_its_variables) {
    const uri_template t{"{a}/{b,c}{?a,d.e,f_1}"};
    EXPECT_EQ(t.variables(), (std::vector<std::string_view>{"a", "b", "c", "d.e", "f_1"}));
    EXPECT_EQ(t.text(), "{a}/{b,c}{?a,d.e,f_1}");
}

constexpr std::string_view constant = "notes://{user}/{+path}{?q,r}";
static_assert(mcp::uri_template_error(constant) == nullptr);
static_assert(mcp::uri_template_error("{a") != nullptr);
static_assert(mcp::uri_template_variable_count(constant) == 4);
static_assert(mcp::uri_template_variable_count("plain") == 0);
static_assert(mcp::uri_template_variable(constant, 0) == "user");
static_assert(mcp::uri_template_variable(constant, 1) == "path");
static_assert(mcp::uri_template_variable(constant, 3) == "r");

} // namespace
