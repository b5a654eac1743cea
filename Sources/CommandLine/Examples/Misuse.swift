import ArgumentParser

/// An option that makes no sense in view of the data: the command ends with exit code 64.
struct Misuse: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension ParsableCommand {
    /// Runs `body`, and ends the command with one line and exit code 64 where it was misused.
    func reportingMisuse<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as Misuse {
            StandardError.write("Error: \(error)\n")
            throw ExitCode.validationFailure
        } catch let error as ColumnList.UnknownName {
            StandardError.write("Error: \(error)\n")
            throw ExitCode.validationFailure
        }
    }
}
