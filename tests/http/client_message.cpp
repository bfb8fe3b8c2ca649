#include <mcp/http/client_message.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace client_message_test {

using mcp::http::client_request;
using mcp::http::client_response;
using mcp::http::status;
using mcp::http::verb;

TEST(client_message, a_request_knows_whether_it_may_be_repeated) {
    EXPECT_EQ(client_request("http://a").method, verb::get);
    for (const verb each : {verb::get, verb::head, verb::put, verb::delete_, verb::options})
        EXPECT_TRUE(client_request(each, "http://a").repeatable);
    for (const verb each : {verb::post, verb::patch})
        EXPECT_FALSE(client_request(each, "http://a").repeatable);
}

TEST(client_message, a_request_takes_fields_and_a_body) {
    client_request request(verb::post, "http://a");
    request.set("X-A", "1").set("X-B", "two\twords").set("X-Empty", "").content("text/plain", "hi");
    EXPECT_EQ(request.headers(),
              "X-A: 1\r\nX-B: two\twords\r\nX-Empty: \r\nContent-Type: text/plain\r\n");
    EXPECT_EQ(request.body, "hi");
}

TEST(client_message, a_request_takes_no_field_that_breaks_it) {
    client_request request("http://a");
    const struct {
        std::string name;
        std::string value;
    } bad[] = {
        {"", "x"},
        {"a b", "x"},
        {"a:", "x"},
        {"a\r\nb", "x"},
        {"a", "secret\r\nb: c"},
        {"a", "secret\n"},
        {"a", std::string("secret\0", 7)},
        {"a", "secret\x7f"},
        {"Host", "secret"},
        {"content-length", "1"},
        {"Transfer-Encoding", "chunked"},
        {"Connection", "close"},
        {"Upgrade", "websocket"},
        {"Expect", "100-continue"},
    };
    for (const auto& each : bad) {
        try {
            request.set(each.name, each.value);
            ADD_FAILURE() << each.name;
        } catch (const std::invalid_argument& refusal) {
            EXPECT_EQ(std::string(refusal.what()).find("secret"), std::string::npos);
        }
    }
    EXPECT_EQ(request.headers(), "");
}

TEST(client_message, copies_of_a_response_share_its_head) {
    client_response copy;
    EXPECT_FALSE(copy.ok());
    {
        auto head = std::make_shared<const std::string>("name: value");
        client_response response;
        response.code = status::created;
        response.headers.add(std::string_view(*head).substr(0, 4),
                             std::string_view(*head).substr(6));
        response.keep(std::move(head));
        copy = response;
    }
    EXPECT_EQ(copy.header("Name"), "value");
    EXPECT_FALSE(copy.header("other"));
    EXPECT_TRUE(copy.ok());
    copy.code = status::found;
    EXPECT_FALSE(copy.ok());
}

} // namespace client_message_test
