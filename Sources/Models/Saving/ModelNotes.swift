import DescentDatasets

/// What a model file says of the data besides the model: what a program needs that is to read examples for it.
public struct ModelNotes: Codable, Equatable, Sendable {
    /// The names of the features, in order, where they have any.
    public var featureNames: [String]?

    /// How the columns of a table become those features, where that takes more than their names: levels of text, and
    /// means in place of missing values.
    public var coding: FeatureCoding?

    /// The shape of one example, such as `[28, 28]` for a picture.
    public var exampleShape: [Int]?

    /// The range of values by their nature, such as 0…255 for pictures of bytes.
    public var nominalRange: ClosedRange<Double>?

    /// The name of what is predicted.
    public var targetName: String?

    /// What else is worth telling, such as where the data are from.
    public var remarks: [String: String]?

    /// Notes.
    public init(
        featureNames: [String]? = nil, coding: FeatureCoding? = nil, exampleShape: [Int]? = nil,
        nominalRange: ClosedRange<Double>? = nil, targetName: String? = nil,
        remarks: [String: String]? = nil
    ) {
        self.featureNames = featureNames
        self.coding = coding
        self.exampleShape = exampleShape
        self.nominalRange = nominalRange
        self.targetName = targetName
        self.remarks = remarks
    }
}
