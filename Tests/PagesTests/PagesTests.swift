import Foundation
import PageChecks
import Testing

@testable import DescentCommand

/// The pages as they stand; `make pages` compiles and runs what they say.
@Suite struct PagesTests {
    private static let repository = Repository(
        root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent())
    private static let pages = try! repository.pages()

    @Test func findsThem() {
        let paths = Set(Self.pages.map(\.path))
        #expect(paths.isSuperset(of: ["README.md", "docs/README.md", "docs/design.md"]))
        #expect(paths.contains { $0.hasSuffix(".docc/Descent.md") })
    }

    @Test(arguments: pages) func followsTheConventions(_ page: Page) {
        #expect(page.problems == [])
    }

    @Test func doesSoInDocComments() throws {
        let comments = try Self.repository.docComments()
        #expect(!comments.isEmpty)
        #expect(comments.flatMap(\.problems) == [])
    }

    @Test func linksLeadSomewhere() {
        #expect(LinkCheck(Self.repository, Self.pages).problems() == [])
    }

    @Test func everyPictureIsShown() {
        #expect(LinkCheck(Self.repository, Self.pages).unusedPictures() == [])
    }

    @Test func everyPictureHasACommand() throws {
        let rows = try Self.repository.text("docs/README.md").matches(
            of: /\| `docs\/([^`]+)` \| `make ([a-z]+)` \|/)
        let targets = try Self.repository.makeTargets()
        for row in rows { #expect(targets.contains(String(row.2))) }
        for picture in LinkCheck(Self.repository, Self.pages).pictures() {
            let isCovered = rows.contains { fnmatch("docs/\($0.1)", picture, 0) == 0 }
            #expect(isCovered, "docs/README.md names no command that makes \(picture)")
        }
    }

    @Test func everyPageIsInTheIndex() throws {
        let index = try #require(Self.pages.first { $0.path == "docs/README.md" })
        let linked = Set(index.links.map { LinkCheck.resolve($0.target, from: index.path) })
        for page in Self.pages where page.path.hasPrefix("docs/") && page.path != index.path {
            let isLinked = linked.contains(page.path) || linked.contains { page.path.hasPrefix("\($0)/") }
            #expect(isLinked, "docs/README.md has no link to \(page.path)")
        }
    }

    @Test(arguments: pages) func commandsMakeSense(_ page: Page) throws {
        let check = try CommandCheck(Self.repository) { _ = try DescentCommand.parseAsRoot($0) }
        #expect(try check.problems(of: page) == [])
    }
}

extension Page: CustomTestStringConvertible {
    /// The path, which tells one page from another.
    public var testDescription: String { path }
}
