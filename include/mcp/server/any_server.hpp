// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/protocol/resources.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/reflect/annotations.hpp>
#include <mcp/reflect/fault.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/server/around.hpp>
#include <mcp/server/bound_method.hpp>
#include <mcp/server/completion.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/prompt.hpp>
#include <mcp/server/registration_options.hpp>
#include <mcp/server/resource.hpp>
#include <mcp/server/server_core.hpp>
#include <mcp/server/tool.hpp>
#include <mcp/server/toolset.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

class job;
struct server_capabilities;
struct server_response;

/// A server without the types of its collaborators: its entries, and how it answers requests. It is
/// the base of `mcp::server`. Functions that add entries, and transports, take it by reference:
///
///     void add_tools(mcp::any_server& server) {
///         server.tool<add, "a", "b">("Add two numbers");
///     }
///
/// The members that add, change and remove entries may be called at any time and from any thread,
/// also while requests run. Listening clients are notified that a list has changed. Adding an entry
/// that exists replaces it. All event loops call the handlers concurrently.
class any_server : public server_core {
public:
    explicit any_server(server_info info);

    /// Adds a function as a tool. The tool has the name of the function. Its parameters have the
    /// given names, or are the members of the one struct that the function takes.
    ///
    ///     server.tool<add, "a", "b">("Add two numbers");
    ///     server.tool<search>("Search the index", mcp::read_only);
    template <auto Function, fixed_string... Names, class... Options,
              class Fault = detail::tool_fault<
                  binding<detail::function_handler<Function>, Names...>, Options...>>
        requires detail::is_function<Function>
    detail::void_unless<Fault> tool(std::string description, const Options&... options) {
        if constexpr (detail::is_fault<Fault>)
            return {};
        else
            add_tool<Names...>(detail::tool_named_after<Function>(std::move(description)),
                               detail::function_of<Function>::handler(), options...);
    }

    /// Adds a member function as a tool, with its object: a variable, which must outlive the
    /// server, or a `std::shared_ptr`. Several event loops call it at once.
    ///
    ///     server.tool<&notebook::write, "note">("Write a note", notes);
    template <auto Method, fixed_string... Names, class Object = detail::no_object,
              class... Options,
              class Fault = detail::registration_fault<
                  detail::tool_policy, detail::object_fault<Method, Object>,
                  binding<detail::method_handler<Method, Object>, Names...>, Options...>>
        requires detail::is_method<Method>
    detail::void_unless<Fault> tool(std::string description, Object&& object = {},
                                    const Options&... options) {
        if constexpr (detail::is_fault<Fault>)
            return {};
        else
            add_tool<Names...>(detail::tool_named_after<Method>(std::move(description)),
                               detail::bind_method<Method>(object), options...);
    }

    template <auto Function, fixed_string... Names, class... Given>
        requires(detail::is_named<Function> && !detail::begins_with_text<Given...>)
    detail::no_description<Given...> tool(Given&&...) {
        return {};
    }

    /// Adds a callable as a tool; its parameters are `mcp::arg<"name", T>`, or one struct.
    ///
    ///     server.tool<"greet">("Greet", [](mcp::arg<"name", std::string> name) {
    ///         return "Hello, " + *name;
    ///     });
    template <fixed_string Name, class Handler, class... Options,
              class Fault = detail::tool_fault<binding<Handler>, Options...>>
    detail::void_unless<Fault> tool(std::string description, Handler handler,
                                    const Options&... options) {
        if constexpr (detail::is_fault<Fault>)
            return {};
        else
            add_tool(tool_definition(std::string(detail::checked_tool_name<Name>()),
                                     std::move(description), {}),
                     std::move(handler), options...);
    }

    /// Adds a callable as a tool whose name is known only at run time. Throws
    /// `std::invalid_argument` if it is not a tool name; see `is_tool_name`.
    ///
    ///     for (const std::string& table : tables)
    ///         server.tool("read_" + table, "Read a row", [table](mcp::arg<"row", int> row) {
    ///             return find_row(table, *row);
    ///         });
    template <class Handler, class... Options,
              class Fault = detail::tool_fault<binding<Handler>, Options...>>
    detail::void_unless<Fault> tool(std::string_view name, std::string description, Handler handler,
                                    const Options&... options) {
        if constexpr (detail::is_fault<Fault>)
            return {};
        else
            add_tool(tool_definition(std::string(name), std::move(description), {}),
                     std::move(handler), options...);
    }

#ifdef __cpp_impl_reflection
    /// Adds a function as a tool, in C++26. Its name, the names of its parameters and the
    /// annotations say the rest; see `<mcp/reflect/annotations.hpp>`. The arguments are the object
    /// of a member function (a variable, which must outlive the server, or a `std::shared_ptr`), a
    /// description in place of the annotation `doc`, and options.
    template <std::meta::info Function, class... Arguments>
    void tool(Arguments&&... arguments);

    /// Adds the functions of a namespace or class that have the annotation `doc` and no `uri`; each
    /// with these options. An object of the class comes first; without one, the functions are
    /// static.
    template <std::meta::info Scope, class... Arguments>
    void tools(Arguments&&... arguments);
#endif

    /// Adds a tool whose schema is known only at run time; the handler takes `const mcp::json&`.
    /// Needs `#include <mcp/server/raw_tool.hpp>`. Arguments are checked against the input schema,
    /// and the result against the output schema, if there is one. Throws `std::invalid_argument` if
    /// the name or a schema is invalid, or if there is an output schema and the handler returns no
    /// structured content.
    template <class Handler, class... Options,
              class Fault = detail::raw_tool_fault<Handler, Options...>>
    detail::void_unless<Fault> tool(tool_definition definition, Handler handler,
                                    const Options&... options) {
        if constexpr (detail::is_fault<Fault>)
            return {};
        else
            put(detail::raw_tool_maker<Handler>::make(
                    detail::define(std::move(definition), options...), std::move(handler)),
                detail::rules_of(options...));
    }

    /// Adds all tools of a list; each with these options, after its own.
    template <class... Tools, class... Options>
    void toolset(const mcp::toolset<Tools...>& tools, const Options&... options);

    /// Adds a resource. A URI with `{variables}` makes a resource template, whose variables are the
    /// parameters of the handler, in order.
    ///
    ///     server.resource<"config://app">("Settings", [] { return read_config(); });
    ///     server.resource<"greeting://{name}">("A greeting", [](std::string name) {
    ///         return "Hello, " + name;
    ///     });
    template <fixed_string Uri, class Handler, class... Options,
              class Fault = detail::resource_fault<Uri, detail::no_fault, Handler, Options...>>
    detail::void_unless<Fault> resource(std::string description, Handler handler,
                                        const Options&... options) {
        if constexpr (detail::is_fault<Fault>)
            return {};
        else
            add_resource<Uri>(std::move(description), std::move(handler), options...);
    }

    /// Adds a function, or a member function with its object, as a resource.
    ///
    ///     server.resource<"config://app", read_config>("Settings");
    ///     server.resource<"notes://{id}", &notebook::read>("A note", notes);
    template <fixed_string Uri, auto Function, class... Options,
              class Fault = detail::resource_fault<Uri, detail::no_fault,
                                                   detail::function_handler<Function>, Options...>>
        requires detail::is_function<Function>
    detail::void_unless<Fault> resource(std::string description, const Options&... options) {
        if constexpr (detail::is_fault<Fault>)
            return {};
        else
            add_resource<Uri>(std::move(description), detail::function_of<Function>::handler(),
                              options...);
    }

    template <
        fixed_string Uri, auto Method, class Object = detail::no_object, class... Options,
        class Fault = detail::resource_fault<Uri, detail::object_fault<Method, Object>,
                                             detail::method_handler<Method, Object>, Options...>>
        requires detail::is_method<Method>
    detail::void_unless<Fault> resource(std::string description, Object&& object = {},
                                        const Options&... options) {
        if constexpr (detail::is_fault<Fault>)
            return {};
        else
            add_resource<Uri>(std::move(description), detail::bind_method<Method>(object),
                              options...);
    }

#ifdef __cpp_impl_reflection
    /// Adds a function as a resource, in C++26. Its annotation `uri` is the URI, or the template
    /// whose variables are the parameters, by name and in order. The arguments are those of `tool`.
    template <std::meta::info Function, class... Arguments>
    void resource(Arguments&&... arguments);

    /// Adds the functions of a namespace or class that have the annotation `uri`, as `tools` does.
    template <std::meta::info Scope, class... Arguments>
    void resources(Arguments&&... arguments);
#endif

    /// Adds a resource whose URI is known only at run time. It replaces a resource whose URI is
    /// equal by `normal_uri`.
    template <class Handler, class... Options,
              class Fault = detail::registration_fault<
                  detail::static_resource_policy, detail::no_fault, binding<Handler>, Options...>>
    detail::void_unless<Fault> resource(resource_definition definition, Handler handler,
                                        const Options&... options) {
        if constexpr (detail::is_fault<Fault>)
            return {};
        else
            add<detail::resource_entry, detail::bound_resource<Handler>>(
                detail::rules_of(options...), std::move(handler), described_members<>(),
                detail::define(std::move(definition), options...));
    }

    /// Adds a function as a prompt; arguments are text, numbers, bools, enums, or optional.
    template <auto Function, fixed_string... Names, class... Options,
              class Fault = detail::prompt_fault<
                  binding<detail::function_handler<Function>, Names...>, Options...>>
        requires detail::is_function<Function>
    detail::void_unless<Fault> prompt(std::string description, const Options&... options) {
        if constexpr (detail::is_fault<Fault>)
            return {};
        else
            add_prompt<Names...>(detail::prompt_named_after<Function>(std::move(description)),
                                 detail::function_of<Function>::handler(), options...);
    }

    /// Adds a member function as a prompt, with its object, as `tool` does.
    template <auto Method, fixed_string... Names, class Object = detail::no_object,
              class... Options,
              class Fault = detail::registration_fault<
                  detail::prompt_policy, detail::object_fault<Method, Object>,
                  binding<detail::method_handler<Method, Object>, Names...>, Options...>>
        requires detail::is_method<Method>
    detail::void_unless<Fault> prompt(std::string description, Object&& object = {},
                                      const Options&... options) {
        if constexpr (detail::is_fault<Fault>)
            return {};
        else
            add_prompt<Names...>(detail::prompt_named_after<Method>(std::move(description)),
                                 detail::bind_method<Method>(object), options...);
    }

    template <auto Function, fixed_string... Names, class... Given>
        requires(detail::is_named<Function> && !detail::begins_with_text<Given...>)
    detail::no_description<Given...> prompt(Given&&...) {
        return {};
    }

#ifdef __cpp_impl_reflection
    /// Adds a function as a prompt, in C++26. The annotation `doc` describes it and its parameters.
    /// The arguments are those of `tool`.
    template <std::meta::info Function, class... Arguments>
    void prompt(Arguments&&... arguments);
#endif

    /// Adds a callable as a prompt; its parameters are `mcp::arg<"name", T>`.
    template <fixed_string Name, class Handler, class... Options,
              class Fault = detail::prompt_fault<binding<Handler>, Options...>>
    detail::void_unless<Fault> prompt(std::string description, Handler handler,
                                      const Options&... options) {
        if constexpr (detail::is_fault<Fault>)
            return {};
        else
            add_prompt(prompt_definition(std::string(Name.view()), std::move(description)),
                       std::move(handler), options...);
    }

    /// Adds a callable as a prompt whose name is known only at run time. Throws
    /// `std::invalid_argument` if the name is empty or has control characters.
    template <class Handler, class... Options,
              class Fault = detail::prompt_fault<binding<Handler>, Options...>>
    detail::void_unless<Fault> prompt(std::string_view name, std::string description,
                                      Handler handler, const Options&... options) {
        if constexpr (detail::is_fault<Fault>)
            return {};
        else
            add_prompt(prompt_definition(std::string(name), std::move(description)),
                       std::move(handler), options...);
    }

    /// Completes an argument of a prompt, or a variable of a resource template (named by its text).
    /// The handler takes the text typed so far and returns the candidates. A completion needs the
    /// permission of its prompt or resource.
    ///
    ///     server.complete<"review", "language">([](std::string typed) {
    ///         return std::vector<std::string>{typed + "++", typed + "#"};
    ///     });
    template <fixed_string Reference, fixed_string Argument, class Handler,
              class Fault = detail::handler_fault<detail::completion_policy, Handler>>
    detail::void_unless<Fault> complete(Handler handler) {
        if constexpr (detail::is_fault<Fault>)
            return {};
        else
            add_completion<Reference, Argument>(std::move(handler));
    }

    /// Completes by a function, or by a member function with its object.
    ///
    ///     server.complete<"notes://{id}", "id", &notebook::find>(notes);
    template <fixed_string Reference, fixed_string Argument, auto Function,
              class Fault = detail::handler_fault<detail::completion_policy,
                                                  detail::function_handler<Function>>>
        requires detail::is_function<Function>
    detail::void_unless<Fault> complete() {
        if constexpr (detail::is_fault<Fault>)
            return {};
        else
            add_completion<Reference, Argument>(detail::function_of<Function>::handler());
    }

    template <fixed_string Reference, fixed_string Argument, auto Method,
              class Object = detail::no_object,
              class Fault = detail::method_fault<detail::completion_policy, Method, Object>>
        requires detail::is_method<Method>
    detail::void_unless<Fault> complete(Object&& object = {}) {
        if constexpr (detail::is_fault<Fault>)
            return {};
        else
            add_completion<Reference, Argument>(detail::bind_method<Method>(object));
    }

    /// Puts a function around the calls of all entries, inside of those that were put earlier; see
    /// `mcp::around`. Call it before the server serves.
    template <class F>
    void around(F f);

    /// Removes an entry. Returns false if there is none. Requests under way continue. A resource
    /// template is removed by its text.
    bool remove_tool(std::string_view name);
    bool remove_prompt(std::string_view name);
    bool remove_resource(std::string_view uri);

    /// Returns the permission to read and subscribe to a URI. Null if everybody may, or if no entry
    /// matches the URI.
    std::shared_ptr<const permission> reading(std::string_view uri) const;

    /// Returns the capabilities that `initialize` and `server/discover` announce.
    server_capabilities capabilities() const;

    /// Answers the request of `ctx`. Or returns the work that must be awaited first, and leaves
    /// `out` as it was; an `async_call` runs that work with a context of its own.
    ///
    /// Runs immediate handlers on the calling thread. An exception of a handler becomes an error
    /// response.
    std::optional<job> answer(context& ctx, server_response& out);

private:
    template <class Kind, class Entry, class... Args>
    void add(detail::call_rules rules, Args&&... args);

    void put_around(std::shared_ptr<const detail::around_layer> layer);
    void put(std::unique_ptr<detail::tool_entry> entry, detail::call_rules rules);
    void put(std::unique_ptr<detail::resource_entry> entry, detail::call_rules rules);
    void put(std::unique_ptr<detail::template_entry> entry, detail::call_rules rules);
    void put(std::unique_ptr<detail::prompt_entry> entry, detail::call_rules rules);
    void put(std::unique_ptr<detail::completion_entry> entry, detail::call_rules rules);

    friend struct detail::reflected_entries;

    // These add a handler without a fault.
    template <fixed_string... Names, class Handler, class... Options>
    void add_tool(tool_definition definition, Handler handler, const Options&... options);
    template <fixed_string Uri, class Handler, class... Options>
    void add_resource(std::string description, Handler handler, const Options&... options);
    template <fixed_string... Names, class Handler, class... Options>
    void add_prompt(prompt_definition definition, Handler handler, const Options&... options);
    template <fixed_string Reference, fixed_string Argument, class Handler>
    void add_completion(Handler handler);
};

} // namespace mcp

#include <mcp/server/impl/any_server.hpp>
#include <mcp/server/impl/reflected_server.hpp>

#ifdef MCP_BODIES
#include <mcp/server/impl/any_server.ipp>
#endif
