extension LinearModel: SavableModel {
    /// Writes the model; see `SavableModel`.
    public func save(to path: String, notes: ModelNotes) throws(ModelFileError) {
        var metadata = ModelMetadata(.linear, .float64)
        metadata.featureNames = featureNames
        metadata.hasIntercept = hasIntercept
        metadata.leastSquares = leastSquares
        var parts = ModelParts(metadata)
        parts.add("coefficients", coefficients)
        parts.add("intercept", [intercept], shape: [])
        try ModelStorage.save(parts, to: path, notes: notes)
    }

    /// Reads a linear model; see `SavableModel`.
    public init(contentsOf path: String) throws(ModelFileError) {
        self = try ModelStorage.load(path, .linear, [.float64]) { contents throws(ModelFileError.Reason) in
            try LinearModel(contents)
        }
    }

    init(_ contents: ModelFileContents) throws(ModelFileError.Reason) {
        let metadata = contents.metadata
        let names = try contents.require(metadata.featureNames, "featureNames")
        self.init(
            coefficients: try contents.values("coefficients", shape: [names.count]),
            intercept: try contents.values("intercept", shape: [])[0],
            hasIntercept: try contents.require(metadata.hasIntercept, "hasIntercept"), featureNames: names,
            leastSquares: metadata.leastSquares)
    }
}
