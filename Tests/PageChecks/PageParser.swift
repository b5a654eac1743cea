import Foundation

/// Reads a page line by line.
///
/// It knows as much of Markdown as the pages use: fences, comments, headings, inline links.
struct PageParser {
    private enum State {
        case text
        case code(fence: String, indentation: Int)
        case hiddenCode
        case comment
    }

    /// What a block's fence may name.
    static let languages: Set<String> = ["swift", "sh", "console", "python", "text", "json", "csv"]

    private let path: String
    private var number = 0
    private var state = State.text
    private var language = ""
    private var start = 0
    private var code: [String] = []
    private var remarks: [PageRemark] = []
    private var blocks: [CodeBlock] = []
    private var links: [PageLink] = []
    private var anchors: Set<String> = []
    private var problems: [PageProblem] = []

    init(path: String) {
        self.path = path
    }

    func page() -> Page {
        var problems = problems
        switch state {
        case .text: break
        default:
            problems.append(PageProblem(path: path, line: start, message: "what begins here does not end"))
        }
        if !remarks.isEmpty {
            problems.append(PageProblem(path: path, line: number, message: "a remark without a block"))
        }
        return Page(path: path, blocks: blocks, links: links, anchors: anchors, problems: problems)
    }

    mutating func read(_ line: String) {
        number += 1
        switch state {
        case .text:
            readText(line)
        case .code(let fence, let indentation):
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if trimmed.hasPrefix(fence), trimmed.allSatisfy({ $0 == fence.first }) {
                finishBlock(isHidden: false)
            } else {
                code.append(String(line.drop(whileAtMost: indentation) { $0 == " " }))
            }
        case .hiddenCode:
            if line.trimmingCharacters(in: .whitespaces) == "-->" {
                finishBlock(isHidden: true)
            } else {
                code.append(line)
            }
        case .comment:
            if line.contains("-->") { state = .text }
        }
    }

    private mutating func readText(_ line: String) {
        if let match = line.wholeMatch(of: /(\s*)(`{3,}|~{3,})\s*([^\s`]*).*/) {
            begin(String(match.3), .code(fence: String(match.2), indentation: match.1.count))
            if !Self.languages.contains(language) {
                let known = Self.languages.sorted().joined(separator: ", ")
                complain("a block of '\(language)'; a fence names one of \(known)")
            }
        } else if let match = line.wholeMatch(of: /\s*<!--\s*(.*?)\s*-->\s*/) {
            readRemark(String(match.1))
        } else if let match = line.wholeMatch(of: /\s*<!--\s*(swift|sh|python)\s*/) {
            begin(String(match.1), .hiddenCode)
        } else if line.trimmingCharacters(in: .whitespaces).hasPrefix("<!--") {
            start = number
            state = .comment
        } else {
            readProse(line)
        }
    }

    private mutating func begin(_ language: String, _ next: State) {
        self.language = language
        start = number + 1
        code = []
        state = next
    }

    private mutating func finishBlock(isHidden: Bool) {
        blocks.append(
            CodeBlock(language: language, line: start, code: code, isHidden: isHidden, remarks: remarks))
        remarks = []
        state = .text
    }

    private mutating func readRemark(_ text: String) {
        guard text.hasPrefix("pages:") else { return }
        let words = text.dropFirst("pages:".count).trimmingCharacters(in: .whitespaces)
        if let remark = PageRemark(words) {
            remarks.append(remark)
        } else {
            complain("no such remark: \(words)")
        }
    }

    private mutating func readProse(_ line: String) {
        if !remarks.isEmpty, !line.allSatisfy(\.isWhitespace) {
            complain("a remark belongs right before a block")
            remarks = []
        }
        if let match = line.wholeMatch(of: /#{1,6}\s+(.*?)\s*/) {
            let anchor = Self.anchor(of: String(match.1))
            var candidate = anchor
            var count = 0
            while !anchors.insert(candidate).inserted {
                count += 1
                candidate = "\(anchor)-\(count)"
            }
        }
        let withoutCode = line.replacing(/`+[^`]*`+/) { String(repeating: "x", count: $0.output.count) }
        for match in withoutCode.matches(
            of: /(!?)\[[^\[\]]*(?:!?\[[^\[\]]*\](?:\([^()]*\))?[^\[\]]*)*\]\(([^()\s]+)[^()]*\)/)
        {
            links.append(PageLink(target: String(match.2), line: number, isPicture: match.1 == "!"))
        }
    }

    /// The anchor of a heading as GitHub makes it: lower case, without punctuation, hyphens for spaces.
    static func anchor(of heading: String) -> String {
        let plain = heading.replacing(/!?\[([^\[\]]*)\]\([^()]*\)/) { String($0.1) }
        let kept = plain.lowercased().filter { $0.isLetter || $0.isNumber || "_- ".contains($0) }
        return kept.replacing(" ", with: "-")
    }

    private mutating func complain(_ message: String) {
        problems.append(PageProblem(path: path, line: number, message: message))
    }
}

extension String {
    /// What is left without at most so many leading characters that satisfy the predicate.
    fileprivate func drop(whileAtMost count: Int, _ predicate: (Character) -> Bool) -> Substring {
        var rest = self[...]
        for _ in 0..<count {
            guard let first = rest.first, predicate(first) else { break }
            rest.removeFirst()
        }
        return rest
    }
}
