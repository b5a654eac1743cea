/// What happened while training: one record at the start, and one at each evaluation.
public struct History: Codable, Equatable, Sendable {
    /// The state of things at one evaluation.
    public struct Record: Codable, Equatable, Sendable {
        /// Passes over the training set so far; not whole within an epoch.
        public var epoch: Double

        /// Steps of the update rule so far.
        public var updates: Int

        /// Gradient evaluations so far: examples whose gradient was computed, each as often as it was.
        public var samples: Int

        /// Seconds of training so far, evaluations excluded.
        public var seconds: Double

        /// The mean of the losses met on the batches since the record before, each example with the same weight.
        ///
        /// The parameters moved meanwhile, so this is not the loss at any one point. `nil` at the start.
        public var runningLoss: Double?

        /// The objective at this point, over the whole training set and with the penalty, where it was evaluated.
        public var trainingLoss: Double?

        /// The mean loss on the validation set, without the penalty, where one was given.
        public var validationLoss: Double?

        /// The share of the validation set that is classified rightly, where one was given.
        public var validationAccuracy: Double?

        /// The share of the training set that is classified rightly, where it was evaluated.
        public var trainingAccuracy: Double?

        /// A record.
        public init(
            epoch: Double, updates: Int, samples: Int, seconds: Double, runningLoss: Double? = nil,
            trainingLoss: Double? = nil, validationLoss: Double? = nil, validationAccuracy: Double? = nil,
            trainingAccuracy: Double? = nil
        ) {
            self.trainingAccuracy = trainingAccuracy
            self.epoch = epoch
            self.updates = updates
            self.samples = samples
            self.seconds = seconds
            self.runningLoss = runningLoss
            self.trainingLoss = trainingLoss
            self.validationLoss = validationLoss
            self.validationAccuracy = validationAccuracy
        }
    }

    /// The records, the first one before any update.
    public var records: [Record]

    /// A history with these records.
    public init(records: [Record] = []) { self.records = records }

    /// The last record.
    public var last: Record? { records.last }
}
