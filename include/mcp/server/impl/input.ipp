// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/parse.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/schema/absent_nulls.hpp>
#include <mcp/schema/validate.hpp>
#include <mcp/server/input.hpp>

#include <stdexcept>

namespace mcp {

namespace detail {

MCP_DECL client_capabilities form_capability() {
    client_capabilities needed;
    needed.elicitation_form = true;
    return needed;
}

MCP_DECL input_request form_request(std::string key, std::string message, std::string_view schema,
                                    mcp::revision r) {
    std::string params;
    json_writer w(params);
    write(w, form_elicitation(std::move(message), std::string(schema)), r);
    return {std::move(key), elicit_method, std::move(params)};
}

inline schema::validator compile_form(const json& form) {
    auto compiled = schema::validator::compile(form);
    if (!compiled)
        throw std::invalid_argument("elicitation: " + compiled.error().message);
    return std::move(*compiled);
}

} // namespace detail

struct open_elicitation::checks {
    explicit checks(const json& form) : schema(detail::compile_form(form)), nulls(form) {}

    schema::validator schema;
    schema::absent_nulls nulls;
};

MCP_DECL open_elicitation::open_elicitation(form_elicitation form, mcp::key key)
    : form_(std::move(form))
    , key_(std::move(key.name)) {
    const auto parsed = parse_json(form_.schema);
    if (!parsed)
        throw std::invalid_argument("elicitation: the schema is not JSON: " +
                                    parsed.error().what());
    checks_ = std::make_shared<const checks>(*parsed);
}

MCP_DECL open_elicitation::open_elicitation(url_elicitation url, mcp::key key)
    : url_(std::move(url))
    , key_(std::move(key.name)) {}

MCP_DECL client_capabilities open_elicitation::needs() const {
    client_capabilities needed;
    (url_.url.empty() ? needed.elicitation_form : needed.elicitation_url) = true;
    return needed;
}

MCP_DECL input_request open_elicitation::request(mcp::revision r) const {
    std::string params;
    json_writer w(params);
    if (url_.url.empty())
        write(w, form_, r);
    else
        write(w, url_, r);
    return {key_, elicit_method, std::move(params)};
}

MCP_DECL auto open_elicitation::read(const json& answer, std::string_view path) const
    -> result<answer_type, decode_error> {
    auto read = read_elicit_result(answer, path);
    if (!read || !read->accepted() || !checks_)
        return read;
    const std::string where = std::string(path) + ".content";
    json content(**read);
    if (auto without = checks_->nulls.without(content))
        content = std::move(*without);
    const auto checked = checks_->schema.validate(content, where);
    if (!checked)
        return decode_error(checked.error().path, checked.error().message);
    return answer_type(std::move(content.get_object()));
}

MCP_DECL sampling::sampling(sampling_request request, mcp::key key)
    : request_(std::move(request))
    , key_(std::move(key.name)) {}

MCP_DECL client_capabilities sampling::needs() const {
    return request_.needs();
}

MCP_DECL input_request sampling::request(mcp::revision r) const {
    std::string params;
    json_writer w(params);
    write(w, request_, r);
    return {key_, sampling_method, std::move(params)};
}

MCP_DECL auto sampling::read(const json& answer, std::string_view path)
    -> result<answer_type, decode_error> {
    return read_sampling_result(answer, path);
}

MCP_DECL client_capabilities list_roots::needs() const {
    client_capabilities needed;
    needed.roots = true;
    return needed;
}

MCP_DECL input_request list_roots::request(mcp::revision) const {
    return {key_, roots_method, "{}"};
}

MCP_DECL auto list_roots::read(const json& answer, std::string_view path)
    -> result<answer_type, decode_error> {
    return read_roots(answer, path);
}

} // namespace mcp
