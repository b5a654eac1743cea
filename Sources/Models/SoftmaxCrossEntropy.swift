import DescentLinearAlgebra
import RealModule

/// The loss of softmax regression and of every classifying network, on rows of logits.
///
/// For a row z and its class c, ℓ = −log softmax(z)_c = log Σₖ exp(zₖ − m) − (z_c − m) with m = maxₖ zₖ, which neither
/// overflows nor loses a small loss; ∂ℓ/∂z = softmax(z) − e_c.
enum SoftmaxCrossEntropy {
    /// What a block of rows adds up to.
    struct Sums {
        /// Σ ℓ, not yet divided by anything.
        var loss = 0.0
        /// How many rows have their largest logit at their class (the first of several equal ones counts).
        var correct = 0
    }

    /// Sums the loss and counts the right rows, leaving the logits as they are.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    static func evaluate<Scalar: MatrixScalar>(
        logits: UnsafePointer<Scalar>, labels: UnsafePointer<Int32>, rows: Int, classes: Int
    ) -> Sums {
        var sums = Sums()
        for row in 0..<rows {
            let z = logits + row * classes
            let label = Int(labels[row])
            let largest = indexOfLargest(z, classes)
            var total: Scalar = 0
            for k in 0..<classes { total += .exp(z[k] - z[largest]) }
            sums.loss += Double(.log(total) - (z[label] - z[largest]))
            sums.correct += largest == label ? 1 : 0
        }
        return sums
    }

    /// Sums the loss and replaces each row of logits by `scale` times its derivative.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    static func differentiate<Scalar: MatrixScalar>(
        logits: UnsafeMutablePointer<Scalar>, labels: UnsafePointer<Int32>, rows: Int, classes: Int,
        scale: Scalar
    ) -> Sums {
        var sums = Sums()
        for row in 0..<rows {
            let z = logits + row * classes
            let label = Int(labels[row])
            let largest = indexOfLargest(z, classes)
            let maximum = z[largest]
            let margin = z[label] - maximum
            var total: Scalar = 0
            for k in 0..<classes {
                z[k] = .exp(z[k] - maximum)
                total += z[k]
            }
            let factor = scale / total
            for k in 0..<classes { z[k] *= factor }
            z[label] -= scale
            sums.loss += Double(.log(total) - margin)
            sums.correct += largest == label ? 1 : 0
        }
        return sums
    }

    /// Replaces each row of logits by the logarithms of its softmax: [0, 1000] gives [−1000, 0].
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    static func logSoftmax<Scalar: MatrixScalar>(
        _ logits: UnsafeMutablePointer<Scalar>, rows: Int, classes: Int
    ) {
        for row in 0..<rows {
            let z = logits + row * classes
            let maximum = z[indexOfLargest(z, classes)]
            var total: Scalar = 0
            for k in 0..<classes { total += .exp(z[k] - maximum) }
            let logTotal = Scalar.log(total)
            for k in 0..<classes { z[k] = (z[k] - maximum) - logTotal }
        }
    }

    @inline(__always)
    private static func indexOfLargest<Scalar: MatrixScalar>(_ z: UnsafePointer<Scalar>, _ count: Int) -> Int
    {
        var largest = 0
        for k in 1..<max(count, 1) where z[k] > z[largest] { largest = k }
        return largest
    }
}
