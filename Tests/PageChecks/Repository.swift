import Foundation

/// The folder of the repository, and the pages and doc comments in it.
package struct Repository: Sendable {
    package let root: URL

    package init(root: URL) {
        self.root = root.standardizedFileURL
    }

    /// The README, all of docs, and the pages of the documentation catalogs.
    package func pages() throws -> [Page] {
        let paths =
            ["README.md"] + files(in: "docs", ending: ".md")
            + files(in: "Sources", ending: ".md").filter { $0.contains(".docc/") }
        return try paths.map { try Page(path: $0, text: text($0)) }
    }

    /// Pages that fail at their last block or command: `make pages` runs them too, and asks that they do.
    package func failingPages() throws -> [Page] {
        try files(in: "Tests/PagesTests/Fixtures", ending: ".md").map { try Page(path: $0, text: text($0)) }
    }

    /// The blocks of Swift in doc comments of public declarations, a page for each file that has any.
    package func docComments() throws -> [Page] {
        try files(in: "Sources", ending: ".swift").compactMap { path in
            let text = try text(path)
            guard text.contains("/// ```") else { return nil }
            let page = Page(path: path, text: Self.publicComments(text))
            return Page(path: path, blocks: page.blocks, links: [], anchors: [], problems: page.problems)
        }
    }

    /// The text with nothing left but the contents of doc comments before public declarations, line for line.
    static func publicComments(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.drop { $0 == " " }
        }
        var kept = [Substring](repeating: "", count: lines.count)
        var start = 0
        while start < lines.count {
            let end = lines[start...].firstIndex { !$0.hasPrefix("///") } ?? lines.count
            // Attributes may stand between the comment and the declaration.
            let declaration = lines[end...].first { !$0.hasPrefix("@") || $0.contains(" ") } ?? ""
            if declaration.split(separator: " ").contains("public") {
                for index in start..<end { kept[index] = lines[index].dropFirst(3).drop { $0 == " " } }
            }
            start = max(end, start + 1)
        }
        return kept.joined(separator: "\n")
    }

    /// The targets of the Makefile.
    package func makeTargets() throws -> Set<String> {
        var targets: Set<String> = []
        for line in try text("Makefile").split(separator: "\n") {
            if let match = line.firstMatch(of: /^([a-z]+):(?!=)/) { targets.insert(String(match.1)) }
        }
        return targets
    }

    package func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    package func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// The paths, from the root, of the files somewhere in a folder whose names end so; sorted.
    package func files(in folder: String, ending: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
        var paths: [String] = []
        while let name = names?.nextObject() as? String {
            if name.hasSuffix(ending), !name.hasPrefix(".") { paths.append("\(folder)/\(name)") }
        }
        return paths.sorted()
    }
}
