import CKernels
import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Testing

@testable import DescentModels

/// Softmax regression on features that are bytes against the same on the same numbers as `Double`.
@Suite struct ByteRowsTests {
    /// Bytes, of which `density` in 256 are not 0, with a constant column and one that is almost constant.
    private func data(_ count: Int, _ columns: Int, _ classes: Int, density: UInt64) throws -> Dataset {
        var generator = RandomGenerator(seed: UInt64(count + columns))
        var bytes = [UInt8](repeating: 0, count: count * columns)
        var labels = [Int](repeating: 0, count: count)
        for row in 0..<count {
            labels[row] = row < classes ? row : Int(generator.next() % UInt64(classes))
            for column in 0..<columns where generator.next() % 256 < density {
                bytes[row * columns + column] = UInt8(generator.next() % 256)
            }
            bytes[row * columns] = 9
            bytes[row * columns + 1] = row == 3 ? 1 : 0
        }
        return try Dataset(
            features: NumericArray(bytes, shape: [count, columns]), labels: NumericArray(labels),
            nominalRange: 0...255)
    }

    private static func point(_ count: Int, scale: Double) -> [Double] {
        (0..<count).map { (i: Int) -> Double in
            let value = Double((i * 7) % 5)
            return scale * (0.3 * value - 0.5)
        }
    }

    private func widened(_ dataset: Dataset) throws -> Dataset {
        try Dataset(
            features: dataset.matrix(as: Double.self), labels: dataset.labels.map { Int($0) })
    }

    @Test(arguments: [2, 10, 19], [40, 250])
    func objectivesAgreeWithThoseOfWideFeatures(classes: Int, density: UInt64) throws {
        let bytes = try data(1100, 37, classes, density: density)
        let wide = try widened(bytes)
        for (scaling, hasIntercept) in [(Scaling.standardize, true), (.range, true), (.none, false)] {
            let scaler = Scaler(scaling, fittedOn: bytes)
            let given: [Double] = (0..<1100).map { (row: Int) -> Double in Double(row % 3) }
            let weights: [Double]? = hasIntercept ? given : nil
            let ridge: [Double] = (0..<37).map { (j: Int) -> Double in Double(j) / 100 }
            func objective<Scalar: MatrixScalar>(
                _ dataset: Dataset, _ type: Scalar.Type
            ) -> LogitObjective<Scalar> {
                LogitObjective(
                    dataset, scaler: scaler, loss: .softmax, hasIntercept: hasIntercept, rowWeights: weights,
                    columnPenalties: hasIntercept ? ridge + [0] : ridge, gauge: 0.1)
            }
            let (a, b) = (objective(bytes, Double.self), objective(wide, Double.self))
            let scale = scaling == .none ? 0.01 : 1
            let point = Self.point(a.parameterCount, scale: scale)
            var (ours, theirs) = (point, point)
            let value = a.valueAndGradient(at: point, gradient: &ours)
            let expected = b.valueAndGradient(at: point, gradient: &theirs)
            #expect(abs(value - expected) <= 1e-12 * abs(expected))
            #expect(relativeDistance(ours, theirs) < 1e-11)
            #expect(a.value(at: point) == value)
            #expect(relativeDistance(a.logits(at: point).elements, b.logits(at: point).elements) < 1e-11)
            // Some of the examples, some of them twice.
            let indices: [Int32] = (0..<700).map { (i: Int) -> Int32 in Int32(i * 13 % 1100) }
            indices.withUnsafeBufferPointer {
                let indices = Span(_unsafeElements: $0)
                let value = a.valueAndGradient(at: point, examples: indices, gradient: &ours)
                let expected = b.valueAndGradient(at: point, examples: indices, gradient: &theirs)
                #expect(abs(value - expected) <= 1e-12 * abs(expected))
            }
            #expect(relativeDistance(ours, theirs) < 1e-11)
            let single = objective(bytes, Float.self)
            var rough = point.map { Float($0) }
            let roughValue = single.valueAndGradient(at: point.map { Float($0) }, gradient: &rough)
            let whole = b.valueAndGradient(at: point, gradient: &theirs)
            #expect(abs(roughValue - whole) < 1e-4 * abs(whole))
            #expect(relativeDistance(rough.map { Double($0) }, theirs) < 1e-4)
        }
    }

    /// The second pass keeps what later ones use, piece by piece: some have few bytes that are not 0, some many.
    @Test(arguments: [false, true])
    func everyPassGivesTheSameBits(isDouble: Bool) throws {
        let (thin, thick) = (try data(900, 30, 10, density: 40), try data(900, 30, 10, density: 220))
        let both = NumericArray(
            thin.matrix(as: Double.self).elements.map { UInt8($0) }
                + thick.matrix(as: Double.self).elements.map { UInt8($0) }, shape: [1800, 30])
        let dataset = try Dataset(
            features: both, labels: NumericArray((thin.labels + thick.labels).map { Int($0) }),
            nominalRange: 0...255)
        func check<Scalar: MatrixScalar>(_ type: Scalar.Type) {
            let objective = LogitObjective<Scalar>(
                dataset, scaler: Scaler(.standardize, fittedOn: dataset), loss: .softmax, hasIntercept: true)
            let points = [0.5, 0.25].map {
                Self.point(objective.parameterCount, scale: $0).map { Scalar($0) }
            }
            var results: [[([Scalar], Double)]] = []
            for _ in 0..<3 {
                results.append(
                    points.map {
                        var gradient = $0
                        let value = objective.valueAndGradient(at: $0, gradient: &gradient)
                        return (gradient, value)
                    })
                #expect(objective.value(at: points[1]) == results[0][1].1)
            }
            #expect(results.allSatisfy { zip($0, results[0]).allSatisfy { $0 == $1 } })
        }
        if isDouble { check(Double.self) } else { check(Float.self) }
    }

    @Test func theSameBitsOnAnyNumberOfThreads() throws {
        let before = Compute.threadCount
        defer { Compute.threadCount = before }
        let dataset = try data(3000, 30, 10, density: 60)
        let objective = LogitObjective<Double>(
            dataset, scaler: Scaler(.standardize, fittedOn: dataset), loss: .softmax, hasIntercept: true)
        let point = Self.point(objective.parameterCount, scale: 0.5)
        var results: [([Double], Double)] = []
        for threads in [1, 2, 3] {
            Compute.threadCount = threads
            var gradient = point
            let value = objective.valueAndGradient(at: point, gradient: &gradient)
            results.append((gradient, value))
        }
        #expect(results.allSatisfy { $0 == results[0] })
    }

    /// A dense layer's order of parameters, and the penalty that goes with it.
    @Test(arguments: [true, false])
    func aNetworkWithoutHiddenLayersGoesByBytes(hasBias: Bool) throws {
        let bytes = try data(900, 20, 5, density: 70)
        let wide = try widened(bytes)
        let layout = NetworkLayout(inputs: 20, layers: [.dense(5, bias: hasBias)])
        let scaler = Scaler(.range, fittedOn: bytes)
        let penalty = Penalty(l1: 0.01, l2: 0.1)
        let a = CrossEntropyObjective<Double>(layout, on: bytes, scaler: scaler, penalty: penalty)
        let b = CrossEntropyObjective<Double>(layout, on: wide, scaler: scaler, penalty: penalty)
        var point = Self.point(a.parameterCount, scale: 3)
        var (ours, theirs) = (point, point)
        let value = a.valueAndGradient(at: point, gradient: &ours)
        let expected = b.valueAndGradient(at: point, gradient: &theirs)
        #expect(abs(value - expected) <= 1e-12 && relativeDistance(ours, theirs) < 1e-12)
        #expect(abs(a.value(at: point) - expected) <= 1e-12)
        let training = a.trainingValueAndGradient(at: &point, update: 0, gradient: &ours)
        #expect(training == value)
    }

    @Test func aFittedModelGoesByBytes() throws {
        let bytes = try data(700, 20, 4, density: 70)
        let model = try SoftmaxRegression(penalty: .l2(0.01)).fit(bytes)
        let wide = try widened(bytes)
        let relative = relativeDistance(model.logits(for: bytes).elements, model.logits(for: wide).elements)
        #expect(relative < 1e-12)
        let (ours, theirs) = (model.evaluate(on: bytes), model.evaluate(on: wide))
        #expect(abs(ours.loss - theirs.loss) < 1e-12 && ours.accuracy == theirs.accuracy)
    }

    /// Where a mean is many times the deviation, taking it out of the sums would cost digits.
    @Test func featuresFarFromZeroAreScaledFirst() throws {
        // One feature is 250 but for the first example.
        var bytes = [UInt8](repeating: 250, count: 4000)
        for row in 0..<2000 { bytes[2 * row + 1] = UInt8(row % 3) }
        bytes[0] = 255
        let labels: [Int] = (0..<2000).map { (row: Int) -> Int in row % 3 }
        let dataset = try Dataset(
            features: NumericArray(bytes, shape: [2000, 2]), labels: NumericArray(labels))
        let scaler = Scaler(.standardize, fittedOn: dataset)
        func rows<Scalar: MatrixScalar>(_ type: Scalar.Type) -> ByteRows<Scalar>? {
            ByteRows(
                dataset, scaler: scaler, classes: 3,
                places: .rows(classes: 3, features: 2, hasIntercept: true))
        }
        #expect(zip(scaler.shift, scaler.factor).contains { $0 * $1 > 16 })
        #expect(rows(Double.self) != nil && rows(Float.self) == nil)
        #expect(
            ByteRows<Double>(
                dataset, scaler: Scaler(.clipped(.standardize, limit: 2), fittedOn: dataset), classes: 3,
                places: .rows(classes: 3, features: 2, hasIntercept: true)) == nil)
    }

    /// A coefficient that is not finite shows, although its feature is 0 in every example.
    @Test func coefficientsThatAreNotFiniteShow() throws {
        var bytes = [UInt8](repeating: 5, count: 30)
        for row in 0..<10 { bytes[3 * row] = 0 }
        let labels: [Int] = (0..<10).map { (row: Int) -> Int in row % 2 }
        let dataset = try Dataset(
            features: NumericArray(bytes, shape: [10, 3]), labels: NumericArray(labels))
        let objective = LogitObjective<Double>(
            dataset, scaler: .identity(featureCount: 3), loss: .softmax, hasIntercept: true)
        for bad in [Double.nan, .infinity] {
            var point = [Double](repeating: 0, count: 8)
            point[0] = bad
            #expect(!objective.value(at: point).isFinite)
        }
    }
}
