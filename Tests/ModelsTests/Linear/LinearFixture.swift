import DescentDatasets
import DescentLinearAlgebra
import Foundation

/// Data sets and coefficients that `Fixtures/linear/make_linear_fixtures.py` writes, from scikit-learn and statsmodels.
enum LinearFixture {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "Fixtures/linear")

    static func load<Fixture: Decodable>(_ name: String, as type: Fixture.Type = Fixture.self) -> Fixture {
        do {
            let data = try Data(contentsOf: folder.appending(path: "\(name).json"))
            return try JSONDecoder().decode(Fixture.self, from: data)
        } catch {
            fatalError("fixture \(name): \(error)")
        }
    }

    static func table(_ name: String) throws -> (
        features: Matrix<Double>, target: Table.Column, names: [String]
    ) {
        let table = try CSVFile.read(path: folder.appending(path: "\(name).csv").path())
        let names = table.columnNames.filter { $0 != "target" }
        return (table.matrix(of: names), table.column(named: "target")!, names)
    }

    /// The diabetes data with a target of numbers.
    static let diabetes: (features: Matrix<Double>, target: [Double], names: [String]) = {
        let (features, target, names) = try! table("diabetes")
        return (features, target.numbers!, names)
    }()

    /// The diabetes target cut at its thirds, or at its median.
    static func diabetesClasses(_ count: Int) -> [Int] {
        let sorted = diabetes.target.sorted()
        let cuts = count == 3 ? [sorted[147], sorted[294]] : [(sorted[220] + sorted[221]) / 2]
        return diabetes.target.map { value in
            cuts.count { count == 3 ? value >= $0 : value > $0 }
        }
    }

    /// A classification data set by the name that the fixtures give it, classes in scikit-learn's order.
    static func classes(_ name: String, standardized: Bool = false) throws -> Dataset {
        var dataset: Dataset
        switch name {
        case "digits":
            let digits = Digits.load()
            dataset = try Dataset(
                features: digits.matrix(as: Double.self), labels: digits.labels.map { Int($0) })
        case "diabetes":
            dataset = try Dataset(features: diabetes.features, labels: diabetesClasses(3))
        default:
            let (features, target, _) = try table(name)
            dataset = try Dataset(
                features: features, labels: target.text!,
                classNames: name == "breast-cancer" ? ["malignant", "benign"] : nil)
        }
        guard standardized else { return dataset }
        let scaler = Scaler(.standardize, fittedOn: dataset)
        dataset = try Dataset(
            features: dataset.matrix(scaledBy: scaler, as: Double.self),
            labels: dataset.labels.map { dataset.classNames[Int($0)] }, classNames: dataset.classNames)
        return dataset
    }

    /// 1, 2, 3, 1, 2, 3, …: the weights in the fixtures.
    static func weights(_ count: Int) -> [Double] { (0..<count).map { Double(1 + $0 % 3) } }
}

/// The largest difference of two lists, as a share of the largest magnitude in the second.
func relativeDistance(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count, "\(a.count) and \(b.count) numbers")
    let scale = b.reduce(0) { max($0, abs($1)) }
    return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } / (scale == 0 ? 1 : scale)
}

/// The largest difference of two lists, each as a share of the number in the second.
func componentDistance(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count, "\(a.count) and \(b.count) numbers")
    return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1) / max(abs($1.1), 1e-300)) }
}
