import DescentLinearAlgebra
import Testing

@testable import DescentDatasets

/// Six examples of two features in three classes.
func small() throws -> Dataset {
    try Dataset(
        features: NumericArray([0, 1, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51] as [Float], shape: [6, 2]),
        labels: NumericArray([7, 7, 3, 12, 3, 3] as [Int64]))
}

/// All features as doubles, in C order.
func values(_ dataset: Dataset) throws -> [Double] { try dataset.features.values(as: Double.self) }

@Suite struct DatasetTests {
    @Test func sizesLabelsAndClasses() throws {
        let dataset = try small()
        #expect(dataset.count == 6 && dataset.featureCount == 2 && dataset.classCount == 3)
        #expect(dataset.exampleShape == [2])
        #expect(dataset.classNames == ["3", "7", "12"])
        #expect(dataset.labels == [1, 1, 0, 2, 0, 0])
        #expect(dataset.nominalRange == nil && dataset.sha256 == nil)
    }

    @Test func picturesKeepTheirShapeAndTheirBytes() throws {
        let pixels = NumericArray((0..<24).map { UInt8($0) }, shape: [4, 3, 2])
        let dataset = try Dataset(features: pixels, labels: NumericArray([0, 1, 0, 1] as [UInt8]))
        #expect(dataset.exampleShape == [3, 2] && dataset.featureCount == 6)
        #expect(dataset.features.shape == [4, 6] && dataset.features.elementType == .uint8)
        #expect(dataset.features.storage === pixels.storage)
    }

    @Test func fortranOrderIsBroughtIntoCOrder() throws {
        let columns = NumericArray([1, 2, 3, 10, 20, 30] as [Double])
        let features = NumericArray(
            storage: columns.storage, shape: [3, 2], elementType: .float64, fortranOrder: true)
        let dataset = try Dataset(features: features, labels: NumericArray([0, 1, 2] as [Int32]))
        #expect(try values(dataset) == [1, 10, 2, 20, 3, 30])
    }

    @Test func aVectorOfFeaturesIsOneColumn() throws {
        let dataset = try Dataset(
            features: NumericArray([1.5, 2.5] as [Double]),
            labels: NumericArray([0, 1] as [Int8], shape: [2, 1]))
        #expect(dataset.exampleShape == [1] && dataset.featureCount == 1 && dataset.labels == [0, 1])
    }

    struct Conversion: CustomTestStringConvertible {
        var name: String
        var features: NumericArray
        var stored: ElementType
        var values: [Double]
        var testDescription: String { name }

        static let all = [
            Conversion(name: "bool", features: NumericArray([true, false]), stored: .uint8, values: [1, 0]),
            Conversion(
                name: "int8", features: NumericArray([-1, 5] as [Int8]), stored: .float32, values: [-1, 5]),
            Conversion(
                name: "int64, small", features: NumericArray([0, 255] as [Int]), stored: .uint8,
                values: [0, 255]),
            Conversion(
                name: "int32, middling", features: NumericArray([0, 256] as [Int32]), stored: .float32,
                values: [0, 256]),
            Conversion(
                name: "int32, large", features: NumericArray([0, 16_777_217] as [Int32]), stored: .float64,
                values: [0, 16_777_217]),
            Conversion(
                name: "uint64, largest", features: NumericArray([0, .max] as [UInt64]), stored: .float64,
                values: [0, 0x1p64]),
            Conversion(
                name: "float16", features: NumericArray([0.5, -2] as [Float16]), stored: .float32,
                values: [0.5, -2]),
            Conversion(
                name: "float32", features: NumericArray([0.5, -2] as [Float]), stored: .float32,
                values: [0.5, -2]),
            Conversion(
                name: "float64", features: NumericArray([0.5, -2] as [Double]), stored: .float64,
                values: [0.5, -2]),
        ]
    }

    @Test(arguments: Conversion.all)
    func otherTypesBecomeTheNarrowestThatIsExact(conversion: Conversion) throws {
        let dataset = try Dataset(features: conversion.features, labels: NumericArray([0, 1] as [UInt8]))
        #expect(dataset.features.elementType == conversion.stored)
        #expect(try values(dataset) == conversion.values)
    }

    // MARK: Labels

    @Test(arguments: [
        (["b", "a", "b"], ["a", "b"]), (["10", "9", "-1"], ["-1", "9", "10"]),
        (["07", "7", "8"], ["07", "7", "8"]),
        (["10", "9", "x"], ["10", "9", "x"]),
    ])
    func classesAreSorted(labels: [String], classNames: [String]) throws {
        let dataset = try Dataset(features: NumericArray([1, 2, 3] as [Float]), labels: labels)
        #expect(dataset.classNames == classNames)
        #expect(dataset.labels.map { dataset.classNames[Int($0)] } == labels)
    }

    @Test func labelsMayBeWholeFloatingPointNumbers() throws {
        let dataset = try Dataset(
            features: NumericArray([1, 2] as [Float]), labels: NumericArray([3.0, -1.0] as [Double]))
        #expect(dataset.classNames == ["-1", "3"])
    }

    @Test func classesOfTheTrainingSetCanBeGiven() throws {
        let test = try Dataset(
            features: NumericArray([1, 2] as [Float]), labels: NumericArray([2, 2] as [UInt8]),
            classNames: ["0", "1", "2"])
        #expect(test.labels == [2, 2] && test.classCount == 3)
    }

    // MARK: What is refused

    private func reason(_ features: NumericArray, _ labels: NumericArray, classes: [String]? = nil)
        -> DatasetError.Reason?
    {
        do throws(DatasetError) {
            _ = try Dataset(features: features, labels: labels, classNames: classes)
            return nil
        } catch { return error.reason }
    }

    private let two = NumericArray([1, 2] as [Float])
    private let twoLabels = NumericArray([0, 1] as [UInt8])

    @Test func emptyArrays() {
        #expect(
            reason(NumericArray([] as [Float], shape: [0, 3]), NumericArray([] as [UInt8]))
                == .empty(shape: [0, 3]))
        #expect(reason(NumericArray([] as [Float], shape: [2, 0]), twoLabels) == .empty(shape: [2, 0]))
        #expect(reason(NumericArray([1] as [Float], shape: []), twoLabels) == .empty(shape: []))
    }

    @Test func countsThatDiffer() {
        #expect(reason(two, NumericArray([0, 1, 1] as [UInt8])) == .countMismatch(features: 2, labels: 3))
    }

    @Test func labelsThatAreNoClasses() {
        #expect(reason(two, NumericArray([0, 1.5] as [Double])) == .labelNotInteger(row: 1, value: "1.5"))
        #expect(
            reason(two, NumericArray([Double.nan, 1] as [Double])) == .labelNotInteger(row: 0, value: "nan"))
        #expect(reason(two, NumericArray([0, 1, 1, 0] as [UInt8], shape: [2, 2])) == .labelShape([2, 2]))
        #expect(reason(two, NumericArray([1] as [UInt8], shape: [])) == .labelShape([]))
        #expect(
            reason(two, twoLabels, classes: ["0", "2"])
                == .unknownClass(row: 1, name: "1", classes: ["0", "2"]))
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 0x1p1001])
    func featuresThatAreNotFinite(bad: Double) {
        var features = [Double](repeating: 1, count: 30_000)
        features[20_001] = bad
        features[25_000] = .nan
        let labels = NumericArray([UInt8](repeating: 0, count: 10_000))
        #expect(
            reason(NumericArray(features, shape: [10_000, 3]), labels)
                == .valueNotUsable(row: 6667, column: 0, value: "\(bad)"))
        let single = features.map { Float($0) }
        #expect(
            reason(NumericArray(single, shape: [10_000, 3]), labels)
                == .valueNotUsable(row: 6667, column: 0, value: "\(Float(bad))"))
    }

    @Test func halvesThatAreNotFinite() {
        #expect(
            reason(NumericArray([1, .infinity] as [Float16]), twoLabels)
                == .valueNotUsable(row: 1, column: 0, value: "inf"))
    }

    @Test func complexFeatures() {
        let pairs = NumericArray([1, 0, 2, 0] as [Float])
        let complex = NumericArray(storage: pairs.storage, shape: [2], elementType: .complex64)
        #expect(reason(complex, twoLabels) == .complexFeatures(.complex64))
        #expect(reason(two, complex) != nil)
    }

    @Test func messagesNamePlaceAndRemedy() {
        #expect(
            "\(DatasetError("x.npz", .countMismatch(features: 2, labels: 3)))"
                == "x.npz: 2 rows of features but 3 labels; each example needs one label")
        #expect(
            "\(DatasetError("x.npz", .valueNotUsable(row: 4, column: 5, value: "nan")))"
                == "x.npz: the feature in row 4, column 5 is nan; replace or drop values that are not finite")
        let missing = DataFileError(file: "x.npz", reason: .unreadable(code: 2))
        #expect(
            "\(DatasetError("x.npz", .file(missing)))" == "x.npz: cannot be read: No such file or directory")
    }

    // MARK: Matrices and tables

    @Test func matricesComeInAndOut() throws {
        let matrix: Matrix<Float> = [[1, 2], [3, 4.5]]
        let dataset = try Dataset(features: matrix, labels: [5, 4])
        #expect(dataset.features.elementType == .float32 && dataset.classNames == ["4", "5"])
        #expect(dataset.matrix(as: Float.self) == matrix)
        let double: Matrix<Double> = dataset.matrix(scaledBy: Scaler(.range, fittedOn: dataset))
        #expect(double == [[0, 0], [1, 1]])
        #expect(try Dataset(features: double, labels: ["a", "b"]).features.elementType == .float64)
        #expect(throws: DatasetError("memory", .countMismatch(features: 2, labels: 1))) {
            _ = try Dataset(features: matrix, labels: [5])
        }
    }

    @Test func tablesNameTheColumnOfClasses() throws {
        let table = Table([
            .init("length", .numbers([1, 2, 3])), .init("kind", .text(["b", "a", "b"])),
            .init("width", .numbers([10, 20, 30])), .init("number", .numbers([2, 2, 1])),
        ])
        let dataset = try Dataset(table, label: "kind")
        #expect(dataset.classNames == ["a", "b"] && dataset.labels == [1, 0, 1])
        #expect(try values(dataset) == [1, 10, 2, 2, 20, 2, 3, 30, 1])
        #expect(throws: DatasetError("memory", .textColumn("kind"))) {
            _ = try Dataset(table, label: "number")
        }
        #expect(throws: DatasetError("memory", .noSuchColumn("species", found: table.columnNames))) {
            _ = try Dataset(table, label: "species")
        }
        let numbered = Table(table.columns.filter { $0.name != "kind" })
        #expect(try Dataset(numbered, label: "number").classNames == ["1", "2"])
    }

    @Test func missingValuesAreNamed() throws {
        func table(_ missing: [Int: String]) -> Table {
            Table([
                .init("x", .numbers([1, .nan, 3]), missing: missing),
                .init("y", .text(["a", "", "b"]), missing: missing),
            ])
        }
        #expect(throws: DatasetError("memory", .missingValue(row: 1, column: "x"))) {
            _ = try Dataset(table([1: "NA"]), label: "y")
        }
        let labelled = Table([
            .init("x", .numbers([1, 2, 3])), .init("y", .text(["a", "", "b"]), missing: [1: ""]),
        ])
        #expect(throws: DatasetError("memory", .missingValue(row: 1, column: "y"))) {
            _ = try Dataset(labelled, label: "y")
        }
        #expect(throws: DatasetError("memory", .valueNotUsable(row: 1, column: 0, value: "nan"))) {
            _ = try Dataset(table([:]), label: "y")
        }
    }

    // MARK: Parts

    @Test func subsetsCopyRowsInOrder() throws {
        let subset = try small().subset([5, 0, 5])
        #expect(try values(subset) == [50, 51, 0, 1, 50, 51])
        #expect(subset.labels == [0, 1, 0])
        #expect(subset.classNames == ["3", "7", "12"])
    }

    @Test func prefixesShareMemory() throws {
        let dataset = try small()
        let prefix = dataset.prefix(2)
        #expect(prefix.count == 2 && prefix.labels == [1, 1])
        #expect(try values(prefix) == [0, 1, 10, 11])
        #expect(prefix.features.storage === dataset.features.storage)
        #expect(dataset.prefix(100).count == 6)
        #expect(try values(prefix.subset([1])) == [10, 11])
    }

    @Test func anIndexBeyondTheEndIsAProgrammingError() async {
        await #expect(processExitsWith: .failure) { _ = try small().subset([6]) }
        await #expect(processExitsWith: .failure) { _ = try small().subset([-1]) }
        await #expect(processExitsWith: .failure) { _ = try small().subset([]) }
    }
}
