import DescentLinearAlgebra
import Testing

@testable import DescentDatasets

/// Data sets with quantities to be predicted, without anything, and with weights.
@Suite struct TargetsAndWeightsTests {
    let features = Matrix<Double>([[1, 2], [3, 4], [5, 6]])

    @Test func targetsFollowTheirExamples() throws {
        let data = try Dataset(features: features, targets: [[10, 1], [20, 2], [30, 3]])
        #expect(data.count == 3 && data.targetNames == ["y1", "y2"] && !data.isLabelled)
        let some = try data.weighted(by: [1, 2, 3]).subset([2, 0, 2])
        #expect(some.targets == [[30, 3], [10, 1], [30, 3]] && some.weights == [3, 1, 3])
        let first = try data.weighted(by: [1, 2, 3]).prefix(2)
        #expect(first.targets == [[10, 1], [20, 2]] && first.weights == [1, 2])
        let (train, held) = data.split(validation: 0.3, seed: 1)
        #expect(train.targets?.rows == 2 && held.targets?.rows == 1)
        #expect("\(data)" == "data: 3 examples of 2 float64, 2 targets (memory)")
        #expect(try Dataset(features: features, targets: [1, 2, 3]).targetNames == ["y"])
    }

    @Test func targetsThatDoNotFitAreRefused() {
        #expect(throws: DatasetError("memory", .targetShape([2, 1], examples: 3))) {
            try Dataset(features: features, targets: [1, 2])
        }
        #expect(throws: DatasetError("memory", .targetNotFinite(row: 1, column: 0, value: "nan"))) {
            try Dataset(features: features, targets: [1, .nan, 2])
        }
    }

    @Test func tablesHaveColumnsOfTargets() throws {
        let table = Table([
            .init("a", .numbers([1, 2])), .init("y", .numbers([5, 6])), .init("b", .numbers([3, 4])),
            .init("t", .text(["u", "v"])),
        ])
        #expect(throws: DatasetError("memory", .textColumn("t"))) { try Dataset(table, targets: ["y"]) }
        #expect(
            throws: DatasetError("memory", .noSuchColumn("z", found: ["a", "y", "b", "t"]))
        ) { try Dataset(table, targets: ["z"]) }
        let numbers = Table(Array(table.columns.dropLast()))
        let data = try Dataset(numbers, targets: ["y"])
        #expect(data.targets == [[5], [6]] && data.targetNames == ["y"])
        #expect(data.matrix() == [[1, 3], [2, 4]] as Matrix<Double>)
    }

    @Test func featuresAloneAreADataSet() throws {
        let data = try Dataset(features: features)
        #expect(data.count == 3 && !data.isLabelled && data.targets == nil && data.classCount == 0)
        #expect(data.subset([1]).matrix() == [[3, 4]] as Matrix<Double>)
        #expect("\(data)" == "data: 3 examples of 2 float64, without classes (memory)")
    }

    @Test func weightsThatDoNotFitAreRefused() throws {
        let data = try Dataset(features: features, targets: [1, 2, 3])
        #expect(throws: DatasetError("memory", .weightCount(2, examples: 3))) {
            try data.weighted(by: [1, 2])
        }
        #expect(throws: DatasetError("memory", .weightNotUsable(row: 2, value: "-1.0"))) {
            try data.weighted(by: [1, 2, -1])
        }
        #expect(throws: DatasetError("memory", .weightNotUsable(row: 0, value: "nan"))) {
            try data.weighted(by: [.nan, 2, 1])
        }
        #expect(throws: DatasetError("memory", .noWeight)) { try data.weighted(by: [0, 0, 0]) }
    }

    @Test func theSymmetricRangeIsMinusOneToOne() throws {
        let data = try Dataset(
            features: NumericArray([0, 255, 51] as [UInt8], shape: [3, 1]),
            labels: NumericArray([0, 1, 1] as [Int]), nominalRange: 0...255)
        let pixels: Matrix<Double> = data.matrix(scaledBy: Scaler(.symmetricRange, fittedOn: data))
        for (found, expected) in zip(pixels.elements, [-1, 1, -0.6]) {
            #expect(abs(found - expected) < 1e-15)
        }
        let own = try Dataset(features: Matrix<Double>([[3, 5], [7, 5]]), labels: [0, 1])
        let scaler = Scaler(.symmetricRange, fittedOn: own)
        #expect(own.matrix(scaledBy: scaler) == [[-1, 0], [1, 0]] as Matrix<Double>)
        #expect(scaler.constantColumns == [1])
    }
}
