import Glibc

/// Least squares over rows that arrive in blocks, without keeping them.
///
/// ```swift
/// var sums = LeastSquaresAccumulator(names: ["age", "dose"])
/// while let (features, target) = next() { try sums.add(features, target) }
/// let fit = try sums.fit()
/// ```
///
/// The memory is that of a triangle of p² numbers and of one block. An accumulator can be written, read and
/// continued, and two of them added up, whichever rows each has seen.
///
/// Each block becomes a triangle R with RᵀR the block's Gram matrix: by Cholesky's method when the block's
/// condition number is at most ``LeastSquares/normalLimit`` and the target is not all but explained by it, by
/// Householder QR otherwise. Triangles are then combined by QR. So one badly conditioned stretch of the rows
/// costs time and no digits. Rows are seen once: coefficients are those of a backward stable method, without
/// the refinement in double-double that ``LeastSquares`` applies to rows in memory.
public struct LeastSquaresAccumulator: Sendable, Codable {
    /// The names of the features.
    public let names: [String]
    /// The name of the target.
    public let targetName: String
    /// Whether the model has a constant term.
    public let fitsIntercept: Bool
    /// The highest power of each feature in the model.
    public let degree: Int
    /// The features, counted from 0, that enter by themselves alone, whatever the degree.
    public let linearFeatures: Set<Int>
    /// Whether ``CoefficientCovariance/hc0`` and ``CoefficientCovariance/hc1`` will be available.
    ///
    /// They take the products of all pairs of columns as columns of their own: for k columns about k⁴/8
    /// numbers and operations a row.
    public let collectsRobustCovariance: Bool
    /// The number of rows added, those of weight 0 included.
    public private(set) var rowCount = 0
    /// How many blocks went through the normal equations.
    public private(set) var gramBlockCount = 0
    /// How many blocks went through QR.
    public private(set) var qrBlockCount = 0

    // Nil until the first rows have shown where the features lie.
    private(set) var basis: PolynomialBasis?
    private(set) var triangle = Matrix<Double>(rows: 0, columns: 0)
    private(set) var observations = LeastSquaresFit.Observations()
    private(set) var moments: SquaredResidualMoments?

    /// An accumulator that has seen no rows.
    ///
    /// - Precondition: 1 ≤ degree ≤ 64; there is a feature, or an intercept.
    public init(
        names: [String], targetName: String = "y", fitsIntercept: Bool = true, degree: Int = 1,
        linearFeatures: Set<Int> = [], collectsRobustCovariance: Bool = false
    ) {
        precondition(degree >= 1 && degree <= 64, "the degree must be from 1 to 64, not \(degree)")
        precondition(!names.isEmpty || fitsIntercept, "a model needs a feature or an intercept")
        self.names = names
        self.targetName = targetName
        self.fitsIntercept = fitsIntercept
        self.degree = degree
        self.linearFeatures = linearFeatures
        self.collectsRobustCovariance = collectsRobustCovariance
    }

    private enum CodingKeys: String, CodingKey {
        case names, targetName, fitsIntercept, degree, linearFeatures, collectsRobustCovariance, rowCount,
            gramBlockCount
        case qrBlockCount, basis, triangle, observations, moments
    }

    /// Reads an accumulator, and refuses one whose parts do not belong together.
    public init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: CodingKeys.self)
        names = try c.decode([String].self, forKey: .names)
        targetName = try c.decode(String.self, forKey: .targetName)
        fitsIntercept = try c.decode(Bool.self, forKey: .fitsIntercept)
        degree = try c.decode(Int.self, forKey: .degree)
        linearFeatures = try c.decode(Set<Int>.self, forKey: .linearFeatures)
        collectsRobustCovariance = try c.decode(Bool.self, forKey: .collectsRobustCovariance)
        rowCount = try c.decode(Int.self, forKey: .rowCount)
        gramBlockCount = try c.decode(Int.self, forKey: .gramBlockCount)
        qrBlockCount = try c.decode(Int.self, forKey: .qrBlockCount)
        basis = try c.decodeIfPresent(PolynomialBasis.self, forKey: .basis)
        triangle = try c.decode(Matrix<Double>.self, forKey: .triangle)
        observations = try c.decode(LeastSquaresFit.Observations.self, forKey: .observations)
        moments = try c.decodeIfPresent(SquaredResidualMoments.self, forKey: .moments)
        var isConsistent = (1...64).contains(degree) && (!names.isEmpty || fitsIntercept)
        if let basis {
            isConsistent =
                isConsistent && basis.isConsistent && basis.featureCount == names.count
                && basis.targetCount == 1 && basis.degree == degree && Set(basis.linear) == linearFeatures
                && basis.hasIntercept == fitsIntercept
                && triangle.rows == basis.width && triangle.columns == basis.width
                && triangle.withUnsafeElements { firstNonFinite($0) } == nil
                && moments?.fits(columns: basis.columnCount) ?? !collectsRobustCovariance
        }
        guard isConsistent else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: c.codingPath, debugDescription: "the parts of the sums do not belong together"
                ))
        }
    }

    /// Adds rows.
    ///
    /// Some thousands of rows at a time are best.
    ///
    /// - Throws: ``LeastSquaresError/notFinite(_:row:column:value:)`` and
    ///   ``LeastSquaresError/negativeWeight(row:value:)``, with rows counted from the first ever added; the
    ///   accumulator is then as it was before.
    /// - Precondition: as many columns as names, as many rows as target values and weights.
    public mutating func add(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil
    ) throws(LeastSquaresError) {
        precondition(
            features.columns == names.count,
            "an accumulator of \(names.count) features cannot take \(features.shape) features")
        precondition(
            target.count == features.rows && (weights?.count ?? target.count) == features.rows,
            "\(features.shape) features need as many target values and weights as rows")
        guard features.rows > 0 else { return }
        let data = LeastSquaresData(
            features: features, targets: Matrix(rows: target.count, columns: 1, elements: target),
            weights: weights)
        if let complaint = data.complaint(featureNames: names, targetNames: [targetName]) {
            switch complaint {
            case .notFinite(let place, let row, let column, let value):
                throw .notFinite(place, row: rowCount + row, column: column, value: value)
            case .negativeWeight(let row, let value):
                throw .negativeWeight(row: rowCount + row, value: value)
            case .noWeight:
                rowCount += features.rows
                return
            default: throw complaint
            }
        }
        var basis =
            basis
            ?? PolynomialBasis(
                hasIntercept: fitsIntercept, degree: degree, linear: linearFeatures, features: features.view,
                targets: data.targets.view,
                rows: 0..<features.rows)
        if self.basis == nil { triangle = Matrix(rows: basis.width, columns: basis.width) }
        var (block, isGram) = data.safeTriangle(basis)
        if block.withUnsafeElements({ firstNonFinite($0) }) != nil {
            // Rows that dwarf those before: go over to a basis that fits these.
            let wider = PolynomialBasis(
                hasIntercept: fitsIntercept, degree: degree, linear: linearFeatures, features: features.view,
                targets: data.targets.view, rows: 0..<features.rows)
            change(from: basis, to: wider)
            basis = wider
            (block, isGram) = data.safeTriangle(basis)
        }
        triangle = TriangleUpdate.merge(triangle, block)
        if isGram { gramBlockCount += 1 } else { qrBlockCount += 1 }
        if collectsRobustCovariance {
            if moments == nil { moments = SquaredResidualMoments(triangle, columns: basis.columnCount) }
            moments?.add(data, basis)
        }
        self.basis = basis
        rowCount += features.rows
        observations.add(.init(data))
    }

    /// Adds all rows that another accumulator has seen.
    ///
    /// - Precondition: both have the same features, target, intercept, degree and robust covariance.
    public mutating func merge(_ other: LeastSquaresAccumulator) {
        precondition(
            names == other.names && targetName == other.targetName && fitsIntercept == other.fitsIntercept
                && degree == other.degree && linearFeatures == other.linearFeatures
                && collectsRobustCovariance == other.collectsRobustCovariance,
            "cannot merge sums for \(other.targetName) from \(other.names) into sums for \(targetName) from \(names)"
        )
        rowCount += other.rowCount
        guard let theirs = other.basis else { return }
        guard let basis else {
            let rows = rowCount
            self = other
            rowCount = rows
            return
        }
        // R·S⁻¹ is the triangle in our columns: W_theirs = W_ours·S, and S⁻¹ is the change the other way.
        let changed = other.triangle * theirs.change(from: basis)
        triangle = TriangleUpdate.merge(triangle, changed)
        if let ours = moments, let more = other.moments {
            moments = ours.merged(with: more, change: theirs.change(from: basis))
        }
        gramBlockCount += other.gramBlockCount
        qrBlockCount += other.qrBlockCount
        observations.add(other.observations)
    }

    /// Goes over to other columns.
    private mutating func change(from old: PolynomialBasis, to new: PolynomialBasis) {
        let change = old.change(from: new)
        triangle = TriangleUpdate.merge(
            Matrix(rows: triangle.rows, columns: triangle.columns), triangle * change)
        if let old = moments { moments = old.changed(by: change) }
    }
}

extension LeastSquaresFit.Observations {
    /// Adds the counts of other rows.
    mutating func add(_ other: LeastSquaresFit.Observations) {
        count += other.count
        logWeights += other.logWeights
        isWeighted = isWeighted || other.isWeighted
    }
}

extension PolynomialBasis {
    /// The number of columns and targets.
    var width: Int { columnCount + targetCount }
}
