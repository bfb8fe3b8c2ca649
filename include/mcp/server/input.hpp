#pragma once

#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/elicitation.hpp>
#include <mcp/protocol/input_required.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/roots.hpp>
#include <mcp/protocol/sampling.hpp>
#include <mcp/result.hpp>
#include <mcp/schema/absent_nulls.hpp>
#include <mcp/schema/schema_of.hpp>
#include <mcp/schema/validate.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

// The questions that `context::ask` sends to a client. Each has a `key`, unique among the questions
// of one call. An empty key stands for the position of the question, so set keys if the questions
// depend on more than earlier answers. `needs` returns the capabilities that the client must have,
// `request` writes the question, and `read` decodes the answer as `answer_type`.

/// Asks the user to fill in a form with the members of `T`.
template <class T>
class elicitation {
public:
    using answer_type = elicit_result<T>;

    elicitation(std::string key, std::string message)
        : key_(std::move(key))
        , message_(std::move(message)) {}

    client_capabilities needs() const {
        client_capabilities needed;
        needed.elicitation_form = true;
        return needed;
    }
    input_request request(mcp::revision r) const {
        std::string params;
        json_writer w(params);
        write(w, form_elicitation(message_, std::string(elicitation_schema_of<T>)), r);
        return {key_, elicit_method, std::move(params)};
    }
    static result<answer_type, decode_error> read(const json& answer, std::string_view path) {
        return read_elicit_result<T>(answer, path);
    }

private:
    std::string key_;
    std::string message_;
};

/// Asks with a form, or a URL to visit, that is described at run time. The values are JSON.
class open_elicitation {
public:
    using answer_type = elicit_result<json_object>;

    /// Throws `std::invalid_argument` if the schema of the form is invalid.
    open_elicitation(std::string key, form_elicitation form)
        : key_(std::move(key))
        , form_(std::move(form)) {
        const auto parsed = parse_json(form_.schema);
        if (!parsed)
            throw std::invalid_argument("elicitation: the schema is not JSON: " +
                                        parsed.error().what());
        auto compiled = schema::validator::compile(*parsed);
        if (!compiled)
            throw std::invalid_argument("elicitation: " + compiled.error().message);
        schema_ = std::move(*compiled);
        nulls_.emplace(*parsed);
    }
    open_elicitation(std::string key, url_elicitation url)
        : key_(std::move(key))
        , url_(std::move(url)) {}

    client_capabilities needs() const {
        client_capabilities needed;
        (url_.url.empty() ? needed.elicitation_form : needed.elicitation_url) = true;
        return needed;
    }
    input_request request(mcp::revision r) const {
        std::string params;
        json_writer w(params);
        if (url_.url.empty())
            write(w, form_, r);
        else
            write(w, url_, r);
        return {key_, elicit_method, std::move(params)};
    }
    /// Checks the user's input against the schema of the form. Removes null from a field that the
    /// schema lets be absent.
    result<answer_type, decode_error> read(const json& answer, std::string_view path) const {
        auto read = read_elicit_result(answer, path);
        if (!read || !read->accepted() || !schema_)
            return read;
        const std::string where = std::string(path) + ".content";
        json content(**read);
        if (auto without = nulls_->without(content))
            content = std::move(*without);
        const auto checked = schema_->validate(content, where);
        if (!checked)
            return decode_error(checked.error().path, checked.error().message);
        return answer_type(std::move(content.get_object()));
    }

private:
    std::string key_;
    form_elicitation form_;
    std::optional<schema::validator> schema_;
    std::optional<schema::absent_nulls> nulls_;
    url_elicitation url_;
};

/// Asks the client's model for a message.
class sampling {
public:
    using answer_type = sampling_result;

    sampling(std::string key, sampling_request what)
        : key_(std::move(key))
        , what_(std::move(what)) {}

    client_capabilities needs() const { return what_.needs(); }
    input_request request(mcp::revision r) const {
        std::string params;
        json_writer w(params);
        write(w, what_, r);
        return {key_, sampling_method, std::move(params)};
    }
    static result<answer_type, decode_error> read(const json& answer, std::string_view path) {
        return read_sampling_result(answer, path);
    }

private:
    std::string key_;
    sampling_request what_;
};

/// Asks for the directories that the client lets the server work in.
class list_roots {
public:
    using answer_type = std::vector<root>;

    explicit list_roots(std::string key = {}) : key_(std::move(key)) {}

    client_capabilities needs() const {
        client_capabilities needed;
        needed.roots = true;
        return needed;
    }
    input_request request(mcp::revision) const { return {key_, roots_method, "{}"}; }
    static result<answer_type, decode_error> read(const json& answer, std::string_view path) {
        return read_roots(answer, path);
    }

private:
    std::string key_;
};

} // namespace mcp
