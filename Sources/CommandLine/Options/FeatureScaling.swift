import ArgumentParser
import Descent

/// How features can be scaled.
enum FeatureScaling: String, ExpressibleByArgument, CaseIterable {
    case automatic, standardize, range, none
}

extension FeatureScaling {
    /// The scaling of that name.
    var scaling: Scaling {
        switch self {
        case .automatic: .automatic
        case .standardize: .standardize
        case .range: .range
        case .none: .none
        }
    }

    /// What it does to a data set, in words.
    func words(for dataset: Dataset) -> String {
        switch self {
        case .automatic where dataset.nominalRange == nil, .standardize: "features standardized"
        case .automatic, .range: "features scaled to 0…1"
        case .none: "none"
        }
    }
}
