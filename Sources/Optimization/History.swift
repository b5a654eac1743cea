/// What a training run looked like at its evaluation points.
public struct History: Codable, Sendable, Equatable {
    /// One evaluation point; the first one stands before any update.
    public struct Record: Codable, Sendable, Equatable {
        /// Passes over the training set so far.
        public var epoch: Double
        /// Updates so far.
        public var updates: Int
        /// Gradient evaluations so far: examples whose gradient was computed.
        public var samples: Int
        /// Training time so far, evaluation excluded.
        public var seconds: Double
        /// The objective over the whole training set, penalty included.
        public var trainingLoss: Double?
        /// The mean loss over the validation set.
        public var validationLoss: Double?
        /// The accuracy on the validation set.
        public var validationAccuracy: Double?
        /// An evaluation point.
        public init(
            epoch: Double, updates: Int, samples: Int, seconds: Double, trainingLoss: Double? = nil,
            validationLoss: Double? = nil, validationAccuracy: Double? = nil
        ) {
            self.epoch = epoch
            self.updates = updates
            self.samples = samples
            self.seconds = seconds
            self.trainingLoss = trainingLoss
            self.validationLoss = validationLoss
            self.validationAccuracy = validationAccuracy
        }
    }
    /// The evaluation points in order.
    public var records: [Record]
    /// A history of these records.
    public init(records: [Record] = []) { self.records = records }
}
