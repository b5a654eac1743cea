import Foundation

/// The contents of a page of DocC, blocks and inline, as HTML.
struct OfflineContent {
    let references: [String: [String: Any]]
    /// The page that they stand on.
    let path: String
    let paths: Set<String>

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    func blocks(_ blocks: [[String: Any]]) -> String { blocks.map(block).joined() }

    private func block(_ block: [String: Any]) -> String {
        let content = block["content"] as? [[String: Any]] ?? []
        switch block["type"] as? String {
        case "paragraph", "small":
            return "<p>\(inline(block["inlineContent"] as? [[String: Any]] ?? []))</p>\n"
        case "heading":
            let level = block["level"] as? Int ?? 2
            let anchor = Self.escaped(block["anchor"] as? String ?? "")
            return "<h\(level) id=\"\(anchor)\">\(Self.escaped(block["text"] as? String ?? ""))</h\(level)>\n"
        case "codeListing":
            let code = (block["code"] as? [String] ?? []).joined(separator: "\n")
            return "<pre><code>\(Self.escaped(code))</code></pre>\n"
        case "aside":
            let name = Self.escaped(block["name"] as? String ?? block["style"] as? String ?? "Note")
            return "<aside><p><strong>\(name)</strong></p>\(blocks(content))</aside>\n"
        case "unorderedList": return "<ul>\(items(block))</ul>\n"
        case "orderedList":
            let start = block["start"] as? Int ?? 1
            return "<ol start=\(start)>\(items(block))</ol>\n"
        case "termList":
            let terms = block["items"] as? [[String: Any]] ?? []
            let rows = terms.map { item in
                let term = (item["term"] as? [String: Any])?["inlineContent"] as? [[String: Any]] ?? []
                let definition = (item["definition"] as? [String: Any])?["content"] as? [[String: Any]] ?? []
                return "<dt>\(inline(term))</dt><dd>\(blocks(definition))</dd>\n"
            }
            return "<dl>\(rows.joined())</dl>\n"
        case "table": return table(block)
        case "thematicBreak": return "<hr>\n"
        default: return blocks(content)
        }
    }

    private func items(_ block: [String: Any]) -> String {
        (block["items"] as? [[String: Any]] ?? []).map {
            "<li>\(blocks($0["content"] as? [[String: Any]] ?? []))</li>\n"
        }.joined()
    }

    private func table(_ block: [String: Any]) -> String {
        let alignments = block["alignments"] as? [String] ?? []
        let rows = block["rows"] as? [[[[String: Any]]]] ?? []
        let hasHeader = block["header"] as? String != "none"
        var html = "<table>"
        for (number, row) in rows.enumerated() {
            let tag = number == 0 && hasHeader ? "th" : "td"
            html += "<tr>"
            for (column, cell) in row.enumerated() {
                let isRight = column < alignments.count && alignments[column] == "right"
                html += "<\(tag)\(isRight ? " style=\"text-align: right\"" : "")>\(blocks(cell))</\(tag)>"
            }
            html += "</tr>\n"
        }
        return html + "</table>\n"
    }

    func inline(_ content: [[String: Any]]) -> String { content.map(inlinePart).joined() }

    private func inlinePart(_ part: [String: Any]) -> String {
        let content = part["inlineContent"] as? [[String: Any]] ?? []
        switch part["type"] as? String {
        case "text": return Self.escaped(part["text"] as? String ?? "")
        case "codeVoice": return "<code>\(Self.escaped(part["code"] as? String ?? ""))</code>"
        case "emphasis", "newTerm": return "<em>\(inline(content))</em>"
        case "strong", "inlineHead": return "<strong>\(inline(content))</strong>"
        case "superscript": return "<sup>\(inline(content))</sup>"
        case "subscript": return "<sub>\(inline(content))</sub>"
        case "strikethrough": return "<s>\(inline(content))</s>"
        case "image": return image(part["identifier"] as? String ?? "")
        case "reference":
            let title = part["overridingTitleInlineContent"] as? [[String: Any]]
            return link(to: part["identifier"] as? String ?? "", text: title.map(inline))
        default: return inline(content)
        }
    }

    private func image(_ identifier: String) -> String {
        let reference = references[identifier] ?? [:]
        let variants = reference["variants"] as? [[String: Any]] ?? []
        guard let url = variants.first?["url"] as? String else { return "" }
        let source = String(repeating: "../", count: depth + 1) + OfflinePage.href(String(url.dropFirst()))
        return "<img src=\"\(source)\" alt=\"\(Self.escaped(reference["alt"] as? String ?? ""))\">"
    }

    /// How many folders deep the page lies.
    private var depth: Int { path.split(separator: "/").count - 2 }

    /// A link with a text of its own or the title of what it leads to; without a page, the text alone.
    func link(to identifier: String, text: String?) -> String {
        let reference = references[identifier] ?? [:]
        let title = text ?? self.title(reference) ?? Self.escaped(identifier)
        guard let url = reference["url"] as? String else { return title }
        if !url.hasPrefix("/") { return "<a href=\"\(Self.escaped(url))\">\(title)</a>" }
        let parts = url.split(separator: "#", maxSplits: 1).map(String.init)
        guard paths.contains(parts[0]) else { return title }
        let target = String(repeating: "../", count: depth) + OfflinePage.href(OfflinePage.file(of: parts[0]))
        let fragment = parts.count == 2 ? "#" + Self.escaped(parts[1]) : ""
        return "<a href=\"\(target)\(fragment)\">\(title)</a>"
    }

    private func title(_ reference: [String: Any]) -> String? {
        if let content = reference["titleInlineContent"] as? [[String: Any]] { return inline(content) }
        guard let title = reference["title"] as? String else { return nil }
        return reference["kind"] as? String == "symbol"
            ? "<code>\(Self.escaped(title))</code>" : Self.escaped(title)
    }

    /// A link with its declaration, for a symbol, and its summary beneath.
    func entry(_ identifier: String) -> String {
        let reference = references[identifier] ?? [:]
        let fragments = (reference["fragments"] as? [[String: Any]] ?? []).map { $0["text"] as? String ?? "" }
        let text = fragments.isEmpty ? nil : "<code>\(Self.escaped(fragments.joined()))</code>"
        let note = inline(reference["abstract"] as? [[String: Any]] ?? [])
        return link(to: identifier, text: text) + (note.isEmpty ? "" : "<p class=note>\(note)</p>")
    }
}
