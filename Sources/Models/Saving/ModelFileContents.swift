import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// A model file that has been opened: known to be one, of a version and a kind that can be read.
struct ModelFileContents {
    let metadata: ModelMetadata
    private let names: Set<String>
    private let load: (String) throws(DataFileError) -> NumericArray

    /// - Parameters:
    ///   - json: The metadata.
    ///   - names: The arrays there are.
    ///   - load: Reads one of them.
    init(
        json: [UInt8], names: [String], load: @escaping (String) throws(DataFileError) -> NumericArray
    ) throws(ModelFileError.Reason) {
        let header: ModelMetadata.Header
        do throws(CheckpointCoding.Failure) {
            header = try CheckpointCoding.decode(ModelMetadata.Header.self, from: json)
        } catch {
            throw .notAModel("of its metadata, \(error.text)")
        }
        guard header.format == ModelMetadata.format else {
            throw .notAModel("its format is \"\(DataFileError.printable(header.format))\"")
        }
        if header.version > ModelMetadata.currentVersion { throw .newerVersion(header.version) }
        if header.version < 1 { throw .noSuchVersion(header.version) }
        if ModelKind(rawValue: header.kind) == nil { throw .unknownKind(header.kind) }
        do throws(CheckpointCoding.Failure) {
            metadata = try CheckpointCoding.decode(ModelMetadata.self, from: json)
        } catch {
            throw .inconsistent("of its metadata, \(error.text)")
        }
        self.names = Set(names)
        self.load = load
        guard metadata.scalar == .float32 || metadata.scalar == .float64 else {
            throw .inconsistent("its parameters are said to be \(metadata.scalar)")
        }
    }

    /// A part of the metadata that this kind of model has.
    func require<Value>(_ value: Value?, _ name: String) throws(ModelFileError.Reason) -> Value {
        guard let value else { throw .inconsistent("of its metadata, \(name) is missing") }
        return value
    }

    /// The numbers of one array, which has to have this shape.
    func values<Scalar: MatrixScalar>(
        _ name: String, shape: [Int], as type: Scalar.Type = Scalar.self
    ) throws(ModelFileError.Reason) -> [Scalar] {
        guard names.contains(name) else { throw .inconsistent("it has no array \"\(name)\"") }
        let array: NumericArray
        do {
            array = try load(name)
        } catch {
            throw .file(error)
        }
        guard array.shape == shape, array.elementType == elementType(of: Scalar.self) else {
            throw .inconsistent(
                """
                its array "\(name)" has the shape \(array.shape) and the type \(array.elementType), not \(shape) and \
                \(elementType(of: Scalar.self))
                """)
        }
        let found: [Scalar]? =
            if Scalar.self == Float.self {
                (try? array.values(as: Float.self)) as? [Scalar]
            } else {
                (try? array.values(as: Double.self)) as? [Scalar]
            }
        guard let values = found else { throw .inconsistent("its array \"\(name)\" cannot be read") }
        guard values.allSatisfy({ $0.isFinite }) else { throw .notFinite(array: name) }
        return values
    }

    /// A scaler, if the file has one of that name.
    func scaler(
        _ name: String, _ record: ScalerRecord?, count: Int
    ) throws(ModelFileError.Reason) -> Scaler? {
        guard let record else { return nil }
        let shift = try values("\(name).shift", shape: [count], as: Double.self)
        let factor = try values("\(name).factor", shape: [count], as: Double.self)
        guard record.limit.map({ $0 > 0 }) ?? true,
            record.constantColumns.allSatisfy({ (0..<count).contains($0) })
        else { throw .inconsistent("its \(name) has an impossible limit or column") }
        return Scaler(
            shift: shift, factor: factor, limit: record.limit, constantColumns: record.constantColumns)
    }

    func network<Scalar: MatrixScalar>(
        as type: Scalar.Type
    ) throws(ModelFileError.Reason) -> Network<Scalar> {
        let loss = try require(metadata.loss, "loss")
        if let problem = loss.problem { throw .inconsistent(problem) }
        let layout = try NetworkLayout(
            inputs: require(metadata.inputs, "inputs"), records: require(metadata.layers, "layers"),
            limit: try numberCount())
        var parameters = [Scalar](repeating: 0, count: layout.valueCount)
        for tensor in layout.tensors {
            parameters.replaceSubrange(
                tensor.range, with: try values(tensor.name, shape: tensor.shape, as: Scalar.self))
        }
        return Network(
            layout: layout, loss: loss, parameters: parameters,
            scaler: try scaler("scaler", metadata.scaler, count: layout.inputCount),
            targetScaler: try scaler("targetScaler", metadata.targetScaler, count: layout.outputCount))
    }

    /// The names of classes, as many as there have to be, each once.
    func classNames(_ count: Int) throws(ModelFileError.Reason) -> [String] {
        let names = try require(metadata.classNames, "classNames")
        guard names.count == count, Set(names).count == count else {
            throw .inconsistent("it names the classes \(names), and \(count) different ones are needed")
        }
        return names
    }

    /// Refuses a coding of columns that gives other features than the model takes.
    func checkCoding(featureCount: Int) throws(ModelFileError.Reason) {
        guard let coding = metadata.notes.coding else { return }
        if let problem = coding.problem { throw .inconsistent("of its coding of columns, \(problem)") }
        let names = coding.featureNames
        guard names.count == featureCount, metadata.notes.featureNames.map({ $0 == names }) ?? true else {
            throw .inconsistent(
                "its columns become \(names.count) features, and the model takes \(featureCount)")
        }
    }

    /// The numbers that all arrays hold together.
    private func numberCount() throws(ModelFileError.Reason) -> Int {
        var count = 0
        for name in names {
            do {
                count += try load(name).count
            } catch {
                throw .file(error)
            }
        }
        return count
    }
}
