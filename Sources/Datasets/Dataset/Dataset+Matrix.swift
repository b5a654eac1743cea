import DescentLinearAlgebra

extension Dataset {
    /// Creates a data set from a matrix of features, examples × features, and the numbers of classes.
    ///
    /// - Throws: `DatasetError` as `init(features:labels:…)` of arrays does.
    public init<Scalar: MatrixScalar>(
        features: Matrix<Scalar>, labels: [Int], classNames: [String]? = nil,
        nominalRange: ClosedRange<Double>? = nil, name: String = "data", source: String = "memory"
    ) throws(DatasetError) {
        try self.init(
            features: Self.array(features), labels: NumericArray(labels), classNames: classNames,
            nominalRange: nominalRange, name: name, source: source)
    }

    /// Creates a data set from a matrix of features, examples × features, and the names of classes.
    ///
    /// - Throws: `DatasetError` as `init(features:labels:…)` of arrays does.
    public init<Scalar: MatrixScalar>(
        features: Matrix<Scalar>, labels: [String], classNames: [String]? = nil,
        nominalRange: ClosedRange<Double>? = nil, name: String = "data", source: String = "memory"
    ) throws(DatasetError) {
        try self.init(
            features: Self.array(features), labels: labels, classNames: classNames,
            nominalRange: nominalRange, name: name, source: source)
    }

    /// All features as a matrix, examples × features.
    ///
    /// - Parameters:
    ///   - scaler: What is done to each feature; `nil` to take values as they are.
    ///   - type: The type of the elements.
    public func matrix<Scalar: MatrixScalar>(
        scaledBy scaler: Scaler? = nil, as type: Scalar.Type = Scalar.self
    ) -> Matrix<Scalar> {
        Matrix(rows: count, columns: featureCount) { elements in
            gather(0..<count, scaler: scaler, into: elements.baseAddress!, stride: featureCount)
        }
    }

    static func array<Scalar: MatrixScalar>(_ matrix: Matrix<Scalar>) -> NumericArray {
        let storage = matrix.withUnsafeElements { elements in
            let source = UnsafeRawBufferPointer(elements)
            return ByteStorage.allocate(count: source.count) { $0.copyMemory(from: source) }
        }
        guard let storage else {
            preconditionFailure("no memory for a \(matrix.rows) × \(matrix.columns) matrix")
        }
        return NumericArray(
            storage: storage, shape: [matrix.rows, matrix.columns],
            elementType: Scalar.self == Float.self ? .float32 : .float64)
    }
}
