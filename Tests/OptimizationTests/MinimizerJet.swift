import Foundation

/// A number with its first and second derivatives by the parameters: formulas differentiate themselves.
///
/// A constant has no derivatives (empty arrays, read as zero); a variable carries as many orders as it was
/// made with, so that a value alone costs no derivatives.
struct Jet: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, Sendable {
    var value: Double
    var gradient: [Double] = []
    /// n × n, symmetric.
    var hessian: [Double] = []

    init(_ value: Double) { self.value = value }
    init(floatLiteral value: Double) { self.value = value }
    init(integerLiteral value: Int) { self.value = Double(value) }

    /// The parameters as jets of an order from 0 to 2.
    static func variables(_ values: [Double], order: Int) -> [Jet] {
        let n = values.count
        return values.indices.map { i in
            var jet = Jet(values[i])
            if order > 0 { jet.gradient = (0..<n).map { $0 == i ? 1 : 0 } }
            if order > 1 { jet.hessian = [Double](repeating: 0, count: n * n) }
            return jet
        }
    }

    /// α a + β b, where an empty array is zero.
    private static func sum(_ alpha: Double, _ a: [Double], _ beta: Double, _ b: [Double]) -> [Double] {
        if b.isEmpty { return a.map { alpha * $0 } }
        if a.isEmpty { return b.map { beta * $0 } }
        return a.indices.map { alpha * a[$0] + beta * b[$0] }
    }

    static func + (a: Jet, b: Jet) -> Jet {
        var c = Jet(a.value + b.value)
        c.gradient = sum(1, a.gradient, 1, b.gradient)
        c.hessian = sum(1, a.hessian, 1, b.hessian)
        return c
    }

    static func - (a: Jet, b: Jet) -> Jet {
        var c = Jet(a.value - b.value)
        c.gradient = sum(1, a.gradient, -1, b.gradient)
        c.hessian = sum(1, a.hessian, -1, b.hessian)
        return c
    }

    static func * (a: Jet, b: Jet) -> Jet {
        var c = Jet(a.value * b.value)
        c.gradient = sum(b.value, a.gradient, a.value, b.gradient)
        c.hessian = sum(b.value, a.hessian, a.value, b.hessian)
        let n = a.gradient.count
        if !c.hessian.isEmpty, !a.gradient.isEmpty, !b.gradient.isEmpty {
            for i in 0..<n {
                for j in 0..<n {
                    c.hessian[i * n + j] += a.gradient[i] * b.gradient[j] + b.gradient[i] * a.gradient[j]
                }
            }
        }
        return c
    }

    static func / (a: Jet, b: Jet) -> Jet {
        a * b.applying(1 / b.value, -1 / (b.value * b.value), 2 / (b.value * b.value * b.value))
    }

    static prefix func - (a: Jet) -> Jet { Jet(0) - a }

    /// f(a) by the chain rule, from f, f′ and f″ at a.
    func applying(_ f: Double, _ first: Double, _ second: Double) -> Jet {
        var c = Jet(f)
        c.gradient = gradient.map { first * $0 }
        let n = gradient.count
        c.hessian = hessian.indices.map {
            first * hessian[$0] + second * gradient[$0 / n] * gradient[$0 % n]
        }
        return c
    }

    var squared: Jet { self * self }
}

func exp(_ x: Jet) -> Jet {
    let e = exp(x.value)
    return x.applying(e, e, e)
}

func sin(_ x: Jet) -> Jet { x.applying(sin(x.value), cos(x.value), -sin(x.value)) }

func cos(_ x: Jet) -> Jet { x.applying(cos(x.value), -sin(x.value), -cos(x.value)) }

func sqrt(_ x: Jet) -> Jet {
    let root = x.value.squareRoot()
    return x.applying(root, 0.5 / root, -0.25 / (root * x.value))
}

func atan(_ x: Jet) -> Jet {
    let d = 1 / (1 + x.value * x.value)
    return x.applying(atan(x.value), d, -2 * x.value * d * d)
}
