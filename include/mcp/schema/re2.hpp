#pragma once

#include <mcp/reflect/pattern.hpp>
#include <mcp/reflect/regex.hpp>
#include <mcp/result.hpp>

#include <memory>
#include <re2/re2.h>
#include <re2/stringpiece.h>
#include <string>
#include <string_view>

// The regular expressions of schemas, with RE2 (component re2; link with -lre2). For schemas that
// are known only at run time, it is enough to include this header in one source file.
// `mcp::pattern` and `mcp::matching` need it where they are used.

namespace mcp {
namespace schema::detail {

/// A regular expression of RE2, which follows all possible matches at once and so takes linear
/// time.
class re2_regex final : public reflect::compiled_regex {
public:
    static result<std::shared_ptr<const compiled_regex>, reflect::regex_error>
    compile(const std::string& expression) {
        auto made = std::make_shared<re2_regex>(expression);
        if (!made->expression_.ok())
            return reflect::regex_error{made->expression_.error()};
        return std::shared_ptr<const compiled_regex>{std::move(made)};
    }

    explicit re2_regex(const std::string& expression) : expression_(expression, options()) {}

    bool matches(std::string_view text) const override {
        return expression_.Match(re2::StringPiece(text.data(), text.size()), 0, text.size(),
                                 re2::RE2::UNANCHORED, nullptr, 0);
    }

private:
    static re2::RE2::Options options() {
        re2::RE2::Options all;
        all.set_log_errors(false);
        all.set_never_capture(true);
        return all;
    }

    re2::RE2 expression_;
};

/// Makes RE2 the engine of the program.
inline const bool re2_is_set = (reflect::engine.store(&re2_regex::compile), true);

} // namespace schema::detail

/// Lets `mcp::pattern` and `mcp::matching` compile.
template <>
struct reflect::pattern_engine<void> {
    static constexpr bool included = true;
};

} // namespace mcp
