import Foundation

/// Makes plain HTML pages, for a browser that reads them from a folder, of what DocC writes for its own web application.
///
/// DocC's pages fetch their contents, which browsers refuse for files. The contents are JSON in the folder `data`
/// (the format RenderNode, whose specification comes with swift-docc); here each becomes a page.
package struct OfflineSite {
    /// The folder that DocC wrote.
    private let site: URL
    /// The paths of all pages, such as `/documentation/descentmodels/mlp`.
    private let paths: Set<String>

    package init(_ site: URL) throws {
        self.site = site
        let names = FileManager.default.enumerator(atPath: site.appending(path: "data").path)
        var paths: Set<String> = []
        while let name = names?.nextObject() as? String {
            if name.hasPrefix("documentation/"), name.hasSuffix(".json") {
                paths.insert("/" + name.dropLast(5))
            }
        }
        self.paths = paths
    }

    /// Writes all pages to a folder within the site, with `index.html` for the first; returns how many.
    package func write(to folder: URL, first: String) throws -> Int {
        let manager = FileManager.default
        try? manager.removeItem(at: folder)
        var entries: [(title: String, kind: String, path: String)] = []
        for path in paths.sorted() {
            let data = try Data(contentsOf: site.appending(path: "data\(path).json"))
            guard let node = try JSONSerialization.jsonObject(with: data) as? [String: Any] else { continue }
            let page = OfflinePage(node, path: path, paths: paths)
            let file = folder.appending(path: OfflinePage.file(of: path))
            try manager.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try page.html().write(to: file, atomically: false, encoding: .utf8)
            // Members are found on their types' pages.
            if path.split(separator: "/").count == 3 { entries.append((page.title, page.kind, path)) }
        }
        try OfflinePage.style.write(
            to: folder.appending(path: "style.css"), atomically: false, encoding: .utf8)
        let start = OfflinePage.href(OfflinePage.file(of: first))
        let redirect =
            "<!doctype html><meta http-equiv=\"refresh\" content=\"0; url=\(start)\"><a href=\"\(start)\">Descent</a>\n"
        try redirect.write(to: folder.appending(path: "index.html"), atomically: false, encoding: .utf8)
        try OfflinePage.index(entries).write(
            to: folder.appending(path: "symbols.html"), atomically: false, encoding: .utf8)
        return paths.count
    }
}
