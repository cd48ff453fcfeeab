"""Calls the tools of "dalil mcp" over a real pipe with the Python SDK. Usage: mcp_client.py DALIL DATA"""
import asyncio
import json
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def main(dalil, data):
    async with stdio_client(StdioServerParameters(command=dalil, args=["--data", data, "mcp"])) as (read, write):
        async with ClientSession(read, write) as session:
            await session.initialize()
            tools = {tool.name for tool in (await session.list_tools()).tools}
            assert {"search", "fetch", "get_context", "check_grounding", "list_sources"} <= tools, tools

            async def call(tool, **arguments):
                result = await session.call_tool(tool, arguments)
                return result.content[0].text

            for question in ("poverty reduction cooperation", "التعاون للحد من الفقر"):
                text = await call("search", query=question, limit=3)
                first = json.loads(text)["results"][0]
                assert first["id"] == "001_9b34745794db2986", text
                text = await call("fetch", id=first["id"])
                assert "الفقر" in json.loads(text)["text"], text
                text = await call("get_context", query=question)
                assert "الفقر" in text and "[1]" in text, text
            assert "query" in await call("search", query="")
            text = await call("list_sources", limit=2)
            assert json.loads(text)["documents"] == 5, text
            resource = await session.read_resource("dalil://document/001_9b34745794db2986")
            assert "الفقر" in resource.contents[0].text
            prompt = await session.get_prompt("answer_with_citations", {"question": "poverty reduction"})
            assert "poverty reduction" in prompt.messages[0].content.text
    print("ok")


asyncio.run(main(*sys.argv[1:]))
