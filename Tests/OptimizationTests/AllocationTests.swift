import AllocationCounter
import DescentLinearAlgebra
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
        #expect(allocations { for i in 0..<10 { kept.append([i]) } } >= 10)
        #expect(allocations { kept[0][0] += 1 } == 0)
    }

    @Test(.enabled(if: allocations_are_counted()), arguments: ruleTable + otherRules)
    func aStepDoesNotAllocate(named: NamedRule) {
        #expect(allocations(named.rule, count: 1000, as: Float.self) == 0)
        #expect(allocations(named.rule, count: 1000, as: Double.self) == 0)
    }

    /// Nor does handing pieces to threads.
    @Test(.enabled(if: allocations_are_counted()))
    func aLongStepDoesNotAllocate() {
        #expect(allocations(Adam(), count: 70_000, as: Float.self) == 0)
        #expect(allocations(SGD(momentum: 0.9), count: 70_000, as: Double.self) == 0)
    }
}
