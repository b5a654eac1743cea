import RealModule

/// Student's t distribution: a stand-in.
enum StudentT {
    static func quantile(_ p: Double, degreesOfFreedom: Double) -> Double {
        if p < 0.5 { return -quantile(1 - p, degreesOfFreedom: degreesOfFreedom) }
        var low = 0.0
        var high = 1.0
        while cumulative(high, Int(degreesOfFreedom)) < p { high *= 2 }
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if cumulative(middle, Int(degreesOfFreedom)) < p { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// Abramowitz and Stegun 26.7.3 and 26.7.4, for t ≥ 0.
    private static func cumulative(_ t: Double, _ n: Int) -> Double {
        let theta = Double.atan(t / Double(n).squareRoot())
        let c = Double.cos(theta)
        var sum = 0.0
        if n % 2 == 1 {
            var term = c
            var k = 1
            while k <= n - 2 {
                sum += term
                k += 2
                term *= c * c * Double(k - 1) / Double(k)
            }
            return 0.5 + (theta + Double.sin(theta) * sum) / Double.pi
        }
        var term = 1.0
        var k = 0
        while k <= n - 2 {
            sum += term
            k += 2
            term *= c * c * Double(k - 1) / Double(k)
        }
        return 0.5 + Double.sin(theta) * sum / 2
    }
}
