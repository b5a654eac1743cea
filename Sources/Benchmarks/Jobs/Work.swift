/// The least that a job asks of the machine, whatever the method.
struct Work: Equatable {
    /// Operations in Float, an addition and a multiplication counted as two.
    var floatOperations = 0.0
    /// Operations in Double.
    var doubleOperations = 0.0
    /// Bytes that must come from memory at least once.
    var bytes = 0.0

    /// An epoch of a network of dense layers: each product of the way forward, and on the way back two of its size but
    /// for the first layer, whose inputs need no gradient.
    static func epoch(examples: Int, widths: [Int]) -> Work {
        let weights = zip(widths, widths.dropFirst()).map { Double($0 * $1) }
        let products = 3 * weights.reduce(0, +) - (weights.first ?? 0)
        return Work(
            floatOperations: 2 * products * Double(examples), bytes: Double(examples * (widths.first ?? 0)))
    }

    /// A pass of softmax regression over pixels of a byte: logits and gradient.
    static func softmaxPass(examples: Int, features: Int, classes: Int) -> Work {
        Work(
            floatOperations: 4 * Double(examples * features * classes), bytes: Double(examples * features))
    }

    /// Least squares by the Gram matrix, of which half is computed.
    static func leastSquares(rows: Int, columns: Int) -> Work {
        Work(
            doubleOperations: Double(rows) * Double(columns) * Double(columns + 1),
            bytes: 8 * Double(rows) * Double(columns))
    }
}
