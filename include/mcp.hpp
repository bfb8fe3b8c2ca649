#pragma once

// All of asio-mcp but what needs a library that not every user has: the headers that are left out,
// each with its reason, are listed in scripts/python/check.py, which holds this list complete.

#include <asio/detail/config.hpp>

#ifndef ASIO_HAS_CO_AWAIT
#error "asio-mcp: Asio 1.22 does not know that clang has coroutines: define ASIO_HAS_CO_AWAIT=1"
#endif

#include <mcp/result.hpp>
#include <mcp/version.hpp>
