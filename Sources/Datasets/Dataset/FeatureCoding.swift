/// How the columns of a table become the features of a model.
///
/// Numbers stay as they are. A column of text becomes a column of zeros and ones for each of its levels but the
/// reference, named `column[level]`: its coefficient is the difference from the reference level. Model files hold the
/// coding, so that a model takes the columns that it was trained with.
public struct FeatureCoding: Sendable, Equatable, Codable {
    /// One column of the table.
    public struct Term: Sendable, Equatable, Codable {
        /// The column's name.
        public let column: String
        /// The texts that a categorical column may hold; `nil` for numbers.
        public let levels: [String]?
        /// The level without a feature of its own; `nil` for numbers and where every level has one.
        public let reference: String?
        /// What stands in for a missing number; `nil` where none was wanted.
        public let mean: Double?

        /// A column of numbers, or with `levels` one of texts.
        public init(column: String, levels: [String]? = nil, reference: String? = nil, mean: Double? = nil) {
            self.column = column
            self.levels = levels
            self.reference = reference
            self.mean = mean
        }

        /// The levels that have a feature.
        public var coded: [String] { (levels ?? []).filter { $0 != reference } }

        /// The names of the features that the column becomes.
        public var featureNames: [String] { levels == nil ? [column] : coded.map { "\(column)[\($0)]" } }
    }

    /// The columns, in the order of their features.
    public let terms: [Term]

    /// A coding of these columns.
    public init(terms: [Term]) { self.terms = terms }

    /// The names of the features, in their order.
    public var featureNames: [String] { terms.flatMap(\.featureNames) }

    /// Whether a column is coded by its levels.
    public var hasCategories: Bool { terms.contains { $0.levels != nil } }

    /// Whether features are the columns as they are, so that names alone say as much.
    package var isPlain: Bool { !hasCategories && terms.allSatisfy { $0.mean == nil } }

    /// What makes no coding of it, in words; `nil` for nothing.
    package var problem: String? {
        var columns: Set<String> = []
        for term in terms {
            guard columns.insert(term.column).inserted else {
                return "it takes the column \"\(DataFileError.printable(term.column))\" twice"
            }
            if let mean = term.mean, !mean.isFinite { return "a mean of its columns is \(mean)" }
            guard let levels = term.levels else { continue }
            guard Set(levels).count == levels.count, term.reference.map(levels.contains) ?? true else {
                return "the levels of \"\(DataFileError.printable(term.column))\" do not fit together"
            }
        }
        return nil
    }
}
