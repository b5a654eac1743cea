/// Why a report could not be written.
public enum ReportError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A file or folder could not be made; `reason` is the system's.
    case cannotWrite(path: String, reason: String)
    /// gnuplot ran and did not succeed; `message` is what it said.
    case gnuplotFailed(script: String, message: String)

    /// What went wrong, for people.
    public var description: String {
        switch self {
        case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
        case .gnuplotFailed(let script, let message): "gnuplot could not draw \(script): \(message)"
        }
    }
}
