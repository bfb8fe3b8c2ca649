// SPDX-License-Identifier: MIT
#pragma once

// Checks permissions before an operation runs, and decides whether it can run at once.

#include <mcp/encoding/uri.hpp>
#include <mcp/protocol/completion.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/server/call.hpp>
#include <mcp/server/call_limits.hpp>
#include <mcp/server/catalog.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/server/impl/around_chain.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::detail {

/// Returns the permission of an entry and keeps the entry alive; null if there is no restriction.
template <class Operation>
std::shared_ptr<const permission> guard_of(const std::shared_ptr<const Operation>& operation) {
    if (operation->permission.empty())
        return nullptr;
    return {operation, &operation->permission};
}

/// Throws `forbidden` if the principal may not go on, whatever the parameters are. Returns the
/// check that must be awaited, with the parameters that `judged` returns; empty if there is none.
template <class Judged>
job::check admission_of(const std::shared_ptr<const permission>& guard, const context& ctx,
                        Judged judged) {
    if (!guard)
        return {};
    guard->check_caller(ctx.principal(), context_access::request(ctx).path);
    if (guard->predicates.empty())
        return {};
    return [guard, meant = judged()](const principal& identity, const json_object&,
                                     const http::path_params* path) {
        return guard->check(identity, meant, path);
    };
}

/// Checks the parameters of the request itself.
template <class Operation>
job::check admission_of(const std::shared_ptr<const Operation>& operation, const context& ctx) {
    if (operation->permission.empty())
        return {};
    operation->permission.check_caller(ctx.principal(), context_access::request(ctx).path);
    if (operation->permission.predicates.empty())
        return {};
    return [operation](const principal& identity, const json_object& params,
                       const http::path_params* path) {
        return operation->permission.check(identity, params, path);
    };
}

/// Returns the work of an operation with the functions around it.
template <class Entry>
job surrounded(const std::shared_ptr<const Entry>& entry, job::check admission) {
    return job([entry](context& c,
                       result_writer& w) { return entry_chain<Entry>::run_async(entry, c, w); },
               std::move(admission));
}

/// Returns the work of an operation.
template <class Operation>
job deferred(const std::shared_ptr<const Operation>& operation, job::check admission) {
    return job([operation](context& c, result_writer& w) { return operation->run_async(c, w); },
               std::move(admission));
}

/// Runs an operation with the functions around it.
template <class Entry>
[[gnu::noinline]] std::optional<job> run_surrounded(const std::shared_ptr<const Entry>& entry,
                                                    context& ctx, result_writer& out,
                                                    job::check admission) {
    if (!admission) {
        entry_chain<Entry> chain(*entry, ctx, out);
        if (chain.immediate()) {
            chain.run();
            return std::nullopt;
        }
    }
    return surrounded(entry, std::move(admission));
}

template <class Entry>
bool has_around(const Entry& entry, const context& ctx) noexcept {
    return !entry.around.empty() || !context_access::environment(ctx).around.empty();
}

/// Runs an operation now if it is immediate and no check must be awaited. Otherwise returns the
/// work.
template <class Operation>
std::optional<job> run_or_defer(const std::shared_ptr<const Operation>& operation, context& ctx,
                                result_writer& out, job::check admission) {
    if constexpr (!std::same_as<Operation, completion_entry>)
        if (has_around(*operation, ctx)) [[unlikely]]
            return run_surrounded(operation, ctx, out, std::move(admission));
    if (operation->how() == execution::immediate && !admission) {
        operation->run(ctx, out);
        return std::nullopt;
    }
    return deferred(operation, std::move(admission));
}

/// Runs an operation in the same way, within its limits. One with a gate is never run at once.
template <class Operation>
[[gnu::noinline]] std::optional<job> run_limited(const std::shared_ptr<const Operation>& operation,
                                                 context& ctx, result_writer& out,
                                                 job::check admission) {
    const call_limits* const own = operation->limits.get();
    std::optional<job> later;
    if (!own || !own->gate)
        later = run_or_defer(operation, ctx, out, std::move(admission));
    else if constexpr (std::same_as<Operation, completion_entry>)
        later = deferred(operation, std::move(admission));
    else
        later = has_around(*operation, ctx) ? surrounded(operation, std::move(admission))
                                            : deferred(operation, std::move(admission));
    if (later)
        later->limits = operation->limits;
    else
        limit_result(out, ctx, own);
    return later;
}

/// Runs an operation, or returns the work that is left.
template <class Operation>
std::optional<job> perform(const std::shared_ptr<const Operation>& operation, context& ctx,
                           result_writer& out, job::check admission) {
    if (operation->limits || context_access::environment(ctx).options.result_bytes != SIZE_MAX)
        [[unlikely]]
        return run_limited(operation, ctx, out, std::move(admission));
    return run_or_defer(operation, ctx, out, std::move(admission));
}

/// Returns the prompt or the template whose argument is completed; null if there is none.
inline std::shared_ptr<const operation> find_target(const catalog& offers,
                                                    const completion_params& params) {
    if (params.kind == completion_params::target::prompt) {
        const auto* found = offers.prompts.find(params.name);
        return found ? *found : nullptr;
    }
    const auto* found = offers.templates.find(params.name);
    return found ? *found : nullptr;
}

/// Refuses a URI of a template with `.` or `..` in its path. Predicates get the normal form,
/// without them, but a handler gets them in a `raw_value`: the predicates would judge another
/// resource.
inline void refuse_dot_segments(std::string_view uri) {
    if (normal_uri(uri).size() != normal_escapes(uri).size())
        throw protocol_error(
            invalid_params("The URI of the resource must have no '.' or '..' between slashes"));
}

/// Returns the parameters of the prompts/get or resources/read that a completion is for, as far as
/// they are known. So predicates need not know of completions.
inline json_object meant_by(const completion_params& params) {
    json_object meant;
    if (params.kind == completion_params::target::prompt) {
        json_object arguments;
        for (const auto& [name, value] : params.context)
            arguments[name] = value;
        arguments[params.argument] = params.value;
        meant["name"] = params.name;
        meant["arguments"] = std::move(arguments);
    } else {
        uri_variables values;
        for (const auto& [name, value] : params.context)
            values.set(name, value);
        values.set(params.argument, params.value);
        const std::string uri = uri_template(params.name).expand(values);
        refuse_dot_segments(uri);
        meant = reading_params(uri);
    }
    return meant;
}

} // namespace mcp::detail
