// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/call_arguments.hpp>

namespace mcp {

MCP_DECL call_arguments::call_arguments(const argument& a, const argument& b, const argument& c,
                                        const argument& d, const argument& e, const argument& f,
                                        const argument& g, const argument& h, const argument& i,
                                        const argument& j, const argument& k, const argument& l,
                                        const argument& m, const argument& n, const argument& o,
                                        const argument& p)
    : text_("{") {
    for (const argument* each : {&a, &b, &c, &d, &e, &f, &g, &h, &i, &j, &k, &l, &m, &n, &o, &p})
        if (!each->member().empty())
            text_.append(text_.size() > 1 ? "," : "").append(each->member());
    text_ += '}';
}

} // namespace mcp
