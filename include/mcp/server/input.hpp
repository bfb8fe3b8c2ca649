// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/elicitation.hpp>
#include <mcp/protocol/input_required.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/roots.hpp>
#include <mcp/protocol/sampling.hpp>
#include <mcp/result.hpp>
#include <mcp/schema/schema_of.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// Names a question, so that the client's answer is found again when the handler runs again. It is
/// the last argument of each question, and unique among the questions of one call. Without a key,
/// the position of the question stands for it, so set keys if the questions depend on more than
/// earlier answers.
///
///     co_await ctx.elicit<person>("Who are you?", mcp::key("who"));
struct key {
    key() = default;
    explicit key(std::string text) : name(std::move(text)) {}

    std::string name{};
};

// The questions that `context::ask` sends to a client. `needs` returns the capabilities that the
// client must have, `request` writes the question, and `read` decodes the answer as `answer_type`.

namespace detail {

client_capabilities form_capability();
input_request form_request(std::string key, std::string message, std::string_view schema,
                           mcp::revision r);

} // namespace detail

/// Asks the user to fill in a form with the members of `T`.
template <class T>
class elicitation {
public:
    using answer_type = elicit_result<T>;

    explicit elicitation(std::string message, mcp::key key = {})
        : message_(std::move(message))
        , key_(std::move(key.name)) {}

    client_capabilities needs() const { return detail::form_capability(); }
    input_request request(mcp::revision r) const {
        return detail::form_request(key_, message_, elicitation_schema_of<T>, r);
    }
    static result<answer_type, decode_error> read(const json& answer, std::string_view path) {
        return read_elicit_result<T>(answer, path);
    }

private:
    std::string message_;
    std::string key_;
};

/// Asks with a form, or a URL to visit, that is described at run time. The values are JSON.
class open_elicitation {
public:
    using answer_type = elicit_result<json_object>;

    /// Throws `std::invalid_argument` if the schema of the form is invalid.
    explicit open_elicitation(form_elicitation form, mcp::key key = {});
    explicit open_elicitation(url_elicitation url, mcp::key key = {});

    client_capabilities needs() const;
    input_request request(mcp::revision r) const;
    /// Checks the user's input against the schema of the form. Removes null from a field that the
    /// schema lets be absent.
    result<answer_type, decode_error> read(const json& answer, std::string_view path) const;

private:
    struct checks;

    form_elicitation form_;
    url_elicitation url_;
    std::string key_;
    std::shared_ptr<const checks> checks_; ///< of the values of the form
};

/// Asks the client's model for a message.
class sampling {
public:
    using answer_type = sampling_result;

    explicit sampling(sampling_request request, mcp::key key = {});

    client_capabilities needs() const;
    input_request request(mcp::revision r) const;
    static result<answer_type, decode_error> read(const json& answer, std::string_view path);

private:
    sampling_request request_;
    std::string key_;
};

/// Asks for the directories that the client lets the server work in.
class list_roots {
public:
    using answer_type = std::vector<root>;

    explicit list_roots(mcp::key key = {}) : key_(std::move(key.name)) {}

    client_capabilities needs() const;
    input_request request(mcp::revision r) const;
    static result<answer_type, decode_error> read(const json& answer, std::string_view path);

private:
    std::string key_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/input.ipp>
#endif
