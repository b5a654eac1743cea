import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// Model files in their formats.
enum ModelStorage {
    /// The array of an npz file that holds the JSON, as bytes; of a safetensors file the key of its metadata.
    static let metadataName = "metadata"
    static let safetensorsKey = "descent"
    /// The text of a safetensors file with a checksum, which the format does not have.
    static let checksumKey = "descent-crc32"

    static func save(_ parts: ModelParts, to path: String, notes: ModelNotes) throws(ModelFileError) {
        var parts = parts
        parts.metadata.notes = notes
        parts.metadata.version = parts.metadata.firstVersion
        if let name = parts.notFinite { throw ModelFileError(file: path, reason: .notFinite(array: name)) }
        let json = CheckpointCoding.encode(parts.metadata)
        do {
            if path.hasSuffix(".safetensors") {
                try SafetensorsFile(
                    tensors: parts.arrays.map { SafetensorsFile.Tensor(name: $0.name, array: $0.array) },
                    metadata: [
                        "format": "descent", safetensorsKey: String(decoding: json, as: UTF8.self),
                        checksumKey: checksum(json: json, parts.arrays).text,
                    ]
                ).write(to: path)
            } else {
                try NPZArchive.write([(metadataName, NumericArray(json))] + parts.arrays, to: path)
            }
        } catch {
            throw ModelFileError(file: path, reason: .file(error))
        }
    }

    static func load<Value>(
        _ path: String, _ make: (ModelFileContents) throws(ModelFileError.Reason) -> Value
    ) throws(ModelFileError) -> Value {
        var byteCount = 0
        do throws(ModelFileError.Reason) {
            let source: ByteSource
            do {
                source = try ByteSource(path: path)
            } catch {
                throw .file(error)
            }
            byteCount = source.count
            return try make(open(source, path))
        } catch {
            if case .file(let cause) = error, cause.isDamage {
                throw ModelFileError(file: path, reason: .damaged(cause, byteCount: byteCount))
            }
            throw ModelFileError(file: path, reason: error)
        }
    }

    /// Over the metadata and all arrays, in the order of their names.
    private static func checksum(json: [UInt8], _ arrays: [(name: String, array: NumericArray)]) -> CRC32 {
        var sum = CRC32()
        json.withUnsafeBytes { sum.add($0) }
        for (name, array) in arrays.sorted(by: { $0.name < $1.name }) {
            sum.add(name)
            sum.add(array)
        }
        return sum
    }

    /// Reads a model of one kind.
    static func load<Model>(
        _ path: String, _ kind: ModelKind, _ scalars: [ElementType],
        _ make: (ModelFileContents) throws(ModelFileError.Reason) -> Model
    ) throws(ModelFileError) -> Model {
        try load(path) { contents throws(ModelFileError.Reason) in
            guard contents.metadata.kind == kind else {
                throw .otherKind(found: contents.metadata.kind.title, wanted: kind.title)
            }
            guard scalars.contains(contents.metadata.scalar) else {
                throw .otherType(
                    found: "\(contents.metadata.scalar)", wanted: "\(kind.title) of \(scalars[0])")
            }
            return try make(contents)
        }
    }

    private static func open(
        _ source: ByteSource, _ path: String
    ) throws(ModelFileError.Reason) -> ModelFileContents {
        let start: [UInt8]
        do {
            start = try source.bytes(at: 0, count: min(9, source.count))
        } catch {
            throw .file(error)
        }
        // An archive begins with the signature of its first member, one that is empty with its directory's end.
        let isSafetensors = start.count == 9 && start[8] == UInt8(ascii: "{")
        if !isSafetensors, !start.starts(with: [0x50, 0x4B]), !start.isEmpty {
            throw .notAModel(
                path.lowercased().hasSuffix(".onnx")
                    ? "ONNX files are for other programs; the model has to be saved as npz too"
                    : "it is neither an npz nor a safetensors file")
        }
        // A safetensors file begins with the length of its header, eight bytes, and the header's brace.
        if start.count == 9, start[8] == UInt8(ascii: "{"), !start.starts(with: [0x50, 0x4B]) {
            return try openSafetensors(source)
        }
        return try openNPZ(source)
    }

    private static func openNPZ(_ source: ByteSource) throws(ModelFileError.Reason) -> ModelFileContents {
        let archive: NPZArchive
        do {
            archive = try NPZArchive(source)
        } catch {
            throw .file(error)
        }
        guard archive.names.contains(metadataName) else {
            throw .notAModel("it has no array \"\(metadataName)\"")
        }
        let bytes: NumericArray
        do {
            bytes = try archive.array(named: metadataName)
        } catch {
            throw .file(error)
        }
        guard bytes.elementType == .uint8, bytes.shape.count == 1,
            let json = try? bytes.values(as: UInt8.self)
        else { throw .notAModel("its metadata are not bytes") }
        return try ModelFileContents(json: json, names: archive.names) { name throws(DataFileError) in
            try archive.array(named: name)
        }
    }

    private static func openSafetensors(
        _ source: ByteSource
    ) throws(ModelFileError.Reason) -> ModelFileContents {
        let file: SafetensorsFile
        do {
            file = try SafetensorsFile(source)
        } catch {
            throw .file(error)
        }
        guard let json = file.metadata[safetensorsKey] else {
            throw .notAModel("it is a safetensors file without \"\(safetensorsKey)\" among its metadata")
        }
        // Files of earlier releases have none.
        if let written = file.metadata[checksumKey] {
            var arrays: [(name: String, array: NumericArray)] = []
            do {
                for name in file.names { arrays.append((name, try file.array(named: name))) }
            } catch {
                throw .file(error)
            }
            let actual = checksum(json: Array(json.utf8), arrays)
            guard actual.text == written else {
                throw .file(
                    DataFileError(
                        file: source.name,
                        reason: .checksumMismatch(
                            expected: UInt32(written, radix: 16) ?? 0, actual: actual.value)))
            }
        }
        return try ModelFileContents(json: Array(json.utf8), names: file.names) {
            name throws(DataFileError) in try file.array(named: name)
        }
    }
}
