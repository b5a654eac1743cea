import Descent

extension Benchmark {
    /// Products of square matrices, and the tall, thin ones of a network's first layer.
    static var products: [Benchmark] {
        [
            product(Float.self, 512, 512, 512),
            product(Double.self, 512, 512, 512),
            product(Float.self, 64, 784, 128),
            product(Float.self, 128, 784, 10),
            product(Float.self, 60_000, 784, 10),
        ]
    }

    private static func product<Scalar: MatrixScalar>(
        _ type: Scalar.Type, _ m: Int, _ k: Int, _ n: Int
    ) -> Benchmark {
        Benchmark(
            name: "GEMM \(type), \(m) × \(k) by \(k) × \(n)",
            amount: 2e-9 * Double(m) * Double(k) * Double(n),
            unit: "GF"
        ) {
            let a = Matrix<Scalar>(rows: m, columns: k, repeating: 0.5)
            let b = Matrix<Scalar>(rows: k, columns: n, repeating: 0.25)
            var c = Matrix<Scalar>(rows: m, columns: n)
            return { multiply(a, b, into: &c) }
        }
    }
}
