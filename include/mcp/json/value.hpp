// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <boost/json/array.hpp>
#include <boost/json/kind.hpp>
#include <boost/json/object.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

namespace mcp {

/// Any JSON value. The other headers of the library and its users write `mcp::json`; only
/// `mcp/json/` depends on Boost.JSON.
using json = boost::json::value;

/// The members of a JSON object, in the order in which they were written.
using json_object = boost::json::object;

/// The elements of a JSON array.
using json_array = boost::json::array;

/// The text of a JSON string, UTF-8.
using json_string = boost::json::string;

/// The kind of a `json`: null, bool_, int64, uint64, double_, string, array or object.
using json_kind = boost::json::kind;

/// The memory resource of a `json`.
using json_storage = boost::json::storage_ptr;

} // namespace mcp
