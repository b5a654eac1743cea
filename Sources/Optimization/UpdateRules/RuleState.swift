import DescentLinearAlgebra

/// What an update rule remembers between steps.
///
/// A plain value: copied, compared, written by any `Encoder` and read again bit for bit.
public struct RuleState<Scalar: MatrixScalar>: Codable, Equatable, Sendable {
    /// The number of steps taken.
    public var step: Int

    /// The rule's vectors, in the order of its `slots`; each as long as the parameters.
    public var slots: [[Scalar]]

    /// The rule's single numbers, such as a running product of momenta; most rules have none.
    public var scalars: [Double]

    /// The generator of a rule that draws random numbers.
    public var generator: RandomGenerator?

    /// The states of the rules that this one wraps.
    public var inner: [RuleState]

    /// Room for a changed gradient, as long as the parameters once it was needed; holds nothing between steps.
    var workspace = Workspace<Scalar>()

    private enum CodingKeys: String, CodingKey {
        case step, slots, scalars, generator, inner
    }

    /// The state before the first step: every slot zero.
    ///
    /// - Parameters:
    ///   - slotCount: The number of vectors.
    ///   - parameterCount: The length of each.
    ///   - scalars: The rule's single numbers.
    ///   - generator: Where random numbers come from.
    ///   - inner: The states of the rules inside.
    public init(
        slotCount: Int, parameterCount: Int, scalars: [Double] = [], generator: RandomGenerator? = nil,
        inner: [RuleState] = []
    ) {
        step = 0
        slots = Array(repeating: Array(repeating: 0, count: parameterCount), count: slotCount)
        // Of its own: that of a literal may stand beside the code, and the first step would have to copy it.
        self.scalars = [Double](unsafeUninitializedCapacity: scalars.count) { target, count in
            count = target.initialize(fromContentsOf: scalars)
        }
        self.generator = generator
        self.inner = inner
    }
}

extension RuleState {
    /// Whether there are so many slots, each so long.
    ///
    /// A function of its own so that it is specialized in wrappers too, which are generic over their rule: there a loop
    /// over the slots would allocate at every step.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func fits(slotCount: Int, parameterCount: Int) -> Bool {
        guard slots.count == slotCount else { return false }
        for index in 0..<slotCount where slots[index].count != parameterCount { return false }
        return true
    }
}

/// Memory that is kept from step to step only so as not to ask for it again: all are equal, and none is saved.
struct Workspace<Scalar: MatrixScalar>: Equatable, Sendable {
    var values: [Scalar] = []

    static func == (a: Workspace, b: Workspace) -> Bool { true }

    /// Hands out the memory, at least `count` long, and is empty until it is given back.
    mutating func take(count: Int) -> [Scalar] {
        var taken: [Scalar] = []
        swap(&taken, &values)
        if taken.count != count { taken = Array(repeating: 0, count: count) }
        return taken
    }
}
