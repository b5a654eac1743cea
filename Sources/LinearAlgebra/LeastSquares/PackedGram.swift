import CKernels
import Glibc

/// The Gram matrix of columns and targets, summed from blocks of rows by a kernel of our own.
///
/// BLAS' `syrk` wants the columns written out first, centred and scaled, reads them twice to pack them for itself, and
/// is at its best for some hundreds of columns. Here rows are centred and scaled while they are packed, and a block
/// stays in the second cache until its products are summed, upper triangle only, while the next one is fetched. One
/// pass over memory does everything.
final class PackedGram {
    /// The rows of a block.
    static let blockRows = 64

    /// Whether the kernel is the faster one.
    ///
    /// With AVX-512 at any width. With AVX2 BLAS is as good once its own packing is a small part of the work.
    static func pays(width: Int, instructions: descent_instructions = descent_best_instructions()) -> Bool {
        switch instructions {
        case descent_avx512: true
        case descent_avx2: width <= 200
        default: false
        }
    }

    private let width: Int
    private let panels: Int
    private let instructions: descent_instructions
    private let packed: UnsafeMutablePointer<Double>
    private let sums: UnsafeMutablePointer<Double>

    /// No rows yet.
    ///
    /// - Parameter width: The number of columns.
    init(width: Int, instructions: descent_instructions = descent_best_instructions()) {
        self.width = width
        self.instructions = instructions
        panels = (width + 7) / 8
        packed = Self.memory(panels * Self.blockRows * 8)
        sums = Self.memory(panels * (panels + 1) / 2 * 64)
        sums.initialize(repeating: 0, count: panels * (panels + 1) / 2 * 64)
    }

    deinit {
        free(packed)
        free(sums)
    }

    private static func memory(_ count: Int) -> UnsafeMutablePointer<Double> {
        var pointer: UnsafeMutableRawPointer?
        let size = max(64, count * MemoryLayout<Double>.stride)
        precondition(posix_memalign(&pointer, 64, size) == 0, "no memory for \(size) bytes of sums")
        return pointer!.bindMemory(to: Double.self, capacity: max(8, count))
    }

    /// Adds the products of some rows, at most ``blockRows``.
    ///
    /// - Parameter following: The rows that will be added next.
    func add(_ rows: inout descent_gram_rows, following: UnsafeRawBufferPointer? = nil) {
        precondition(rows.rows <= Self.blockRows, "\(rows.rows) rows are more than a block")
        descent_gram_pack(&rows, packed, Self.blockRows, instructions)
        descent_gram_add(
            packed, rows.rows, Self.blockRows, panels, sums, following?.baseAddress, following?.count ?? 0,
            instructions)
    }

    /// Adds the sums of other rows.
    func add(_ other: PackedGram) {
        precondition(other.width == width, "cannot add sums of \(other.width) columns to those of \(width)")
        Double._axpy(panels * (panels + 1) / 2 * 64, 1, other.sums, sums)
    }

    /// The Gram matrix, upper triangle.
    ///
    /// - Parameter order: For each of its columns the place among the packed ones.
    func matrix(_ order: [Int]) -> Matrix<Double> {
        let n = order.count
        return Matrix<Double>(rows: n, columns: n) { target in
            target.initialize(repeating: 0)
            for row in 0..<n {
                for column in row..<n {
                    let (i, j) = (min(order[row], order[column]), max(order[row], order[column]))
                    let (a, b) = (i >> 3, j >> 3)
                    // The blocks to the right of a diagonal one follow it.
                    let block = a &* panels &- a &* (a &- 1) / 2 &+ b &- a
                    target[row &* n &+ column] = sums[block &* 64 &+ (i & 7) &* 8 &+ (j & 7)]
                }
            }
        }
    }
}

extension LeastSquaresData {
    /// The Gram matrix of columns and targets together, upper triangle, by ``PackedGram``.
    ///
    /// - Parameter preliminary: Coefficients whose fitted values are subtracted from the only target of a basis without
    ///   powers.
    func packedGram(
        _ basis: PolynomialBasis, less preliminary: [Double]? = nil,
        instructions: descent_instructions = descent_best_instructions()
    ) -> Matrix<Double> {
        precondition(
            preliminary == nil || basis.degree == 1 && basis.targetCount == 1,
            "residuals are those of one target, and of features, not of their powers")
        let width = basis.width
        let pieces = pieces(width: width)
        let results = PieceResults<PackedGram>(count: pieces.count)
        if basis.degree == 1 {
            let columns = PlainColumns(basis, preliminary)
            WorkerTeam.shared.forEach(pieces.count) { index in
                let gram = PackedGram(width: width, instructions: instructions)
                columns.add(pieces[index], of: self, to: gram)
                results.set(index, gram)
            }
        } else {
            let (zeros, ones) = PlainColumns.unscaled(width)
            WorkerTeam.shared.forEach(pieces.count) { index in
                let gram = PackedGram(width: width, instructions: instructions)
                forEachBlock(of: pieces[index], basis, blockRows: PackedGram.blockRows) { block, rows in
                    zeros.withUnsafeBufferPointer { zeros in
                        ones.withUnsafeBufferPointer { ones in
                            var written = descent_gram_rows(
                                rows: rows.count, features: width, x: block, x_stride: width,
                                readable: rows.count * width, centers: zeros.baseAddress!,
                                scales: ones.baseAddress!, targets: 0, y: block, y_stride: 0,
                                target_centers: zeros.baseAddress!, target_scales: ones.baseAddress!,
                                coefficients: nil, roots: nil, has_constant: false)
                            gram.add(&written)
                        }
                    }
                }
                results.set(index, gram)
            }
        }
        let parts = results.take()
        for part in parts.dropFirst() { parts[0].add(part) }
        guard basis.degree == 1, basis.hasIntercept else { return parts[0].matrix(Array(0..<width)) }
        // The constant is packed last.
        return parts[0].matrix([width - 1] + Array(0..<width - 1))
    }
}

/// How the columns of a basis without powers come from features and targets, in the form that the kernel takes.
private struct PlainColumns: Sendable {
    private let basis: PolynomialBasis
    private let centers: [Double]
    private let scales: [Double]
    private let targetScales: [Double]
    /// Those of the features, padded, and that of the constant; none where there is nothing to subtract.
    private let coefficients: [Double]

    init(_ basis: PolynomialBasis, _ preliminary: [Double]?) {
        self.basis = basis
        let padded = (basis.featureCount + 7) & ~7
        func pad(_ values: [Double]) -> [Double] {
            values + [Double](repeating: 0, count: max(8, padded) - values.count)
        }
        centers = pad(basis.centers)
        scales = pad(basis.scales)
        targetScales = basis.targetScales
        guard let preliminary else {
            coefficients = []
            return
        }
        let first = basis.hasIntercept ? 1 : 0
        let zeros = [Double](repeating: 0, count: padded - basis.featureCount)
        coefficients = preliminary.dropFirst(first) + zeros + [first == 1 ? preliminary[0] : 0]
    }

    /// Centres and scales that change nothing.
    static func unscaled(_ width: Int) -> (centers: [Double], scales: [Double]) {
        let padded = (width + 7) & ~7
        return (
            [Double](repeating: 0, count: padded),
            [Double](repeating: 1, count: width) + [Double](repeating: 0, count: padded - width)
        )
    }

    /// Adds some rows of the data to a Gram matrix.
    func add(_ range: Range<Int>, of data: LeastSquaresData, to gram: PackedGram) {
        let (p, q, step) = (basis.featureCount, basis.targetCount, PackedGram.blockRows)
        var roots = [Double](repeating: 1, count: data.weights == nil ? 0 : step)
        data.features.withUnsafeElements { x in
            data.targets.withUnsafeElements { y in
                centers.withUnsafeBufferPointer { centers in
                    scales.withUnsafeBufferPointer { scales in
                        basis.targetCenters.withUnsafeBufferPointer { targetCenters in
                            targetScales.withUnsafeBufferPointer { targetScales in
                                coefficients.withUnsafeBufferPointer { coefficients in
                                    for start in stride(
                                        from: range.lowerBound, to: range.upperBound, by: step)
                                    {
                                        let end = min(start + step, range.upperBound)
                                        if let weights = data.weights {
                                            for row in start..<end {
                                                roots[row - start] = weights[row].squareRoot()
                                            }
                                        }
                                        // A model without features has no address for them.
                                        let base = p > 0 ? x.baseAddress! : centers.baseAddress!
                                        roots.withUnsafeBufferPointer { roots in
                                            var rows = descent_gram_rows(
                                                rows: end - start, features: p, x: base + start * p,
                                                x_stride: p,
                                                readable: (data.rows - start) * p,
                                                centers: centers.baseAddress!, scales: scales.baseAddress!,
                                                targets: q, y: y.baseAddress! + start * q, y_stride: q,
                                                target_centers: targetCenters.baseAddress!,
                                                target_scales: targetScales.baseAddress!,
                                                coefficients: coefficients.isEmpty
                                                    ? nil : coefficients.baseAddress!,
                                                roots: data.weights == nil ? nil : roots.baseAddress!,
                                                has_constant: basis.hasIntercept)
                                            let next = min(end + step, range.upperBound)
                                            gram.add(
                                                &rows,
                                                following: UnsafeRawBufferPointer(
                                                    start: base + end * p,
                                                    count: (next - end) * p * MemoryLayout<Double>.stride))
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
