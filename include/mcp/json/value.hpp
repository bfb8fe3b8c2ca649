#pragma once

#include <boost/json/array.hpp>
#include <boost/json/kind.hpp>
#include <boost/json/object.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

namespace mcp {

/// Any JSON value. This library's other headers and its users say `mcp::json`; only `mcp/json/`
/// knows that Boost.JSON is behind it.
using json = boost::json::value;

/// The members of a JSON object, in the order in which they were written.
using json_object = boost::json::object;

/// The elements of a JSON array.
using json_array = boost::json::array;

/// The text of a JSON string, UTF-8.
using json_string = boost::json::string;

/// What a `json` holds: null, bool_, int64, uint64, double_, string, array or object.
using json_kind = boost::json::kind;

/// Where a `json` takes its memory from.
using json_storage = boost::json::storage_ptr;

} // namespace mcp
