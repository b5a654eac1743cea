import AllocationCounter
import DescentDatasets
import DescentLinearAlgebra
import DescentModels
import DescentOptimization
import Testing

/// A step asks nothing of the heap, once the workspace of those that need one is there.
@Suite struct AllocationTests {
    /// How many times `body` allocates.
    @inline(never)
    func allocations(_ body: () -> Void) -> Int {
        let before = allocation_count()
        body()
        return allocation_count() - before
    }

    /// How many times ten steps allocate, after four steps that do not count.
    @inline(never)
    func allocations<Scalar: MatrixScalar, Rule: UpdateRule>(
        _ rule: Rule, count: Int, as type: Scalar.Type
    ) -> Int {
        var parameters = [Scalar](repeating: 0.5, count: count)
        let gradient = (0..<count).map { Scalar($0 % 17) - 8 }
        var state = rule.initialState(parameterCount: count, of: Scalar.self)
        for _ in 0..<4 { rule.update(&parameters, gradient: gradient, state: &state) }
        return allocations {
            for _ in 0..<10 { rule.update(&parameters, gradient: gradient, state: &state) }
        }
    }

    /// The counter counts: else the test below could not fail.
    @Test(.enabled(if: allocations_are_counted()))
    func theCounterCounts() {
        var kept: [[Int]] = []
        // Arrays of what the compiler does not know: it puts constant ones beside the code.
        let unknown = Int(allocation_count())
        #expect(allocations { for i in 0..<10 { kept.append([unknown + i]) } } >= 10)
        #expect(allocations { kept[0][0] += 1 } == 0)
    }

    /// Shampoo and SOAP factorize matrices every few steps, which takes workspace.
    private static let steady = (ruleTable + otherRules).filter {
        !$0.name.hasPrefix("shampoo") && !$0.name.hasPrefix("soap")
    }

    @Test(.enabled(if: allocations_are_counted()), arguments: steady)
    func aStepDoesNotAllocate(named: NamedRule) {
        #expect(allocations(named.rule, count: 1000, as: Float.self) == 0)
        #expect(allocations(named.rule, count: 1000, as: Double.self) == 0)
    }

    /// What code that is not optimized may ask for in a step: it boxes what generic functions pass on.
    ///
    /// `swift test -c release --filter AllocationTests` holds the optimized code to nothing at all.
    static var unoptimized: Int {
        #if DEBUG
            16
        #else
            0
        #endif
    }

    /// The same for ten long steps of a rule.
    static var unoptimizedSteps: Int { unoptimized == 0 ? 0 : 20 }

    /// Neither does a step so long that it goes to threads, once there was one.
    @Test(.enabled(if: allocations_are_counted()), arguments: [70_000, 140_000])
    func aLongStepDoesNotAllocate(count: Int) {
        #expect(allocations(Adam(), count: count, as: Float.self) <= Self.unoptimizedSteps)
        #expect(allocations(SGD(momentum: 0.9), count: count, as: Double.self) <= Self.unoptimizedSteps)
    }

    /// A hundred steps of a network's training ask no more of the heap than ten: all that is asked for is the run's.
    @Test(.enabled(if: allocations_are_counted()), arguments: [[64, 32, 10], [64, 300, 300, 10]])
    func aTrainingStepOfANetworkDoesNotAllocate(sizes: [Int]) throws {
        let digits = Digits.load()
        let layout = NetworkLayout(sizes: sizes)
        let objective = NetworkObjective<Float>(
            layout, on: digits, scaler: Scaler(.automatic, fittedOn: digits))
        var loop = TrainingLoop(
            minimizing: objective, with: Adam(), from: layout.randomParameters(seed: 0), batchSize: 8)
        try loop.run(for: .updates(5), evaluating: .updates(1000))
        func asked(_ updates: Int) throws -> Int {
            var failure: (any Error)?
            let count = allocations {
                do { try loop.run(for: .updates(updates), evaluating: .updates(1000)) } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            return count
        }
        let few = try asked(10)
        let many = try asked(100)
        #expect(many <= few + 90 * Self.unoptimized)
    }
}
