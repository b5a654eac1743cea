import Descent
import DescentDatasets

extension Examples {
    /// Where features have no value of their own, but a mean.
    struct Gaps: Sendable {
        /// The places of the gaps: example and feature.
        private(set) var places: [(example: Int, feature: Int)] = []

        var isEmpty: Bool { places.isEmpty }
        var count: Int { places.count }

        init() {}

        /// The gaps of some rows.
        ///
        /// - Parameter columns: A column for each term of the coding.
        init(_ columns: [Table.Column], rows: [Int], _ coding: FeatureCoding) {
            var feature = 0
            for (column, term) in zip(columns, coding.terms) {
                if term.levels == nil, let numbers = column.numbers {
                    for (example, row) in rows.enumerated() where numbers[row].isNaN {
                        places.append((example, feature))
                    }
                }
                feature += term.featureNames.count
            }
        }
    }

    /// The examples with means of some of them in the gaps, those to be trained on: the others must not be known.
    ///
    /// - Throws: ``Refusal`` where none of them has a value of a feature that others lack.
    func filled(byMeansOf chosen: [Int32]) throws -> Examples {
        guard !gaps.isEmpty, let coding else { return self }
        var values = try features.values(as: Double.self, .nearest)
        let width = featureCount
        var isGap: Set<Int> = []
        for gap in gaps.places { isGap.insert(gap.example * width + gap.feature) }
        var means: [Int: Double] = [:]
        var terms: [FeatureCoding.Term] = []
        var feature = 0
        for term in coding.terms {
            defer { feature += term.featureNames.count }
            guard term.mean != nil else {
                terms.append(term)
                continue
            }
            var (mean, count) = (0.0, 0.0)
            for example in chosen {
                let place = Int(example) * width + feature
                if isGap.contains(place) { continue }
                count += 1
                // Term by term: a sum could overflow.
                mean += values[place] / count - mean / count
            }
            guard count > 0 else {
                throw Refusal(
                    """
                    \(source): "\(DataFileError.printable(term.column))" has no value in the rows to train on, so \
                    that it has no mean
                    """)
            }
            means[feature] = mean
            terms.append(.init(column: term.column, mean: mean))
        }
        for gap in gaps.places {
            if let mean = means[gap.feature] { values[gap.example * width + gap.feature] = mean }
        }
        var examples = self
        examples.features = NumericArray(values, shape: features.shape)
        examples.coding = FeatureCoding(terms: terms)
        return examples
    }
}
