import Foundation

/// Makes a documentation catalog of the pages in docs: an article each, and the landing page's groups out of the index.
///
/// The pages stay what they are, plain Markdown with relative links; what DocC wants otherwise is put in here: links
/// become references, hidden comments go, and pictures, whose names are one flat space in DocC, carry their folder's.
package struct SiteCatalog {
    private let repository: Repository
    private let paths: Set<String>
    private let pictures: Set<String>
    /// The text of a heading by page and anchor.
    private let headings: [String: [String: String]]

    package init(_ repository: Repository) throws {
        self.repository = repository
        let paths = repository.files(in: "docs", ending: ".md")
        self.paths = Set(paths)
        pictures = Set(LinkCheck(repository, []).pictures())
        var headings: [String: [String: String]] = [:]
        for path in paths {
            for line in try repository.text(path).split(separator: "\n") where line.hasPrefix("#") {
                let text = line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces)
                headings[path, default: [:]][PageParser.anchor(of: text)] = text
            }
        }
        self.headings = headings
    }

    /// The catalog's files by name: texts, and for pictures where they lie in the repository.
    package func files() throws -> (articles: [String: String], pictures: [String: String]) {
        var articles: [String: String] = [:]
        for path in paths where path != "docs/README.md" {
            articles[Self.name(path) + ".md"] = try article(path)
        }
        articles["Descent.md"] = try landingPage()
        return (articles, Dictionary(uniqueKeysWithValues: pictures.map { (Self.name($0), $0) }))
    }

    /// `docs/how-to/resume-a-run.md` is `how-to-resume-a-run`.
    static func name(_ path: String) -> String {
        let name = path.split(separator: "/").dropFirst().joined(separator: "-")
        return name.hasSuffix(".md") ? String(name.dropLast(3)) : name
    }

    /// The page as DocC wants it.
    func article(_ path: String) throws -> String {
        var result: [String] = []
        var isCode = false
        var isComment = false
        for line in try repository.text(path).split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init)
        {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if trimmed.hasPrefix("```") { isCode.toggle() }
            if !isCode, trimmed.hasPrefix("<!--") { isComment = true }
            if !isComment {
                // The title stands in lists, where marks would be shown as they are.
                let text = result.isEmpty && !isCode ? String(line.filter { $0 != "`" }) : line
                result.append(isCode ? line : rewritten(text, on: path))
            }
            if isComment, trimmed.hasSuffix("-->") { isComment = false }
        }
        return result.joined(separator: "\n")
    }

    private func rewritten(_ line: String, on page: String) -> String {
        line.replacing(/(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^()\s]+)\)/) { match in
            let whole = String(match.0)
            // Within code nothing is a link.
            let before = line[..<match.range.lowerBound]
            if before.count(where: { $0 == "`" }) % 2 == 1 || match.3.contains(":") { return whole }
            let text = String(match.2)
            if !match.1.isEmpty {
                return "![\(text)](\(Self.name(LinkCheck.resolve(String(match.3), from: page))))"
            }
            return link(text, to: String(match.3), on: page)
        }
    }

    private func link(_ text: String, to target: String, on page: String) -> String {
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let path = parts[0].isEmpty ? page : LinkCheck.resolve(parts[0], from: page)
        if path == "docs/README.md" { return "[\(text)](doc:/documentation/Descent)" }
        // A link to a picture shows it: DocC has no page of it.
        if pictures.contains(path) { return "![\(text)](\(Self.name(path)))" }
        // The rest of the repository is not part of the site.
        guard paths.contains(path) else { return text }
        var reference = "doc:\(Self.name(path))"
        if parts.count == 2, let heading = headings[path]?[parts[1]] {
            let fragment = heading.replacing(" ", with: "-")
            reference +=
                "#" + (fragment.addingPercentEncoding(withAllowedCharacters: .urlFragmentAllowed) ?? "")
        }
        return "[\(text)](\(reference))"
    }

    /// The landing page with a group for each section of the index, and the experiments.
    private func landingPage() throws -> String {
        var text = try repository.text("Sources/Descent/Documentation.docc/Descent.md") + "\n## Topics\n"
        var group = ""
        var listed: Set<String> = []
        let index = Page(path: "docs/README.md", text: try repository.text("docs/README.md"))
        var links = index.links[...]
        for (offset, line) in try repository.text("docs/README.md").split(
            separator: "\n", omittingEmptySubsequences: false
        ).enumerated() {
            if line.hasPrefix("## ") { group = String(line.dropFirst(3)) }
            while let link = links.first, link.line == offset + 1 {
                links.removeFirst()
                let path = LinkCheck.resolve(link.target, from: index.path)
                guard paths.contains(path), listed.insert(path).inserted else { continue }
                if !group.isEmpty { text += "\n### \(group)\n\n" }
                group = ""
                text += "- <doc:\(Self.name(path))>\n"
            }
        }
        let rest = paths.subtracting(listed).subtracting([index.path]).sorted()
        if !rest.isEmpty { text += "\n### Experiments\n\n" }
        text += rest.map { "- <doc:\(Self.name($0))>\n" }.joined()
        let rooms = ["LinearAlgebra", "Datasets", "Optimization", "Models", "Reports"]
        return text + "\n### The library\n\n" + rooms.map { "- ``/Descent\($0)``\n" }.joined()
    }
}
