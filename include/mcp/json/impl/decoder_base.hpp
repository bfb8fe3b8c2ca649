// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/path.hpp>
#include <mcp/json/view.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::detail {

/// What decoding does whatever the C++ type: it reads texts and numbers, walks over elements and
/// members, and makes all error messages. `decoder` adds the types.
class decoder_base {
public:
    explicit decoder_base(std::string_view root) : root_{root} {}

    /// Returns all faults that were found as one error. Its path is empty if there are several.
    decode_error take_error();

protected:
    /// Reads a value into the object at `out`.
    using read_function = bool (*)(decoder_base&, json_view value, void* out,
                                   const json_path* path);

    /// Checks an object that was read against a tuple of attributes.
    using check_function = bool (*)(decoder_base&, const void* object, const void* attributes,
                                    const json_path* path);

    using check_null_function = bool (*)(decoder_base&, json_view null);

    /// A member of a struct, apart from its type.
    struct member_plan {
        std::string_view name;
        bool optional;
        read_function read;
        check_null_function has_null; ///< whether null is a value of its type; may be nullptr
        check_function check;         ///< may be nullptr
        const void* attributes;       ///< for `check`
    };

    bool fail(const json_path* path, std::string message);
    bool fail_expected(const json_path* path, std::string_view what, json_view value);

    /// Reports a fault that a codec found inside the value at `path`.
    bool fail_within(const json_path* path, const decode_error& inner);

    /// Reports that a value is not as `expectation` says; `got` may be empty.
    bool fail_expectation(const json_path* path, const std::string& expectation,
                          const std::string& got);

    /// Reports that the text is not as `what` says.
    bool fail_text(const json_path* path, std::string_view what, json_view value);

    bool fail_unknown(const json_path* path, std::string_view name);

    /// Reads an integer between the limits; `out` has its bits.
    bool read_whole(json_view value, std::int64_t min, std::uint64_t max, std::uint64_t& out,
                    const json_path* path);

    bool read_real(json_view value, float& out, const json_path* path);
    bool read_real(json_view value, double& out, const json_path* path);
    bool read_real(json_view value, long double& out, const json_path* path);

    /// Reads a text that is one of `names`; `index` is its place.
    bool read_name(json_view value, const std::string_view* names, std::size_t count,
                   std::size_t& index, const json_path* path);

    /// Reads an array of different names; `out` has the bits of all.
    bool read_flags(json_view value, const std::string_view* names, const std::uint64_t* flags,
                    std::size_t count, std::uint64_t& out, const json_path* path);

    bool read_string(json_view value, std::string& out, const json_path* path);

    /// Returns the text of a value, or whether it is an array or an object. Reports a fault.
    std::optional<std::string_view> string_or_fail(json_view value, std::string_view what,
                                                   const json_path* path);
    bool array_or_fail(json_view value, const json_path* path);
    bool object_or_fail(json_view value, const json_path* path);

    /// Reads an array of exactly `count` elements into the objects at `out`, each with a function.
    bool read_tuple(json_view value, const read_function* read, void* const* out, std::size_t count,
                    const json_path* path);

    /// Calls `read` for each element. `out` is the container.
    bool read_elements_by(json_view array, void* out, read_function read, const json_path* path);

    /// Calls `read` for each member; its path ends with the name. `out` is the container.
    bool read_entries_by(json_view object, void* out, read_function read, const json_path* path);

    /// Reads members by name into the objects at `out`.
    bool read_members(json_view value, const member_plan* plan, void* const* out, std::size_t count,
                      const json_path* path);

    /// Reads the first alternative that fits; each function sets the variant at `out`. Nested
    /// alternatives multiply, so the attempts are counted.
    bool read_alternative(json_view value, const read_function* read, void* out, std::size_t count,
                          const json_path* path);

    bool spend(std::size_t effort, const json_path* path, const char* otherwise);
    bool spend_on_pattern(std::size_t effort, const json_path* path);

    /// Charges for `chain` colliding keys, with which a hash table takes quadratic time.
    bool spend_on_chain(std::size_t chain, const json_path* path);

private:
    template <class Real>
    bool read_any_real(json_view value, Real& out, const json_path* path);
    bool fail_range(const json_path* path, std::int64_t min, std::uint64_t max,
                    const std::string& got);
    bool fail_unknown_in(json_view object, const member_plan* plan, std::size_t count,
                         const json_path* path);

    /// Keeps the fault that was just found, and returns whether to look for others.
    bool goes_on();

    /// Makes the last kept fault the current one again; returns false.
    bool fail_again();

    static constexpr std::size_t max_faults = 10;

    std::string_view root_;
    decode_error error_;                ///< the current fault
    std::vector<decode_error> earlier_; ///< the faults before it
    bool only_first_ = false;           ///< stops at the first fault, inside an alternative
    bool exhausted_ = false;            ///< stops, because a budget is spent
    std::size_t tries_left_ = 100'000;

    /// The budget of all patterns and hash tables together, as in
    /// `schema::validation_limits::work`.
    std::size_t effort_left_ = 1'000'000;
};

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/json/impl/decoder_base.ipp>
#endif
