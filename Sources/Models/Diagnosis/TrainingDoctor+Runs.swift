import DescentOptimization

// What shows only in several runs beside each other.

extension TrainingDoctor {
    /// Runs with different seeds: how far apart they end.
    func spread(_ histories: [History], _ single: [Diagnosis]) -> Diagnosis.Finding? {
        var evidence: [TrainingEvidence] = []
        var severe = false
        let diverged = single.count { $0[.diverged] != nil }
        if diverged > 0 && diverged < histories.count {
            evidence.append(.someRunsDiverged(count: diverged, of: histories.count))
            severe = true
        }
        let accuracies = histories.compactMap(Self.lastAccuracy)
        if accuracies.count == histories.count, let deviation = MeanStatistics(accuracies).deviation,
            deviation >= accuracySpreadLimit
        {
            evidence.append(
                .accuracySpread(
                    lowest: accuracies.min()!, highest: accuracies.max()!, deviation: deviation,
                    runs: histories.count))
            severe = severe || deviation >= 3 * accuracySpreadLimit
        }
        let validations = histories.map(LossCurve.validation)
        let judged = validations.allSatisfy { $0.points.count >= 2 }
        let curves = judged ? validations : histories.map(LossCurve.training)
        if diverged == 0, curves.allSatisfy({ $0.points.count >= 2 && $0.isFinite }) {
            let ends = curves.map(\.last)
            let falls = curves.map(\.fall).sorted()
            let fall = falls[falls.count / 2]
            let share = fall > 0 ? (ends.max()! - ends.min()!) / fall : 0
            if share >= lossSpreadLimit {
                evidence.append(
                    .lossSpread(
                        judged ? .validation : .training, lowest: ends.min()!, highest: ends.max()!,
                        share: share, runs: histories.count))
                severe = severe || share >= 3 * lossSpreadLimit
            }
        }
        if evidence.isEmpty { return nil }
        return Diagnosis.Finding(
            problem: .irreproducible, severity: severe ? .severe : .warning, evidence: evidence,
            advice: [
                "report mean and spread over several seeds instead of the best run",
                "lower the learning rate or train longer: runs that converge end closer together",
                "validate on more examples, or by cross-validation: a small set makes accuracies jump by chance",
            ])
    }

    /// The level of the validation accuracy at the end, of whose last records one may be an outlier, as with a loss.
    private static func lastAccuracy(_ history: History) -> Double? {
        LossCurve(history, \.validationAccuracy).level
    }

    /// Runs with one seed: whether they are the same.
    func difference(_ histories: [History]) -> Diagnosis.Finding? {
        func timeless(_ history: History) -> [History.Record] {
            history.records.map { record in
                var record = record
                record.seconds = 0
                return record
            }
        }
        let first = timeless(histories[0])
        let places = histories.dropFirst().compactMap { history -> Int? in
            let records = timeless(history)
            if let place = zip(first, records).enumerated().first(where: { $1.0 != $1.1 })?.offset {
                return place
            }
            return records.count == first.count ? nil : min(records.count, first.count)
        }
        guard let place = places.min() else { return nil }
        return Diagnosis.Finding(
            problem: .irreproducible, severity: .severe,
            evidence: [.differsWithOneSeed(record: place, runs: histories.count)],
            advice: [
                "give every part a seed of its own: initial parameters, order of the examples, split of the data",
                "use the same machine and version: other processors round products of matrices differently",
                "do not end by seconds or by the clock: use a budget of epochs or updates",
            ])
    }
}
