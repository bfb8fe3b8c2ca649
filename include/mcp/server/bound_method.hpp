// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/json/form_fault.hpp>
#include <mcp/reflect/signature.hpp>
#include <mcp/server/handler.hpp>
#include <mcp/server/handler_fault.hpp>

#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

// Methods as handlers: a pointer to a member function, which is a template argument, and an object.

namespace mcp::detail {

/// A function or member function that is a template argument.
template <class T, auto Function>
struct named_function {
    static constexpr auto pointer = Function;
    static constexpr auto handler() noexcept { return Function; }
};
template <auto Blocking, auto Function>
struct named_function<blocking_function<Blocking>, Function> {
    static constexpr auto pointer = Blocking;
    static auto handler() { return mcp::blocking(Blocking); }
};

template <auto Function>
using function_of = named_function<std::remove_cv_t<decltype(Function)>, Function>;

template <auto Function>
using pointer_type = std::remove_cv_t<decltype(function_of<Function>::pointer)>;

/// The type of a handler that is a function.
template <auto Function>
using function_handler = decltype(function_of<Function>::handler());

template <auto Function>
concept is_function = std::is_pointer_v<pointer_type<Function>>;
template <auto Function>
concept is_method = std::is_member_function_pointer_v<pointer_type<Function>>;

/// Functions and member functions that are named as template arguments.
template <auto Function>
concept is_named = is_function<Function> || is_method<Function>;

/// Stands for the object that a registration does not pass.
struct no_object {};

template <class Method>
struct method_without_object {
    static_assert(never<Method>,
                  "mcp: a member function needs its object: pass it after the description, as in "
                  "server.tool<&notebook::write, \"note\">(\"Write a note\", notes)");
};

template <class Object>
struct temporary_object {
    static_assert(never<Object>, "mcp: the object of a member function must outlive the server: "
                                 "pass a variable or a std::shared_ptr, not a temporary");
};

template <class Object, class Method>
struct object_without_method {
    static_assert(never<Object>,
                  "mcp: this object does not have the member function: pass an object of its "
                  "class or a std::shared_ptr to one, not const unless the function is const");
};

template <class T>
struct holder {
    using type = T*;
    static type of(T& object) noexcept { return &object; }
};
template <class T>
struct holder<std::shared_ptr<T>> {
    using type = std::shared_ptr<T>;
    static type of(std::shared_ptr<T> object) noexcept { return object; }
};
template <class T>
struct holder<const std::shared_ptr<T>> : holder<std::shared_ptr<T>> {};

/// How a handler holds the object that is passed as `Object&&`: by pointer or `std::shared_ptr`.
template <class Object>
using holder_of = holder<std::remove_reference_t<Object>>;

template <class Object>
inline constexpr bool is_shared = !std::is_pointer_v<typename holder_of<Object>::type>;

template <class Pointer, class Object, class Parameters>
inline constexpr bool has_method = false;
template <class Pointer, class Object, class... Parameters>
inline constexpr bool has_method<Pointer, Object, std::tuple<Parameters...>> =
    std::is_invocable_v<Pointer, decltype(*std::declval<typename holder_of<Object>::type&>()),
                        Parameters...>;

/// A method with its object: a callable with the parameters of the method.
template <auto Method, class Holder, class Parameters>
class bound_method;

template <auto Method, class Holder, class... Parameters>
class bound_method<Method, Holder, std::tuple<Parameters...>> {
    using result_type = typename reflect::signature_of<pointer_type<Method>>::result_type;

public:
    static constexpr bool blocking = is_blocking_v<decltype(Method)>;

    explicit bound_method(Holder object) noexcept : object_(std::move(object)) {}

    result_type operator()(Parameters... arguments) const {
        return ((*object_).*function_of<Method>::pointer)(static_cast<Parameters&&>(arguments)...);
    }

private:
    Holder object_;
};

template <auto Method, class Object>
using method_handler =
    bound_method<Method, typename holder_of<Object>::type,
                 typename reflect::signature_of<pointer_type<Method>>::parameters>;

template <auto Method, class Object>
method_handler<Method, Object> bind_method(Object&& object) {
    return method_handler<Method, Object>(holder_of<Object>::of(object));
}

template <auto Method, class Object>
consteval auto find_object_fault() {
    using pointer = pointer_type<Method>;
    if constexpr (!reflect::has_signature<pointer>)
        return std::type_identity<unreadable_parameters<pointer>>();
    else if constexpr (std::is_same_v<Object, no_object>)
        return std::type_identity<method_without_object<pointer>>();
    else if constexpr (!has_method<pointer, Object,
                                   typename reflect::signature_of<pointer>::parameters>)
        return std::type_identity<
            object_without_method<std::remove_reference_t<Object>, pointer>>();
    else if constexpr (!is_shared<Object> && !std::is_lvalue_reference_v<Object>)
        return std::type_identity<temporary_object<Object>>();
    else
        return std::type_identity<no_fault>();
}

/// The fault of the object that is passed as `Object&&` for a method, or `no_fault`.
template <auto Method, class Object>
using object_fault = typename decltype(find_object_fault<Method, Object>())::type;

template <class Policy, auto Method, class Object, fixed_string... Names>
consteval auto find_method_fault() {
    if constexpr (is_fault<object_fault<Method, Object>>)
        return std::type_identity<object_fault<Method, Object>>();
    else
        return std::type_identity<
            handler_fault<Policy, method_handler<Method, Object>, Names...>>();
}

/// The first fault of a method with its object, or `no_fault`.
template <class Policy, auto Method, class Object, fixed_string... Names>
using method_fault = typename decltype(find_method_fault<Policy, Method, Object, Names...>())::type;

} // namespace mcp::detail
