import Foundation

/// A Markdown page as the checks see it: code, commands, links, headings and what its source says about them.
package struct Page: Sendable {
    /// The path from the root of the repository.
    package let path: String
    /// Visible and hidden blocks of code, in order.
    package let blocks: [CodeBlock]
    /// Links and pictures outside of code.
    package let links: [PageLink]
    /// The anchors of the headings, as GitHub forms them.
    package let anchors: Set<String>
    /// Where the source is not as the conventions have it.
    package let problems: [PageProblem]

    /// Reads a page's text.
    package init(path: String, text: String) {
        var parser = PageParser(path: path)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            parser.read(String(line))
        }
        self = parser.page()
    }

    package init(
        path: String, blocks: [CodeBlock], links: [PageLink], anchors: Set<String>, problems: [PageProblem]
    ) {
        self.path = path
        self.blocks = blocks
        self.links = links
        self.anchors = anchors
        self.problems = problems
    }
}

/// A link or a picture of a page.
package struct PageLink: Sendable, Equatable {
    package let target: String
    package let line: Int
    package let isPicture: Bool
}

/// Something wrong with a page, and where.
package struct PageProblem: Sendable, Equatable, CustomStringConvertible {
    package let path: String
    package let line: Int
    package let message: String

    package var description: String { "\(path):\(line): \(message)" }
}
