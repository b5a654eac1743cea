import Glibc

/// An axis: label, scale, and, unless the data is to decide, its range.
public struct Axis: Codable, Sendable, Equatable {
    /// How numbers become positions.
    public enum Scale: String, Codable, Sendable {
        /// Evenly.
        case linear
        /// By their logarithm; numbers that are not positive cannot be shown and are left out.
        case logarithmic
        /// By the logarithm of their distance from 1, running up towards 1: accuracies, so that 0.9 and 0.99 are as
        /// far apart as 0 and 0.9.
        case accuracy
    }

    /// What is measured, and its unit.
    public var label: String
    /// How numbers become positions.
    public var scale: Scale
    /// The numbers at the two ends; `nil` to fit the data.
    public var range: ClosedRange<Double>?
    /// The distance between the marks of a linear axis; `nil` to leave it to the drawing program.
    public var step: Double?
    /// The numbers that are marked; `nil` to choose them by the range.
    public var marks: [Double]?

    /// An axis.
    public init(
        _ label: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil, step: Double? = nil,
        marks: [Double]? = nil
    ) {
        self.step = step
        self.marks = marks
        self.label = label
        self.scale = scale
        self.range = range
    }

    /// A mark on an axis.
    struct Tick: Equatable {
        /// Where, in the coordinate that is drawn.
        var position: Double
        /// What stands beside it; nothing beside a small mark.
        var label: String
    }

    /// The coordinate that is drawn: the distance from 1 for accuracies, otherwise the number itself.
    func drawn(_ value: Double) -> Double {
        scale == .accuracy ? max(1 - value, Self.leastError) : value
    }

    /// Whether a number has a place on this axis; numbers at the ends of what a `Double` holds have none.
    func shows(_ value: Double) -> Bool {
        abs(value) < 1e300 && (scale != .logarithmic || value > 1e-300)
    }

    /// The position between 0 (left, bottom) and 1 (right, top) of a drawn coordinate.
    func fraction(_ drawn: Double, in range: ClosedRange<Double>) -> Double {
        let (low, high) = (range.lowerBound, range.upperBound)
        switch scale {
        case .linear: return (drawn - low) / (high - low)
        case .logarithmic: return (log10(drawn) - log10(low)) / (log10(high) - log10(low))
        case .accuracy: return (log10(high) - log10(drawn)) / (log10(high) - log10(low))
        }
    }

    /// The range, in the drawn coordinate, that holds `values` with a little room; never empty.
    func drawnRange(fitting values: [Double]) -> ClosedRange<Double> {
        let coordinates: [Double]
        if let range {
            coordinates = [drawn(range.lowerBound), drawn(range.upperBound)]
        } else {
            coordinates = values.filter(shows).map(drawn)
        }
        guard var low = coordinates.min(), var high = coordinates.max() else {
            return scale == .linear ? 0...1 : 0.1...1
        }
        if scale == .linear {
            if low == high {
                let room = low == 0 ? 1 : abs(low) * 0.1
                (low, high) = (low - room, high + room)
            } else if range == nil {
                let room = 0.04 * (high - low)
                // Time and counts begin at 0, and no room is wanted on the far side of it.
                (low, high) = (low == 0 ? 0 : low - room, high + room)
            }
            return low...high
        }
        if low == high { return (low / 2)...(high * 2) }
        guard range == nil else { return low...high }
        let room = pow(high, 0.04) / pow(low, 0.04)
        // Neither end may leave what a `Double` holds.
        high = min(high * room, 1e307)
        low = max(low / room, 1e-307)
        return low...(scale == .accuracy ? min(high, 1.05) : high)
    }

    /// Marks for a logarithmic scale over `range`; for a linear one none, the drawing program knows better.
    func ticks(in range: ClosedRange<Double>) -> [Tick] {
        if let marks {
            return marks.filter { range.contains(drawn($0)) }.map {
                Tick(position: drawn($0), label: NumberFormat.shortest($0))
            }
        }
        switch scale {
        case .linear: return []
        case .logarithmic: return Self.logarithmicTicks(in: range)
        case .accuracy: return Self.accuracyTicks(in: range)
        }
    }

    /// The axis with a range that holds the bands of curves as well as their points.
    ///
    /// Left to the data, an axis fits the points, for a band may be many times as wide; its ends are then cut off.
    public func holdingBands(of curves: [Curve]) -> Axis {
        let ends = curves.flatMap(\.points).flatMap { [$0.lower, $0.y, $0.upper].compactMap(\.self) }
            .filter(shows)
        guard let low = ends.min(), let high = ends.max(), low < high else { return self }
        var axis = self
        switch scale {
        case .linear:
            let room = 0.04 * (high - low)
            axis.range = low - room...high + room
        case .logarithmic:
            let room = pow(high, 0.04) / pow(low, 0.04)
            axis.range = max(low / room, 1e-307)...min(high * room, 1e307)
        case .accuracy:
            let room = pow(drawn(low) / drawn(high), 0.04)
            axis.range = 1 - min(drawn(low) * room, 1.05)...1 - drawn(high) / room
        }
        return axis
    }

    /// Nothing measured on fewer than a million test examples comes nearer to 1.
    private static let leastError = 1e-6

    private static func logarithmicTicks(in range: ClosedRange<Double>) -> [Tick] {
        let decades = log10(range.upperBound) - log10(range.lowerBound)
        let labelled: Set<Int> =
            decades > 2.4
            ? [1] : decades > 1.3 ? [1, 2, 5] : decades > 0.9 ? [1, 2, 3, 5] : [1, 2, 3, 4, 5, 6, 8]
        let first = Int(log10(range.lowerBound).rounded(.down))
        let last = Int(log10(range.upperBound).rounded(.up))
        // More than eight labelled decades would run into each other.
        let step = max(1, (last - first + 7) / 8)
        var ticks: [Tick] = []
        if decades < 0.3 { return fineTicks(in: range) }
        for exponent in first...last {
            for digit in 1...9 {
                let position = power(exponent, times: digit)
                guard range.contains(position) else { continue }
                let isLabelled = labelled.contains(digit) && exponent % step == 0
                if isLabelled || decades <= 8 {
                    ticks.append(Tick(position: position, label: isLabelled ? short(position) : ""))
                }
            }
        }
        return ticks
    }

    /// About five even steps: a narrow logarithmic range looks linear anyway.
    private static func fineTicks(in range: ClosedRange<Double>) -> [Tick] {
        let rough = (range.upperBound - range.lowerBound) / 5
        let magnitude = log10(rough).rounded(.down)
        let step = [1, 2, 5, 10].map { $0 * pow(10, magnitude) }.first { $0 >= rough } ?? rough
        let decimals = max(0, -Int(magnitude))
        // A tick at the very end is one in spite of rounding.
        let first = Int((range.lowerBound / step - 1e-9).rounded(.up))
        let last = Int((range.upperBound / step + 1e-9).rounded(.down))
        guard first <= last, last - first < 20 else { return [] }
        return (first...last).map { index in
            let position = Double(index) * step
            let label = decimals > 6 ? short(position) : NumberFormat.fixed(position, decimals: decimals)
            return Tick(position: position, label: NumberFormat.trimmingZeros(label))
        }
    }

    private static func accuracyTicks(in range: ClosedRange<Double>) -> [Tick] {
        let all: [Double] = [
            0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9999, 0.99999,
        ]
        let wide = log10(range.upperBound / range.lowerBound) > 1.3
        let crowding: Set<Double> = [0.7, 0.85, 0.93, 0.97]
        return all.filter { range.contains(1 - $0) }
            .map {
                Tick(position: 1 - $0, label: wide && crowding.contains($0) ? "" : NumberFormat.shortest($0))
            }
    }

    /// A number on an axis: 0.05, 20, 5k, 1M.
    static func short(_ value: Double) -> String {
        for (unit, suffix) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= unit * 0.9999 {
            return NumberFormat.trimmingZeros(NumberFormat.significant(value / unit, digits: 3)) + suffix
        }
        if value < 1e-3 {
            let exponent = Int(log10(value).rounded(.down))
            let digit = value / pow(10, Double(exponent))
            return NumberFormat.trimmingZeros(NumberFormat.significant(digit, digits: 3)) + "e\(exponent)"
        }
        return NumberFormat.trimmingZeros(NumberFormat.significant(value, digits: 3))
    }

    /// The Double nearest to digit · 10^exponent, which repeated multiplication misses.
    private static func power(_ exponent: Int, times digit: Int) -> Double {
        Double("\(digit)e\(exponent)") ?? Double(digit) * pow(10, Double(exponent))
    }
}
