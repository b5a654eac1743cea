import DescentLinearAlgebra

/// How examples are divided into folds; every example is scored on once in each repetition.
///
/// ```swift
/// let folds = try Folding.stratified(5).folds(of: digits, seed: 0)
/// ```
/// The same seed gives the same folds. Sizes of folds differ by at most one example, but for groups.
public enum Folding: Codable, Equatable, Sendable {
    /// k parts at random, each in turn to score on; all of it several times over with other parts.
    case kFold(Int, repeats: Int = 1)

    /// k parts in which the number of examples of each class differs by at most one.
    case stratified(Int, repeats: Int = 1)

    /// k parts that never divide a group: pictures of one patient, sentences of one speaker.
    ///
    /// `groups` names the group of each example. The largest groups are dealt out first, each to the part that has
    /// least, so that sizes are as equal as groups permit; which of equally large groups comes first is random.
    case grouped(Int, groups: [Int], repeats: Int = 1)

    /// Each example in turn by itself.
    case leaveOneOut

    /// The folds of some data.
    ///
    /// - Throws: `SelectionError` where there are too few examples or groups, or no classes.
    public func folds(
        of data: some ExampleCollection, seed: UInt64 = 0
    ) throws(SelectionError) -> [Fold] {
        try folds(exampleCount: data.count, strata: data.strata, seed: seed)
    }

    /// The folds of so many examples.
    ///
    /// - Parameters:
    ///   - exampleCount: How many there are.
    ///   - strata: The class of each, for stratified folds.
    ///   - seed: Determines the order of the examples.
    /// - Throws: `SelectionError` where there are too few examples or groups, or no classes.
    public func folds(
        exampleCount: Int, strata: [Int32]? = nil, seed: UInt64 = 0
    ) throws(SelectionError) -> [Fold] {
        var generator = RandomGenerator(seed: seed, stream: RandomStream.folds)
        switch self {
        case .kFold(let k, let repeats):
            return try repeated(repeats, k, exampleCount, &generator) { order throws(SelectionError) in
                Self.dealt(order, to: k)
            }
        case .stratified(let k, let repeats):
            guard let strata else { throw .noClasses }
            precondition(strata.count == exampleCount, "\(strata.count) classes for \(exampleCount) examples")
            let sizes = Dictionary(strata.map { ($0, 1) }, uniquingKeysWith: +)
            if let largest = sizes.values.max(), largest < k, exampleCount >= k {
                throw .classesTooSmall(largest: largest, folds: k)
            }
            return try repeated(repeats, k, exampleCount, &generator) { order throws(SelectionError) in
                // Dealt out class by class, going on where the class before ended: neither the sizes of the parts nor the
                // shares of a class in them differ by more than one.
                let byClass = Dictionary(grouping: order) { strata[Int($0)] }.sorted { $0.key < $1.key }
                return Self.dealt(byClass.flatMap(\.value), to: k)
            }
        case .grouped(let k, let groups, let repeats):
            precondition(groups.count == exampleCount, "\(groups.count) groups for \(exampleCount) examples")
            return try repeated(repeats, k, exampleCount, &generator) { order throws(SelectionError) in
                try Self.dealtInGroups(order, groups, to: k)
            }
        case .leaveOneOut:
            return try repeated(1, exampleCount, exampleCount, &generator) { order throws(SelectionError) in
                (0..<Int32(exampleCount)).map { [$0] }
            }
        }
    }

    private func repeated(
        _ repeats: Int, _ k: Int, _ count: Int, _ generator: inout RandomGenerator,
        _ parts: ([Int32]) throws(SelectionError) -> [[Int32]]
    ) throws(SelectionError) -> [Fold] {
        precondition(repeats >= 1, "\(repeats) repetitions of a cross-validation: at least one is needed")
        if case .leaveOneOut = self {
            guard count >= 2 else { throw .tooFewExamples(count: count, folds: 2) }
        } else {
            precondition(k >= 2, "\(k) folds: at least two are needed")
            guard count >= k else { throw .tooFewExamples(count: count, folds: k) }
        }
        var folds: [Fold] = []
        for _ in 0..<repeats {
            let order = generator.permutation(of: count)
            for part in try parts(order) {
                let held = Set(part)
                folds.append(Fold(training: order.filter { !held.contains($0) }, validation: part))
            }
        }
        return folds
    }

    /// Like cards: the i-th to part i mod k.
    private static func dealt(_ order: [Int32], to k: Int) -> [[Int32]] {
        var parts = [[Int32]](repeating: [], count: k)
        for (index, example) in order.enumerated() { parts[index % k].append(example) }
        return parts
    }

    private static func dealtInGroups(
        _ order: [Int32], _ groups: [Int], to k: Int
    ) throws(SelectionError) -> [[Int32]] {
        var members: [Int: [Int32]] = [:]
        // In the order in which the shuffled examples bring them up.
        var names: [Int] = []
        for example in order {
            let group = groups[Int(example)]
            if members[group] == nil { names.append(group) }
            members[group, default: []].append(example)
        }
        guard names.count >= k else { throw .tooFewGroups(count: names.count, folds: k) }
        let ranks = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        names.sort { (members[$1]!.count, ranks[$0]!) < (members[$0]!.count, ranks[$1]!) }
        var parts = [[Int32]](repeating: [], count: k)
        for name in names {
            let smallest = parts.indices.reduce(0) { parts[$1].count < parts[$0].count ? $1 : $0 }
            parts[smallest] += members[name]!
        }
        return parts
    }
}
