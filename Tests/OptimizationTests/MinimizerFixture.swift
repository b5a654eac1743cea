import Foundation
import Testing

/// What `Fixtures/make_minimizer_fixture.py` has computed.
struct MinimizerFixture: Decodable {
    struct Case: Decodable {
        struct Counts: Decodable {
            var evaluations: Int
            var iterations: Int
            var value: Double
        }
        var name: String
        var parameters: Int
        var startValue: Double
        var startGradient: [Double]
        /// The values of the minima that are known.
        var minima: [Double]
        var scipy: Counts
    }
    struct Box: Decodable, CustomTestStringConvertible {
        var name: String
        var lower: Double
        var upper: Double
        var value: Double
        var point: [Double]
        var testDescription: String { "\(name) in \(lower)...\(upper)" }
    }
    var cases: [Case]
    /// Functions within a box, with the answer of SciPy's L-BFGS-B.
    var boxes: [Box]

    static let shared: MinimizerFixture = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let data = try! Data(contentsOf: folder.appending(path: "Fixtures/minimizers.json"))
        return try! JSONDecoder().decode(MinimizerFixture.self, from: data)
    }()

    static func named(_ name: String) -> Case { shared.cases.first { $0.name == name }! }
}
