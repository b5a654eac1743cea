import DescentLinearAlgebra

/// A rule with other hyperparameters in some ranges of the parameters: no decay on biases, a higher rate in a layer.
///
///     AdamW(learningRate: 1e-3).varied(in: biases) { $0.weightDecay = 0 }
///
/// Groups differ in hyperparameters, not in the kind of rule. Setting `learningRate` sets that of the parameters in no
/// group; the groups' rates stay in proportion to it.
///
/// The parameters are cut into pieces at the ends of the ranges, and each piece has a state of its own in `inner`, in
/// the order in which the pieces lie.
public struct Grouped<Rule: UpdateRule>: UpdateRule {
    /// The rule for what is in no group.
    public private(set) var rule: Rule

    /// The rules of the groups, in the order in which they were added.
    public private(set) var groups: [Group] = []

    /// The ranges of all groups, sorted; kept so that a step need not sort them.
    private var pieces: [GroupPiece] = []

    /// Ranges of the parameters with a rule of their own.
    public struct Group: Codable, Equatable, Sendable {
        /// Where the group's parameters lie.
        public var ranges: [Range<Int>]
        /// The rule there.
        public var rule: Rule
        /// Its learning rate divided by that of what is in no group.
        public var rateFactor: Double
    }

    /// A rule with no groups yet.
    public init(_ rule: Rule) { self.rule = rule }

    /// This rule with one more group.
    ///
    /// - Parameters:
    ///   - ranges: Where its parameters lie; apart from each other and from those of the other groups.
    ///   - change: What is different there, made to a copy of the rule for what is in no group.
    public func varied(in ranges: [Range<Int>], _ change: (inout Rule) -> Void) -> Grouped {
        var other = rule
        change(&other)
        precondition(
            rule.learningRate > 0 || other.learningRate == 0,
            "Grouped: a rate of \(other.learningRate) is in no proportion to a rate of 0")
        let factor = rule.learningRate > 0 ? other.learningRate / rule.learningRate : 1
        var result = self
        result.groups.append(Group(ranges: ranges, rule: other, rateFactor: factor))
        result.pieces += ranges.filter { !$0.isEmpty }.map { GroupPiece(range: $0, group: groups.count) }
        result.pieces.sort { $0.range.lowerBound < $1.range.lowerBound }
        for (left, right) in zip(result.pieces, result.pieces.dropFirst()) {
            precondition(
                !left.range.overlaps(right.range),
                "Grouped: the ranges \(left.range) and \(right.range) overlap")
        }
        return result
    }

    /// The step size of what is in no group.
    public var learningRate: Double {
        get { rule.learningRate }
        set {
            rule.learningRate = newValue
            for index in groups.indices {
                groups[index].rule.learningRate = newValue * groups[index].rateFactor
            }
        }
    }

    /// None of its own.
    public var slots: [String] { [] }

    /// The memory of a rule that has not taken a step.
    public func initialState<Scalar: MatrixScalar>(parameterCount: Int) -> RuleState<Scalar> {
        var state = RuleState<Scalar>(slotCount: 0, parameterCount: parameterCount)
        forEachPiece(of: parameterCount) { rule, range, index in
            var inner: RuleState<Scalar> = rule.initialState(parameterCount: range.count)
            inner.separateStreams(index)
            state.inner.append(inner)
        }
        return state
    }

    /// Takes one step; see `UpdateRule`.
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        let count = parameters.count
        // Of two ways to hand on a part of a span, this is the one that does not lean on an underscored name.
        parameters.withUnsafeMutableBufferPointer { θ in
            forEachPiece(of: count) { rule, range, index in
                precondition(
                    index < state.inner.count, "Grouped: the state has \(state.inner.count) pieces, too few")
                var part = UnsafeMutableBufferPointer(rebasing: θ[range]).mutableSpan
                rule.update(&part, gradient: gradient.extracting(range), state: &state.inner[index])
            }
        }
    }

    /// The results of the pieces, in their places.
    public func result<Scalar: MatrixScalar>(_ parameters: [Scalar], in state: RuleState<Scalar>) -> [Scalar]
    {
        guard averages else { return parameters }
        var result = parameters
        forEachPiece(of: parameters.count) { rule, range, index in
            result.replaceSubrange(range, with: rule.result(Array(parameters[range]), in: state.inner[index]))
        }
        return result
    }

    /// Whether the rule inside does.
    public var averages: Bool { rule.averages }

    private func forEachPiece(of count: Int, _ body: (Rule, Range<Int>, Int) -> Void) {
        var position = 0, index = 0
        // By index: an iterator would be allocated at every step.
        for number in pieces.indices {
            let piece = pieces[number]
            precondition(
                piece.range.upperBound <= count,
                "Grouped: the range \(piece.range), but only \(count) parameters")
            if position < piece.range.lowerBound {
                body(rule, position..<piece.range.lowerBound, index)
                index += 1
            }
            body(groups[piece.group].rule, piece.range, index)
            index += 1
            position = piece.range.upperBound
        }
        if position < count { body(rule, position..<count, index) }
    }
}

/// A range of a group; outside of the generic type, or reading one would allocate.
private struct GroupPiece: Codable, Equatable, Sendable {
    var range: Range<Int>
    var group: Int
}

extension UpdateRule {
    /// This rule with other hyperparameters in some ranges of the parameters; see `Grouped`.
    public func varied(in ranges: [Range<Int>], _ change: (inout Self) -> Void) -> Grouped<Self> {
        Grouped(self).varied(in: ranges, change)
    }
}

extension RuleState {
    /// Moves the generators of a piece apart from those of the other pieces, which have the same seed.
    fileprivate mutating func separateStreams(_ piece: Int) {
        // Purposes have the first streams of a seed; pieces count from far behind them.
        if piece > 0 { generator = generator?.jumped(1000 * piece) }
        for index in inner.indices { inner[index].separateStreams(piece) }
    }
}
