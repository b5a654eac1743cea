import DescentOptimization

/// A loss against epochs, and what a doctor measures on it.
///
/// Everything is measured against the curve's own fall, from its first value to its lowest: that has no unit, and does not
/// change when the loss is doubled.
struct LossCurve {
    struct Point {
        var epoch: Double
        var loss: Double
    }

    var points: [Point]

    init(_ points: [Point]) { self.points = points }

    /// A curve of a history: of the records that have a value.
    init(_ history: History, _ value: (History.Record) -> Double?) {
        points = history.records.compactMap { record in
            value(record).map { Point(epoch: record.epoch, loss: $0) }
        }
    }

    /// The objective on the training set where the records have it, else the running mean over batches.
    ///
    /// The running mean is not known at the start, and in the first epoch much may happen. What the validation set says of
    /// the model before training, which knows neither set, holds for the training set as well, and takes that place.
    static func training(of history: History) -> LossCurve {
        let exact = LossCurve(history, \.trainingLoss)
        var running = LossCurve(history, \.runningLoss)
        if exact.points.count >= running.points.count { return exact }
        if let start = history.records.first, start.updates == 0, start.runningLoss == nil,
            let loss = start.trainingLoss ?? start.validationLoss
        {
            running.points.insert(Point(epoch: start.epoch, loss: loss), at: 0)
        }
        return running
    }

    static func validation(of history: History) -> LossCurve { LossCurve(history, \.validationLoss) }

    var isFinite: Bool { points.allSatisfy { $0.loss.isFinite } }
    var first: Double { points[0].loss }

    /// The lowest point, the first of several.
    var lowest: Point { points.reduce(points[0]) { $1.loss < $0.loss ? $1 : $0 } }

    /// What the loss fell altogether; 0 if it never was lower than at first.
    var fall: Double { first - lowest.loss }

    /// The level at the end: the median of the last three of ten or more, so that one outlier is no level.
    var last: Double { level ?? .nan }

    /// The same, or `nil` of a curve without points.
    var level: Double? {
        guard !points.isEmpty else { return nil }
        let tail = points.suffix(points.count >= 10 ? 3 : 1).map(\.loss).sorted()
        return tail[tail.count / 2]
    }

    /// The lowest level, and the lowest record there.
    ///
    /// As at the end, the level is a median of three records of ten or more: what one lucky record does is noise.
    var lowestLevel: (level: Double, record: Point) {
        guard points.count >= 10 else { return (lowest.loss, lowest) }
        let levels = points.indices.map { index -> Double in
            guard index > 0, index < points.count - 1 else { return points[index].loss }
            return points[index - 1...index + 1].map(\.loss).sorted()[1]
        }
        let index = levels.indices.reduce(0) { levels[$1] < levels[$0] ? $1 : $0 }
        let around = points[max(0, index - 1)...min(points.count - 1, index + 1)]
        return (levels[index], LossCurve(Array(around)).lowest)
    }

    /// The part of the curve from an epoch on.
    func from(epoch: Double) -> LossCurve { LossCurve(points.filter { $0.epoch >= epoch }) }

    /// Turns of the curve: how many, and how far it goes up and down at them on average over all records.
    ///
    /// At a turn the curve comes back by the smaller of the two steps around it. A curve that falls without a turn has
    /// none, however steeply it falls.
    var zigzag: (amplitude: Double, turns: Int) {
        guard points.count >= 3 else { return (0, 0) }
        var (sum, turns) = (0.0, 0)
        for index in 1..<points.count - 1 {
            let before = points[index].loss - points[index - 1].loss
            let after = points[index + 1].loss - points[index].loss
            if before * after < 0 {
                sum += min(before.magnitude, after.magnitude)
                turns += 1
            }
        }
        return (sum / Double(points.count - 2), turns)
    }

    /// The fall in the last fifth of the epochs, from the last record before it.
    var tail: (from: Point, fall: Double) {
        let (begin, end) = (points[0].epoch, points[points.count - 1].epoch)
        let start = points.last { $0.epoch <= begin + 0.8 * (end - begin) } ?? points[0]
        return (start, start.loss - last)
    }
}
