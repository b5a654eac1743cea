import Foundation

/// Looks up what the commands of the pages name, without running them: targets of make, scripts, tests, options.
package struct CommandCheck {
    private let repository: Repository
    private let makeTargets: Set<String>
    /// Parses the arguments of `descent` and throws where they make no sense.
    private let parse: ([String]) throws -> Void

    package init(_ repository: Repository, parse: @escaping ([String]) throws -> Void) throws {
        self.repository = repository
        makeTargets = try repository.makeTargets()
        self.parse = parse
    }

    /// What is wrong with a page's commands.
    package func problems(of page: Page) throws -> [PageProblem] {
        var problems: [PageProblem] = []
        for block in page.blocks {
            for case .notRun(let beginning?, _) in block.remarks {
                if !block.commands.contains(where: { $0.text.hasPrefix(beginning) }) {
                    problems.append(
                        PageProblem(
                            path: page.path, line: block.line,
                            message: "a remark on '\(beginning)', and no command that begins so"))
                }
            }
            let isMeantToFail = block.remarks.contains { if case .exits(64) = $0 { true } else { false } }
            for command in block.commands where !isMeantToFail {
                for words in command.simpleCommands {
                    if let message = try problem(of: words) {
                        problems.append(PageProblem(path: page.path, line: command.line, message: message))
                    }
                }
            }
        }
        return problems
    }

    private func problem(of words: [String]) throws -> String? {
        let arguments = Array(words.dropFirst())
        switch words[0] {
        case "make":
            let target = arguments.first { !$0.contains("=") } ?? "help"
            return makeTargets.contains(target) ? nil : "the Makefile has no target \(target)"
        case "descent", ".build/release/descent":
            if arguments.contains("--help") || arguments.contains("--version") { return nil }
            do {
                // What a variable holds is not known; mostly it is a number.
                try parse(arguments.map { $0.replacing(/\$(?:\w+|\{\w+\})/, with: "1") })
                return nil
            } catch {
                return "\(words.joined(separator: " ")): \(error)"
            }
        case "swift" where arguments.first == "test":
            guard let option = arguments.firstIndex(of: "--filter"), option + 1 < arguments.count else {
                return nil
            }
            let name = arguments[option + 1]
            let isThere = try repository.files(in: "Tests", ending: ".swift").contains {
                try $0.hasSuffix("/\(name).swift") || repository.text($0).contains(name)
            }
            return isThere ? nil : "no test is called \(name)"
        case let name where name.hasPrefix("."):
            return repository.exists(name) ? nil : "there is no \(name)"
        default:
            return nil
        }
    }
}
