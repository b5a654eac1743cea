import Foundation
import PageChecks
import Testing

@testable import DescentCommand

/// The checks find what is wrong with pages that are wrong.
@Suite struct PageParserTests {
    private func page(_ text: String) -> Page { Page(path: "docs/page.md", text: text) }

    @Test func readsBlocks() {
        let page = page(
            """
            # A page
            <!-- swift
            let a = 1
            -->
            <!-- pages: not run: it takes an hour -->

            ```swift
            print(a)
            ```

            1. An item
               ```console
               $ descent lstsq - \\
                   --target y | head -1
               Least squares
               $ make
               ```
            """)
        #expect(page.problems == [])
        #expect(page.blocks.map(\.line) == [3, 8, 13])
        #expect(page.blocks.map(\.isHidden) == [true, false, false])
        #expect(page.blocks[1].reasonNotToRun == "it takes an hour")
        let commands = page.blocks[2].commands
        #expect(commands.map(\.line) == [13, 16])
        #expect(commands[0].output == ["Least squares"])
        #expect(
            commands[0].simpleCommands == [["descent", "lstsq", "-", "--target", "y"], ["head", "-1"]])
        #expect(commands[1].output == [])
    }

    @Test func readsScripts() {
        let commands = page(
            """
            ```sh
            # A comment.
            make bench    # with another behind it
            cat >main.swift <<'END'
            print("a # b")
            END
            a 'b # c' "d;e" 2>/dev/null && f >g; h
            ```
            """
        ).blocks[0].commands
        #expect(commands.map(\.line) == [3, 4, 7])
        #expect(commands[0].simpleCommands == [["make", "bench"]])
        #expect(commands[1].text.hasSuffix("\nEND"))
        #expect(commands[2].simpleCommands == [["a", "b # c", "d;e"], ["f"], ["h"]])
    }

    @Test func readsLoops() {
        let commands = page(
            """
            ```sh
            for seed in 1 2; do
                descent train mlp mnist --seed $seed | tail -n 2
            done
            if true; then echo a; fi
            ls
            ```
            """
        ).blocks[0].commands
        #expect(commands.map(\.line) == [2, 5, 6])
        #expect(
            commands[0].simpleCommands == [
                ["descent", "train", "mlp", "mnist", "--seed", "$seed"], ["tail", "-n", "2"],
            ])
        #expect(commands[1].simpleCommands == [["true"], ["echo", "a"]])
    }

    @Test(arguments: [
        ("```\nlet a = 1\n```", 1, "a block of ''"),
        ("```swift\nlet a = 1", 2, "does not end"),
        ("<!-- pages: nor run: x -->\n```swift\n```", 1, "no such remark"),
        ("<!-- pages: exits 1 -->\ntext\n```sh\nmake\n```", 2, "right before a block"),
        ("text\n<!-- pages: exits 1 -->", 2, "without a block"),
    ])
    func complains(_ text: String, _ line: Int, _ message: String) {
        let problems = page(text).problems
        #expect(problems.count == 1)
        #expect(problems.first?.line == line)
        #expect(problems.first?.message.contains(message) == true)
    }

    @Test func formsAnchorsAsGitHubDoes() {
        let page = page("# Ridge, `auto` & [links](a.md)\n## Signs\n## Signs\n```sh\n# not one\n```\n")
        #expect(page.anchors == ["ridge-auto--links", "signs", "signs-1"])
    }

    @Test func findsLinks() {
        let page = page(
            """
            A [link](a.md#b), a [`code` link](b.md), no `[link](c.md)`, ![a [picture]](images/p.svg)
            [![both](q.svg)](r.md)
            <!-- [hidden](d.md) -->
            """)
        #expect(page.links.map(\.target) == ["a.md#b", "b.md", "images/p.svg", "r.md"])
        #expect(page.links.map(\.isPicture) == [false, false, true, false])
    }

    @Test func findsBrokenLinks() throws {
        try withRepository { repository in
            let first = Page(
                path: "docs/a.md",
                text: "# A\n[x](b.md#there) [x](b.md#gone) [x](c.md) [x](../Makefile) [x](#a) [x](#b)")
            let second = Page(path: "docs/b.md", text: "# B\n## There\n")
            let check = LinkCheck(repository, [first, second])
            #expect(check.problems().map(\.message).count == 3)
            #expect(check.problems().map(\.line) == [2, 2, 2])
            #expect(check.unusedPictures() == ["docs/images/p.svg"])
        }
    }

    @Test func findsCommandsThatMakeNoSense() throws {
        try withRepository { repository in
            let check = try CommandCheck(repository) { _ = try DescentCommand.parseAsRoot($0) }
            let page = Page(
                path: "docs/a.md",
                text: """
                    ```sh
                    make there
                    make gone
                    for column in y z; do descent lstsq a.csv --target $column; done
                    descent lstsq a.csv --no-such-option
                    cat a.csv | descent lstsq - --targets y
                    .make/gone
                    swift test --filter Gone
                    ```
                    <!-- pages: exits 64 -->
                    ```sh
                    descent gone
                    ```
                    """)
            #expect(try check.problems(of: page).map(\.line) == [3, 5, 6, 7, 8])
        }
    }

    @Test func writesAProgram() {
        let page = page(
            """
            ```swift
            import Descent
            let a = 1
            ```
            ```sh
            echo "a"
            make gone
            ```
            <!-- pages: not run: long -->
            ```swift
            print(a)
            ```
            """)
        let files = ProgramWriter(prelude: "").files(pages: [page], failing: [], docComments: [])
        let program = files["Page0.swift"] ?? ""
        #expect(program.hasPrefix("import Descent\n"))
        #expect(program.contains("#sourceLocation(file: \"docs/page.md\", line: 2)\n\nlet a = 1\n"))
        #expect(program.contains("try await _page.shell(\"echo \\\"a\\\"\", line: 6, isHidden: false)"))
        #expect(
            program.contains("_page.note(\"not run\", \"make gone\" + \": the target is there\", line: 7)"))
        #expect(
            program.contains(
                "if _page.isNever {\ndo {\n#sourceLocation(file: \"docs/page.md\", line: 11)\nprint(a)\n"))
        #expect(files["Pages.swift"]?.contains("PageProgram(path: \"docs/page.md\", body: page0)") == true)
    }

    /// A folder with a Makefile that has one target, two pages and a picture.
    private func withRepository(_ body: (Repository) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "pages-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        for (name, text) in [
            "Makefile": "SWIFT := swift\nthere: ## is there\n", "docs/a.md": "", "docs/b.md": "",
            "docs/images/p.svg": "", "Tests/ATests.swift": "",
        ] {
            let file = root.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        try body(Repository(root: root))
    }
}
