import DescentLinearAlgebra

extension Dataset {
    /// Splits the examples at random into a training and a validation set.
    ///
    /// The validation set takes ⌈`validation` · n⌉ of n examples, but leaves at least one; the training set the others.
    /// Of the 1,797 digits, 0.25 gives 1,347 and 450.
    ///
    /// Stratified, every class has within one example its share of either set, and a class of a single example stays
    /// in the training set as long as the sizes permit.
    ///
    /// - Parameters:
    ///   - validation: The fraction of the examples to hold out, between 0 and 1.
    ///   - stratified: Whether to split each class in the same proportion.
    ///   - seed: The same seed gives the same split.
    public func split(
        validation: Double, stratified: Bool = false, seed: UInt64 = 0
    ) -> (train: Dataset, validation: Dataset) {
        let (rest, taken) = splitIndices(validation: validation, stratified: stratified, seed: seed)
        return (subset(rest), subset(taken))
    }

    /// The examples that `split(validation:stratified:seed:)` puts into either set, as rows of this one.
    package func splitIndices(
        validation: Double, stratified: Bool = false, seed: UInt64 = 0
    ) -> (train: [Int32], validation: [Int32]) {
        precondition(count >= 2, "a data set of \(count) example cannot be split in two")
        checkFraction(validation, "validation")
        let held = heldCount(validation, leaving: 1)
        var generator = RandomGenerator(seed: seed, stream: RandomStream.splits)
        let (rest, taken) = takingOut(held, of: generator.permutation(of: count), stratified: stratified)
        return (rest, taken)
    }

    /// Splits the examples at random into a training, a validation and a test set.
    ///
    /// The test set takes ⌈`test` · n⌉ of n examples and the validation set ⌈`validation` · n⌉, each leaving at least
    /// one for the sets that follow; the training set takes the others. The validation set is taken from what the test
    /// set leaves; stratified, each of the two steps keeps every class within one example of its share.
    ///
    /// - Parameters:
    ///   - validation: The fraction of all examples to hold out for choosing between models.
    ///   - test: The fraction of all examples to hold out for the last word.
    ///   - stratified: Whether to split each class in the same proportion.
    ///   - seed: The same seed gives the same split.
    public func split(
        validation: Double, test: Double, stratified: Bool = false, seed: UInt64 = 0
    ) -> (train: Dataset, validation: Dataset, test: Dataset) {
        precondition(count >= 3, "a data set of \(count) examples cannot be split in three")
        checkFraction(validation, "validation")
        checkFraction(test, "test")
        precondition(
            validation + test < 1, "fractions of \(validation) and \(test) leave nothing to train on")
        let testCount = heldCount(test, leaving: 2)
        let validationCount = min(heldCount(validation, leaving: 1), count - testCount - 1)
        var generator = RandomGenerator(seed: seed, stream: RandomStream.splits)
        let (rest, tested) = takingOut(
            testCount, of: generator.permutation(of: count), stratified: stratified)
        let (training, held) = takingOut(validationCount, of: rest, stratified: stratified)
        return (subset(training), subset(held), subset(tested))
    }

    private func checkFraction(_ fraction: Double, _ name: String) {
        precondition(fraction > 0 && fraction < 1, "a \(name) fraction of \(fraction) is not between 0 and 1")
    }

    /// ⌈fraction · n⌉, where a product that is whole but for rounding counts as whole.
    private func heldCount(_ fraction: Double, leaving rest: Int) -> Int {
        let exact = fraction * Double(count)
        let rounded = (exact - 4 * exact.ulp).rounded(.up)
        return max(1, min(Int(rounded), count - rest))
    }

    /// Takes examples off the end of a shuffled order; stratified, the last ones of each class.
    private func takingOut(
        _ held: Int, of order: [Int32], stratified: Bool
    ) -> (rest: [Int32], taken: [Int32]) {
        precondition(
            !stratified || isLabelled, "a data set without classes cannot be split in proportion to them")
        guard stratified else {
            return (Array(order.dropLast(held)), Array(order.suffix(held)))
        }
        var sizes = [Int](repeating: 0, count: classCount)
        for index in order { sizes[Int(labels[Int(index)])] += 1 }
        var quotas = Self.quotas(held, of: sizes)
        var (rest, taken): ([Int32], [Int32]) = ([], [])
        for index in order.reversed() {
            let label = Int(labels[Int(index)])
            if quotas[label] > 0 {
                quotas[label] -= 1
                taken.append(index)
            } else {
                rest.append(index)
            }
        }
        return (rest.reversed(), taken.reversed())
    }

    /// How many to take of each class: its exact share rounded down or up, `total` in all.
    ///
    /// Largest remainders are rounded up (Hamilton's method), in whole numbers throughout; classes that rounding up
    /// would empty come last.
    static func quotas(_ total: Int, of sizes: [Int]) -> [Int] {
        let count = sizes.reduce(0, +)
        var quotas = sizes.map { $0 * total / count }
        let remainders = sizes.map { $0 * total % count }
        let candidates = sizes.indices.filter { remainders[$0] > 0 }.sorted { a, b in
            let (emptiesA, emptiesB) = (quotas[a] + 1 == sizes[a], quotas[b] + 1 == sizes[b])
            if emptiesA != emptiesB { return emptiesB }
            return remainders[a] != remainders[b] ? remainders[a] > remainders[b] : a < b
        }
        for index in candidates.prefix(total - quotas.reduce(0, +)) { quotas[index] += 1 }
        return quotas
    }
}
