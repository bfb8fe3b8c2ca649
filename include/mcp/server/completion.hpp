// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/protocol/completion.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/server/handler_fault.hpp>
#include <mcp/server/operation.hpp>

#include <concepts>
#include <exception>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp::detail {

/// Completes one argument of a prompt, or one variable of a resource template.
/// [MCP 2026-07-28 server/utilities/completion]
class completion_entry : public operation {
public:
    completion_entry(completion_params::target kind, std::string_view name,
                     std::string_view argument);

    std::string_view key() const noexcept { return key_; }

    /// Returns it as the log names it, such as `completion of language of review`.
    std::string described() const;

    /// Returns the key of a completion. Prompt names and templates hold no line breaks.
    static std::string key_of(completion_params::target kind, std::string_view name,
                              std::string_view argument);

private:
    std::string key_;
};

template <>
inline constexpr bool is_whole_input<completion_params> = true;

/// Reads the parameters of a completion/complete. Throws if they are malformed.
completion_params read_completion(const context& ctx);

void write_completion(result_writer& out, const completion_result& value);

template <class... Parameters>
struct completion_parameters {
    static_assert(never<Parameters...>,
                  "mcp: a completion takes the typed text as std::string, or the whole "
                  "mcp::completion_params, and optionally mcp::context&");
};

template <class Result>
struct completion_result_type {
    static_assert(never<Result>, "mcp: a completion returns std::vector<std::string> or "
                                 "mcp::completion_result");
};

struct completion_policy {
    template <fixed_string... Names, class... Declared>
    static consteval auto find_parameters_fault(parameter_list<Declared...>) {
        if constexpr (sizeof...(Declared) == 1 &&
                      ((std::same_as<kept_type<std::remove_cvref_t<Declared>>, std::string> ||
                        std::same_as<std::remove_cvref_t<Declared>, completion_params>) &&
                       ...))
            return first_fault<std::conditional_t<is_mutable_reference<Declared>,
                                                  mutable_reference<Declared>, no_fault>...>();
        else
            return std::type_identity<completion_parameters<Declared...>>();
    }

    template <class R>
    using result_fault = std::conditional_t<std::is_constructible_v<completion_result, const R&>,
                                            no_fault, completion_result_type<R>>;

    /// Reads the text typed so far, or the whole `completion_params`.
    template <class Input, class Described>
    static bool input(const completion_entry&, context& ctx, result_writer&, Input& into,
                      const Described&) {
        completion_params params = read_completion(ctx);
        if constexpr (std::same_as<Input, completion_params>)
            into = std::move(params);
        else
            std::get<0>(into.values) = std::move(params.value);
        return true;
    }

    template <class Value>
    static void output(const completion_entry&, context&, result_writer& out, const Value& value) {
        write_completion(out, completion_result(value));
    }

    static void refuse_gap(result_writer&, std::string_view) {}

    static void failed(const completion_entry& which, context& ctx, result_writer&,
                       const std::exception_ptr& failure) {
        rethrow_failure(ctx, which.described(), failure);
    }
};

template <class F>
inline constexpr bool completes_text = std::same_as<
    typename inputs<typename reflect::signature_of<typename unblocked<F>::type>::parameters>::type,
    std::tuple<std::type_identity<std::string>>>;

/// A completion made of a callable. The callable takes the text typed so far (`std::string`) or the
/// whole `mcp::completion_params`, and returns strings or `mcp::completion_result`.
template <class F>
using bound_completion = std::conditional_t<
    completes_text<F>,
    bound_operation<completion_entry, completion_policy, F, described_members<>, "value">,
    bound_operation<completion_entry, completion_policy, F, described_members<>>>;

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/server/impl/completion.ipp>
#endif
