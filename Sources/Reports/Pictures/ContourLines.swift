/// Lines along which a function of two variables has one value, from its values on a grid.
///
/// Marching squares: a line crosses those edges of the grid whose ends lie on different sides of the level, at the place
/// that the straight line between the two values gives; the crossings of a cell are joined, and the cells' pieces put
/// together. Where a cell has four crossings, the mean of its corners decides which belong together. Last, points that
/// are nearly on the straight line between their neighbours are left out (Douglas and Peucker, 1973).
package struct ContourLines: Sendable {
    /// A point of the plane.
    package typealias Point = SIMD2<Double>

    private let x: [Double]
    private let y: [Double]
    /// Row by row, y first.
    private let values: [Double]
    private let tolerance: Point

    /// The values of a function on a grid.
    ///
    /// - Parameters:
    ///   - value: The function; where it is not finite there are no lines.
    ///   - x: The range of the first variable.
    ///   - y: The range of the second variable.
    ///   - cells: How many cells the grid has in each direction.
    ///   - tolerance: How far a line may be simplified, as a share of the ranges.
    package init(
        of value: (Double, Double) -> Double, x: ClosedRange<Double>, y: ClosedRange<Double>,
        cells: Int = 96, tolerance: Double = 0.0015
    ) {
        precondition(cells >= 1, "contours on a grid of \(cells) cells")
        func places(_ range: ClosedRange<Double>) -> [Double] {
            (0...cells).map {
                range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(cells)
            }
        }
        let (columns, rows) = (places(x), places(y))
        self.x = columns
        self.y = rows
        values = rows.flatMap { b in columns.map { value($0, b) } }
        self.tolerance = Point(x.upperBound - x.lowerBound, y.upperBound - y.lowerBound) * tolerance
    }

    /// The lines of one level; a closed one ends where it begins.
    package func lines(at level: Double) -> [[Point]] {
        var neighbours: [Edge: [Edge]] = [:]
        for row in 0..<y.count - 1 {
            for column in 0..<x.count - 1 {
                for (a, b) in pieces(row, column, level) {
                    neighbours[a, default: []].append(b)
                    neighbours[b, default: []].append(a)
                }
            }
        }
        return chains(neighbours).map { simplified($0.map { crossing($0, level) }) }
    }

    // MARK: Cells

    /// An edge of the grid, from a node to the right or upwards.
    private struct Edge: Hashable, Comparable {
        var row: Int
        var column: Int
        var isUpright: Bool

        static func < (a: Edge, b: Edge) -> Bool {
            (a.row, a.column, a.isUpright ? 1 : 0) < (b.row, b.column, b.isUpright ? 1 : 0)
        }
    }

    private func value(_ row: Int, _ column: Int) -> Double { values[row * x.count + column] }

    /// Which edges of a cell are joined by the line.
    private func pieces(_ row: Int, _ column: Int, _ level: Double) -> [(Edge, Edge)] {
        let corners = [
            value(row, column), value(row, column + 1), value(row + 1, column + 1), value(row + 1, column),
        ]
        guard corners.allSatisfy(\.isFinite) else { return [] }
        // Around the cell: below, right, above, left; edge k joins the corners k and k + 1.
        let edges = [
            Edge(row: row, column: column, isUpright: false),
            Edge(row: row, column: column + 1, isUpright: true),
            Edge(row: row + 1, column: column, isUpright: false),
            Edge(row: row, column: column, isUpright: true),
        ]
        let above = corners.map { $0 > level }
        let crossed = (0..<4).filter { above[$0] != above[($0 + 1) % 4] }
        switch crossed.count {
        case 2: return [(edges[crossed[0]], edges[crossed[1]])]
        case 4:
            let middle = corners.reduce(0, +) / 4 > level
            // Corners 0 and 2 are on one side; if the middle is on theirs, the lines cut off 1 and 3.
            return middle == above[0]
                ? [(edges[0], edges[1]), (edges[2], edges[3])] : [(edges[3], edges[0]), (edges[1], edges[2])]
        default: return []
        }
    }

    private func crossing(_ edge: Edge, _ level: Double) -> Point {
        let from = value(edge.row, edge.column)
        let to =
            edge.isUpright ? value(edge.row + 1, edge.column) : value(edge.row, edge.column + 1)
        let share = (level - from) / (to - from)
        let start = Point(x[edge.column], y[edge.row])
        return edge.isUpright
            ? Point(start.x, start.y + share * (y[edge.row + 1] - start.y))
            : Point(start.x + share * (x[edge.column + 1] - start.x), start.y)
    }

    // MARK: Lines

    /// Walks from edge to edge: first the lines that end at the border, then the closed ones.
    private func chains(_ neighbours: [Edge: [Edge]]) -> [[Edge]] {
        var left = neighbours
        var chains: [[Edge]] = []
        let sorted = neighbours.keys.sorted()
        for start in sorted.filter({ neighbours[$0]?.count == 1 }) + sorted {
            guard var next = left[start]?.first else { continue }
            var chain = [start]
            var current = start
            while true {
                left[current]?.removeAll { $0 == next }
                left[next]?.removeAll { $0 == current }
                chain.append(next)
                current = next
                guard let following = left[current]?.first else { break }
                next = following
            }
            chains.append(chain)
        }
        return chains
    }

    private func simplified(_ line: [Point]) -> [Point] {
        guard line.count > 2 else { return line }
        // A closed line is cut in two, as the distance from a chord of no length says nothing.
        if line.first == line.last {
            let middle = line.count / 2
            return simplified(Array(line[...middle])) + simplified(Array(line[middle...])).dropFirst()
        }
        let (first, last) = (line[0] / tolerance, line[line.count - 1] / tolerance)
        let chord = last - first
        let length = max((chord * chord).sum().squareRoot(), 1e-300)
        var farthest = (index: 0, distance: 1.0)
        for index in 1..<line.count - 1 {
            let offset = line[index] / tolerance - first
            let distance = abs(offset.x * chord.y - offset.y * chord.x) / length
            if distance > farthest.distance { farthest = (index, distance) }
        }
        guard farthest.index > 0 else { return [line[0], line[line.count - 1]] }
        return simplified(Array(line[...farthest.index]))
            + simplified(Array(line[farthest.index...])).dropFirst()
    }
}
