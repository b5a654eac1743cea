import Foundation

/// A command of a page: one line of shell, continued where a backslash, a here-document or a loop says so.
package struct ShellCommand: Sendable, Equatable {
    package let text: String
    package let line: Int
    /// What the page shows beneath it; nil where a page shows commands alone.
    package let output: [String]?

    /// Every line of a script.
    static func script(_ lines: [String], from first: Int) -> [ShellCommand] {
        var commands: [ShellCommand] = []
        var index = 0
        while index < lines.count {
            let start = index
            let text = takeCommand(lines, &index)
            let words = text.trimmingCharacters(in: .whitespaces)
            if words.isEmpty || words.hasPrefix("#") { continue }
            commands.append(ShellCommand(text: text, line: first + start, output: nil))
        }
        return commands
    }

    /// The lines behind `$ `, each with what stands beneath it.
    static func transcript(_ lines: [String], from first: Int) -> [ShellCommand] {
        var commands: [ShellCommand] = []
        var index = 0
        while index < lines.count {
            guard lines[index].hasPrefix("$ ") else {
                index += 1
                continue
            }
            let start = index
            let text = takeCommand(
                [String(lines[index].dropFirst(2))] + lines[(index + 1)...], &index, from: start)
            let end = lines[index...].firstIndex { $0.hasPrefix("$ ") } ?? lines.count
            commands.append(ShellCommand(text: text, line: first + start, output: Array(lines[index..<end])))
            index = end
        }
        return commands
    }

    private static func takeCommand(_ lines: [String], _ index: inout Int, from offset: Int = 0) -> String {
        var text = lines[index - offset]
        index += 1
        while text.hasSuffix("\\"), index - offset < lines.count {
            text += "\n" + lines[index - offset]
            index += 1
        }
        // A loop or a condition goes on to its end.
        while depth(of: text) > 0, index - offset < lines.count {
            text += "\n" + lines[index - offset]
            index += 1
        }
        if let match = text.firstMatch(of: /<<-?\s*(['"]?)(\w+)\1/) {
            let end = String(match.2)
            while index - offset < lines.count {
                let line = lines[index - offset]
                text += "\n" + line
                index += 1
                if line.trimmingCharacters(in: .whitespaces) == end { break }
            }
        }
        return text
    }

    /// How many loops and conditions are open at the end of a text.
    private static func depth(of text: String) -> Int {
        var depth = 0
        for words in ShellCommand(text: text, line: 0, output: nil).clauses {
            if ["for", "while", "until", "if", "case"].contains(words[0]) { depth += 1 }
            if ["done", "fi", "esac"].contains(words[0]) { depth -= 1 }
        }
        return depth
    }

    /// The words of each simple command in the line, quotes removed: `a 'b c' | d; e` is `[[a, b c], [d], [e]]`.
    ///
    /// Redirections and words of the shell's own are left out, and what follows a here-document's first line is ignored.
    package var simpleCommands: [[String]] {
        clauses.compactMap { words in
            let command = words.drop {
                ["do", "then", "else", "if", "while", "until", "!", "{"].contains($0)
            }
            let isShell = ["for", "case", "in", "done", "fi", "esac", "}"].contains(command.first ?? "for")
            return isShell ? nil : Array(command)
        }
    }

    private var clauses: [[String]] {
        var commands: [[String]] = [[]]
        var word = ""
        var isWord = false
        var quote: Character?
        var isTarget = false
        func finish() {
            if isWord {
                if !isTarget { commands[commands.count - 1].append(word) }
                isTarget = false
            }
            word = ""
            isWord = false
        }
        var rest = text.replacing("\\\n", with: " ")[...]
        if rest.contains("<<") { rest = rest.prefix { $0 != "\n" } }
        while let character = rest.popFirst() {
            if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
                continue
            }
            switch character {
            case "'", "\"":
                quote = character
                isWord = true
            case "\\":
                if let next = rest.popFirst() {
                    word.append(next)
                    isWord = true
                }
            case " ", "\t": finish()
            case "#" where !isWord: rest = rest.drop { $0 != "\n" }
            case ">", "<":
                // A number before it is a file descriptor.
                if isWord, word.allSatisfy(\.isNumber) {
                    word = ""
                    isWord = false
                }
                finish()
                while let next = rest.first, next == ">" || next == "<" || next == "&" { rest.removeFirst() }
                isTarget = true
            case "|", ";", "&", "\n":
                finish()
                while let next = rest.first, next == "|" || next == "&" { rest.removeFirst() }
                commands.append([])
            default:
                word.append(character)
                isWord = true
            }
        }
        finish()
        return commands.filter { !$0.isEmpty }
    }
}
