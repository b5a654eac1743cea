/// What is done to each feature, as fitted on a training set: x ↦ (x − shift) · factor, then clipped if a limit is set.
///
/// A scaler holds the statistics of the data set it was fitted on, and nothing of the data it is applied to: test data
/// cannot be scaled by their own statistics. Fitted models carry theirs.
///
/// ```swift
/// let scaler = Scaler(.standardize, fittedOn: train)
/// ```
public struct Scaler: Equatable, Sendable {
    /// What is subtracted from each feature.
    public let shift: [Double]

    /// What each feature is then multiplied with; 0 for features that were constant.
    public let factor: [Double]

    /// The largest magnitude that comes out, where one was set.
    public let limit: Double?

    /// The features that were constant on the training set up to rounding, and come out as 0.
    ///
    /// Empty for scalings that do not divide by a spread of the data.
    public let constantColumns: [Int]

    let singleAffine: Affine<Float>
    let doubleAffine: Affine<Double>

    /// The number of features.
    public var featureCount: Int { shift.count }

    /// Fits a scaling to a training set.
    ///
    /// Means and variances are computed in `Double`, the mean relative to a first value and the variance about the
    /// mean. A feature counts as constant when its variance is within the error bound of that computation,
    /// σ² ≤ n ε σ² + (n x̄ ε)² with ε = 2⁻⁵²: relative to the feature's own size, so that metres and nanometres are
    /// treated alike. When its range is scaled, a feature counts as constant when maximum − minimum ≤ 2 ε max |x|.
    ///
    /// Source: T. F. Chan, G. H. Golub, R. J. LeVeque, *Algorithms for Computing the Sample Variance*, The American
    /// Statistician 37, 1983; the rule is that of scikit-learn's `StandardScaler` (its pull request 19788).
    public init(_ scaling: Scaling, fittedOn training: Dataset) {
        switch scaling {
        case .none:
            self = .identity(featureCount: training.featureCount)
        case .automatic:
            self.init(training.nominalRange == nil ? .standardize : .range, fittedOn: training)
        case .clipped(let inner, let limit):
            precondition(limit > 0, "values clipped to ±\(limit): the limit must be positive")
            let scaler = Scaler(inner, fittedOn: training)
            self.init(
                shift: scaler.shift, factor: scaler.factor, limit: min(limit, scaler.limit ?? limit),
                constantColumns: scaler.constantColumns)
        case .range:
            if let range = training.nominalRange, range.upperBound > range.lowerBound {
                self.init(
                    shift: Array(repeating: range.lowerBound, count: training.featureCount),
                    factor: Array(
                        repeating: 1 / (range.upperBound - range.lowerBound), count: training.featureCount))
                return
            }
            let statistics = FeatureStatistics(of: training)
            self.init(
                shift: statistics.minimum,
                spread: zip(statistics.minimum, statistics.maximum).map { minimum, maximum in
                    let width = maximum - minimum
                    return width <= 2 * .ulpOfOne * max(maximum.magnitude, minimum.magnitude) ? nil : width
                })
        case .symmetricRange:
            let unit = Scaler(.range, fittedOn: training)
            // 2 (x − a) f − 1 = (x − (a + 1 / 2f)) · 2f; a constant feature stays 0.
            self.init(
                shift: zip(unit.shift, unit.factor).map { $1 > 0 ? $0 + 0.5 / $1 : $0 },
                factor: unit.factor.map { 2 * $0 }, constantColumns: unit.constantColumns)
        case .standardize:
            let statistics = FeatureStatistics(of: training)
            let n = Double(training.count)
            self.init(
                shift: statistics.mean,
                spread: zip(statistics.mean, statistics.standardDeviation).map { mean, deviation in
                    // The rule under its square root, where no square can overflow or vanish.
                    let bound = n * .ulpOfOne * mean.magnitude
                    let isConstant = deviation * max(0, 1 - n * .ulpOfOne).squareRoot() <= bound
                    return isConstant ? nil : deviation
                })
        }
    }

    /// The scaler that leaves features as they are.
    public static func identity(featureCount: Int) -> Scaler {
        Scaler(
            shift: Array(repeating: 0, count: featureCount), factor: Array(repeating: 1, count: featureCount))
    }

    /// The scaler that divides by a spread; `nil` stands for a feature without one.
    private init(shift: [Double], spread: [Double?]) {
        // The inverse of a spread below 2⁻¹⁰²³ is infinite: such a feature is as good as constant.
        let factor = spread.map { spread in spread.map { 1 / $0 }.flatMap { $0.isFinite ? $0 : nil } }
        self.init(
            shift: shift, factor: factor.map { $0 ?? 0 },
            constantColumns: factor.indices.filter { factor[$0] == nil })
    }

    package init(shift: [Double], factor: [Double], limit: Double? = nil, constantColumns: [Int] = []) {
        self.shift = shift
        self.factor = factor
        self.limit = limit
        self.constantColumns = constantColumns
        let isUniform = zip(shift, factor).allSatisfy { $0 == shift[0] && $1 == factor[0] }
        if isUniform, shift.isEmpty || (shift[0] == 0 && factor[0] == 1) {
            singleAffine = .identity
            doubleAffine = .identity
        } else if isUniform {
            singleAffine = .uniform(shift: Float(shift[0]), factor: Float(factor[0]))
            doubleAffine = .uniform(shift: shift[0], factor: factor[0])
        } else {
            singleAffine = .each(shift: shift.map { Float($0) }, factor: factor.map { Float($0) })
            doubleAffine = .each(shift: shift, factor: factor)
        }
    }

    /// Scales one example.
    ///
    /// - Parameter example: `featureCount` numbers.
    public func scaled(_ example: [Double]) -> [Double] {
        precondition(
            example.count == featureCount,
            "an example of \(example.count) features for a scaler of \(featureCount)")
        let rows = RowScaling(doubleAffine, limit: limit)
        return [Double](unsafeUninitializedCapacity: example.count) { target, count in
            example.withUnsafeBufferPointer {
                if let source = $0.baseAddress {
                    rows.apply(source, target.baseAddress!, $0.count, { $0 }, { $0 })
                }
            }
            count = example.count
        }
    }

    /// Whether two scalers do the same.
    public static func == (a: Scaler, b: Scaler) -> Bool {
        a.shift == b.shift && a.factor == b.factor && a.limit == b.limit
            && a.constantColumns == b.constantColumns
    }
}

extension Scaler: Codable {
    private enum CodingKeys: String, CodingKey {
        case shift, factor, limit, constantColumns
    }

    /// Writes what was fitted.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(shift, forKey: .shift)
        try container.encode(factor, forKey: .factor)
        try container.encodeIfPresent(limit, forKey: .limit)
        try container.encode(constantColumns, forKey: .constantColumns)
    }

    /// Reads what `encode(to:)` wrote.
    ///
    /// Throws `DecodingError` where the numbers do not make a scaler.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let shift = try container.decode([Double].self, forKey: .shift)
        let factor = try container.decode([Double].self, forKey: .factor)
        let limit = try container.decodeIfPresent(Double.self, forKey: .limit)
        let constantColumns = try container.decode([Int].self, forKey: .constantColumns)
        guard shift.count == factor.count, (shift + factor).allSatisfy(\.isFinite),
            limit.map({ $0 > 0 }) ?? true,
            constantColumns.allSatisfy(shift.indices.contains)
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .factor, in: container,
                debugDescription: "a scaler has one finite shift and factor a feature, and a positive limit")
        }
        self.init(shift: shift, factor: factor, limit: limit, constantColumns: constantColumns)
    }
}
