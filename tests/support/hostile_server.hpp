// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/view.hpp>
#include <mcp/jsonrpc/connection.hpp>

#include <asio/awaitable.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::test {

/// What a hostile server does when a certain request comes.
struct trick {
    std::string at;                ///< the method of the request
    std::vector<std::string> says; ///< the texts that it sends; "$id" stands for the id
    bool closes = false;           ///< then it closes the connection
    bool answers = false;          ///< then it gives its usual response
    std::size_t times = 1;         ///< how often it says that; "$n" stands for the number so far
};

/// A server of both eras that is honest but for one trick. It has one tool, whose text is "ok", and
/// plays no trick on calls of the tool "honest".
class hostile_server {
public:
    explicit hostile_server(trick plays) : trick_(std::move(plays)) {}

    /// Serves one client of a `jsonrpc::connection`, until it closes.
    template <jsonrpc::connection Connection>
    asio::awaitable<void> serve(Connection& wire) {
        std::string text;
        bool more = co_await wire.read(text);
        while (more) {
            const std::vector<std::string> texts = responses(text);
            for (std::size_t i = 0; more && i < texts.size(); ++i)
                more = co_await wire.write(texts[i]);
            if (closes_)
                wire.close();
            if (more)
                more = co_await wire.read(text);
        }
        wire.close();
    }

    /// The responses of the client to requests of this server.
    std::vector<std::string> heard;

private:
    std::vector<std::string> responses(const std::string& text) {
        const json message = *parse_json(text);
        const json_view view = message;
        const json_view id = view.find("id");
        const json_view method = view.find("method");
        if (!method)
            heard.push_back(text);
        if (!method || !id)
            return {};
        const std::string number = std::to_string(id.get_int64());
        const bool honest =
            text.find(R"("honest")") != text.npos || method.get_string() != trick_.at;
        std::vector<std::string> texts;
        for (std::size_t i = 0; !honest && i < trick_.times; ++i)
            for (const std::string& each : trick_.says)
                texts.push_back(filled(filled(each, "$id", number), "$n", std::to_string(++said_)));
        if (honest || trick_.answers)
            texts.push_back(filled(usual(method.get_string()), "$id", number));
        closes_ = !honest && trick_.closes;
        return texts;
    }

    static std::string filled(std::string text, std::string_view mark, const std::string& with) {
        for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + with.size()))
            text.replace(at, mark.size(), with);
        return text;
    }

    static std::string usual(std::string_view method) {
        std::string value = "{}";
        if (method == "server/discover")
            value = R"({"resultType":"complete","supportedVersions":["2026-07-28"],)"
                    R"("capabilities":{"tools":{}},"ttlMs":0,"cacheScope":"private"})";
        else if (method == "initialize")
            value = R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{}},)"
                    R"("serverInfo":{"name":"hostile","version":"1"}})";
        else if (method == "tools/list")
            value = R"({"resultType":"complete","tools":[{"name":"echo","inputSchema":)"
                    R"({"type":"object"}}],"ttlMs":0,"cacheScope":"private"})";
        else if (method == "tools/call")
            value = R"({"resultType":"complete","content":[{"type":"text","text":"ok"}]})";
        return R"({"jsonrpc":"2.0","id":$id,"result":)" + value + "}";
    }

    trick trick_;
    std::size_t said_ = 0;
    bool closes_ = false;
};

} // namespace mcp::test
