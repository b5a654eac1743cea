/// Why data cannot be divided into folds.
public enum SelectionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// More folds than examples.
    case tooFewExamples(count: Int, folds: Int)

    /// More folds than groups.
    case tooFewGroups(count: Int, folds: Int)

    /// Folds with the same share of every class were asked for, and the data have no classes.
    case noClasses

    /// Every class has fewer examples than there are folds.
    case classesTooSmall(largest: Int, folds: Int)

    /// What was wrong, and what may help.
    public var description: String {
        switch self {
        case .tooFewExamples(let count, let folds):
            "\(count) examples do not make \(folds) folds; each fold needs at least one"
        case .tooFewGroups(let count, let folds):
            "\(count) groups do not make \(folds) folds; a group is never divided, so ask for at most \(count)"
        case .noClasses:
            "stratified folds need classes, and these data have none; take .kFold"
        case .classesTooSmall(let largest, let folds):
            """
            the largest class has \(largest) examples, fewer than the \(folds) folds that are to have their share of \
            it; ask for fewer folds
            """
        }
    }
}
