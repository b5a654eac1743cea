import DescentLinearAlgebra
import RealModule

/// The losses over rows of outputs, and their derivatives.
struct NetworkLossKernel<Scalar: MatrixScalar> {
    /// What a block of rows adds up to.
    struct Sums {
        /// Σ wᵢ ℓᵢ, not yet divided by anything.
        var loss = 0.0
        /// Σ wᵢ over the rows that are classified rightly.
        var correct = 0.0

        static func += (a: inout Sums, b: Sums) {
            a.loss += b.loss
            a.correct += b.correct
        }
    }

    /// The rows of a block; what is not needed by the loss at hand is not looked at.
    struct Rows {
        /// Replaced by derivatives where `scale` is given.
        var outputs: UnsafeMutablePointer<Scalar>
        var count: Int
        var width: Int
        /// The classes, where the examples have any.
        var labels: UnsafePointer<Int32>?
        /// As many as outputs, where the loss compares numbers with numbers.
        var targets: UnsafePointer<Scalar>
        /// The examples' weights; 1 each if `nil`.
        var weights: UnsafePointer<Scalar>?
        /// What derivatives are multiplied with, apart from the weights; `nil` for no derivatives.
        var scale: Scalar?
    }

    let loss: NetworkLoss

    /// Sums the loss and counts the right rows.
    func run(_ rows: Rows) -> Sums {
        switch loss {
        case .crossEntropy(let smoothing):
            if smoothing == 0, rows.weights == nil { return plainCrossEntropy(rows) }
            return NetworkLosses.crossEntropy(rows, smoothing: Scalar(smoothing))
        case .hinge(.crammerSinger): return NetworkLosses.crammerSinger(rows)
        default: return NetworkLosses.elementwise(loss, rows)
        }
    }

    private func plainCrossEntropy(_ rows: Rows) -> Sums {
        let sums: SoftmaxCrossEntropy.Sums
        if let scale = rows.scale {
            sums = SoftmaxCrossEntropy.differentiate(
                logits: rows.outputs, labels: rows.labels!, rows: rows.count, classes: rows.width,
                scale: scale)
        } else {
            sums = SoftmaxCrossEntropy.evaluate(
                logits: rows.outputs, labels: rows.labels!, rows: rows.count, classes: rows.width)
        }
        return Sums(loss: sums.loss, correct: Double(sums.correct))
    }
}

/// The loops of `NetworkLossKernel`.
private enum NetworkLosses {
    /// Cross-entropy with weights and smoothed labels.
    ///
    /// With mₖ = zₖ − max z and L = log Σ e^m: ℓ = L − (1 − ε) m_c − (ε/K) Σ m, ∂ℓ/∂zₖ = softmax(z)ₖ − qₖ.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    static func crossEntropy<Scalar: MatrixScalar>(
        _ rows: NetworkLossKernel<Scalar>.Rows, smoothing: Scalar
    ) -> NetworkLossKernel<Scalar>.Sums {
        var sums = NetworkLossKernel<Scalar>.Sums()
        let classes = rows.width
        let floor = smoothing / Scalar(classes)
        for row in 0..<rows.count {
            let z = rows.outputs + row * classes
            let label = Int(rows.labels![row])
            let weight = rows.weights.map { $0[row] } ?? 1
            let largest = indexOfLargest(z, classes)
            let maximum = z[largest]
            var total: Scalar = 0
            var margins: Scalar = 0
            for k in 0..<classes {
                total += .exp(z[k] - maximum)
                margins += z[k] - maximum
            }
            let value = .log(total) - (1 - smoothing) * (z[label] - maximum) - floor * margins
            sums.loss += Double(weight) * Double(value)
            sums.correct += largest == label ? Double(weight) : 0
            guard let scale = rows.scale else { continue }
            let factor = scale * weight
            for k in 0..<classes { z[k] = factor * (.exp(z[k] - maximum) / total - floor) }
            z[label] -= factor * (1 - smoothing)
        }
        return sums
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    static func crammerSinger<Scalar: MatrixScalar>(
        _ rows: NetworkLossKernel<Scalar>.Rows
    ) -> NetworkLossKernel<Scalar>.Sums {
        var sums = NetworkLossKernel<Scalar>.Sums()
        let classes = rows.width
        for row in 0..<rows.count {
            let z = rows.outputs + row * classes
            let label = Int(rows.labels![row])
            let weight = rows.weights.map { $0[row] } ?? 1
            var rival = label == 0 ? 1 : 0
            for k in 0..<classes where k != label && z[k] > z[rival] { rival = k }
            let value = 1 + z[rival] - z[label]
            // Of equal outputs the first counts as the prediction, as everywhere.
            let isRight = z[label] > z[rival] || (z[label] == z[rival] && label < rival)
            sums.correct += isRight ? Double(weight) : 0
            // Written so that NaN is not taken for a margin that is kept.
            let isKept = value <= 0
            sums.loss += isKept ? 0 : Double(weight) * Double(value)
            guard let scale = rows.scale else { continue }
            for k in 0..<classes { z[k] = 0 }
            if !isKept {
                z[rival] = scale * weight
                z[label] = -scale * weight
            }
        }
        return sums
    }

    /// The losses that are means over the outputs.
    static func elementwise<Scalar: MatrixScalar>(
        _ loss: NetworkLoss, _ rows: NetworkLossKernel<Scalar>.Rows
    ) -> NetworkLossKernel<Scalar>.Sums {
        var sums = NetworkLossKernel<Scalar>.Sums()
        if rows.labels != nil { sums.correct = countRight(rows, threshold: loss.isRegression ? 0.5 : 0) }
        sums.loss = elementLoss(loss, rows)
        return sums
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private static func elementLoss<Scalar: MatrixScalar>(
        _ loss: NetworkLoss, _ rows: NetworkLossKernel<Scalar>.Rows
    ) -> Double {
        switch loss {
        case .binaryCrossEntropy:
            return forEach(rows) { z, y in
                (ActivationKernel.softplus(z) - y * z, ActivationKernel.sigmoid(z) - y)
            }
        case .hinge:
            return forEach(rows) { z, y in
                let sign: Scalar = y > Scalar(0.5) ? 1 : -1
                let value = 1 - sign * z
                return value <= 0 ? (0, 0) : (value, -sign)
            }
        case .squaredError:
            return forEach(rows) { z, y in ((z - y) * (z - y), 2 * (z - y)) }
        case .absoluteError:
            return forEach(rows) { z, y in
                let error = z - y
                return (abs(error), error > 0 ? 1 : error < 0 ? -1 : 0)
            }
        case .huber(let delta):
            let delta = Scalar(delta)
            return forEach(rows) { z, y in
                let error = z - y
                let size = abs(error)
                return size <= delta
                    ? (Scalar(0.5) * error * error, error)
                    : (delta * (size - Scalar(0.5) * delta), error > 0 ? delta : -delta)
            }
        case .power(let exponent):
            let exponent = Scalar(exponent)
            return forEach(rows) { z, y in
                let error = z - y
                let size = abs(error)
                if size == 0 { return (0, 0) }
                let value = Scalar.pow(size, exponent)
                let slope = exponent * (value / size)
                return (value, error > 0 ? slope : -slope)
            }
        case .crossEntropy: preconditionFailure("cross-entropy is no mean over the outputs")
        }
    }

    /// Sums f's first result and puts its second where the output was.
    @inline(__always)
    private static func forEach<Scalar: MatrixScalar>(
        _ rows: NetworkLossKernel<Scalar>.Rows, _ f: (_ z: Scalar, _ y: Scalar) -> (Scalar, Scalar)
    ) -> Double {
        var total = 0.0
        let width = rows.width
        for row in 0..<rows.count {
            let z = rows.outputs + row * width
            let y = rows.targets + row * width
            let weight = rows.weights.map { $0[row] } ?? 1
            var sum = 0.0
            if let scale = rows.scale {
                let factor = scale * weight / Scalar(width)
                for k in 0..<width {
                    let (value, derivative) = f(z[k], y[k])
                    sum += Double(value)
                    z[k] = factor * derivative
                }
            } else {
                for k in 0..<width { sum += Double(f(z[k], y[k]).0) }
            }
            total += Double(weight) * sum / Double(width)
        }
        return total
    }

    /// Σ w over the rows whose largest output is at their class; of one output, on their side of the threshold.
    private static func countRight<Scalar: MatrixScalar>(
        _ rows: NetworkLossKernel<Scalar>.Rows, threshold: Scalar
    ) -> Double {
        var total = 0.0
        for row in 0..<rows.count {
            let z = rows.outputs + row * rows.width
            let predicted = rows.width == 1 ? (z[0] > threshold ? 1 : 0) : indexOfLargest(z, rows.width)
            if predicted == Int(rows.labels![row]) { total += rows.weights.map { Double($0[row]) } ?? 1 }
        }
        return total
    }

    @inline(__always)
    private static func indexOfLargest<Scalar: MatrixScalar>(_ z: UnsafePointer<Scalar>, _ count: Int) -> Int
    {
        var largest = 0
        for k in 1..<max(count, 1) where z[k] > z[largest] { largest = k }
        return largest
    }
}
