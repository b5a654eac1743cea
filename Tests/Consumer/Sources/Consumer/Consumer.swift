import Descent

/// Uses the library as its README shows, and says that it passed when the results are right.
@main
struct Consumer {
    static func main() throws {
        let path = CommandLine.arguments.dropFirst().first ?? "mnist.npz"
        let archive = try NPZArchive(path: path)
        let images = try archive.array(named: "x_train")
        print("images: \(images.shape)")

        let a: Matrix<Double> = [[1, 2], [3, 4]]
        let product = a * a
        print("product: \(product.elements)")

        guard images.shape.dropFirst() == [28, 28], product.elements == [7, 10, 15, 22] else { return }
        print("consumer: passed")
    }
}
