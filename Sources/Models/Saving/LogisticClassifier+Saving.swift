import DescentOptimization

extension LogisticClassifier: SavableModel {
    /// Writes the model; see `SavableModel`.
    public func save(to path: String, notes: ModelNotes) throws(ModelFileError) {
        var metadata = ModelMetadata(.logistic, .float64)
        metadata.classNames = classNames
        metadata.featureNames = featureNames
        metadata.hasIntercept = hasIntercept
        metadata.penalty = penalty
        metadata.history = history
        metadata.report = report
        metadata.inference = inference
        var parts = ModelParts(metadata)
        parts.add("weights", weights)
        parts.add("intercept", [intercept], shape: [])
        try ModelStorage.save(parts, to: path, notes: notes)
    }

    /// Reads a logistic regression; see `SavableModel`.
    public init(contentsOf path: String) throws(ModelFileError) {
        self = try ModelStorage.load(path, .logistic, [.float64]) { contents throws(ModelFileError.Reason) in
            try LogisticClassifier(contents)
        }
    }

    init(_ contents: ModelFileContents) throws(ModelFileError.Reason) {
        let metadata = contents.metadata
        featureNames = try contents.require(metadata.featureNames, "featureNames")
        classNames = try contents.classNames(2)
        hasIntercept = try contents.require(metadata.hasIntercept, "hasIntercept")
        penalty = try contents.require(metadata.penalty, "penalty")
        report = try contents.require(metadata.report, "report")
        history = metadata.history ?? History()
        inference = metadata.inference
        weights = try contents.values("weights", shape: [featureNames.count])
        intercept = try contents.values("intercept", shape: [])[0]
    }
}
