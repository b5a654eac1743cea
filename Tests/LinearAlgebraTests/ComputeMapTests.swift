import Testing

@testable import DescentLinearAlgebra

@Suite struct ComputeMapTests {
    private struct Unlucky: Error, Equatable { var index: Int }

    @Test(arguments: [0, 1, 2, 3, 100])
    func outcomesAreInOrder(count: Int) {
        #expect(Compute.map(count) { $0 * $0 } == (0..<count).map { $0 * $0 })
    }

    /// What a piece computes does not depend on where it runs; loops of the library inside a piece are allowed.
    @Test func piecesAreWhatTheyWouldBeAlone() {
        @Sendable func piece(_ seed: Int) -> Double {
            var generator = RandomGenerator(seed: UInt64(seed))
            let elements = (0..<400).map { _ in generator.nextNormal() }
            let square = Matrix(rows: 20, columns: 20, elements: elements)
            var product = Matrix<Double>(rows: 20, columns: 20)
            multiply(square, square, into: &product)
            return product.elements.reduce(0, +)
        }
        #expect(Compute.map(30, piece) == (0..<30).map(piece))
    }

    @Test func theFirstErrorByIndexIsThrown() {
        #expect(throws: Unlucky(index: 3)) {
            try Compute.map(50) { index throws(Unlucky) in
                if index % 10 == 3 { throw Unlucky(index: index) }
                return index
            }
        }
    }

    @Test func progressRises() {
        var shares: [Double] = []
        _ = Compute.map(40, progress: { shares.append($0) }) { $0 }
        #expect(shares.first == 0 && shares == shares.sorted() && shares.allSatisfy { $0 < 1 })
    }
}
