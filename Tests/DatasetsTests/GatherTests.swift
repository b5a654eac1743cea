import DescentLinearAlgebra
import Testing

@testable import DescentDatasets

/// A data set of one of the stored types, with the same whole numbers in each; 37 columns, so that no vector fits.
private func numbers(_ type: ElementType) throws -> Dataset {
    let (rows, columns) = (9, 37)
    let bytes = (0..<(rows * columns)).map { UInt8(truncatingIfNeeded: $0 * 29 + $0 / 7) }
    let labels = NumericArray((0..<rows).map { UInt8($0 % 3) })
    let shape = [rows, columns]
    switch type {
    case .uint8: return try Dataset(features: NumericArray(bytes, shape: shape), labels: labels)
    case .float32:
        return try Dataset(features: NumericArray(bytes.map { Float($0) }, shape: shape), labels: labels)
    default:
        return try Dataset(features: NumericArray(bytes.map { Double($0) }, shape: shape), labels: labels)
    }
}

private func gathered<Scalar: MatrixScalar>(
    _ dataset: Dataset, _ indices: [Int32], _ scaler: Scaler?, stride: Int, as type: Scalar.Type
) -> [Scalar] {
    var target = [Scalar](repeating: -999, count: indices.count * stride)
    target.withUnsafeMutableBufferPointer { target in
        indices.withUnsafeBufferPointer {
            dataset.gather($0, scaler: scaler, into: target.baseAddress!, stride: stride)
        }
    }
    return target
}

@Suite struct GatherTests {
    static let scalings: [Scaling] = [
        .none, .range, .standardize, .clipped(.standardize, limit: 1.25), .clipped(.none, limit: 100),
        .clipped(.range, limit: 0.5),
    ]

    @Test(arguments: [ElementType.uint8, .float32, .float64], scalings)
    func rowsAreConvertedScaledAndPlaced(type: ElementType, scaling: Scaling) throws {
        let dataset = try numbers(type)
        let scaler = Scaler(scaling, fittedOn: dataset)
        let indices: [Int32] = [8, 0, 3, 3, 5]
        let stride = 40
        let double = gathered(dataset, indices, scaler, stride: stride, as: Double.self)
        let single = gathered(dataset, indices, scaler, stride: stride, as: Float.self)
        let all = try values(dataset)
        for (row, index) in indices.enumerated() {
            let example = Array(all[(Int(index) * 37)..<(Int(index) * 37 + 37)])
            for column in 0..<37 {
                var expected = (example[column] - scaler.shift[column]) * scaler.factor[column]
                if let limit = scaler.limit { expected = min(max(expected, -limit), limit) }
                #expect(double[row * stride + column] == expected)
                #expect(abs(Double(single[row * stride + column]) - expected) <= 3e-7 * max(1, abs(expected)))
            }
            #expect(scaler.scaled(example) == Array(double[(row * stride)..<(row * stride + 37)]))
            // What lies between the rows is left alone.
            #expect(double[(row * stride + 37)..<((row + 1) * stride)].allSatisfy { $0 == -999 })
            #expect(single[(row * stride + 37)..<((row + 1) * stride)].allSatisfy { $0 == -999 })
        }
    }

    @Test(arguments: [ElementType.uint8, .float32, .float64])
    func rangesAreRowsInOrder(type: ElementType) throws {
        let dataset = try numbers(type)
        var target = [Float](repeating: 0, count: 3 * 37)
        target.withUnsafeMutableBufferPointer {
            dataset.gather(2..<5, scaler: nil, into: $0.baseAddress!, stride: 37)
        }
        #expect(target.map { Double($0) } == Array(try values(dataset)[(2 * 37)..<(5 * 37)]))
        #expect(target == gathered(dataset, [2, 3, 4], nil, stride: 37, as: Float.self))
    }

    @Test func labelsGoWithTheirRows() throws {
        var labels = [Int32](repeating: -1, count: 4)
        let dataset = try numbers(.uint8)
        ([8, 0, 1, 8] as [Int32]).withUnsafeBufferPointer { indices in
            labels.withUnsafeMutableBufferPointer { dataset.gatherLabels(indices, into: $0.baseAddress!) }
        }
        #expect(labels == [2, 0, 1, 2])
    }

    @Test func theEndsOfANominalRangeBecomeZeroAndOne() throws {
        for (maximum, count) in [(255.0, 256), (16.0, 17)] {
            let dataset = try Dataset(
                features: NumericArray((0..<count).map { UInt8($0) }),
                labels: NumericArray([UInt8](repeating: 0, count: count)), nominalRange: 0...maximum)
            let scaler = Scaler(.automatic, fittedOn: dataset)
            let scaled = gathered(dataset, (0..<Int32(count)).map { $0 }, scaler, stride: 1, as: Float.self)
            #expect(scaled.first == 0 && scaled.last == 1)
            #expect(scaled == scaled.sorted())
        }
    }

    @Test func smallSpreadsOfDoublesSurviveInFloat() throws {
        // The differences vanish if the values are rounded to Float before the shift.
        let dataset = try Dataset(
            features: NumericArray([1e9 - 1, 1e9 + 1] as [Double]), labels: NumericArray([0, 1] as [UInt8]))
        let scaler = Scaler(.standardize, fittedOn: dataset)
        #expect(gathered(dataset, [0, 1], scaler, stride: 1, as: Float.self) == [-1, 1])
    }

    @Test func misuseIsAProgrammingError() async {
        await #expect(processExitsWith: .failure) {
            _ = gathered(try numbers(.uint8), [9], nil, stride: 37, as: Float.self)
        }
        await #expect(processExitsWith: .failure) {
            _ = gathered(try numbers(.uint8), [0], nil, stride: 36, as: Float.self)
        }
        await #expect(processExitsWith: .failure) {
            _ = gathered(try numbers(.uint8), [0], .identity(featureCount: 36), stride: 37, as: Float.self)
        }
    }
}

/// Some columns of some rows.
@Suite struct GatherColumnsTests {
    @Test(arguments: [ElementType.uint8, .float32, .float64], GatherTests.scalings)
    func columnsAreThoseOfTheWholeRow(type: ElementType, scaling: Scaling) throws {
        let dataset = try numbers(type)
        let scaler = Scaler(scaling, fittedOn: dataset)
        let indices: [Int32] = [8, 0, 3, 3, 7, 1, 2, 5, 6]
        let whole: [Float] = gathered(dataset, indices, scaler, stride: 37, as: Float.self)
        let columns = 5..<30
        var some = [Float](repeating: -999, count: indices.count * 26)
        some.withUnsafeMutableBufferPointer { target in
            indices.withUnsafeBufferPointer {
                dataset.gather(
                    $0, columns: columns, scaler: scaler, into: target.baseAddress!, stride: 26)
            }
        }
        for row in indices.indices {
            #expect(some[row * 26..<row * 26 + 25] == whole[row * 37 + 5..<row * 37 + 30])
            #expect(some[row * 26 + 25] == -999)
        }
    }

    @Test func differencesAreFoundAmongBytesAlone() throws {
        let bytes: [UInt8] = [1, 2, 3, 4, 1, 9, 3, 5, 1, 2, 3, 255]
        let labels = NumericArray([UInt8(0), 1, 0])
        let dataset = try Dataset(features: NumericArray(bytes, shape: [3, 4]), labels: labels)
        func differences(_ dataset: Dataset, _ indices: [Int32]) -> [Bool]? {
            var marks = [UInt8](repeating: 7, count: 3)
            let isKnown = indices.withUnsafeBufferPointer {
                dataset.findDifferences(among: $0, columns: 1..<4, into: &marks)
            }
            return isKnown ? marks.map { $0 != 0 } : nil
        }
        #expect(differences(dataset, [0, 1, 2]) == [true, false, true])
        #expect(differences(dataset, [0, 2]) == [false, false, true])
        #expect(differences(dataset, [1]) == [false, false, false])
        let floats = try Dataset(
            features: NumericArray(bytes.map { Float($0) }, shape: [3, 4]), labels: labels)
        #expect(differences(floats, [0, 1]) == nil)
    }
}
