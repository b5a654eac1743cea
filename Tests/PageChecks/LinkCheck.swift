import Foundation

/// Looks whether relative links lead to files and anchors that exist, and whether pictures are there and used.
package struct LinkCheck {
    private let repository: Repository
    private let pages: [String: Page]

    package init(_ repository: Repository, _ pages: [Page]) {
        self.repository = repository
        self.pages = Dictionary(pages.map { ($0.path, $0) }) { first, _ in first }
    }

    /// Links that lead nowhere.
    package func problems() -> [PageProblem] {
        pages.values.sorted { $0.path < $1.path }.flatMap { page in
            page.links.compactMap { link in
                problem(link, of: page).map { PageProblem(path: page.path, line: link.line, message: $0) }
            }
        }
    }

    private func problem(_ link: PageLink, of page: Page) -> String? {
        if link.target.contains(":") { return nil }
        let parts = link.target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0].isEmpty ? page.path : Self.resolve(String(parts[0]), from: page.path)
        guard repository.exists(path) else { return "a link to \(path), which is not there" }
        guard parts.count == 2 else { return nil }
        guard let other = pages[path] else { return "an anchor in \(path), which is no page" }
        return other.anchors.contains(String(parts[1])) ? nil : "no heading of \(path) gives #\(parts[1])"
    }

    /// Pictures beside the pages that none of them shows or links to.
    package func unusedPictures() -> [String] {
        let shown = Set(
            pages.values.flatMap { page in
                page.links.map { Self.resolve($0.target, from: page.path) }
            })
        return pictures().filter { !shown.contains($0) }
    }

    /// All pictures in docs but those that the examples read.
    package func pictures() -> [String] {
        [".svg", ".png", ".gif"].flatMap { repository.files(in: "docs", ending: $0) }
            .filter { !$0.hasPrefix("docs/data/") }
    }

    /// The path from the root that a relative one on a page means.
    package static func resolve(_ target: String, from page: String) -> String {
        var parts = page.split(separator: "/").dropLast().map(String.init)
        for part in target.split(separator: "/") where part != "." {
            if part == "..", !parts.isEmpty { parts.removeLast() } else { parts.append(String(part)) }
        }
        return parts.joined(separator: "/")
    }
}
