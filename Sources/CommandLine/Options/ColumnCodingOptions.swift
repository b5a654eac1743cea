import ArgumentParser
import Descent
import DescentDatasets

/// How columns of text and missing values of a file become features.
struct ColumnCodingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Columns of numbers that are categories, like text.", valueName: "columns"))
    var categorical: String?

    @Option(
        help: ArgumentHelp(
            "The reference level of a categorical column (may be repeated).", valueName: "column=level"))
    var reference: [String] = []

    @OptionGroup var missingValues: MissingValuesOption

    /// What to do about missing values.
    var missing: MissingValues { missingValues.missing ?? .refuse }

    /// The option that was given and has a meaning for files of columns only; `nil` for none.
    var used: String? {
        categorical != nil
            ? "categorical"
            : !reference.isEmpty ? "reference" : missingValues.missing != nil ? "missing" : nil
    }

    func validate() throws {
        for item in reference where !item.dropFirst().contains("=") {
            throw ValidationError(
                "--reference needs a column and a level, as in region=north, not \"\(item)\".")
        }
    }

    /// The names of the columns of a file that are categories whatever they hold, and the reference levels that were
    /// asked for.
    ///
    /// - Parameter features: The places of the features.
    func categories(
        in file: ColumnFile, features: [Int]
    ) throws -> (names: Set<String>, references: [String: String]) {
        var names: Set<String> = []
        var references: [String: String] = [:]
        if let categorical {
            names = Set(try ColumnList.places(of: categorical, in: file).map { file.columnNames[$0] })
        }
        for item in reference {
            let sign = item.firstIndex(of: "=") ?? item.startIndex
            guard let place = try ColumnList.places(of: String(item[..<sign]), in: file).first else {
                continue
            }
            references[file.columnNames[place]] = String(item[item.index(after: sign)...])
        }
        let known = Set(features.map { file.columnNames[$0] })
        if let stray = names.union(references.keys).sorted().first(where: { !known.contains($0) }) {
            throw Misuse("\(DataFileError.printable(stray)) is to be categorical, but is no feature.")
        }
        return (names, references)
    }
}

/// `--missing`: what to do about values that are not there.
struct MissingValuesOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            What to do about missing values in a file of columns (empty, NA, N/A, NULL, ?, . or nan): refuse them, \
            drop the row, or put the mean of the feature there. (default: refuse)
            """, valueName: "policy"))
    var missing: MissingValues?
}
