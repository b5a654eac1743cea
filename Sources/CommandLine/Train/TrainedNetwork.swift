import Descent
import DescentDatasets
import DescentModels
import FoundationEssentials

/// A trained network as the command hands it about.
struct TrainedNetwork: Classifier, Codable {
    let layout: NetworkLayout
    let parameters: [Float]
    let scaler: Scaler
    let classNames: [String]
    var exampleShape: [Int] = []
    var featureNames: [String]?
    var nominalRange: ClosedRange<Double>?

    func logits(for dataset: Dataset) -> Matrix<Float> {
        CrossEntropyObjective(layout, on: dataset, scaler: scaler).logits(at: parameters)
    }

    func evaluate(on dataset: Dataset) -> (loss: Double, accuracy: Double) {
        CrossEntropyObjective(layout, on: dataset, scaler: scaler).evaluate(at: parameters)
    }

    func save(to path: String) throws {
        try AtomicFile.write(String(decoding: try JSONEncoder().encode(self), as: UTF8.self) + "\n", to: path)
    }

    init(path: String) throws {
        let source = try ByteSource(path: path)
        let bytes = try source.bytes(at: 0, count: source.count)
        guard let model = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else {
            throw Refusal("\(path): is no model that descent train wrote")
        }
        self = model
    }

    init(
        layout: NetworkLayout, parameters: [Float], scaler: Scaler, data: ClassificationData
    ) {
        self.layout = layout
        self.parameters = parameters
        self.scaler = scaler
        classNames = data.train.classNames
        exampleShape = data.train.exampleShape
        featureNames = data.featureNames
        nominalRange = data.train.nominalRange
    }
}
