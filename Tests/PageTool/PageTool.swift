import Foundation
import PageChecks

/// Makes files of the pages; scripts run it in the root of the repository.
@main
struct PageTool {
    private static let rooms = [
        "DescentLinearAlgebra", "DescentDatasets", "DescentOptimization", "DescentModels", "DescentReports",
    ]

    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 2, let verb = arguments.first, let target = arguments.last else { usage() }
        let repository = Repository(root: URL(filePath: FileManager.default.currentDirectoryPath))
        let folder = URL(filePath: target)
        switch verb {
        case "program": try writeProgram(of: repository, to: folder)
        case "site": try writeSite(of: repository, to: folder)
        case "undocumented":
            let found = try ReferenceCheck.undocumented(in: folder)
            found.forEach { print($0) }
            exit(found.isEmpty ? 0 : 1)
        case "offline":
            let ungrouped = try ReferenceCheck.ungrouped(in: folder, rooms: rooms)
            for (room, names) in ungrouped.sorted(by: { $0.key < $1.key }) {
                print("note: in no group of \(room).docc: \(names.joined(separator: ", "))")
            }
            let count = try OfflineSite(folder).write(
                to: folder.appending(path: "offline"), first: "/documentation/descent")
            print("\(count) pages in \(target)/offline")
        default: usage()
        }
    }

    /// The program of `make pages`; none where a page breaks the conventions, or a link.
    private static func writeProgram(of repository: Repository, to folder: URL) throws {
        let pages = try repository.pages()
        let problems = pages.flatMap(\.problems) + LinkCheck(repository, pages).problems()
        guard problems.isEmpty else {
            FileHandle.standardError.write(Data(problems.map { "\($0)\n" }.joined().utf8))
            exit(1)
        }
        let writer = try ProgramWriter(prelude: repository.text("Tests/PageTool/doc-comments.txt"))
        try write(
            writer.files(
                pages: pages, failing: repository.failingPages(),
                docComments: repository.docComments()),
            to: folder)
    }

    /// What `make docs` builds in place of `Sources/Descent`: the same with the pages in its catalog.
    private static func writeSite(of repository: Repository, to folder: URL) throws {
        let (articles, pictures) = try SiteCatalog(repository).files()
        try? FileManager.default.removeItem(at: folder)
        try write(["Descent.swift": repository.text("Sources/Descent/Descent.swift")], to: folder)
        let catalog = folder.appending(path: "Documentation.docc")
        try write(articles, to: catalog)
        for (name, path) in pictures {
            try FileManager.default.copyItem(
                at: repository.root.appending(path: path), to: catalog.appending(path: name))
        }
    }

    /// Puts the files into the folder; one that is the same already is left alone, and what else is there goes.
    private static func write(_ files: [String: String], to folder: URL) throws {
        let manager = FileManager.default
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in try manager.contentsOfDirectory(atPath: folder.path) where files[name] == nil {
            try manager.removeItem(at: folder.appending(path: name))
        }
        for (name, text) in files {
            let file = folder.appending(path: name)
            if (try? String(contentsOf: file, encoding: .utf8)) != text {
                try text.write(to: file, atomically: true, encoding: .utf8)
            }
        }
    }

    private static func usage() -> Never {
        FileHandle.standardError.write(
            Data("usage: page-tool program|site|undocumented|offline FOLDER\n".utf8))
        exit(64)
    }
}
