import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastmcp import Context, FastMCP
from fastmcp.exceptions import ToolError
from pydantic import Field

mcp = FastMCP("reports", version="1.0.0")


@dataclass
class Choice:
    publish: bool
    title: str = "Report"


@dataclass
class Report:
    title: str
    pages: int
    published: bool


@mcp.tool
async def make_report(
    ctx: Context,
    pages: Annotated[int, Field(description="How many pages", ge=1, le=500)] = 10,
    pause: Annotated[float, Field(description="Seconds for a page")] = 0.01,
) -> Report:
    """Make a report; this takes a while"""
    for page in range(pages):
        await asyncio.sleep(pause)
        await ctx.report_progress(page + 1, pages, f"page {page + 1}")
    await ctx.info("all pages are made")
    answer = await ctx.elicit("Publish the report?", response_type=Choice)
    if answer.action != "accept":
        raise ToolError("The user did not decide")
    return Report(answer.data.title, pages, answer.data.publish)


if __name__ == "__main__":
    mcp.run()
