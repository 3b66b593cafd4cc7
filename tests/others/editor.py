"""An editor, by the client of pygls, speaks with the language server: open, look, apply, be clean.

editor.py CLEARPLAN
"""

import asyncio
import sys

from lsprotocol import types
from pygls.lsp.client import BaseLanguageClient

PLAN = "# Section F\n\n🦊 Zoë will have regular help from staff.\n"
FILLED = "🦊 A qualified speech and language therapist will teach Zoë 1:1 in the library for 30 minutes, three times a week."
URI = "file:///plan.md"


async def main(clearplan):
    client = BaseLanguageClient("an editor", "1")
    published = asyncio.Queue()

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def _(params):
        published.put_nowait(params)

    await client.start_io(clearplan, "lsp", "--stdio")
    about = await client.initialize_async(types.InitializeParams(capabilities=types.ClientCapabilities()))
    assert about.capabilities.position_encoding == "utf-16"
    client.initialized(types.InitializedParams())
    opened = types.TextDocumentItem(uri=URI, language_id="markdown", version=1, text=PLAN)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=opened))
    found = (await asyncio.wait_for(published.get(), 120)).diagnostics
    regular = next(d for d in found if d.code == "provision/open-frequency")
    line = PLAN.split("\n")[2].encode("utf-16-le")
    start, end = regular.range.start.character, regular.range.end.character
    assert line[2 * start:2 * end].decode("utf-16-le") == "regular"

    document = types.TextDocumentIdentifier(uri=URI)
    hover = await client.text_document_hover_async(types.HoverParams(text_document=document, position=regular.range.start))
    assert "Law and guidance" in hover.contents.value
    context = types.CodeActionContext(diagnostics=[regular])
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(text_document=document, range=regular.range, context=context)
    )
    edit = actions[0].edit.changes[URI][0]
    assert "[minutes]" in edit.new_text and edit.range.start.line == 2
    for version, words in ((2, edit.new_text), (3, FILLED)):
        text = PLAN.replace(PLAN.split("\n")[2], words)
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                text_document=types.VersionedTextDocumentIdentifier(uri=URI, version=version),
                content_changes=[types.TextDocumentContentChangeWholeDocument(text=text)],
            )
        )
    params = await asyncio.wait_for(published.get(), 120)
    while params.version != 3:
        params = await asyncio.wait_for(published.get(), 120)
    assert not params.diagnostics, params.diagnostics
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    print("editor: opened, looked, applied, clean")


asyncio.run(main(sys.argv[1]))
