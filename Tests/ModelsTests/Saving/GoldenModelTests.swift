import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Foundation
import Testing

@testable import DescentModels

/// Model files of each version as they were once written, and what they were exported to.
///
/// `Fixtures/Saving/version1` holds for each name the model (`.npz`), the graph (`.onnx`), and examples with the outputs
/// for them (`.examples.npz`). `check_models.py` beside it runs the graphs in onnxruntime. To write them anew, run the
/// tests with `DESCENT_RECORD_MODELS=1`; a change of what is there is a change of the format.
@Suite struct GoldenModelTests {
    static let names = [
        "linear", "logistic", "softmax", "softmax-clipped", "network", "every-layer", "every-layer-double",
        "one-output", "regressor", "regressor-double",
    ]
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures/Saving/version1").standardizedFileURL
    static let isRecording = ProcessInfo.processInfo.environment["DESCENT_RECORD_MODELS"] != nil

    static func path(_ name: String, _ ending: String) -> String {
        folder.appending(path: "\(name).\(ending)").path()
    }

    /// Features that `Float` holds, so that they are the same for every graph.
    static func examples(_ featureCount: Int) -> Matrix<Double> {
        if featureCount == 64 { return SavedModels.digits.prefix(6).matrix(as: Double.self) }
        let all = SavedModels.pairs.prefix(6).matrix(as: Double.self)
        return all.map { Double(Float($0)) }
    }

    /// The outputs of a model, by the names that a graph gives them.
    static func outputs(_ model: SavedModel, _ features: Matrix<Double>) throws -> [String: Matrix<Double>] {
        let array = NumericArray(
            Array(features.withUnsafeElements { $0 }), shape: [features.rows, features.columns])
        let dataset = try Dataset(features: array)
        func wide<Scalar: MatrixScalar>(_ matrix: Matrix<Scalar>) -> Matrix<Double> {
            Matrix(
                rows: matrix.rows, columns: matrix.columns,
                elements: matrix.withUnsafeElements { $0.map { Double($0) } })
        }
        func classes<Model: Classifier>(_ model: Model) -> [String: Matrix<Double>] {
            let labels = model.predictions(for: dataset).map(Double.init)
            return [
                "logits": wide(model.logits(for: dataset)),
                "probabilities": wide(model.probabilities(for: dataset)),
                "label": Matrix(rows: labels.count, columns: 1, elements: labels),
            ]
        }
        switch model {
        case .linear(let model):
            let y = model.predict(features)
            return ["prediction": Matrix(rows: y.count, columns: 1, elements: y)]
        case .regressor(let model): return ["prediction": wide(model.predict(for: dataset))]
        case .regressorDouble(let model): return ["prediction": wide(model.predict(for: dataset))]
        default: return classes(model.classifier!)
        }
    }

    static func make(_ name: String) throws -> SavedModel {
        switch name {
        case "linear": return .linear(SavedModels.line)
        case "logistic": return .logistic(try SavedModels.logistic())
        case "softmax": return .softmax(try SavedModels.softmax())
        case "softmax-clipped": return .softmaxFloat(try SavedModels.softmaxFloat())
        case "network": return .mlp(try SavedModels.network())
        case "every-layer": return .mlp(try SavedModels.everyLayer(as: Float.self))
        case "every-layer-double": return .mlpDouble(try SavedModels.everyLayer(as: Double.self))
        case "one-output":
            var network = MLP<Float>(
                inputs: 3, layers: [.dense(4), .activation(.tanh), .dense(1)], loss: .binaryCrossEntropy)
            try network.train(on: SavedModels.pairs, with: Adam(learningRate: 0.05), for: .epochs(3))
            return .mlp(network)
        case "regressor": return .regressor(try SavedModels.regressor(as: Float.self))
        default: return .regressorDouble(try SavedModels.regressor(as: Double.self))
        }
    }

    @Test(.enabled(if: isRecording), arguments: names) func record(name: String) throws {
        let model = try Self.make(name)
        try ModelFile(model, notes: ModelNotes(targetName: name)).save(to: Self.path(name, "npz"))
        try model.exportONNX(to: Self.path(name, "onnx"))
        let features = Self.examples(model.featureCount)
        let outputs = try Self.outputs(model, features)
        let arrays = [("features", features)] + outputs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        try NPZArchive.write(
            arrays.map { name, matrix in
                let values = Array(matrix.withUnsafeElements { $0 })
                return (name, NumericArray(values, shape: [matrix.rows, matrix.columns]))
            }, to: Self.path(name, "examples.npz"))
        if name == "network" {
            try ModelFile(model).save(to: Self.path(name, "safetensors"))
        }
    }

    @Test(.disabled(if: isRecording), arguments: names)
    func aFileOfVersionOneIsReadAndPredictsWhatItDid(name: String) throws {
        let model = try ModelFile(contentsOf: Self.path(name, "npz")).model
        let archive = try NPZArchive(path: Self.path(name, "examples.npz"))
        let array = try archive.array(named: "features")
        let features = Matrix<Double>(
            rows: array.shape[0], columns: array.shape[1], elements: try array.values(as: Double.self))
        let isSingle = ["network", "every-layer", "one-output", "regressor", "softmax-clipped"].contains(name)
        for (output, matrix) in try Self.outputs(model, features) {
            let expected = try archive.array(named: output).values(as: Double.self)
            let values = matrix.withUnsafeElements { Array($0) }
            #expect(values.count == expected.count)
            // Another processor adds products up in another order.
            for (value, reference) in zip(values, expected) {
                #expect(agrees(value, reference, to: isSingle ? 1e-5 : 1e-12), "\(output)")
            }
        }
    }

    @Test(.disabled(if: isRecording), arguments: names)
    func theFormatsHaveNotChanged(name: String) throws {
        let file = try ModelFile(contentsOf: Self.path(name, "npz"))
        #expect(file.notes.targetName == name)
        try SavedModels.withFolder { folder in
            let copy = folder.appending(path: "copy.npz")
            try file.save(to: copy.path())
            #expect(try Data(contentsOf: copy) == Data(contentsOf: URL(filePath: Self.path(name, "npz"))))
            let graph = folder.appending(path: "copy.onnx")
            try file.model.exportONNX(to: graph.path())
            #expect(try Data(contentsOf: graph) == Data(contentsOf: URL(filePath: Self.path(name, "onnx"))))
        }
    }

    /// A file with a coding of columns, as it was once written: version 2.
    @Test func aFileOfVersionTwoHasItsCoding() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/Saving/version2/coded.npz").standardizedFileURL.path()
        let names = ModelFileTests.coding.featureNames
        let model = LinearModel(coefficients: [1, -0.5, 3], intercept: 0.25, featureNames: names)
        if Self.isRecording {
            try ModelFile(
                .linear(model),
                notes: ModelNotes(featureNames: names, coding: ModelFileTests.coding, targetName: "y")
            ).save(to: path)
        }
        let file = try ModelFile(contentsOf: path)
        #expect(file.notes.coding == ModelFileTests.coding)
        guard case .linear(let copy) = file.model else {
            Issue.record("it is \(file.model)")
            return
        }
        #expect(copy.coefficients == model.coefficients && copy.featureNames == names)
        try SavedModels.withFolder { folder in
            let again = folder.appending(path: "copy.npz")
            try file.save(to: again.path())
            #expect(try Data(contentsOf: again) == Data(contentsOf: URL(filePath: path)))
        }
    }

    /// A logistic regression by an update rule, as it was once written: version 3.
    @Test func aFileOfVersionThreeSaysWhichRule() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/Saving/version3/by-rule.npz").standardizedFileURL.path()
        if Self.isRecording { try SavedModels.logisticByRule().save(to: path) }
        let model = try LogisticClassifier(contentsOf: path)
        #expect(model.report.method == .updateRule)
        #expect(model.report.choice == "adam, learning rate 0.05, batches of 60")
        #expect(model.featureNames == ["a", "b", "c"] && model.inference == nil)
        let (now, then) = (try SavedModels.logisticByRule(), model)
        for (a, b) in zip(now.weights, then.weights) { #expect(agrees(a, b, to: 1e-5)) }
        try SavedModels.withFolder { folder in
            let again = folder.appending(path: "copy.npz")
            try model.save(to: again.path())
            #expect(try Data(contentsOf: again) == Data(contentsOf: URL(filePath: path)))
        }
    }

    /// The graphs in onnxruntime, where there is one: `PYTHON` names the interpreter.
    @Test(.enabled(if: !isRecording && Self.python("-c", "import numpy, onnxruntime")))
    func graphsComputeTheSameInOnnxruntime() {
        let script = Self.folder.deletingLastPathComponent().appending(path: "check_models.py").path()
        #expect(Self.python(script))
    }

    /// Whether Python runs it and ends with 0.
    private static func python(_ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [ProcessInfo.processInfo.environment["PYTHON"] ?? "python3"] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    @Test(.disabled(if: isRecording)) func safetensorsHoldTheSameModel() throws {
        let network = try MLP<Float>(contentsOf: Self.path("network", "npz"))
        #expect(try MLP<Float>(contentsOf: Self.path("network", "safetensors")) == network)
    }
}
