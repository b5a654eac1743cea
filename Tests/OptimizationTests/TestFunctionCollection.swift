import Foundation

// Moré, Garbow and Hillstrom, Testing unconstrained optimization software, ACM TOMS 7 (1981) 17, by number, and a few of
// the well-known functions of two variables.

extension TestFunction {
    static let all: [TestFunction] = sumsOfSquares + [branin, mcCormick]

    static let sumsOfSquares: [TestFunction] = [
        rosenbrock, freudensteinRoth, powellBadlyScaled, brownBadlyScaled, beale, jennrichSampson,
        helicalValley,
        bard, gaussian, meyer, box, powellSingular, wood, kowalikOsborne, brownDennis, biggs, penalty,
        variablyDimensioned, trigonometric, brownAlmostLinear, broydenTridiagonal, broydenBanded, himmelblau,
        booth,
    ]

    static func named(_ name: String) -> TestFunction { all.first { $0.name == name }! }

    /// 1.
    static let rosenbrock = TestFunction("Rosenbrock", start: [-1.2, 1]) { x in
        [10 * (x[1] - x[0].squared), 1 - x[0]]
    }

    /// 2.
    static let freudensteinRoth = TestFunction("Freudenstein-Roth", start: [0.5, -2]) { x in
        let first: Jet = ((5 - x[1]) * x[1] - 2) * x[1]
        let second: Jet = ((x[1] + 1) * x[1] - 14) * x[1]
        return [x[0] + first - 13, x[0] + second - 29]
    }

    /// 3.
    static let powellBadlyScaled = TestFunction("Powell badly scaled", start: [0, 1]) { x in
        let product: Jet = 1e4 * x[0] * x[1]
        let sum: Jet = exp(-x[0]) + exp(-x[1])
        return [product - 1, sum - 1.0001]
    }

    /// 4.
    static let brownBadlyScaled = TestFunction("Brown badly scaled", start: [1, 1]) { x in
        [x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2]
    }

    /// 5.
    static let beale = TestFunction("Beale", start: [1, 1]) { x in
        let cubed: Jet = x[1] * x[1].squared
        let powers: [Jet] = [x[1], x[1].squared, cubed]
        return zip([1.5, 2.25, 2.625], powers).map { y, power in Jet(y) - x[0] * (1 - power) }
    }

    /// 6, m = 10.
    static let jennrichSampson = TestFunction("Jennrich-Sampson", start: [0.3, 0.4]) { x in
        (1...10).map { i in
            let i = Double(i)
            let sum: Jet = exp(Jet(i) * x[0]) + exp(Jet(i) * x[1])
            return Jet(2 + 2 * i) - sum
        }
    }

    /// 7.
    static let helicalValley = TestFunction("Helical valley", start: [-1, 0, 0]) { x in
        let half = Jet(x[0].value < 0 ? 0.5 : 0)
        let turn: Jet = atan(x[1] / x[0]) * Jet(0.5 / Double.pi) + half
        let radius: Jet = sqrt(x[0].squared + x[1].squared)
        let height: Jet = x[2] - 10 * turn
        return [10 * height, 10 * (radius - 1), x[2]]
    }

    /// 8.
    static let bard = TestFunction("Bard", start: [1, 1, 1]) { x in
        let y = [
            0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39,
        ]
        return (1...15).map { i in
            let (u, v) = (Double(i), Double(16 - i))
            let divisor: Jet = Jet(v) * x[1] + Jet(min(u, v)) * x[2]
            return Jet(y[i - 1]) - x[0] - Jet(u) / divisor
        }
    }

    /// 9.
    static let gaussian = TestFunction("Gaussian", start: [0.4, 1, 0]) { x in
        let half = [0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521]
        let y = half + [0.3989] + half.reversed()
        return (1...15).map { i in
            let distance: Jet = Jet(Double(8 - i) / 2) - x[2]
            let exponent: Jet = -0.5 * x[1] * distance.squared
            return x[0] * exp(exponent) - Jet(y[i - 1])
        }
    }

    /// 10.
    static let meyer = TestFunction("Meyer", start: [0.02, 4000, 250]) { x in
        let y: [Double] = [
            34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307,
            2872,
        ]
        return (1...16).map { i in
            let exponent: Jet = x[1] / (Jet(45 + 5 * Double(i)) + x[2])
            return x[0] * exp(exponent) - Jet(y[i - 1])
        }
    }

    /// 12, m = 10.
    static let box = TestFunction("Box", start: [0, 10, 20]) { x in
        (1...10).map { i in
            let t = 0.1 * Double(i)
            let difference: Jet = exp(Jet(-t) * x[0]) - exp(Jet(-t) * x[1])
            let weight: Double = exp(-t) - exp(-10 * t)
            return difference - x[2] * Jet(weight)
        }
    }

    /// 13.
    static let powellSingular = TestFunction("Powell singular", start: [3, -1, 0, 1]) { x in
        let (middle, ends): (Jet, Jet) = (x[1] - 2 * x[2], x[0] - x[3])
        let first: Jet = x[0] + 10 * x[1]
        let second: Jet = Jet(5.0.squareRoot()) * (x[2] - x[3])
        return [first, second, middle.squared, Jet(10.0.squareRoot()) * ends.squared]
    }

    /// 14.
    static let wood = TestFunction("Wood", start: [-3, -1, -3, -1]) { x in
        let (left, right): (Jet, Jet) = (x[1] - x[0].squared, x[3] - x[2].squared)
        let sum: Jet = x[1] + x[3] - 2
        let root = 10.0.squareRoot()
        return [
            10 * left, 1 - x[0], Jet(90.0.squareRoot()) * right, 1 - x[2], Jet(root) * sum,
            Jet(1 / root) * (x[1] - x[3]),
        ]
    }

    /// 15.
    static let kowalikOsborne = TestFunction("Kowalik-Osborne", start: [0.25, 0.39, 0.415, 0.39]) { x in
        let y = [0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246]
        let u = [4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625]
        return y.indices.map { i in
            let (u, square) = (Jet(u[i]), Jet(u[i] * u[i]))
            let numerator: Jet = x[0] * (square + u * x[1])
            let divisor: Jet = square + u * x[2] + x[3]
            return Jet(y[i]) - numerator / divisor
        }
    }

    /// 16, m = 20.
    static let brownDennis = TestFunction("Brown-Dennis", start: [25, 5, -5, -1]) { x in
        (1...20).map { i in
            let t = Double(i) / 5
            let first: Jet = x[0] + Jet(t) * x[1] - Jet(exp(t))
            let second: Jet = x[2] + x[3] * Jet(sin(t)) - Jet(cos(t))
            return first.squared + second.squared
        }
    }

    /// 18, m = 13.
    static let biggs = TestFunction("Biggs EXP6", start: [1, 2, 1, 1, 1, 1]) { x in
        (1...13).map { i in
            let t = 0.1 * Double(i)
            let y: Double = exp(-t) - 5 * exp(-10 * t) + 3 * exp(-4 * t)
            let first: Jet = x[2] * exp(Jet(-t) * x[0])
            let second: Jet = x[3] * exp(Jet(-t) * x[1])
            let third: Jet = x[5] * exp(Jet(-t) * x[4])
            return first - second + third - Jet(y)
        }
    }

    /// 23, n = 4.
    static let penalty = TestFunction("Penalty I", start: [1, 2, 3, 4]) { x in
        let distances: [Jet] = x.map { Jet(1e-5.squareRoot()) * ($0 - 1) }
        let radius: Jet = x.reduce(-0.25) { $0 + $1.squared }
        return distances + [radius]
    }

    /// 25, n = 10.
    static let variablyDimensioned = TestFunction(
        "Variably dimensioned", start: (1...10).map { 1 - Double($0) / 10 }
    ) { x in
        let distances: [Jet] = x.map { $0 - 1 }
        let sum: Jet = x.indices.reduce(Jet(0)) { $0 + Jet(Double($1 + 1)) * distances[$1] }
        return distances + [sum, sum.squared]
    }

    /// 26, n = 10.
    static let trigonometric = TestFunction("Trigonometric", start: [Double](repeating: 0.1, count: 10)) {
        x in
        let sum: Jet = x.reduce(Jet(10)) { $0 - cos($1) }
        return x.indices.map { i in
            let own: Jet = Jet(Double(i + 1)) * (1 - cos(x[i]))
            return sum + own - sin(x[i])
        }
    }

    /// 27, n = 10.
    static let brownAlmostLinear = TestFunction(
        "Brown almost-linear", start: [Double](repeating: 0.5, count: 10)
    ) { x in
        let sum: Jet = x.reduce(Jet(-11)) { $0 + $1 }
        let product: Jet = x.reduce(Jet(1)) { $0 * $1 }
        let sums: [Jet] = x.dropLast().map { $0 + sum }
        return sums + [product - 1]
    }

    /// 30, n = 10.
    static let broydenTridiagonal = TestFunction(
        "Broyden tridiagonal", start: [Double](repeating: -1, count: 10)
    ) { x in
        x.indices.map { i in
            let left: Jet = i > 0 ? x[i - 1] : 0
            let right: Jet = i < 9 ? x[i + 1] : 0
            let own: Jet = (3 - 2 * x[i]) * x[i]
            return own - left - 2 * right + 1
        }
    }

    /// 31, n = 10.
    static let broydenBanded = TestFunction("Broyden banded", start: [Double](repeating: -1, count: 10)) {
        x in
        x.indices.map { i in
            let neighbours = (max(0, i - 5)...min(9, i + 1)).filter { $0 != i }
            let own: Jet = x[i] * (2 + 5 * x[i].squared) + 1
            return neighbours.reduce(own) { sum, j in
                let theirs: Jet = x[j] * (1 + x[j])
                return sum - theirs
            }
        }
    }

    /// Himmelblau, Applied Nonlinear Programming (1972).
    static let himmelblau = TestFunction("Himmelblau", start: [0, 0]) { x in
        let (first, second): (Jet, Jet) = (x[0].squared + x[1], x[0] + x[1].squared)
        return [first - 11, second - 7]
    }

    static let booth = TestFunction("Booth", start: [0, 0]) { x in
        let (first, second): (Jet, Jet) = (x[0] + 2 * x[1], 2 * x[0] + x[1])
        return [first - 7, second - 5]
    }

    static let branin = TestFunction(
        "Branin", start: [2.5, 7.5],
        rest: { x in
            let curve: Jet = Jet(5.1 / (4 * Double.pi * Double.pi)) * x[0].squared
            let valley: Jet = x[1] - curve + Jet(5 / Double.pi) * x[0] - 6
            let wave: Jet = Jet(10 * (1 - 1 / (8 * Double.pi))) * cos(x[0])
            return valley.squared + wave + 10
        })

    static let mcCormick = TestFunction(
        "McCormick", start: [-0.5, -1],
        rest: { x in
            let (sum, difference): (Jet, Jet) = (x[0] + x[1], x[0] - x[1])
            let plane: Jet = 2.5 * x[1] - 1.5 * x[0]
            return sin(sum) + difference.squared + plane + 1
        })
}
