// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/reflect/regex.hpp>
#include <mcp/result.hpp>
#include <mcp/schema/re2.hpp>

#include <memory>
#include <re2/re2.h>
#include <re2/stringpiece.h>
#include <string>
#include <string_view>

namespace mcp::schema::detail {

/// A regular expression of RE2.
class re2_regex final : public reflect::compiled_regex {
public:
    explicit re2_regex(const std::string& expression) : expression_(expression, options()) {}

    bool matches(std::string_view text) const override {
        return expression_.Match(re2::StringPiece(text.data(), text.size()), 0, text.size(),
                                 re2::RE2::UNANCHORED, nullptr, 0);
    }

    const re2::RE2& expression() const { return expression_; }

private:
    static re2::RE2::Options options() {
        re2::RE2::Options all;
        all.set_log_errors(false);
        all.set_never_capture(true);
        return all;
    }

    re2::RE2 expression_;
};

MCP_DECL result<std::shared_ptr<const reflect::compiled_regex>, reflect::regex_error>
compile_re2(const std::string& expression) {
    const auto made = std::make_shared<const re2_regex>(expression);
    if (!made->expression().ok())
        return reflect::regex_error{made->expression().error()};
    return std::shared_ptr<const reflect::compiled_regex>{made};
}

} // namespace mcp::schema::detail
