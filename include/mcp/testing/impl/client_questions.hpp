// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/encode.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/elicitation.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/roots.hpp>
#include <mcp/protocol/sampling.hpp>
#include <mcp/testing/client.hpp>
#include <mcp/testing/impl/client_answers.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mcp::testing::detail {

/// What a test client answers to the questions of a server.
struct answer_book {
    std::vector<elicit_answer> elicit;
    std::vector<sample_answer> sample;
    std::size_t elicited = 0; ///< number of elicitations since the answers were set
    std::size_t sampled = 0;
    std::vector<root> roots;

    /// Returns the result for a question, as JSON text. Throws `client_failure` if there is none.
    std::string answer_to(std::string_view method, json_view params, mcp::revision revision) {
        std::string out;
        json_writer w(out);
        if (method == elicit_method) {
            const auto asked = read_elicitation_params(params);
            if (!asked)
                misfit("", method, asked.error().what(), encode(params));
            out = next_of(elicit, elicited, "on_elicit", params)(*asked);
        } else if (method == sampling_method) {
            const auto asked = read_sampling_params(params);
            if (!asked)
                misfit("", method, asked.error().what(), encode(params));
            write(w, next_of(sample, sampled, "on_sample", params)(*asked), revision);
        } else if (method == roots_method) {
            write_roots(w, roots);
        } else if (method == "ping") {
            out = "{}";
        } else {
            throw client_failure("the server asks for " + std::string(method));
        }
        return out;
    }

private:
    template <class Answer>
    static Answer& next_of(std::vector<Answer>& answers, std::size_t& asked, const char* member,
                           json_view question) {
        if (answers.empty())
            throw client_failure(std::string("the handler asks and the test has no answer, see ") +
                                 member + ": " + encode(question));
        return answers[std::min(asked++, answers.size() - 1)];
    }
};

} // namespace mcp::testing::detail
