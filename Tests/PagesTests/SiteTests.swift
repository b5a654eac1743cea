import Foundation
import PageChecks
import Testing

/// What `make docs` makes of pages and of DocC's files.
@Suite struct SiteTests {
    @Test func makesArticles() throws {
        try withFolder([
            "docs/README.md": "# All\n\n## Start\n\n- [a](how-to/a.md)\n\n## Rest\n\n- [b](b.md)\n",
            "docs/how-to/a.md": """
            # A
            <!-- swift
            let hidden = 1
            -->
            [b](../b.md#which-one), [index](../README.md), [code](../../Makefile), [`c`](../b.md), `[d](e)`

            ```sh
            echo "[x](y.md)"
            ```
            ![a [b]](../images/p.svg)
            [still](../images/p.svg)
            """,
            "docs/b.md": "# B\n## Which one?\n",
            "docs/experiments/e.md": "# `E`, and so on\n\n`code`\n",
            "docs/images/p.svg": "",
            "Sources/Descent/Documentation.docc/Descent.md": "# ``Descent``\n",
        ]) { root in
            let (articles, pictures) = try SiteCatalog(Repository(root: root)).files()
            #expect(articles.keys.sorted() == ["Descent.md", "b.md", "experiments-e.md", "how-to-a.md"])
            #expect(pictures == ["images-p.svg": "docs/images/p.svg"])
            let article = articles["how-to-a.md"] ?? ""
            #expect(
                article == """
                    # A
                    [b](doc:b#Which-one?), [index](doc:/documentation/Descent), code, [`c`](doc:b), `[d](e)`

                    ```sh
                    echo "[x](y.md)"
                    ```
                    ![a [b]](images-p.svg)
                    ![still](images-p.svg)
                    """)
            let landing = articles["Descent.md"] ?? ""
            #expect(landing.contains("### Start\n\n- <doc:how-to-a>\n\n### Rest\n\n- <doc:b>\n"))
            #expect(landing.contains("### Experiments\n\n- <doc:experiments-e>\n"))
            #expect(articles["experiments-e.md"]?.hasPrefix("# E, and so on\n\n`code`") == true)
        }
    }

    @Test func makesPlainPages() throws {
        try withFolder([
            "data/documentation/descent.json": """
            {"metadata": {"title": "Descent", "roleHeading": "Framework"},
             "abstract": [{"type": "text", "text": "a < b"}],
             "topicSections": [{"title": "Group", "identifiers": ["doc://p"]}],
             "references": {"doc://p": {"kind": "symbol", "title": "f(_:)", "url": "/documentation/descent/f(_:)",
               "fragments": [{"text": "func "}, {"text": "f(_:)"}], "abstract": [{"type": "text", "text": "Does it."}]}}}
            """,
            "data/documentation/descent/f(_:).json": """
            {"metadata": {"title": "f(_:)"},
             "hierarchy": {"paths": [["doc://d"]]},
             "primaryContentSections": [
               {"kind": "declarations", "declarations": [{"tokens": [{"text": "func f(_: "}, {"text": "P", "identifier": "doc://gone"}]}]},
               {"kind": "content", "content": [
                 {"type": "table", "header": "row", "alignments": ["left", "right"], "rows": [
                   [[{"type": "paragraph", "inlineContent": [{"type": "codeVoice", "code": "x"}]}], []]]},
                 {"type": "paragraph", "inlineContent": [{"type": "image", "identifier": "p.svg"}]}]}],
             "references": {"doc://d": {"title": "Descent", "url": "/documentation/descent"},
               "doc://gone": {"title": "P", "url": "/documentation/gone"},
               "p.svg": {"alt": "A picture", "variants": [{"url": "/images/Descent/p.svg"}]}}}
            """,
        ]) { root in
            let offline = root.appending(path: "offline")
            let count = try OfflineSite(root).write(to: offline, first: "/documentation/descent")
            #expect(count == 2)
            let first = try String(contentsOf: offline.appending(path: "descent.html"), encoding: .utf8)
            #expect(first.contains("<p class=abstract>a &lt; b</p>"))
            #expect(
                first.contains(
                    "<a href=\"descent/f%28_%3A%29.html\"><code>func f(_:)</code></a><p class=note>Does it.</p>"
                ))
            let second = try String(
                contentsOf: offline.appending(path: "descent/f(_:).html"), encoding: .utf8)
            #expect(second.contains("<nav><a href=\"../descent.html\">Descent</a></nav>"))
            // No link to a page that is not there.
            #expect(second.contains("<pre class=declaration>func f(_: P</pre>"))
            #expect(second.contains("<th><p><code>x</code></p>\n</th><th style=\"text-align: right\"></th>"))
            #expect(second.contains("<img src=\"../../images/Descent/p.svg\" alt=\"A picture\">"))
            #expect(FileManager.default.fileExists(atPath: offline.appending(path: "index.html").path))
        }
    }

    @Test func findsSymbolsWithoutAComment() throws {
        func symbol(_ name: String, _ rest: String) -> String {
            """
            {"identifier": {"precise": "s:\(name)"}, "kind": {"identifier": "swift.enum.case"}, "accessLevel": "public",
             "pathComponents": ["E", "\(name)"],
             "location": {"uri": "file:///x/Sources/M/E.swift", "position": {"line": 4}}\(rest)}
            """
        }
        let documented = symbol("a", ", \"docComment\": {\"lines\": []}")
        try withFolder(["M/M.symbols.json": "{\"symbols\": [\(documented), \(symbol("b", ""))]}"]) { root in
            let found = try ReferenceCheck.undocumented(in: root)
            #expect(found == ["Sources/M/E.swift:5: E.b has no doc comment"])
        }
    }

    @Test func findsSymbolsWithoutAGroup() throws {
        try withFolder([
            "data/documentation/m.json": """
            {"topicSections": [{"title": "Ours", "identifiers": ["doc://M/documentation/M/A"]},
              {"title": "Structures", "generated": true, "identifiers": ["doc://M/documentation/M/B"]}]}
            """
        ]) { root in
            let found = try ReferenceCheck.ungrouped(in: root, rooms: ["M"])
            #expect(found == ["M": ["B"]])
        }
    }

    private func withFolder(_ files: [String: String], _ body: (URL) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "site-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        for (name, text) in files {
            let file = root.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        try body(root)
    }
}
