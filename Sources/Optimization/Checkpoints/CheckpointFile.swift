import DescentDatasets
import DescentLinearAlgebra

/// The names of a checkpoint's arrays.
enum ArrayName {
    static let metadata = "metadata"
    static let parameters = "parameters"
    static let bestParameters = "bestParameters"
    static let state = "state"
    static let snapshot = "snapshot"
    static let fullGradient = "fullGradient"
    static let table = "table"
    static let tableMean = "tableMean"
}

/// A checkpoint that has been opened: known to be one, and of the version that is read here.
struct CheckpointFile {
    private let archive: NPZArchive
    private let json: [UInt8]

    init(path: String) throws(CheckpointError.Reason) {
        do {
            archive = try NPZArchive(path: path)
        } catch {
            throw .file(error)
        }
        guard archive.names.contains(ArrayName.metadata) else {
            throw .notACheckpoint("it has no array \"\(ArrayName.metadata)\"")
        }
        let array: NumericArray
        do {
            array = try archive.array(named: ArrayName.metadata)
        } catch {
            throw .file(error)
        }
        guard array.elementType == .uint8, let bytes = try? array.values(as: UInt8.self) else {
            throw .notACheckpoint("its metadata are not bytes")
        }
        json = bytes
        let preamble: CheckpointPreamble
        do throws(CheckpointCoding.Failure) {
            preamble = try CheckpointCoding.decode(CheckpointPreamble.self, from: json)
        } catch {
            throw .notACheckpoint("of its metadata, \(error.text)")
        }
        guard preamble.header.format == CheckpointHeader.format else {
            throw .notACheckpoint("its format is \"\(DataFileError.printable(preamble.header.format))\"")
        }
        guard preamble.header.version == CheckpointHeader.version else {
            throw .unsupportedVersion(preamble.header.version)
        }
    }

    /// The metadata, or a part of them.
    func metadata<Part: Decodable>() throws(CheckpointError.Reason) -> Part {
        do {
            return try CheckpointCoding.decode(Part.self, from: json)
        } catch {
            throw .inconsistent("of its metadata, \(error.text)")
        }
    }

    /// What differs, by the names of the parts.
    static func differences<Part: Encodable & Equatable>(
        _ inFile: Part, _ inLoop: Part
    ) -> [CheckpointError.Difference] {
        inFile == inLoop ? [] : CheckpointCoding.differences(inFile, inLoop)
    }

    /// Throws what differs, unless nothing does.
    static func require<Part: Encodable & Equatable>(
        _ inFile: Part, equals inLoop: Part
    ) throws(CheckpointError.Reason) {
        if inFile != inLoop { throw .differs(CheckpointCoding.differences(inFile, inLoop)) }
    }

    /// One vector.
    func vector<Scalar: MatrixScalar>(_ name: String, count: Int) throws(CheckpointError.Reason) -> [Scalar] {
        try values(name, shape: [count])
    }

    /// The rows of one matrix.
    func rows<Scalar: MatrixScalar>(_ name: String, rows: Int, columns: Int) throws(CheckpointError.Reason)
        -> [[Scalar]]
    {
        let all: [Scalar] = try values(name, shape: [rows, columns])
        return (0..<rows).map { Array(all[$0 * columns..<($0 + 1) * columns]) }
    }

    private func values<Scalar: MatrixScalar>(
        _ name: String, shape: [Int]
    ) throws(CheckpointError.Reason) -> [Scalar] {
        let array: NumericArray
        do {
            array = try archive.array(named: name)
        } catch {
            throw .file(error)
        }
        guard array.shape == shape, let values = array.parameters(as: Scalar.self) else {
            throw .inconsistent(
                """
                its array \"\(DataFileError.printable(name))\" has the shape \(array.shape) and the type \
                \(array.elementType), where \(shape) and \(Scalar.self) belong
                """)
        }
        return values
    }
}
