import DescentLinearAlgebra
import DescentOptimization

/// An objective in other coordinates: each logit's coefficients are a matrix times those given.
struct WhitenedObjective: Objective {
    /// The largest magnitude of a gradient; for one search, on one thread.
    final class Size: @unchecked Sendable {
        fileprivate(set) var norm = Double.nan
    }

    let objective: LogitObjective<Double>
    /// R⁻¹, lower triangular; nil for the coordinates as they are.
    let map: Matrix<Double>?
    /// That of the gradient computed last, with respect to the coefficients themselves.
    let coefficientGradient = Size()

    init(_ objective: LogitObjective<Double>, map: Matrix<Double>?) {
        self.objective = objective
        self.map = map
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

    func value(at point: [Double]) -> Double { objective.value(at: image(of: point)) }

    func valueAndGradient(at point: [Double], gradient: inout [Double]) -> Double {
        let value: Double
        if let map {
            var inner = gradient
            value = objective.valueAndGradient(at: image(of: point), gradient: &inner)
            coefficientGradient.norm = inner.largestMagnitude
            // R⁻¹ times the gradient, transposed.
            gradient = product(inner, map) { from, to, map, factor, target in
                Double._gemm(
                    false, false, to - from, logits, to, 1, map + from * columns, columns, factor, logits, 0,
                    target + from * logits, logits)
            }
        } else {
            value = objective.valueAndGradient(at: point, gradient: &gradient)
            coefficientGradient.norm = gradient.largestMagnitude
        }
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
