import ArgumentParser
import Descent
import DescentDatasets

/// What is minimized in place of the sum of squares, or under which conditions.
enum LeastSquaresVariant: Sendable, Equatable {
    /// The sum of squares and a penalty.
    case ridge(RidgeRegression.Penalty)
    /// Another loss.
    case robust(RobustRegression.Loss)
    /// The sum of squares with coefficients of 0 or more.
    case nonNegative
    /// The sum of squares under linear equations.
    case constrained

    /// The losses by the names that a person gives them.
    enum Loss: String, ExpressibleByArgument, CaseIterable {
        /// Huber's.
        case huber
        /// A power of the error's magnitude.
        case power
        /// The error's magnitude.
        case absolute
    }
}

/// The fit of one target by a variant of least squares, with what is to be said about it.
struct VariantFit: Sendable, Codable {
    /// A number or a text of the report.
    struct Member: Sendable, Codable {
        let name: String
        var number: Double?
        var integer: Int?
        var text: String?
    }

    let target: String
    /// `ridge`, `huber`, `power`, `nonNegative` or `constrained`.
    let method: String
    /// What the report calls it.
    let title: String
    let observations: Int
    let isWeighted: Bool
    let model: LinearFit
    /// What JSON says beyond what all fits have.
    let members: [Member]
    /// The lines under the table of coefficients.
    let lines: [String]
    /// What to know about the standard errors.
    let notes: [String]
    let warnings: [String]
}

extension VariantFit.Member {
    /// The value alone.
    var json: JSONText {
        if let integer { return .integer(integer) }
        if let text { return .string(text) }
        return .optional(number)
    }
}

extension VariantFit {
    /// The table of coefficients and what is said about it.
    var summary: String {
        let features = model.featureNames.count
        var heading = "\(title): \(DataFileError.printable(target)) from \(features) feature"
        heading += (features == 1 ? "" : "s") + (model.degree > 1 ? " to degree \(model.degree)" : "")
        heading += (model.hasIntercept ? "" : ", no intercept")
        heading += ", \(LeastSquaresOutput.count(observations, "row"))" + (isWeighted ? ", weighted" : "")
        let all =
            [heading, ""] + Coefficient.table(model.coefficients, confidence: model.confidence) + [""] + lines
            + notes.map { "Note: \($0)." } + warnings.map { "Warning: \($0)." }
        return all.map { $0 + "\n" }.joined()
    }
}
