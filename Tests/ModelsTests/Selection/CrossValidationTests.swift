import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Testing

@testable import DescentModels

/// Cross-validation, searches and curves.
@Suite struct CrossValidationTests {
    static let digits = Digits.load().prefix(600)

    /// Numbers with targets: the other kind of data.
    struct Line: ExampleCollection {
        var x: [Double]
        var y: [Double]
        var count: Int { x.count }
        var strata: [Int32]? { nil }
        func subset(_ indices: [Int32]) -> Line {
            Line(x: indices.map { x[Int($0)] }, y: indices.map { y[Int($0)] })
        }
        static let noisy = {
            var generator = RandomGenerator(seed: 8)
            let x = (0..<40).map { Double($0) / 10 }
            return Line(x: x, y: x.map { 2 * $0 + generator.nextNormal(as: Double.self) })
        }()
    }

    enum Broken: Error, Equatable { case onPurpose }

    @Test func aClassifierIsScoredOnWhatItHasNotSeen() throws {
        let folds = try Folding.stratified(3).folds(of: Self.digits, seed: 0)
        let result = try crossValidate(Self.digits, folds, scoresTraining: true) {
            part throws(TrainingError) in
            try SoftmaxRegression(penalty: .l2(1e-3), scaling: .standardize).fit(
                part, with: Adam(learningRate: 0.02), for: .epochs(15))
        }
        #expect(result.scores.count == 3)
        #expect(result.mean > 0.9 && result.mean < 1)
        let training = try #require(result.trainingScores)
        #expect(training.reduce(0, +) / 3 > result.mean)
        #expect(result.validationShare == 0.5)
    }

    /// Each fold's model is scaled by its own training part, and none by all examples.
    @Test func theScalerIsFittedWithinEachFold() throws {
        let folds = try Folding.kFold(3).folds(of: Self.digits, seed: 5)
        var scalers: [Scaler] = []
        _ = try crossValidate(Self.digits, folds) { part throws(TrainingError) in
            let model = try SoftmaxRegression(scaling: .standardize).fit(part, for: .epochs(1))
            scalers.append(model.scaler)
            return model
        }
        for (scaler, fold) in zip(scalers, folds) {
            #expect(scaler == Scaler(.standardize, fittedOn: Self.digits.subset(fold.training)))
        }
        #expect(scalers[0] != scalers[1])
        #expect(!scalers.contains(Scaler(.standardize, fittedOn: Self.digits)))
    }

    @Test func meansAndIntervals() throws {
        let folds = try Folding.kFold(5).folds(exampleCount: 40)
        let result = CrossValidationResult(
            scores: [0.9, 0.8, 0.85, 0.95, 0.9], trainingScores: nil, folds: folds)
        #expect((result.mean - 0.88).magnitude < 1e-15)
        #expect((result.standardDeviation! - 0.05700877125495689).magnitude < 1e-14)
        // s √(1/5 + 8/32)
        #expect((result.standardError! - 0.05700877125495689 * 0.45.squareRoot()).magnitude < 1e-14)
        let interval = try #require(result.interval())
        #expect((interval.halfWidth - 2.7764451051977934 * result.standardError!).magnitude < 1e-12)
        #expect(result.description == "0.88 ± 0.11 over 5 folds")
        let single = CrossValidationResult(
            scores: [1], trainingScores: nil, folds: [Fold(training: [0], validation: [1])])
        #expect(single.interval() == nil && single.standardError == nil)
        #expect(single.description == "1 over 1 fold")
    }

    @Test func errorsAreThoseOfTheClosures() throws {
        let folds = try Folding.kFold(4).folds(of: Line.noisy)
        #expect(throws: Broken.onPurpose) {
            try crossValidate(Line.noisy, folds) { _ throws(Broken) -> Int in
                throw .onPurpose
            } score: { _, _ throws(Broken) in
                0
            }
        }
        var fits = 0
        #expect(throws: Broken.onPurpose) {
            try crossValidate(Line.noisy, folds) { _ throws(Broken) in
                fits += 1
            } score: { _, _ throws(Broken) in
                throw .onPurpose
            }
        }
        #expect(fits == 1)
    }

    struct Settings: Equatable, Sendable {
        var slope = 0.0
        var offset = 0.0
        var degree = 1
    }

    static func squaredError(_ model: Settings, _ part: Line) -> Double {
        zip(part.x, part.y).reduce(0) { sum, pair in
            let error = pair.1 - model.slope * pair.0 - model.offset
            return sum + error * error
        } / Double(part.count)
    }

    @Test func aGridHasEveryCombination() {
        var space = SearchSpace(Settings())
        space.vary("slope", \.slope, .choice(1, 2, 3))
        space.vary("degree", \.degree, .integers(4...5))
        #expect(
            space.grid.map(\.configuration) == [
                Settings(slope: 1, degree: 4), Settings(slope: 1, degree: 5), Settings(slope: 2, degree: 4),
                Settings(slope: 2, degree: 5), Settings(slope: 3, degree: 4), Settings(slope: 3, degree: 5),
            ])
        #expect(space.grid[3].values == ["2", "5"])
        #expect(SearchSpace(Settings()).grid.map(\.configuration) == [Settings()])
    }

    @Test func rangesHoldWhatTheyPromise() {
        var generator = RandomGenerator(seed: 4)
        let logs = (0..<2000).map { _ in
            ParameterRange.logUniform(1e-4...1e2).draw(&generator)
        }
        #expect(logs.allSatisfy { (1e-4...1e2).contains($0) })
        // A third of all below 1e-2: σ of the count is 21.
        #expect((583...750).contains(logs.count { $0 < 1e-2 }))
        let plain = (0..<2000).map { _ in ParameterRange.uniform(-1...3).draw(&generator) }
        #expect(plain.allSatisfy { (-1...3).contains($0) })
        #expect((410...590).contains(plain.count { $0 < 0 }))
        #expect(ParameterRange.linear(0...1, count: 5).choices == [0, 0.25, 0.5, 0.75, 1])
        let decades = ParameterRange.logarithmic(1e-3...1e1, count: 5).choices!
        for (value, expected) in zip(decades, [1e-3, 1e-2, 1e-1, 1, 10]) {
            #expect((value / expected - 1).magnitude < 1e-14)
        }
        #expect(decades.first == 1e-3 && decades.last == 10)
    }

    @Test func searchesFindTheBestAndSortTheRest() throws {
        var space = SearchSpace(Settings())
        space.vary("slope", \.slope, .linear(0...4, count: 9))
        let folds = try Folding.kFold(4).folds(of: Line.noisy, seed: 1)
        let result = gridSearch(space, on: Line.noisy, folds, direction: .minimize) { configuration, _ in
            configuration
        } score: {
            Self.squaredError($0, $1)
        }
        #expect(result.best.configuration.slope == 2)
        #expect(result.trials.count == 9 && result.failures.isEmpty)
        let means = result.trials.map(\.result.mean)
        #expect(means == means.sorted())
        let near = result.withinOneStandardError
        #expect(!near.isEmpty && near.count < 9)
        for trial in result.trials {
            let isNear = (trial.result.mean - means[0]) <= result.best.result.standardError!
            #expect(isNear == near.contains { $0.configuration == trial.configuration })
        }
        let table = result.description.split(separator: "\n")
        #expect(table.count == 10)
        #expect(table[0].contains("slope") && table[0].contains("standard error"))
        #expect(table[1].split(separator: " ").prefix(2) == ["1", "2"])
        let turned = gridSearch(space, on: Line.noisy, folds) { configuration, _ in
            configuration
        } score: {
            -Self.squaredError($0, $1)
        }
        #expect(turned.trials.map(\.configuration) == result.trials.map(\.configuration))
    }

    @Test func aRandomSearchIsDecidedByItsSeed() throws {
        var space = SearchSpace(Settings())
        space.vary("slope", \.slope, .uniform(0...4))
        space.vary("offset", \.offset, .uniform(-1...1))
        let folds = try Folding.kFold(2).folds(of: Line.noisy)
        func slopes(_ trials: Int, _ seed: UInt64) -> [Double] {
            let result = randomSearch(
                space, trials: trials, on: Line.noisy, folds, direction: .minimize, seed: seed
            ) { configuration, _ in
                configuration
            } score: {
                Self.squaredError($0, $1)
            }
            return result.trials.map(\.configuration.slope)
        }
        #expect(slopes(10, 1) == slopes(10, 1))
        #expect(slopes(10, 1) != slopes(10, 2))
        #expect(Set(slopes(20, 1)).isSuperset(of: slopes(10, 1)))
        #expect((slopes(100, 3)[0] - 2).magnitude < 0.4)
    }

    @Test func failedTrialsAreKeptApart() throws {
        var space = SearchSpace(Settings())
        space.vary("slope", \.slope, .choice(1, -1, 2))
        let folds = try Folding.kFold(2).folds(of: Line.noisy)
        func run(_ limit: Double) throws(Broken) -> SearchResult<Settings, Broken> {
            try gridSearch(space, on: Line.noisy, folds, direction: .minimize) {
                configuration, _ throws(Broken) in
                if configuration.slope < limit { throw .onPurpose }
                return configuration
            } score: { model, part throws(Broken) in
                Self.squaredError(model, part)
            }
        }
        let result = try run(0)
        #expect(result.trials.map(\.configuration.slope) == [2, 1])
        #expect(result.failures.map(\.configuration.slope) == [-1])
        #expect(result.failures[0].error == .onPurpose)
        #expect(result.description.contains("failed: slope = -1: onPurpose"))
        #expect(throws: Broken.onPurpose) { try run(5) }
    }

    @Test func scoresThatAreNoNumbersComeLast() throws {
        var space = SearchSpace(Settings())
        space.vary("slope", \.slope, .choice(1, 2, 3))
        let folds = try Folding.kFold(2).folds(of: Line.noisy)
        let result = gridSearch(space, on: Line.noisy, folds) { configuration, _ in
            configuration.slope
        } score: { slope, _ in
            slope == 1 ? .nan : slope
        }
        #expect(result.trials.map(\.configuration.slope) == [3, 2, 1])
    }

    @Test func moreExamplesHelp() throws {
        let folds = try Folding.stratified(3).folds(of: Self.digits, seed: 0)
        let curve = try learningCurve(Self.digits, folds, fractions: [0.1, 0.5, 1]) {
            part throws(TrainingError) in
            try SoftmaxRegression(scaling: .range).fit(part, with: Adam(learningRate: 0.05), for: .epochs(20))
        } score: { model, part throws(TrainingError) in
            model.accuracy(on: part)
        }
        #expect(curve.points.map(\.x) == [40, 200, 400])
        let scores = curve.points.map(\.validation.mean)
        #expect(scores[0] < scores[1] && scores[1] < scores[2])
        for point in curve.points { #expect(point.training.mean > point.validation.mean) }
        #expect(curve.description.split(separator: "\n").count == 4)
    }

    @Test func validationCurvesTryEachValueOnTheSameFolds() throws {
        let folds = try Folding.kFold(4).folds(of: Line.noisy, seed: 1)
        let curve = validationCurve("slope", [1, 2, 4], on: Line.noisy, folds) { slope, _ in
            Settings(slope: slope)
        } score: {
            Self.squaredError($0, $1)
        }
        #expect(curve.points.map(\.x) == [1, 2, 4])
        #expect(curve.points[1].validation.mean < curve.points[0].validation.mean)
        #expect(curve.points[1].validation.mean < curve.points[2].validation.mean)
        #expect(curve.points[0].validation.count == 4)
    }
}
