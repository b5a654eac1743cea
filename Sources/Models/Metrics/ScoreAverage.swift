/// How the scores of single classes become one number.
public enum ScoreAverage: String, Codable, CaseIterable, Sendable {
    /// Every class counts alike: the plain mean, over the classes that occur as a label or as a prediction.
    case macro

    /// Every example counts alike: the counts of all classes are added up before anything is divided.
    ///
    /// Where each example has one class and one prediction, micro precision, recall and F₁ are the accuracy.
    case micro

    /// Every class counts as much as it has examples: the mean weighted by support.
    case weighted
}

/// What counts for a score of 0/0, such as the precision of a class that is never predicted.
public enum UndefinedScore: String, Codable, CaseIterable, Sendable {
    /// It counts as 0: a class that is never found is not found well. scikit-learn's default, there with a warning.
    case zero

    /// It counts as 1: a class of which nothing was said has nothing said wrongly.
    case one

    /// It does not count: the average is over the other classes, and 0 if there are none.
    case leftOut
}
