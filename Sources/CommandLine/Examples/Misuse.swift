import ArgumentParser

/// An option that makes no sense in view of the data: the command ends with exit code 64.
struct Misuse: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// A first word that is none of the subcommands, and what was probably meant.
    init(unknown words: [String], of known: [String], as kind: String) {
        let word = words.first { !$0.hasPrefix("-") }
        guard let word else {
            self.init("Unknown option '\(words.first ?? "")'.")
            return
        }
        do {
            _ = try WordList.choice(word, of: known, as: kind)
            self.init("there is no \(kind) '\(word)'. Known: \(known.joined(separator: ", ")).")
        } catch let error as ValidationError {
            self.init(error.message)
        } catch {
            self.init("\(error)")
        }
    }
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
