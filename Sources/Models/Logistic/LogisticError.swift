import DescentDatasets
import DescentOptimization

/// Why a logistic or softmax regression has no answer.
public enum LogisticError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The features or labels make no data set.
    case data(DatasetError)
    /// There is one class only, or none with any weight: nothing to tell apart.
    case oneClass([String])
    /// Logistic regression tells two classes apart, not so many.
    case notTwoClasses([String])
    /// These classes have no examples, or none with any weight: their intercepts would fall without end.
    case emptyClasses([String])
    /// A weight is negative or not finite; the row counts from 0.
    case invalidWeight(row: Int, value: Double)
    /// A class weight is negative or not finite, or is that of no class.
    case invalidClassWeight(String, Double)
    /// Without a penalty there is no best fit: the likelihood rises as the coefficients grow without end.
    case separable(Separation)
    /// Numbers left the range of Double.
    case notFinite(MinimizerError)

    /// What was wrong, and what to do.
    public var description: String {
        switch self {
        case .data(let error):
            error.description
        case .oneClass(let names):
            names.isEmpty
                ? "no example has any weight: there is nothing to fit"
                : "all examples are of the class \"\(names[0])\"; at least two classes are needed"
        case .notTwoClasses(let names):
            "logistic regression tells two classes apart, and there are \(names.count)"
                + " (\(names.prefix(8).joined(separator: ", "))\(names.count > 8 ? ", …" : ""));"
                + " use softmax regression"
        case .emptyClasses(let names):
            "no examples, or none with any weight, of "
                + names.map { "\"\($0)\"" }.joined(separator: ", ")
                + "; leave the class out of the names, or add examples"
        case .invalidWeight(let row, let value):
            "the weight in row \(row) (counted from 0) is \(value); weights must be 0 or more, and finite"
        case .invalidClassWeight(let name, let value):
            "the weight \(value) of class \"\(name)\": a class weight must be 0 or more and finite,"
                + " and its class one of the data"
        case .separable(let separation):
            separation.description
        case .notFinite(let error):
            error.description
        }
    }
}
