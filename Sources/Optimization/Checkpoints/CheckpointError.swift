import DescentDatasets

/// Why a checkpoint could not be written or restored.
public struct CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The ways in which a checkpoint can be unusable.
    public enum Reason: Equatable, Sendable {
        /// The file cannot be read or written, or is cut short or damaged.
        case file(DataFileError)
        /// The file is something else.
        case notACheckpoint(String)
        /// The file is of a format version that is not known here.
        case unsupportedVersion(Int)
        /// The file belongs to another run than the loop: another objective, another rule, other settings.
        case differs([Difference])
        /// The folder has checkpoints of an earlier run, which a run that does not resume would mix with its own.
        case occupied(newest: String)
        /// The file's parts do not fit together.
        case inconsistent(String)
    }

    /// Something that is one way in the file and another way in the loop.
    public struct Difference: Equatable, Sendable {
        /// What differs, such as `parameterCount` or `rule.learningRate`.
        public var name: String
        /// What the file has; `nil` for nothing.
        public var inFile: String?
        /// What the loop has; `nil` for nothing.
        public var inLoop: String?

        /// A difference.
        public init(_ name: String, inFile: String?, inLoop: String?) {
            self.name = name
            self.inFile = inFile
            self.inLoop = inLoop
        }
    }

    /// The file's path.
    public var file: String

    /// What was wrong.
    public var reason: Reason

    /// An error about a file.
    public init(file: String, reason: Reason) {
        self.file = file
        self.reason = reason
    }

    /// The file, what was wrong and, where it helps, what to do.
    public var description: String {
        switch reason {
        case .file(let error) where error.isDamage:
            return """
                \(DataFileError.printable(file)): is a damaged checkpoint, or one cut short: \(error.detail). Without \
                it a run goes on from an older one, or begins anew
                """
        case .file(let error): return error.description
        case .notACheckpoint(let what): return "\(file): is no checkpoint of a training loop: \(what)"
        case .unsupportedVersion(let version):
            return """
                \(file): is a checkpoint of format version \(version); version \(CheckpointHeader.version) is what can \
                be read here
                """
        case .differs(let differences):
            let list = differences.map {
                "\($0.name) is \($0.inFile ?? "not set") in the file and \($0.inLoop ?? "not set") in the loop"
            }
            return """
                \(file): is a checkpoint of another run: \(list.joined(separator: "; ")). Restore it into a loop that \
                is made as the saved one was
                """
        case .occupied(let newest):
            return """
                \(file): has checkpoints of an earlier run, the newest of them \(newest). Resume from them, or give \
                this run a folder of its own
                """
        case .inconsistent(let what): return "\(file): is damaged: \(what)"
        }
    }
}
