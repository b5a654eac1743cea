import FoundationEssentials

/// The JSON of a checkpoint's metadata: keys sorted, every finite number exact, the others as strings.
package enum CheckpointCoding {
    package static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        do {
            return Array(try encoder.encode(value))
        } catch {
            // Only a rule with an encoder of its own can come here.
            preconditionFailure("a checkpoint of a \(type(of: value)) cannot be encoded: \(error)")
        }
    }

    /// Decodes a value, or says in words why there is none.
    package static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8]
    ) throws(Failure) -> Value {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        do {
            return try decoder.decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw Failure(error)
        } catch {
            throw Failure(text: "\(error)")
        }
    }

    /// Why metadata could not be decoded.
    package struct Failure: Error {
        package var text: String

        init(text: String) { self.text = text }

        init(_ error: DecodingError) {
            let (what, context): (String, DecodingError.Context) =
                switch error {
                case .keyNotFound(let key, let context): ("\(key.stringValue) is missing", context)
                case .valueNotFound(_, let context): ("a value is missing", context)
                case .typeMismatch(let type, let context): ("a value is no \(type)", context)
                case .dataCorrupted(let context): (context.debugDescription, context)
                @unknown default: ("\(error)", DecodingError.Context(codingPath: [], debugDescription: ""))
                }
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            text = path.isEmpty ? what : "\(what) in \(path)"
        }
    }

    /// Where two values of one type differ, by the names of their parts.
    static func differences(_ inFile: some Encodable, _ inLoop: some Encodable) -> [CheckpointError
        .Difference]
    {
        func leaves(_ value: some Encodable) -> [String: String] {
            guard let tree = try? decode(Tree.self, from: encode(value)) else { return [:] }
            var result: [String: String] = [:]
            tree.collect("", into: &result)
            return result
        }
        let (a, b) = (leaves(inFile), leaves(inLoop))
        return Set(a.keys).union(b.keys).sorted().filter { a[$0] != b[$0] }
            .map { CheckpointError.Difference($0, inFile: a[$0], inLoop: b[$0]) }
    }

    /// Any JSON.
    private enum Tree: Decodable {
        case leaf(String)
        case list([Tree])
        case object([String: Tree])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode([String: Tree].self) {
                self = .object(value)
            } else if let value = try? container.decode([Tree].self) {
                self = .list(value)
            } else if let value = try? container.decode(Bool.self) {
                self = .leaf("\(value)")
            } else if let value = try? container.decode(UInt64.self) {
                self = .leaf("\(value)")
            } else if let value = try? container.decode(Double.self) {
                self = .leaf("\(value)")
            } else if let value = try? container.decode(String.self) {
                self = .leaf(value)
            } else {
                self = .leaf("null")
            }
        }

        func collect(_ path: String, into result: inout [String: String]) {
            func child(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
            switch self {
            case .leaf(let text): result[path] = text
            case .list(let items):
                result[child("count")] = "\(items.count)"
                for (index, item) in items.enumerated() { item.collect(child("\(index)"), into: &result) }
            case .object(let members):
                // An enum's case without values, such as `"kind": {}`.
                if members.isEmpty { result[path] = "chosen" }
                for (name, member) in members { member.collect(child(name), into: &result) }
            }
        }
    }
}
