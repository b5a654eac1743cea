import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Foundation
import Testing

@testable import DescentModels

/// The structure of exported graphs, taken apart again; what they compute is `check_models.py`'s part.
@Suite struct ONNXTests {
    /// A message of the wire format as its fields.
    struct Message {
        enum Value {
            case integer(UInt64)
            case bytes([UInt8])
            case fixed(UInt32)
        }
        var fields: [(number: Int, value: Value)] = []

        init(_ bytes: [UInt8]) throws {
            var position = 0
            func varint() throws -> UInt64 {
                var (value, shift): (UInt64, UInt64) = (0, 0)
                while true {
                    try #require(position < bytes.count && shift < 70, "a number ends behind its message")
                    let byte = bytes[position]
                    position += 1
                    value |= UInt64(byte & 0x7F) << shift
                    if byte < 0x80 { return value }
                    shift += 7
                }
            }
            while position < bytes.count {
                let key = try varint()
                let number = Int(key >> 3)
                switch key & 7 {
                case 0: fields.append((number, .integer(try varint())))
                case 2:
                    let count = Int(try varint())
                    try #require(count <= bytes.count - position, "bytes end behind their message")
                    fields.append((number, .bytes(Array(bytes[position..<position + count]))))
                    position += count
                case 5:
                    try #require(position + 4 <= bytes.count)
                    let bits = bytes[position..<position + 4].reversed().reduce(UInt32(0)) {
                        $0 << 8 | UInt32($1)
                    }
                    fields.append((number, .fixed(bits)))
                    position += 4
                default: try #require(Bool(false), "wire type \(key & 7)")
                }
            }
        }

        func integers(_ number: Int) -> [Int] {
            fields.compactMap { field in
                if field.number == number, case .integer(let value) = field.value { return Int(value) }
                return nil
            }
        }
        func data(_ number: Int) -> [[UInt8]] {
            fields.compactMap { field in
                if field.number == number, case .bytes(let value) = field.value { return value }
                return nil
            }
        }
        func texts(_ number: Int) -> [String] { data(number).map { String(decoding: $0, as: UTF8.self) } }
        func messages(_ number: Int) throws -> [Message] { try data(number).map { try Message($0) } }
    }

    @Test func aNetworkIsGemmAndReluBehindItsScaler() throws {
        var network = MLP<Float>(sizes: [64, 5, 10], scaling: .standardize, seed: 2)
        try network.train(on: SavedModels.digits, with: SGD(learningRate: 0.1), for: .epochs(1))
        let model = try Message(network.onnxModel(precision: nil))
        #expect(model.integers(1) == [7])
        let versions = try model.messages(8)
        #expect(versions.map { $0.integers(2) } == [[13]])
        let graph = try #require(try model.messages(7).first)
        let nodes = try graph.messages(1)
        #expect(
            nodes.flatMap { $0.texts(4) } == [
                "Cast", "Sub", "Mul", "Cast", "Gemm", "Relu", "Gemm", "Softmax", "ArgMax", "Identity",
                "Identity",
            ])
        // Every input of a node is the graph's, a constant, or the result of a node before it.
        let tensors = try graph.messages(5)
        var known = Set(["features"] + tensors.flatMap { $0.texts(8) })
        for node in nodes {
            for input in node.texts(1) { #expect(known.contains(input), "\(input)") }
            for output in node.texts(2) { #expect(known.insert(output).inserted, "\(output) twice") }
        }
        let outputs = try graph.messages(12)
        #expect(outputs.flatMap { $0.texts(1) } == ["logits", "probabilities", "label"])
        #expect(outputs.allSatisfy { known.contains($0.texts(1)[0]) })

        let weights = try #require(tensors.first { $0.texts(8) == ["dense1.weights"] })
        #expect(weights.integers(1) == [64, 5] && weights.integers(2) == [1])
        let values = network.parameters[network.layout.layers[0].weights]
        #expect(weights.data(9) == [Array(values).withUnsafeBytes { Array($0) }])
        let shift = try #require(tensors.first { $0.texts(8) == ["scaler.shift"] })
        #expect(shift.integers(2) == [11] && shift.integers(1) == [64])
        let properties = try model.messages(14)
        #expect(
            properties.map { $0.texts(1) + $0.texts(2) }.first == [
                "classNames", #"["0","1","2","3","4","5","6","7","8","9"]"#,
            ])
    }

    @Test func precisionIsThatOfInputsAndOutputs() throws {
        for (precision, type) in [(ONNXPrecision.single, 1), (.double, 11)] {
            let model = try Message(SavedModels.line.onnxModel(precision: precision))
            let graph = try #require(try model.messages(7).first)
            for value in try graph.messages(11) + graph.messages(12) {
                let tensor = try #require(try value.messages(2).first?.messages(1).first)
                #expect(tensor.integers(1) == [type])
                let dimensions = try #require(try tensor.messages(2).first?.messages(1))
                #expect(dimensions[0].texts(2) == ["examples"])
            }
        }
    }

    @Test func fieldsAreWrittenAsTheFormatHasThem() {
        var writer = ProtobufWriter()
        writer.integer(1, 150)
        writer.text(2, "testing")
        writer.integer(3, -1)
        writer.float(4, 1)
        writer.message(16) { $0.integer(1, 0) }
        #expect(
            writer.bytes == [0x08, 0x96, 0x01, 0x12, 0x07] + Array("testing".utf8) + [0x18]
                + Array(repeating: 0xFF, count: 9) + [
                    0x01, 0x25, 0, 0, 0x80, 0x3F, 0x82, 0x01, 0x02, 0x08, 0x00,
                ])
    }

    @Test func filesAreWrittenWholeOrNotAtAll() throws {
        try SavedModels.withFolder { folder in
            let path = folder.appending(path: "m.onnx")
            try SavedModels.line.exportONNX(to: path.path())
            #expect(try Data(contentsOf: path) == Data(SavedModels.line.onnxModel(precision: nil)))
            #expect(throws: ModelFileError.self) {
                try SavedModels.line.exportONNX(to: folder.path() + "/no/m.onnx")
            }
        }
    }
}
