import ArgumentParser
import Descent

/// `--average`: which points on the way the model is the mean of.
enum AverageChoice: Equatable {
    /// A running average, of which each step keeps this share.
    case exponential(decay: Double)
    /// The mean of the points after every update from some epoch on; `nil` for the last quarter.
    case mean(from: Double?)
    /// The mean of the points at the ends of epochs, from some epoch on; `nil` for the last quarter.
    case stochasticWeights(from: Double?)

    /// `ema`, `ema:0.999`, `mean`, `mean:10`, `swa`, `swa:10`.
    init(parsing text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let name = try WordList.choice(parts[0], of: ["ema", "mean", "swa"], as: "average")
        var number: Double?
        if parts.count == 2 {
            guard let value = Double(parts[1]) else {
                throw ValidationError("'\(parts[1])' is not a number, as in ema:0.999 and mean:10.")
            }
            number = value
        }
        switch name {
        case "ema":
            let decay = number ?? 0.999
            guard decay > 0 && decay < 1 else {
                throw ValidationError(
                    "the decay of ema lies between 0 and 1, \(NumberFormat.shortest(decay)) does not.")
            }
            self = .exponential(decay: decay)
        default:
            if let number, !(number >= 0 && number.isFinite) {
                throw ValidationError("'\(parts[1])' is not an epoch, as in \(name):10.")
            }
            self = name == "mean" ? .mean(from: number) : .stochasticWeights(from: number)
        }
    }

    /// The epoch behind which points count; `nil` where all do.
    func start(epochs: Int) -> Double? {
        switch self {
        case .exponential: nil
        case .mean(let epoch), .stochasticWeights(let epoch): epoch ?? 0.75 * Double(epochs)
        }
    }

    /// The same, counted in updates.
    func averaging(updatesPerEpoch: Int, epochs: Int) -> Averaging {
        let before = Int(((start(epochs: epochs) ?? 0) * Double(updatesPerEpoch)).rounded(.up))
        switch self {
        case .exponential(let decay): return .exponential(decay: decay)
        case .mean: return .polyakRuppert(from: before + 1)
        case .stochasticWeights:
            // From the end of the epoch that ends last before there, or of the first.
            let first = max(1, (before + updatesPerEpoch - 1) / updatesPerEpoch)
            return .stochasticWeights(from: first * updatesPerEpoch, every: updatesPerEpoch)
        }
    }

    /// What the model is, in words.
    func words(epochs: Int) -> String {
        switch self {
        case .exponential(let decay):
            return "a running average of the points, decay \(NumberFormat.shortest(decay))"
        case .mean:
            return "the mean of the points after epoch \(NumberFormat.shortest(start(epochs: epochs) ?? 0))"
        case .stochasticWeights:
            return "the mean of the points at the ends of epochs from epoch "
                + "\(NumberFormat.shortest(max(1, (start(epochs: epochs) ?? 0).rounded(.up)))) on"
        }
    }
}
