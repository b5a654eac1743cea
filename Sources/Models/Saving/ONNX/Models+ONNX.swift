import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

// Each kind of model as a graph.

extension LinearModel: ONNXExportable {
    /// The bytes of an ONNX file with x·β + β₀ as its only node but for types; see `ONNXExportable`.
    public func onnxModel(precision: ONNXPrecision?) -> [UInt8] {
        let type = precision?.type ?? .double
        var graph = ONNXGraph(inputCount: coefficients.count, inputType: type)
        let x = graph.cast(ONNXGraph.inputName, from: type, to: .double)
        let y = graph.dense(
            x, name: "linear", weights: coefficients, bias: [intercept], inputs: coefficients.count,
            outputs: 1)
        graph.prediction(y, from: .double, to: type, count: 1)
        return graph.model(name: "linear", properties: [("featureNames", jsonText(featureNames))])
    }
}

extension LogisticClassifier: ONNXExportable {
    /// The bytes of an ONNX file in which the first class's logit is 0; see `ONNXExportable`.
    public func onnxModel(precision: ONNXPrecision?) -> [UInt8] {
        let type = precision?.type ?? .double
        var graph = ONNXGraph(inputCount: weights.count, inputType: type)
        let x = graph.cast(ONNXGraph.inputName, from: type, to: .double)
        let logits = graph.dense(
            x, name: "logistic", weights: weights.flatMap { [0, $0] }, bias: [0, intercept],
            inputs: weights.count, outputs: 2)
        graph.classes(logits, from: .double, to: type, count: 2)
        return graph.model(
            name: "logistic",
            properties: [("classNames", jsonText(classNames)), ("featureNames", jsonText(featureNames))])
    }
}

extension SoftmaxClassifier: ONNXExportable {
    /// The bytes of an ONNX file; see `ONNXExportable`.
    public func onnxModel(precision: ONNXPrecision?) -> [UInt8] {
        network.onnxModel(named: "softmax", precision: precision)
    }
}

extension MLP: ONNXExportable {
    /// The bytes of an ONNX file; see `ONNXExportable`.
    public func onnxModel(precision: ONNXPrecision?) -> [UInt8] {
        classifier.onnxModel(named: "mlp", precision: precision)
    }
}

extension MLPRegressor: ONNXExportable {
    /// The bytes of an ONNX file; see `ONNXExportable`.
    public func onnxModel(precision: ONNXPrecision?) -> [UInt8] {
        let (own, type) = (ONNXGraph.NumberType(Scalar.self), precision?.type ?? .init(Scalar.self))
        var (graph, outputs) = network.onnxGraph(type)
        let count = network.layout.outputCount
        if loss == .binaryCrossEntropy {
            graph.prediction(graph.add("Sigmoid", [outputs]), from: own, to: type, count: count)
        } else if let scaler = targetScaler {
            let wide = graph.cast(outputs, from: own, to: .double)
            // A target that was constant is predicted to stay so.
            let inverse = graph.constant(
                "targetScaler.inverse", scaler.factor.map { $0 == 0 ? 0 : 1 / $0 }, shape: [count])
            let shift = graph.constant("targetScaler.shift", scaler.shift, shape: [count])
            let y = graph.add("Add", [graph.add("Mul", [wide, inverse]), shift])
            graph.prediction(y, from: .double, to: type, count: count)
        } else {
            graph.prediction(outputs, from: own, to: type, count: count)
        }
        return graph.model(name: "mlpRegressor", properties: [("targetNames", jsonText(targetNames))])
    }
}

extension Network {
    /// The graph up to the network's outputs, and their name.
    func onnxGraph(_ type: ONNXGraph.NumberType) -> (ONNXGraph, outputs: String) {
        let own = ONNXGraph.NumberType(Scalar.self)
        var graph = ONNXGraph(inputCount: layout.inputCount, inputType: type)
        let x: String
        if let scaler, scaler != .identity(featureCount: layout.inputCount) {
            x = graph.scaler(scaler, ONNXGraph.inputName, from: type, to: own)
        } else {
            x = graph.cast(ONNXGraph.inputName, from: type, to: own)
        }
        // Not in the tuple: the graph there would be the one before.
        let outputs = graph.layers(layout, parameters, x)
        return (graph, outputs)
    }
}

extension NetworkClassifier {
    func onnxModel(named name: String, precision: ONNXPrecision?) -> [UInt8] {
        let own = ONNXGraph.NumberType(Scalar.self)
        let type = precision?.type ?? own
        var (graph, logits) = network.onnxGraph(type)
        if layout.outputCount == 1 {
            // One output z stands for the logits 0 and z.
            let spread = graph.constant("spread", [0, 1] as [Scalar], shape: [1, 2])
            logits = graph.add("MatMul", [logits, spread])
        }
        graph.classes(logits, from: own, to: type, count: classNames.count)
        return graph.model(name: name, properties: [("classNames", jsonText(classNames))])
    }
}

/// Texts as a JSON list.
private func jsonText(_ texts: [String]) -> String {
    String(decoding: CheckpointCoding.encode(texts), as: UTF8.self)
}
