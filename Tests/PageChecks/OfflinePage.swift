import Foundation

/// One page of DocC as plain HTML.
struct OfflinePage {
    let title: String
    let kind: String
    private let node: [String: Any]
    private let path: String
    private let writer: OfflineContent

    init(_ node: [String: Any], path: String, paths: Set<String>) {
        let metadata = node["metadata"] as? [String: Any] ?? [:]
        title = metadata["title"] as? String ?? path
        kind = metadata["roleHeading"] as? String ?? ""
        self.node = node
        self.path = path
        writer = OfflineContent(
            references: node["references"] as? [String: [String: Any]] ?? [:], path: path, paths: paths)
    }

    /// The file of a page, from the folder of all.
    static func file(of path: String) -> String { String(path.dropFirst("/documentation/".count)) + ".html" }

    /// A relative path as it has to stand in a link.
    static func href(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).map {
            $0.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "-_.~")))
                ?? ""
        }.joined(separator: "/")
    }

    func html() -> String {
        var body = breadcrumbs() + "<h1>\(OfflineContent.escaped(title))</h1>\n"
        if !kind.isEmpty, kind != "Article" {
            body = body.replacing("<h1>", with: "<p class=kind>\(kind)</p>\n<h1>")
        }
        if let abstract = node["abstract"] as? [[String: Any]] {
            body += "<p class=abstract>\(writer.inline(abstract))</p>\n"
        }
        for section in node["primaryContentSections"] as? [[String: Any]] ?? [] { body += primary(section) }
        for (key, heading) in [
            ("topicSections", "Topics"), ("defaultImplementationsSections", "Default implementations"),
            ("relationshipsSections", "Relationships"), ("seeAlsoSections", "See also"),
        ] {
            let sections = node[key] as? [[String: Any]] ?? []
            if !sections.isEmpty { body += "<h2>\(heading)</h2>\n" }
            for section in sections { body += topics(section) }
        }
        return Self.page(title, body, depth: depth)
    }

    /// How many folders deep the page lies.
    private var depth: Int { path.split(separator: "/").count - 2 }

    private func breadcrumbs() -> String {
        let hierarchy = (node["hierarchy"] as? [String: Any])?["paths"] as? [[String]] ?? []
        let links = (hierarchy.first ?? []).map { writer.link(to: $0, text: nil) }
        return links.isEmpty ? "" : "<nav>\(links.joined(separator: " › "))</nav>\n"
    }

    private func primary(_ section: [String: Any]) -> String {
        switch section["kind"] as? String {
        case "declarations":
            let declarations = section["declarations"] as? [[String: Any]] ?? []
            return declarations.map { declaration in
                let tokens = declaration["tokens"] as? [[String: Any]] ?? []
                let text = tokens.map { token in
                    let text = OfflineContent.escaped(token["text"] as? String ?? "")
                    return (token["identifier"] as? String).map { writer.link(to: $0, text: text) } ?? text
                }
                return "<pre class=declaration>\(text.joined())</pre>\n"
            }.joined()
        case "parameters":
            let parameters = section["parameters"] as? [[String: Any]] ?? []
            let items = parameters.map { parameter in
                "<dt><code>\(OfflineContent.escaped(parameter["name"] as? String ?? ""))</code></dt><dd>"
                    + writer.blocks(parameter["content"] as? [[String: Any]] ?? []) + "</dd>\n"
            }
            return "<h2>Parameters</h2>\n<dl>\(items.joined())</dl>\n"
        case "content":
            return writer.blocks(section["content"] as? [[String: Any]] ?? [])
        default:
            return ""
        }
    }

    private func topics(_ section: [String: Any]) -> String {
        let items = (section["identifiers"] as? [String] ?? []).map { "<li>\(writer.entry($0))</li>\n" }
        let title = OfflineContent.escaped(section["title"] as? String ?? "")
        return "<h3>\(title)</h3>\n<ul class=topics>\n\(items.joined())</ul>\n"
    }

    /// A page that lists the symbols and articles of all rooms.
    static func index(_ entries: [(title: String, kind: String, path: String)]) -> String {
        let rows = entries.sorted { $0.title.lowercased() < $1.title.lowercased() }.map {
            "<tr><td><a href=\"\(href(file(of: $0.path)))\">\(OfflineContent.escaped($0.title))</a></td>"
                + "<td>\($0.kind)</td><td>\($0.path.split(separator: "/")[1])</td></tr>\n"
        }
        return page(
            "All symbols and pages", "<h1>All symbols and pages</h1>\n<table>\(rows.joined())</table>\n",
            depth: 0)
    }

    private static func page(_ title: String, _ body: String, depth: Int) -> String {
        let up = String(repeating: "../", count: depth)
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(OfflineContent.escaped(title))</title><link rel="stylesheet" href="\(up)style.css"></head><body>
            <header><a href="\(up)descent.html">Descent</a> <a href="\(up)symbols.html">All symbols and pages</a></header>
            <main>
            \(body)</main></body></html>

            """
    }

    static let style = """
        body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #222; background: #fff }
        header { background: #2b3a4a; padding: .6em 1em } header a { color: #fff; margin-right: 1.5em }
        main { max-width: 56em; margin: 0 auto; padding: 1em }
        nav, .kind { color: #666; font-size: .9em } .kind { margin: 1em 0 -1em }
        .abstract { font-size: 1.1em } a { color: #0a58a8; text-decoration: none } a:hover { text-decoration: underline }
        code, pre { font: .88em/1.45 ui-monospace, monospace } code { background: #f2f4f6; padding: .1em .25em }
        pre { background: #f2f4f6; padding: .8em 1em; overflow-x: auto } pre code { background: none; padding: 0; font-size: 1em }
        .declaration { border-left: 3px solid #2b3a4a; white-space: pre-wrap }
        table { border-collapse: collapse; margin: 1em 0; display: block; overflow-x: auto }
        td, th { border: 1px solid #ddd; padding: .3em .6em; vertical-align: top; text-align: left }
        td p, th p, dd p, li p { margin: 0 } img { max-width: 100%; background: #fff } dd { margin-left: 2em }
        aside { border-left: 3px solid #c90; padding: .1em 1em; background: #fdf8ec }
        .topics { list-style: none; padding: 0 } .topics li { margin: .5em 0 } .topics .note { margin: 0 0 0 2em }

        """
}
