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

        // The line through these points is 3.5 + 1.4 x.
        let isExact = abs(beta[0] - 3.5) < 1e-12 && abs(beta[1] - 1.4) < 1e-12
        if accuracy > 0.85, accuracy == network.accuracy(on: test), isExact {
            print("consumer: passed")
        }
    }
}
