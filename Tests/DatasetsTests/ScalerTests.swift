import DescentLinearAlgebra
import Foundation
import Testing

@testable import DescentDatasets

/// Columns with their exact mean and deviation; `Fixtures/make_scaler_fixture.py` writes them.
private struct GoldenColumn: Decodable, CustomTestStringConvertible {
    var name: String
    var values: [Double]
    var mean: Double
    var standardDeviation: Double
    var isConstant: Bool
    var testDescription: String { name }

    static let all: [GoldenColumn] = {
        let data = try! Data(contentsOf: URL(filePath: fixture("scaler.json")))
        return try! JSONDecoder().decode([GoldenColumn].self, from: data)
    }()

    func dataset() throws -> Dataset {
        try Dataset(
            features: NumericArray(values), labels: NumericArray([UInt8](repeating: 0, count: values.count)))
    }
}

private func table(_ rows: [[Double]], range: ClosedRange<Double>? = nil) throws -> Dataset {
    try Dataset(
        features: NumericArray(rows.flatMap { $0 }, shape: [rows.count, rows[0].count]),
        labels: NumericArray([UInt8](repeating: 0, count: rows.count)), nominalRange: range)
}

@Suite struct ScalerTests {
    @Test(arguments: GoldenColumn.all)
    private func meansAndDeviationsAreExact(column: GoldenColumn) throws {
        let scaler = Scaler(.standardize, fittedOn: try column.dataset())
        #expect(scaler.constantColumns == (column.isConstant ? [0] : []))
        #expect(abs(scaler.shift[0] - column.mean) <= 4 * column.values.map(\.magnitude).max()!.ulp)
        if column.isConstant {
            #expect(scaler.factor == [0])
            #expect(scaler.scaled([column.values[0] + 12345]) == [0])
        } else {
            #expect(abs(scaler.factor[0] * column.standardDeviation - 1) < 1e-15 * 8)
        }
    }

    @Test func bytesAndNumbersGiveTheSameStatistics() throws {
        let column = try #require(GoldenColumn.all.first { $0.name == "bytes" })
        let labels = NumericArray([UInt8](repeating: 0, count: column.values.count))
        let bytes = try Dataset(features: NumericArray(column.values.map { UInt8($0) }), labels: labels)
        let floats = try Dataset(features: NumericArray(column.values.map { Float($0) }), labels: labels)
        for dataset in [bytes, floats] {
            let statistics = FeatureStatistics(of: dataset)
            #expect(abs(statistics.mean[0] / column.mean - 1) < 1e-15)
            #expect(abs(statistics.standardDeviation[0] / column.standardDeviation - 1) < 1e-15)
            #expect(
                statistics.minimum[0] == column.values.min() && statistics.maximum[0] == column.values.max())
        }
    }

    @Test func sumsOfManyBytesDoNotOverflow() throws {
        // 70,000 squares of 255 are more than 32 bits hold.
        let dataset = try Dataset(
            features: NumericArray([UInt8](repeating: 255, count: 69_999) + [0]),
            labels: NumericArray([UInt8](repeating: 0, count: 70_000)))
        let statistics = FeatureStatistics(of: dataset)
        #expect(statistics.mean[0] == 255.0 * 69_999 / 70_000)
        let expected = 255 * (69_999.0).squareRoot() / 70_000
        #expect(abs(statistics.standardDeviation[0] - expected) < 1e-15)
    }

    @Test func standardizedTrainingDataHaveMeanZeroAndDeviationOne() throws {
        let digits = Digits.load()
        let scaler = Scaler(.standardize, fittedOn: digits)
        #expect(scaler.constantColumns == [0, 32, 39])
        var scaled = [Double](repeating: 0, count: digits.count * 64)
        scaled.withUnsafeMutableBufferPointer {
            digits.gather(0..<digits.count, scaler: scaler, into: $0.baseAddress!, stride: 64)
        }
        for column in 0..<64 {
            let values = stride(from: column, to: scaled.count, by: 64).map { scaled[$0] }
            let mean = values.reduce(0, +) / Double(values.count)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
            #expect(abs(mean) < 1e-13)
            #expect(abs(variance - (scaler.constantColumns.contains(column) ? 0 : 1)) < 1e-12)
        }
    }

    @Test func ranges() throws {
        let dataset = try table([[2, 5, 1e9], [4, 5, 1e9 + 1e-7], [3, 5, 1e9]])
        let scaler = Scaler(.range, fittedOn: dataset)
        #expect(scaler.scaled([2, 5, 1e9]) == [0, 0, 0])
        #expect(scaler.scaled([4, 6, 1e9 + 1e-7])[0] == 1)
        #expect(scaler.scaled([6, 6, 0])[0] == 2)
        // The third column differs by one unit in the last place.
        #expect(scaler.constantColumns == [1, 2])
        #expect(scaler.scaled([4, 6, 1e9 + 1e-7])[1...] == [0, 0])
    }

    @Test func automaticFollowsTheNominalRange() throws {
        let rows = [[0.0, 1], [4, 3]]
        let (plain, ranged) = (try table(rows), try table(rows, range: -1...7))
        #expect(Scaler(.automatic, fittedOn: plain) == Scaler(.standardize, fittedOn: plain))
        #expect(Scaler(.automatic, fittedOn: ranged) == Scaler(.range, fittedOn: ranged))
        #expect(Scaler(.range, fittedOn: ranged).scaled([-1, 7]) == [0, 1])
        #expect(Scaler(.none, fittedOn: ranged).scaled([-1, 7]) == [-1, 7])
    }

    @Test func clippingBoundsWhatIsFarOutsideTheTrainingSet() throws {
        // One lit pixel in a thousand: nearly constant, not constant.
        let training = try table((0..<1000).map { [$0 == 0 ? 16 : 0] })
        let plain = Scaler(.standardize, fittedOn: training)
        #expect(plain.constantColumns == [] && plain.scaled([16])[0] > 30)
        let clipped = Scaler(.clipped(.standardize, limit: 6), fittedOn: training)
        #expect(clipped.scaled([16]) == [6] && clipped.scaled([-160]) == [-6])
        #expect(clipped.scaled([0]) == plain.scaled([0]))
        #expect(Scaler(.clipped(.clipped(.none, limit: 2), limit: 5), fittedOn: training).limit == 2)
    }

    @Test func savedScalersDoTheSame() throws {
        let digits = Digits.load()
        for scaling in [Scaling.none, .standardize, .range, .clipped(.standardize, limit: 5)] {
            let scaler = Scaler(scaling, fittedOn: digits)
            let read = try JSONDecoder().decode(Scaler.self, from: JSONEncoder().encode(scaler))
            #expect(read == scaler)
            let example = (0..<64).map { Double($0 % 17) }
            #expect(read.scaled(example) == scaler.scaled(example))
            #expect(try JSONDecoder().decode(Scaling.self, from: JSONEncoder().encode(scaling)) == scaling)
        }
    }

    @Test(arguments: [
        #"{"shift": [0, 1], "factor": [1], "constantColumns": []}"#,
        #"{"shift": [0], "factor": [1], "limit": -1, "constantColumns": []}"#,
        #"{"shift": [0], "factor": [1], "constantColumns": [1]}"#,
    ])
    func damagedScalersAreRefused(json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Scaler.self, from: Data(json.utf8)) }
    }
}
