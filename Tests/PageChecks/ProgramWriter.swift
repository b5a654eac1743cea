import Foundation

/// Makes a Swift program of the pages: a function a page, which runs its blocks and commands in the order in which they
/// stand there.
///
/// Each block of Swift is a scope inside that of the block before it: it sees the earlier names and may declare them
/// anew. `#sourceLocation` has the compiler speak of the page's own lines.
package struct ProgramWriter {
    /// Code that is put in front of each block of a doc comment.
    private let prelude: String

    package init(prelude: String) {
        self.prelude = prelude
    }

    /// The program's files by name.
    package func files(pages: [Page], failing: [Page], docComments: [Page]) -> [String: String] {
        var files: [String: String] = [:]
        var table = "let pages: [PageProgram] = [\n"
        for (index, page) in (pages + failing).enumerated() where !page.blocks.isEmpty {
            files["Page\(index).swift"] = program(of: page, named: "page\(index)")
            let line = page.blocks.last.map { $0.commands.last?.line ?? $0.line } ?? 0
            let end = index < pages.count ? "" : ", failsAt: \(line)"
            table += "    PageProgram(path: \(page.path.debugDescription), body: page\(index)\(end)),\n"
        }
        for (index, page) in docComments.enumerated() {
            files["DocComment\(index).swift"] = program(
                of: page, named: "docComment\(index)", isDocComment: true)
        }
        let blocks = docComments.map(\.blocks.count).reduce(0, +)
        files["Pages.swift"] =
            table + "]\n\nlet docComments = \"\(blocks) blocks of code in \(docComments.count) files\"\n"
        return files
    }

    private func program(of page: Page, named name: String, isDocComment: Bool = false) -> String {
        var imports: Set<String> = ["Descent", "Foundation"]
        var outside = ""
        var body = ""
        var depth = 0
        func close() {
            body += String(repeating: "}\n", count: depth)
            depth = 0
        }
        for block in page.blocks {
            if block.remarks.contains(.newProgram) { close() }
            switch block.language {
            case "swift" where block.remarks.contains(.manifest):
                body += "try await _page.manifest(\(literal(block.code)), line: \(block.line))\n"
            case "swift":
                let code = takeImports(block.code, into: &imports)
                let located = """
                    #sourceLocation(file: \(page.path.debugDescription), line: \(block.line))
                    \(code.joined(separator: "\n"))
                    #sourceLocation()

                    """
                if code.contains(where: { $0.hasPrefix("extension ") || $0.hasPrefix("protocol ") }) {
                    outside += located
                    body += "_page.note(\"compiled\", \"declarations\", line: \(block.line))\n"
                } else if let reason = isDocComment ? "a doc comment" : block.reasonNotToRun {
                    body += "_page.note(\"compiled only\", \(reason.debugDescription), line: \(block.line))\n"
                    // The scope within is for names that the block declares and the prelude has too.
                    body += "if _page.isNever {\n\(isDocComment ? prelude : "")do {\n\(located)}\n}\n"
                } else {
                    body += "do {\n"
                    body += "_page.begin(line: \(block.line), isHidden: \(block.isHidden))\n" + located
                    depth += 1
                }
            case "python":
                body += "try await _page.python(\(literal(block.code)), line: \(block.line))\n"
            default:
                for command in block.commands { body += call(command, of: block) }
            }
        }
        close()
        return imports.sorted().map { "import \($0)\n" }.joined()
            + "\n\(outside)\nfunc \(name)(_ _page: PageRun) async throws {\n\(body)}\n"
    }

    private func call(_ command: ShellCommand, of block: CodeBlock) -> String {
        let text = command.text.debugDescription
        if let reason = block.reasonNotToRun(command) {
            return
                "_page.note(\"not run\", \(text) + \": \" + \(reason.debugDescription), line: \(command.line))\n"
        }
        if let kept = checkedWithoutRunning(command) {
            return "_page.note(\"not run\", \(text) + \": \(kept)\", line: \(command.line))\n"
        }
        var arguments = "\(text), line: \(command.line), isHidden: \(block.isHidden)"
        for case .exits(let code) in block.remarks { arguments += ", exits: \(code)" }
        // What a page shows beneath a command is compared, unless it shows nothing or the page says that it varies.
        let varies = block.remarks.contains { if case .outputVaries = $0 { true } else { false } }
        if let output = command.output, !output.allSatisfy(\.isEmpty) {
            if output[0].hasPrefix("Error:") { arguments += ", mayFail: true" }
            if !varies { arguments += ", shows: \(literal(output))" }
        }
        // `make experiments` runs them to their ends, which for some of them is minutes away.
        if command.text.hasPrefix("descent experiment ") { arguments += ", stopsAfter: 5" }
        return "try await _page.shell(\(arguments))\n"
    }

    /// Why a command needs no run: what it names was looked up by ``CommandCheck``.
    private func checkedWithoutRunning(_ command: ShellCommand) -> String? {
        guard let words = command.simpleCommands.first, let name = words.first else { return nil }
        switch name {
        case "make" where words.count > 1 && words[1] != "help": return "the target is there"
        case ".ci/run": return "the script is there"
        case "swift" where words.dropFirst().first == "test": return "the tests are there"
        default: return nil
        }
    }

    private func takeImports(_ code: [String], into imports: inout Set<String>) -> [String] {
        code.map { line in
            guard let match = line.wholeMatch(of: /import (\w+)\s*/) else { return line }
            imports.insert(String(match.1))
            return ""
        }
    }

    private func literal(_ lines: [String]) -> String {
        lines.joined(separator: "\n").debugDescription
    }
}
