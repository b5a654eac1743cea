import DescentDatasets

extension FeatureCoding {
    /// A line for each categorical column.
    var lines: [String] {
        terms.compactMap { term in
            guard let levels = term.levels else { return nil }
            let reference = term.reference.map { "reference level \"\(DataFileError.printable($0))\"" }
            return
                "\(DataFileError.printable(term.column)): \(levels.count) level\(levels.count == 1 ? "" : "s"), "
                + (reference ?? "each with its own coefficient")
        }
    }

    /// An object for each categorical column.
    var json: JSONText {
        .array(
            terms.compactMap { term in
                guard let levels = term.levels else { return nil }
                return .object([
                    ("column", .string(term.column)), ("levels", .strings(levels)),
                    ("reference", term.reference.map(JSONText.string) ?? .null),
                ])
            })
    }
}
