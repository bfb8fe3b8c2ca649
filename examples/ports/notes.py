from typing import Annotated

from fastmcp import Context, FastMCP
from fastmcp.exceptions import NotFoundError, ToolError
from pydantic import Field


class Notebook:
    def __init__(self):
        self.notes: dict[int, str] = {}
        self.last = 0

    def write(self, text: Annotated[str, Field(description="The note", min_length=1)]) -> int:
        """Write a note"""
        self.last += 1
        self.notes[self.last] = text
        return self.last

    def find(
        self,
        words: Annotated[str, Field(description="Text to look for")],
        limit: Annotated[int, Field(description="How many notes", ge=1, le=100)] = 10,
    ) -> list[str]:
        """Find notes"""
        return [note for note in self.notes.values() if words in note][:limit]

    async def erase(self, number: int, ctx: Context) -> None:
        """Erase a note"""
        if number not in self.notes:
            raise ToolError(f"There is no note {number}")
        del self.notes[number]
        await ctx.info(f"erased {number}")

    def read(self, number: int) -> str:
        """A note"""
        if number not in self.notes:
            raise NotFoundError(f"There is no note {number}")
        return self.notes[number]

    def summarise(self, style: str = "short") -> str:
        """Summarise all notes"""
        return f"Summarise these notes, {style}: " + "; ".join(self.notes.values())


mcp = FastMCP("notes", version="1.0.0")
notes = Notebook()
mcp.tool(notes.write)
mcp.tool(notes.find, annotations={"readOnlyHint": True})
mcp.tool(notes.erase, annotations={"destructiveHint": True})
mcp.resource("notes://{number}")(notes.read)
mcp.prompt(notes.summarise)

if __name__ == "__main__":
    mcp.run()
