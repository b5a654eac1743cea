import DescentDatasets
import DescentLinearAlgebra

/// The type of the numbers that go into an exported graph and come out of it.
public enum ONNXPrecision: String, Codable, CaseIterable, Sendable {
    /// `float`, what most programs feed.
    case single
    /// `double`.
    case double

    var type: ONNXGraph.NumberType { self == .single ? .float : .double }
}

/// A model that can be written as an ONNX graph, for onnxruntime and other programs.
///
/// ```swift
/// try network.exportONNX(to: "mnist.onnx")
/// ```
/// The graph takes features as they are in the data, `features`, examples × features; scaling is part of it. A classifier
/// gives `logits` and `probabilities`, examples × classes, and `label`, the number of the class of each example; its names
/// are among the file's metadata, as JSON under `classNames`. A regression gives `prediction`, examples × targets.
///
/// Operator set 13. The graph computes in the model's own type, and the scaler in `double`.
public protocol ONNXExportable: Sendable {
    /// The bytes of the file.
    ///
    /// - Parameter precision: The type of what goes in and comes out; the model's own type if `nil`.
    func onnxModel(precision: ONNXPrecision?) -> [UInt8]
}

extension ONNXExportable {
    /// Writes the model as an ONNX file, which appears under its name only when it is complete.
    ///
    /// - Parameters:
    ///   - path: Where to write.
    ///   - precision: The type of what goes in and comes out; the model's own type if `nil`.
    /// - Throws: `ModelFileError` where the file cannot be written, or is longer than the 2³¹ bytes that the format allows.
    public func exportONNX(to path: String, precision: ONNXPrecision? = nil) throws(ModelFileError) {
        let bytes = onnxModel(precision: precision)
        guard bytes.count < 1 << 31 else {
            throw ModelFileError(
                file: path,
                reason: .notExpressible("\(bytes.count) bytes, and an ONNX file has less than \(1 << 31)"))
        }
        do {
            try AtomicFile.write(bytes, to: path)
        } catch {
            throw ModelFileError(file: path, reason: .file(error))
        }
    }
}

/// How graphs begin and end.
extension ONNXGraph {
    /// The nodes from logits to the outputs of a classifier.
    mutating func classes(_ logits: String, from: NumberType, to: NumberType, count: Int) {
        let probabilities = add("Softmax", [logits], [("axis", .integer(-1))])
        // The first of several largest ones.
        _ = add(
            "ArgMax", [logits], named: "label", [("axis", .integer(1)), ("keepdims", .integer(0))])
        // Outputs have names of their own.
        for (name, value) in [("logits", logits), ("probabilities", probabilities)] {
            if from == to {
                _ = add("Identity", [value], named: name)
            } else {
                _ = cast(value, from: from, to: to, named: name)
            }
            output(name, to, columns: count)
        }
        output("label", .int64, columns: nil)
    }

    /// The node that gives a regression's predictions their name and type.
    mutating func prediction(_ value: String, from: NumberType, to: NumberType, count: Int) {
        if from == to {
            _ = add("Identity", [value], named: "prediction")
        } else {
            _ = cast(value, from: from, to: to, named: "prediction")
        }
        output("prediction", to, columns: count)
    }
}
