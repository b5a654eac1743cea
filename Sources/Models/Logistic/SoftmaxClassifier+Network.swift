import DescentLinearAlgebra
import DescentOptimization

extension SoftmaxClassifier {
    /// The softmax regression that a network of one layer is; `nil` for other networks, and before any training.
    ///
    /// - Parameters:
    ///   - network: Trained by the cross-entropy.
    ///   - history: What happened in training.
    ///   - penalty: What it was trained with, on the weights of scaled features.
    package init?(_ network: MLP<Scalar>, history: History, penalty: Penalty) {
        let layers = network.layout.layers
        guard layers.count == 1, layers[0].outputs == network.classNames.count, network.scaler != nil,
            network.loss == .crossEntropy()
        else { return nil }
        self.init(network: network.classifier, history: history, penalty: penalty)
    }
}
