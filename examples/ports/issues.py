from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Annotated

from fastmcp import FastMCP
from fastmcp.exceptions import ToolError
from pydantic import Field


class Priority(Enum):
    low = "low"
    normal = "normal"
    urgent = "urgent"


@dataclass
class Comment:
    author: str
    text: str
    replies: list["Comment"] = field(default_factory=list)


@dataclass
class Issue:
    title: Annotated[str, Field(description="One line", max_length=80)]
    labels: list[str] = field(default_factory=list)
    priority: Priority = Priority.normal
    due: date | None = None
    comments: list[Comment] = field(default_factory=list)


@dataclass
class Filed:
    number: int
    issue: Issue


@dataclass
class Filter:
    label: str | None = None
    priority: Priority | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


mcp = FastMCP("issues", version="1.0.0")
issues: list[Filed] = []


@mcp.tool
def file_issue(issue: Issue) -> Filed:
    """File an issue"""
    issues.append(Filed(len(issues) + 1, issue))
    return issues[-1]


@mcp.tool
def list_issues(filter: Filter) -> list[Filed]:
    """List issues"""
    return [
        each
        for each in issues
        if (filter.label is None or filter.label in each.issue.labels)
        and (filter.priority is None or filter.priority == each.issue.priority)
    ][: filter.limit]


@mcp.tool
def comment(number: int, comment: Comment) -> Issue:
    """Comment on an issue"""
    if not 1 <= number <= len(issues):
        raise ToolError(f"There is no issue {number}")
    issues[number - 1].issue.comments.append(comment)
    return issues[number - 1].issue


if __name__ == "__main__":
    mcp.run()
