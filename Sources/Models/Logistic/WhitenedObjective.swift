import DescentLinearAlgebra
import DescentOptimization

/// An objective in other coordinates: each logit's coefficients are a matrix times those given.
///
/// Far from the minimum passes over the examples may be in single precision, in little more than half the time: a
/// gradient is then right to about 1e-7 of what it is where all coefficients are 0. One that has fallen to
/// `roughTolerance` is computed once more, and all from then on, in double precision.
struct WhitenedObjective: Objective {
    /// What changes in the course of one search, on one thread.
    final class State: @unchecked Sendable {
        /// The largest magnitude of the gradient computed last, with respect to the coefficients themselves.
        fileprivate(set) var gradientNorm = Double.nan
        /// Passes that were made twice.
        fileprivate(set) var extraPasses = 0
        /// The objective in single precision, as long as it will do.
        fileprivate(set) var rough: LogitObjective<Float>?
    }

    let objective: LogitObjective<Double>
    /// R⁻¹, lower triangular; nil for the coordinates as they are.
    let map: Matrix<Double>?
    /// The gradient that is near the minimum.
    let roughTolerance: Double
    let state = State()

    /// An objective in coordinates of its own.
    ///
    /// - Parameter roughTolerance: The largest component of a gradient that is not computed in single precision.
    init(_ objective: LogitObjective<Double>, map: Matrix<Double>?, roughTolerance: Double = .infinity) {
        self.objective = objective
        self.map = map
        self.roughTolerance = roughTolerance
        if roughTolerance.isFinite, Self.singlePrecisionPays(objective) {
            state.rough = objective.converted(to: Float.self)
        }
    }

    /// Whether passes are long, and features not so far from 0 that scaling them would lose digits.
    private static func singlePrecisionPays(_ objective: LogitObjective<Double>) -> Bool {
        objective.exampleCount * objective.columnCount >= 1 << 22
            && zip(objective.scaler.shift, objective.scaler.factor).allSatisfy { abs($0 * $1) <= 16 }
    }

    var parameterCount: Int { objective.parameterCount }

    private var columns: Int { objective.columnCount }
    private var logits: Int { objective.logitCount }

    /// The coefficients, logits × columns: Φ R⁻¹.
    func image(of point: [Double]) -> [Double] {
        guard let map else { return point }
        // Transposed, R⁻ᵀ Φᵀ, in strips of rows; R⁻ᵀ is upper triangular.
        return product(point, map) { from, to, map, factor, target in
            Double._gemm(
                true, false, to - from, logits, columns - from, 1, map + from * columns + from, columns,
                factor + from * logits, logits, 0, target + from * logits, logits)
        }
    }

    /// Φ for given coefficients.
    func preimage(of coefficients: [Double]) -> [Double] {
        guard let map, coefficients.contains(where: { $0 != 0 }) else { return coefficients }
        // Φ = Θ R: solve R⁻ᵀ Φᵀ = Θᵀ.
        var result = Matrix(rows: logits, columns: columns, elements: coefficients).transposed()
        map.withUnsafeElements { l in
            result.withUnsafeMutableElements {
                Double._trsm(true, true, columns, logits, l.baseAddress!, columns, $0.baseAddress!, logits)
            }
        }
        return result.transposed().elements
    }

    func value(at point: [Double]) -> Double {
        let coefficients = image(of: point)
        if let rough = state.rough { return rough.value(at: coefficients.map { Float($0) }) }
        return objective.value(at: coefficients)
    }

    func valueAndGradient(at point: [Double], gradient: inout [Double]) -> Double {
        guard let map else { return coefficientGradient(at: point, gradient: &gradient) }
        var inner = gradient
        let value = coefficientGradient(at: image(of: point), gradient: &inner)
        // R⁻¹ times the gradient, transposed.
        gradient = product(inner, map) { from, to, map, factor, target in
            Double._gemm(
                false, false, to - from, logits, to, 1, map + from * columns, columns, factor, logits, 0,
                target + from * logits, logits)
        }
        return value
    }

    /// With respect to the coefficients themselves.
    private func coefficientGradient(at coefficients: [Double], gradient: inout [Double]) -> Double {
        if let rough = state.rough {
            var single = [Float](repeating: 0, count: gradient.count)
            let value = rough.valueAndGradient(at: coefficients.map { Float($0) }, gradient: &single)
            for i in gradient.indices { gradient[i] = Double(single[i]) }
            state.gradientNorm = gradient.largestMagnitude
            if state.gradientNorm > roughTolerance { return value }
            state.rough = nil
            state.extraPasses += 1
        }
        let value = objective.valueAndGradient(at: coefficients, gradient: &gradient)
        state.gradientNorm = gradient.largestMagnitude
        return value
    }

    /// Rows a logit in, rows a logit out; between them a product with the map for strips of rows, on all threads.
    private func product(
        _ rows: [Double], _ map: Matrix<Double>,
        _ strip:
            @Sendable (
                _ from: Int, _ to: Int, _ map: UnsafePointer<Double>, _ factor: UnsafePointer<Double>,
                _ target: UnsafeMutablePointer<Double>
            ) -> Void
    ) -> [Double] {
        let factor = Matrix(rows: logits, columns: columns, elements: rows).transposed()
        var result = Matrix<Double>(rows: columns, columns: logits)
        // Each of a size that pays for waking a thread.
        let strips = max(1, columns / 256)
        map.withUnsafeElements { map in
            factor.withUnsafeElements { factor in
                result.withUnsafeMutableElements { result in
                    let shared = UnsafeTransfer((map.baseAddress!, factor.baseAddress!, result.baseAddress!))
                    let columns = columns
                    WorkerTeam.shared.forEach(strips) { index in
                        let (map, factor, result) = shared.value
                        strip(columns * index / strips, columns * (index + 1) / strips, map, factor, result)
                    }
                }
            }
        }
        return result.transposed().elements
    }
}

extension [Double] {
    /// max |xᵢ|; NaN where one is.
    var largestMagnitude: Double {
        var largest = 0.0
        for value in self where !(value.magnitude <= largest) {
            largest = value.magnitude
            if largest.isNaN { break }
        }
        return largest
    }
}
