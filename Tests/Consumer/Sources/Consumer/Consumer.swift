import Descent

/// Uses the library as its README shows, and says that it passed when what comes out is right.
@main
struct Consumer {
    static func main() throws {
        guard let path = CommandLine.arguments.dropFirst().first else {
            print("usage: Consumer mnist.npz")
            return
        }

        let (train, test) = try MNIST.load(path)
        var network = MLP<Float>(sizes: [784, 128, 64, 10], activation: .relu, seed: 0)
        let history = try network.train(
            on: train, validating: test,
            with: Adam(learningRate: 1e-3), batchSize: 64, for: .epochs(3))
        let accuracy = history.last?.validationAccuracy ?? 0
        print("network: \(train.count) examples, test accuracy \(accuracy)")

        let x: Matrix<Double> = [[1, 1], [1, 2], [1, 3], [1, 4]]
        let qr = try QR(x)
        let beta = try qr.solve([6, 5, 7, 10])
        print("least squares: \(beta), condition number \(qr.conditionNumber)")

        let fit = try LeastSquares().fit([[1], [2], [3], [4]], [6, 5, 7, 10])
        print(fit.summary)

        let minimum = try LBFGS().minimize(Rosenbrock(), from: [-1.2, 1])
        print("minimum: \(minimum.point), \(minimum.reason)")

        // The line through these points is 3.5 + 1.4 x; Rosenbrock's valley is lowest at (1, 1).
        let isExact = abs(beta[0] - 3.5) < 1e-12 && abs(beta[1] - 1.4) < 1e-12
        let isFitted = fit.predict([[5]]).allSatisfy { abs($0 - 10.5) < 1e-12 }
        let isLowest = minimum.isConverged && minimum.point.allSatisfy { abs($0 - 1) < 1e-6 }
        if accuracy > 0.85, accuracy == network.accuracy(on: test), isExact, isFitted, isLowest {
            print("consumer: passed")
        }
    }
}
