/// The experiments there are, in the order in which one would read them.
package enum Experiments {
    /// All of them.
    package static let all: [any Experiment.Type] = [
        DigitsTour.self,
        SoftmaxTemperature.self,
        GradientDescentRates.self,
        SGDVersusGD.self,
        TrainAndValidation.self,
        BatchSizes.self,
        AttenuatedGradient.self,
        MomentumDialects.self,
        OptimizerRace.self,
        SecondOrder.self,
        LossLine.self,
        FiveFailures.self,
        PowerLossComparison.self,
        ExactLeastSquares.self,
        MNISTNetwork.self,
        MNISTBetter.self,
        NumericGradient.self,
        HingeSubgradient.self,
    ]

    /// The experiment of a name.
    package static func named(_ name: String) -> (any Experiment.Type)? {
        all.first { $0.name == name }
    }
}
