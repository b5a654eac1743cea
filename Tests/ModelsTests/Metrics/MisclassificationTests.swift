import DescentDatasets
import DescentLinearAlgebra
import DescentModels
import Testing

@Suite struct MisclassificationTests {
    /// A model whose logits are the features themselves.
    private struct Identity: Classifier {
        let classNames = ["0", "1"]
        func logits(for dataset: Dataset) -> Matrix<Double> { dataset.matrix() }
        func evaluate(on dataset: Dataset) -> (loss: Double, accuracy: Double) { (0, 0) }
    }

    @Test func theSurestMistakesComeFirst() throws {
        let features = Matrix<Double>(rows: 5, columns: 2, elements: [1, 0, 0, 3, 2, 0, 0, 2, 0, 2])
        let dataset = try Dataset(features: features, labels: [0, 0, 1, 1, 0])
        let mistakes = Identity().misclassifications(on: dataset)
        // Example 0 and 3 are right; 2 and 4 are equally sure and stay in their order.
        #expect(mistakes.map(\.example) == [1, 2, 4])
        #expect(mistakes.map(\.prediction) == [1, 0, 1] && mistakes.map(\.label) == [0, 1, 0])
        #expect(abs(mistakes[0].probability - 0.9525741268224334) < 1e-15)
        #expect(mistakes[1].probability == mistakes[2].probability)
    }
}
