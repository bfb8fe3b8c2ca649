from dataclasses import dataclass

from fastmcp import FastMCP
from fastmcp.exceptions import ToolError
from fastmcp.server.auth.providers.jwt import StaticTokenVerifier
from fastmcp.server.dependencies import get_access_token, get_http_request
from fastmcp.server.middleware import Middleware, MiddlewareContext

auth = StaticTokenVerifier(
    tokens={
        "anns-token": {"client_id": "ann", "scopes": ["read", "write"], "tenant": "acme"},
        "bobs-token": {"client_id": "bob", "scopes": ["read"], "tenant": "acme"},
        "eves-token": {"client_id": "eve", "scopes": ["read", "write"], "tenant": "globex"},
    }
)
mcp = FastMCP("tenants", version="1.0.0", auth=auth)


@dataclass
class Order:
    item: str
    count: int = 1
    by: str = ""


orders: dict[str, list[Order]] = {}


def tenant() -> str:
    return get_access_token().claims["tenant"]


class Audit(Middleware):
    async def on_call_tool(self, context: MiddlewareContext, call_next):
        if get_http_request().path_params.get("tenant") not in (None, tenant()):
            raise ToolError("This token is of another tenant")
        print(f"{get_access_token().client_id} calls {context.message.name}")
        return await call_next(context)


mcp.add_middleware(Audit())


@mcp.tool(annotations={"readOnlyHint": True})
def list_orders() -> list[Order]:
    """List the orders of the tenant"""
    return orders.get(tenant(), [])


@mcp.tool
def order(item: str, count: int = 1) -> int:
    """Order an item"""
    token = get_access_token()
    if "write" not in token.scopes:
        raise ToolError("The scope write is missing")
    orders.setdefault(tenant(), []).append(Order(item, count, token.client_id))
    return len(orders[tenant()])


if __name__ == "__main__":
    mcp.run(transport="http", port=8000)
