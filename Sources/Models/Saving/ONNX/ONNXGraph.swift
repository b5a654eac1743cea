import DescentLinearAlgebra

/// A model as a graph of ONNX operators, being built.
///
/// Field numbers are those of `onnx.proto`. Operator set 13, IR version 7: old enough for every runtime of the last years.
struct ONNXGraph {
    /// The types of numbers that graphs of ours hold, by their numbers in `TensorProto.DataType`.
    enum NumberType: Int {
        case float = 1
        case int64 = 7
        case double = 11

        init<Scalar: MatrixScalar>(_ scalar: Scalar.Type) {
            self = Scalar.self == Float.self ? .float : .double
        }
    }

    /// An attribute of a node.
    enum Attribute {
        case integer(Int)
        case float(Double)
        case integers([Int])
    }

    private struct Output {
        var name: String
        var type: NumberType
        var columns: Int?
    }

    private let inputCount: Int
    private let inputType: NumberType
    private var nodes = ProtobufWriter()
    private var initializers = ProtobufWriter()
    private var outputs: [Output] = []
    private var counts: [String: Int] = [:]

    /// The name of the graph's input, examples × features.
    static let inputName = "features"

    init(inputCount: Int, inputType: NumberType) {
        self.inputCount = inputCount
        self.inputType = inputType
    }

    /// Adds an operator and returns the name of its result.
    ///
    /// - Parameter name: What the result is called; the operator's name with a number if `nil`.
    mutating func add(
        _ operation: String, _ inputs: [String], named name: String? = nil,
        _ attributes: [(String, Attribute)] = []
    ) -> String {
        counts[operation, default: 0] += 1
        let result = name ?? "\(operation.lowercased())\(counts[operation]!)"
        nodes.message(1) { node in
            for input in inputs { node.text(1, input) }
            node.text(2, result)
            node.text(3, result)
            node.text(4, operation)
            for (name, attribute) in attributes {
                node.message(5) { Self.write(attribute, named: name, to: &$0) }
            }
        }
        return result
    }

    private static func write(_ attribute: Attribute, named name: String, to writer: inout ProtobufWriter) {
        writer.text(1, name)
        switch attribute {
        case .float(let value):
            writer.float(2, Float(value))
            writer.integer(20, 1)
        case .integer(let value):
            writer.integer(3, value)
            writer.integer(20, 2)
        case .integers(let values):
            for value in values { writer.integer(8, value) }
            writer.integer(20, 7)
        }
    }

    /// Adds an array of constants and returns its name.
    mutating func constant<Scalar: MatrixScalar>(_ name: String, _ values: [Scalar], shape: [Int]) -> String {
        initializers.message(5) { tensor in
            for length in shape { tensor.integer(1, length) }
            tensor.integer(2, NumberType(Scalar.self).rawValue)
            tensor.text(8, name)
            tensor.data(9, values.withUnsafeBytes { Array($0) })
        }
        return name
    }

    /// Adds a single number and returns its name.
    mutating func constant<Scalar: MatrixScalar>(_ value: Scalar) -> String {
        counts["constant", default: 0] += 1
        return constant("constant\(counts["constant"]!)", [value], shape: [])
    }

    /// The same numbers in another type.
    mutating func cast(_ value: String, from: NumberType, to: NumberType, named name: String? = nil) -> String
    {
        from == to && name == nil
            ? value : add("Cast", [value], named: name, [("to", .integer(to.rawValue))])
    }

    /// Makes a value an output of the graph.
    mutating func output(_ name: String, _ type: NumberType, columns: Int?) {
        outputs.append(Output(name: name, type: type, columns: columns))
    }

    /// The whole file.
    func model(name: String, properties: [(String, String)]) -> [UInt8] {
        var model = ProtobufWriter()
        model.integer(1, 7)
        model.text(2, "Descent")
        model.message(7) { graph in
            graph.append(nodes)
            graph.text(2, name)
            graph.append(initializers)
            graph.message(11) { Self.write(Self.inputName, inputType, inputCount, to: &$0) }
            for output in outputs {
                graph.message(12) { Self.write(output.name, output.type, output.columns, to: &$0) }
            }
        }
        model.message(8) { version in
            version.text(1, "")
            version.integer(2, 13)
        }
        for (key, value) in properties {
            model.message(14) { property in
                property.text(1, key)
                property.text(2, value)
            }
        }
        return model.bytes
    }

    /// Name, type and shape of an input or an output: any number of examples, and so many columns or none.
    private static func write(
        _ name: String, _ type: NumberType, _ columns: Int?, to writer: inout ProtobufWriter
    ) {
        writer.text(1, name)
        writer.message(2) { value in
            value.message(1) { tensor in
                tensor.integer(1, type.rawValue)
                tensor.message(2) { shape in
                    shape.message(1) { $0.text(2, "examples") }
                    if let columns { shape.message(1) { $0.integer(1, columns) } }
                }
            }
        }
    }
}
