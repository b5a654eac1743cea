import Synchronization
import Testing

@testable import DescentLinearAlgebra

/// Counts how often each index was visited, from any thread.
private final class Visits: Sendable {
    private let counts: [Slot]
    private final class Slot: Sendable { let count = Atomic<Int>(0) }

    init(_ count: Int) { counts = (0..<count).map { _ in Slot() } }
    func visit(_ index: Int) { counts[index].count.wrappingAdd(1, ordering: .relaxed) }
    var all: [Int] { counts.map { $0.count.load(ordering: .relaxed) } }
}

@Suite struct WorkerTeamTests {
    @Test(arguments: [1, 2, 3, 8], [0, 1, 2, 7, 1000])
    func `every piece runs exactly once`(threads: Int, count: Int) {
        let team = WorkerTeam(threadCount: threads)
        let visits = Visits(count)
        team.forEach(count) { visits.visit($0) }
        #expect(visits.all == Array(repeating: 1, count: count))
    }

    @Test func `what pieces write is seen by the caller, loop after loop`() {
        let team = WorkerTeam(threadCount: 4)
        let count = 64
        let values = UnsafeMutablePointer<Int>.allocate(capacity: count)
        defer { values.deallocate() }
        values.initialize(repeating: 0, count: count)
        nonisolated(unsafe) let shared = values
        for round in 1...2000 {
            team.forEach(count) { shared[$0] += $0 + round }
        }
        let rounds = 2000 * 2001 / 2
        #expect((0..<count).allSatisfy { values[$0] == 2000 * $0 + rounds })
    }

    @Test func `workers that slept come back`() async throws {
        let team = WorkerTeam(threadCount: 3)
        for _ in 0..<5 {
            let visits = Visits(100)
            team.forEach(100) { visits.visit($0) }
            #expect(visits.all.allSatisfy { $0 == 1 })
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test func `several threads take part`() {
        // Both pieces wait for the other one: a team that ran them in turn would not return.
        let team = WorkerTeam(threadCount: 2)
        let arrived = Visits(2)
        team.forEach(2) { index in
            arrived.visit(index)
            while arrived.all[1 - index] == 0 {}
        }
        #expect(arrived.all == [1, 1])
    }

    @Test func `a loop inside a piece runs on the same thread`() {
        let team = WorkerTeam(threadCount: 4)
        let visits = Visits(20 * 30)
        team.forEach(20) { outer in
            let thread = currentThread()
            team.forEach(30) { inner in
                precondition(currentThread() == thread)
                visits.visit(outer * 30 + inner)
            }
        }
        #expect(visits.all.allSatisfy { $0 == 1 })
    }

    @Test func `loops of several callers do not wait for each other`() async {
        let team = WorkerTeam(threadCount: 3)
        let visits = Visits(50)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<50 { team.forEach(50) { visits.visit($0) } }
                }
            }
        }
        #expect(visits.all.allSatisfy { $0 == 400 })
    }

    @Test func `a sum split by index has the same bits on any number of threads`() {
        func sum(threads: Int) -> Double {
            let team = WorkerTeam(threadCount: threads)
            let pieces = 37
            let partial = UnsafeMutablePointer<Double>.allocate(capacity: pieces)
            defer { partial.deallocate() }
            nonisolated(unsafe) let shared = partial
            team.forEach(pieces) { piece in
                shared[piece] = (0..<1000).reduce(0.0) { $0 + 1 / Double(1 + $1 * pieces + piece) }
            }
            return (0..<pieces).reduce(0.0) { $0 + partial[$1] }
        }
        let expected = sum(threads: 1)
        for threads in 2...5 { #expect(sum(threads: threads) == expected) }
    }

    @Test func `subnormal numbers are zero on every thread of a loop and only there`() {
        let tiny = Double.leastNormalMagnitude
        func halved() -> Double { opaque(tiny) / opaque(2) }
        #expect(halved() > 0)
        let team = WorkerTeam(threadCount: 4)
        let flushed = Visits(200)
        team.forEach(200) { if opaque(tiny) / opaque(2) == 0 { flushed.visit($0) } }
        #expect(flushed.all.allSatisfy { $0 == 1 })
        #expect(halved() > 0)
    }
}

@Suite struct FlushToZeroTests {
    private struct Stop: Error {}

    @Test func `results and operands are flushed inside and kept outside`() throws {
        let subnormal = Double.leastNonzeroMagnitude
        #expect(opaque(Double.leastNormalMagnitude) * opaque(0.5) > 0)
        let inside = withFlushToZero {
            [opaque(Double.leastNormalMagnitude) * opaque(0.5), opaque(subnormal) * opaque(0x1p60)]
        }
        #expect(inside == [0, 0])
        #expect(opaque(subnormal) * opaque(0x1p60) > 0)
        #expect(opaque(Float.leastNormalMagnitude) * opaque(0.5) > 0)
        #expect(withFlushToZero { opaque(Float.leastNormalMagnitude) * opaque(0.5) } == 0)
    }

    @Test func `the mode comes back after an error and after nesting`() {
        #expect(throws: Stop.self) { try withFlushToZero { throw Stop() } }
        #expect(opaque(Double.leastNormalMagnitude) * opaque(0.5) > 0)
        withFlushToZero {
            withFlushToZero {}
            #expect(opaque(Double.leastNormalMagnitude) * opaque(0.5) == 0)
        }
        #expect(opaque(Double.leastNormalMagnitude) * opaque(0.5) > 0)
    }
}

@Suite struct ComputeTests {
    @Test func `the thread count can be set and read back`() {
        let before = Compute.threadCount
        defer { Compute.threadCount = before }
        #expect(before >= 1)
        Compute.threadCount = 3
        #expect(Compute.threadCount == 3)
        #expect(WorkerTeam.shared.threadCount == 3)
    }

    @Test(arguments: [
        ("Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", 2),
        ("Cpus_allowed:\tff,ffffffff\n", 40), ("Cpus_allowed:\t0\n", nil), ("Name:\tx\n", nil),
    ])
    func `affinity masks are counted`(status: String, count: Int?) {
        #expect(Compute.allowedProcessors(in: status) == count)
    }

    @Test(arguments: [
        ("max 100000\n", nil), ("200000 100000\n", 2), ("150000 100000\n", 2), ("50000 100000\n", 1),
        ("-1\n 100000\n", nil), ("", nil), ("12", nil),
    ])
    func `quotas are whole processors, rounded up`(text: String, count: Int?) {
        #expect(Compute.processorQuota(in: text) == count)
    }
}
