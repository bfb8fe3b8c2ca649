// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/limits.hpp>
#include <mcp/json/parse_error.hpp>
#include <mcp/json/view.hpp>

#include <memory>
#include <optional>
#include <string_view>

namespace mcp {

/// A JSON text that has been read and checked, without values that are built for it: it refers to
/// the text and keeps the places of the values in it. Reading one text after another takes no
/// memory from the heap in the steady state. Not safe for concurrent use, except to read it.
///
///     mcp::json_document document;
///     if (auto error = document.read(text))
///         throw std::invalid_argument(error->what());
///     mcp::json_view method = document.root().find("method");
class json_document {
public:
    explicit json_document(const json_limits& limits = {},
                           unpaired_surrogates surrogates = unpaired_surrogates::refuse);
    /// Moving a document makes its views invalid.
    json_document(json_document&&) noexcept;
    json_document& operator=(json_document&&) noexcept;
    ~json_document();

    /// Reads `text` as strictly as `parse_json` does. Returns the error if there is one; the
    /// document is then empty. `text` must live as long as the views of the document are used.
    /// Views of an earlier text become invalid.
    std::optional<parse_error> read(std::string_view text);

    /// Returns the value; absent if the document is empty.
    json_view root() const noexcept {
        return tape_.nodes.empty() ? json_view{} : json_view{tape_.nodes.data(), &tape_};
    }

    /// Returns a document with a copy of `value`, which may be a part of another document or a
    /// `json`. It depends on nothing else. A copy cannot `read` another text.
    static json_document copy(json_view value);

    /// Releases the value. Keeps the memory of usual texts, but not that of large ones.
    void clear() noexcept;

private:
    void copy_nodes(const detail::json_tape& from, const detail::json_node& value);
    void append(const json& value);
    void append(const json_object& object);
    void append_string(std::string_view text);

    struct reading;

    detail::json_tape tape_;
    std::unique_ptr<char[]> copied_;
    std::unique_ptr<reading> reading_; ///< null in a copy
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/json/impl/document.ipp>
#endif
