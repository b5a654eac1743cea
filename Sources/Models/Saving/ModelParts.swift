import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// A model taken apart into text and arrays, which every file format stores.
struct ModelParts {
    var metadata: ModelMetadata
    private(set) var arrays: [(name: String, array: NumericArray)] = []
    /// The first array with a value that is no finite number.
    private(set) var notFinite: String?

    init(_ metadata: ModelMetadata) { self.metadata = metadata }

    mutating func add<Scalar: MatrixScalar>(_ name: String, _ values: [Scalar], shape: [Int]? = nil) {
        if notFinite == nil, !values.allSatisfy({ $0.isFinite }) { notFinite = name }
        let array =
            if let values = values as? [Float] {
                NumericArray(values, shape: shape)
            } else {
                NumericArray(values.map { Double($0) }, shape: shape)
            }
        arrays.append((name, array))
    }

    mutating func add(_ name: String, _ scaler: Scaler) -> ScalerRecord {
        add("\(name).shift", scaler.shift)
        add("\(name).factor", scaler.factor)
        return ScalerRecord(limit: scaler.limit, constantColumns: scaler.constantColumns)
    }

    mutating func add<Scalar: MatrixScalar>(_ network: Network<Scalar>) {
        metadata.inputs = network.layout.inputCount
        metadata.layers = network.layout.layers.map { LayerRecord($0.layer) }
        metadata.loss = network.loss
        for tensor in network.layout.namedTensors(of: network.parameters) {
            add(tensor.name, tensor.values, shape: tensor.shape)
        }
        metadata.scaler = network.scaler.map { add("scaler", $0) }
        metadata.targetScaler = network.targetScaler.map { add("targetScaler", $0) }
    }
}

/// The type of a model's parameters as files name it.
func elementType<Scalar: MatrixScalar>(of scalar: Scalar.Type) -> ElementType {
    Scalar.self == Float.self ? .float32 : .float64
}
