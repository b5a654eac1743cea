/// A fenced block of code, or one that stands in a comment and is hidden from readers.
package struct CodeBlock: Sendable, Equatable {
    /// The first word behind the fence.
    package let language: String
    /// The number of the first line of code, from 1.
    package let line: Int
    package let code: [String]
    package let isHidden: Bool
    package let remarks: [PageRemark]

    /// Why the whole block is not run, where a remark says so.
    package var reasonNotToRun: String? {
        for case .notRun(nil, let reason) in remarks { return reason }
        return nil
    }

    /// The commands of a block of `sh` or `console`, in order; none for other languages.
    package var commands: [ShellCommand] {
        switch language {
        case "sh": ShellCommand.script(code, from: line)
        case "console": ShellCommand.transcript(code, from: line)
        default: []
        }
    }

    /// Why a command of the block is not run, where a remark says so.
    package func reasonNotToRun(_ command: ShellCommand) -> String? {
        for case .notRun(let beginning?, let reason) in remarks where command.text.hasPrefix(beginning) {
            return reason
        }
        return reasonNotToRun
    }
}
