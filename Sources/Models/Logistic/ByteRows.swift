import CKernels
import DescentDatasets
import DescentLinearAlgebra
import Glibc

/// Passes of softmax regression over features that are bytes, without converting them first.
///
/// With x̃ = (u − μ) φ, logits x̃ θᵀ + b are u (φθ)ᵀ + b − (μφ) θᵀ: coefficients are scaled once a pass instead of every
/// example, and bytes that are 0, four fifths of the pixels of MNIST, contribute nothing. The gradient comes back the
/// same way: Σ d x̃ = φ (Σ d u − μ Σ d). Both differences cancel digits where a feature's mean is many times its
/// deviation, |μφ| ≫ 1; such features are left to the pass that scales examples.
///
/// A block of rows is listed (its columns and values that are not 0), multiplied, and multiplied with again while it is
/// in the second cache. From the third pass over all examples on the lists are those that the second has kept.
struct ByteRows<Scalar: MatrixScalar>: Sendable {
    let dataset: Dataset
    let scaler: Scaler
    let classes: Int
    let places: Places
    let instructions: descent_instructions
    /// Classes, padded to whole vectors.
    let lanes: Int
    /// The bytes between the coefficients of one feature and the next, as a power of two.
    let shift: UInt32

    private let scratches: Pool<ByteScratch<Scalar>>
    private let sums: Pool<ByteSums<Scalar>>
    private let keptLists = KeptByteLists<Scalar>()

    /// Beyond so many classes a product is wide enough for BLAS.
    private static var mostClasses: Int { 64 }
    /// The largest |μφ|: no more digits are lost than the sums lose anyway.
    private static var largestOffset: Double { Scalar.self == Double.self ? 1e4 : 16 }

    /// Where coefficients stand in a vector of parameters: that of feature j for class k at `feature` j + `class` k.
    struct Places: Equatable, Sendable {
        var feature: Int
        var `class`: Int
        /// Where the intercept of class k stands, at `intercept` + `interceptClass` k; `nil` without intercepts.
        var intercept: Int?
        var interceptClass: Int
        /// How many parameters there are.
        var count: Int

        /// One row a class, its intercept at the end.
        static func rows(classes: Int, features: Int, hasIntercept: Bool) -> Places {
            let columns = features + (hasIntercept ? 1 : 0)
            return Places(
                feature: 1, class: columns, intercept: hasIntercept ? features : nil, interceptClass: columns,
                count: classes * columns)
        }

        /// One row a feature, and the intercepts behind them: a dense layer.
        static func columns(classes: Int, features: Int, hasIntercept: Bool) -> Places {
            Places(
                feature: classes, class: 1, intercept: hasIntercept ? features * classes : nil,
                interceptClass: 1, count: (features + (hasIntercept ? 1 : 0)) * classes)
        }
    }

    /// Passes over a data set; `nil` where features are no bytes, or scaled in a way that cannot be taken out of the sums.
    init?(
        _ dataset: Dataset, scaler: Scaler, classes: Int, places: Places,
        instructions: descent_instructions = descent_best_instructions()
    ) {
        guard dataset.features.elementType == .uint8, scaler.limit == nil, classes >= 2,
            classes <= Self.mostClasses,
            zip(scaler.shift, scaler.factor).allSatisfy({ abs($0 * $1) <= Self.largestOffset })
        else { return nil }
        self.dataset = dataset
        self.scaler = scaler
        self.classes = classes
        self.places = places
        self.instructions = instructions
        let size = MemoryLayout<Scalar>.size
        let width = descent_vector_bytes(instructions) / size
        let lanes = (classes + width - 1) / width * width
        var shift: UInt32 = 4
        while 1 << shift < lanes * size { shift += 1 }
        // Beyond so many columns their places in a list do not fit its type.
        guard dataset.featureCount <= (1 << 16) >> (Int(shift) - Int(DESCENT_PLACE_SHIFT)) else { return nil }
        self.lanes = lanes
        self.shift = shift
        let (columns, stride) = (dataset.featureCount, (1 << Int(shift)) / size)
        scratches = Pool { ByteScratch(columns: columns, lanes: lanes) }
        sums = Pool { ByteSums(width: (columns + 1) * stride) }
    }

    /// Numbers between the coefficients of one feature and the next.
    private var stride: Int { (1 << Int(shift)) / MemoryLayout<Scalar>.size }
    private var columns: Int { dataset.featureCount }

    /// Which examples, and how much each counts.
    struct Selection: @unchecked Sendable {
        /// `nil` for all.
        var indices: UnsafeBufferPointer<Int32>?
        /// One for every example of the data set; all 1 where `nil`.
        var weights: [Double]?
        var count: Int
        /// A factor on every weight.
        var scale: Double
        /// How many pieces sums are split into: a matter of `count` alone.
        var pieces: Int
    }

    /// Σ weight · scale · loss; its gradient replaces `gradient` where there is one.
    func loss(at parameters: [Scalar], _ selection: Selection, gradient: UnsafeMutablePointer<Scalar>?)
        -> Double
    {
        let sums = self.sums.take()
        defer { self.sums.giveBack(sums) }
        sums.reserve(selection.pieces, gradients: gradient != nil)
        check(parameters.count)
        parameters.withUnsafeBufferPointer { fold($0.baseAddress!, into: sums.coefficients) }
        let hasGradient = gradient != nil
        let lists = keptLists.lists(
            pieces: selection.pieces, isWhole: selection.indices == nil && selection.count == dataset.count)
        let shared = UnsafeTransfer((sums, lists))
        forEachPiece(of: selection) { piece in
            let (sums, lists) = shared.value
            let scratch = scratches.take()
            defer { scratches.giveBack(scratch) }
            var total = 0.0
            let target = hasGradient ? sums.clearedGradient(piece) : nil
            forEachBlock(of: selection, piece, scratch, lists) { packed, labels, weights in
                descent_packed_product(&packed, sums.coefficients, scratch.logits, instructions)
                var rows = descent_softmax_rows(
                    is_double: Scalar.self == Double.self, differentiates: target != nil, rows: packed.rows,
                    classes: classes, lanes: lanes, logits: scratch.logits, labels: labels, weights: weights,
                    scale: selection.scale)
                total += descent_softmax_loss(&rows, instructions)
                if let target {
                    descent_packed_transposed_product(&packed, scratch.logits, target, instructions)
                }
            }
            sums.losses[piece] = total
        }
        keptLists.keep(lists)
        if let gradient {
            sums.addUp(selection.pieces)
            unfold(sums.gradient(0), into: gradient)
        }
        return (0..<selection.pieces).reduce(0) { $0 + sums.losses[$1] }
    }

    /// The logits of all examples, examples × classes.
    func logits(at parameters: [Scalar], into target: UnsafeMutablePointer<Scalar>, pieces: Int) {
        let sums = self.sums.take()
        defer { self.sums.giveBack(sums) }
        check(parameters.count)
        parameters.withUnsafeBufferPointer { fold($0.baseAddress!, into: sums.coefficients) }
        let shared = UnsafeTransfer((sums.coefficients, target))
        let selection = Selection(indices: nil, weights: nil, count: dataset.count, scale: 1, pieces: pieces)
        forEachPiece(of: selection) { piece in
            let (coefficients, target) = shared.value
            let scratch = scratches.take()
            defer { scratches.giveBack(scratch) }
            forEachBlock(of: selection, piece, scratch, nil) { packed, _, _ in
                descent_packed_product(&packed, coefficients, scratch.logits, instructions)
                for row in 0..<packed.rows {
                    (target + (packed.first + row) * classes).update(
                        from: scratch.logits + row * lanes, count: classes)
                }
            }
        }
    }

    // MARK: Blocks

    private func forEachPiece(of selection: Selection, _ body: @Sendable (Int) -> Void) {
        // So few bytes are gone through before another thread has woken.
        if selection.count * columns < 1 << 18 {
            withFlushToZero { for piece in 0..<selection.pieces { body(piece) } }
        } else {
            WorkerTeam.shared.forEach(selection.pieces, body)
        }
    }

    private func forEachBlock(
        of selection: Selection, _ piece: Int, _ scratch: ByteScratch<Scalar>,
        _ lists: ByteLists<Scalar>?,
        _ body: (
            _ packed: inout descent_packed_bytes, _ labels: UnsafePointer<Int32>,
            _ weights: UnsafePointer<Double>?
        ) -> Void
    ) {
        let end = selection.count * (piece + 1) / selection.pieces
        let first = selection.count * piece / selection.pieces
        var start = first
        dataset.features.withUnsafeBytes { bytes in
            let bytes = bytes.baseAddress!.assumingMemoryBound(to: UInt8.self)
            var packed = descent_packed_bytes(
                is_double: Scalar.self == Double.self, is_dense: false, rows: 0, columns: columns,
                bytes: bytes, stride: columns, indices: nil, first: 0, lanes: lanes, shift: shift,
                is_kept: false, values: scratch.values, places: scratch.places, starts: scratch.starts,
                tile: scratch.tile)
            let known = lists?.isComplete == true ? lists![piece] : nil
            let new =
                lists?.isComplete == false
                ? ByteList<Scalar>(
                    rows: end - first,
                    count: descent_count_bytes(bytes + first * columns, (end - first) * columns),
                    largestSize: ByteLists<Scalar>.largestSize / selection.pieces) : nil
            var isSparse = true
            if let known {
                packed.is_kept = true
                packed.values = UnsafeMutableRawPointer(known.values)
                packed.places = known.places
            }
            while start < end {
                let rows = min(ByteScratch<Scalar>.blockRows, end - start)
                packed.rows = rows
                packed.first = start
                if let indices = selection.indices { packed.indices = indices.baseAddress! + start }
                load(selection, start..<start + rows, scratch)
                if let known {
                    packed.starts = known.starts + (start - first)
                } else {
                    descent_pack_bytes(&packed, instructions)
                    if packed.is_dense { isSparse = false } else { new?.append(packed) }
                }
                body(
                    &packed, scratch.labels,
                    selection.weights == nil ? nil : UnsafePointer(scratch.weights))
                start += rows
            }
            if isSparse, let new { lists![piece] = new }
        }
    }

    /// Brings the classes and weights of a block into the scratch.
    private func load(_ selection: Selection, _ block: Range<Int>, _ scratch: ByteScratch<Scalar>) {
        guard let indices = selection.indices else {
            // Examples to be predicted may have no classes.
            if dataset.isLabelled {
                dataset.labels.withUnsafeBufferPointer {
                    scratch.labels.update(from: $0.baseAddress! + block.lowerBound, count: block.count)
                }
            }
            selection.weights?.withUnsafeBufferPointer {
                scratch.weights.update(from: $0.baseAddress! + block.lowerBound, count: block.count)
            }
            return
        }
        for (row, place) in block.enumerated() {
            let index = Int(indices[place])
            precondition(
                index >= 0 && index < dataset.count,
                "example \(index) of a data set of \(dataset.count) examples")
            scratch.labels[row] = dataset.labels[index]
            if let weights = selection.weights { scratch.weights[row] = weights[index] }
        }
    }

    // MARK: Coefficients

    private func check(_ count: Int) {
        precondition(count == places.count, "\(count) numbers for \(places.count) coefficients")
    }

    /// φθ, one row a feature; then the intercepts less (μφ) θᵀ.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func fold(
        _ parameters: UnsafePointer<Scalar>, into target: UnsafeMutablePointer<Scalar>
    ) {
        target.update(repeating: 0, count: (columns + 1) * stride)
        for k in 0..<classes {
            let from = parameters + k * places.class
            var intercept = places.intercept.map { Double(parameters[$0 + k * places.interceptClass]) } ?? 0
            // Coefficients that are not finite must show even where all bytes are 0.
            var trace: Scalar = 0
            for j in 0..<columns {
                let value = from[j * places.feature] * Scalar(scaler.factor[j])
                target[j * stride + k] = value
                trace += value * 0
                intercept -= scaler.shift[j] * Double(value)
            }
            target[columns * stride + k] = Scalar(intercept) + trace
        }
    }

    /// Sums of d u and of d, one row a feature and the last for the intercepts, to φ (Σ d u − μ Σ d) and Σ d.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func unfold(_ sums: UnsafePointer<Scalar>, into gradient: UnsafeMutablePointer<Scalar>) {
        for k in 0..<classes {
            let shared = Double(sums[columns * stride + k])
            let target = gradient + k * places.class
            for j in 0..<columns {
                target[j * places.feature] = Scalar(
                    (Double(sums[j * stride + k]) - scaler.shift[j] * shared) * scaler.factor[j])
            }
            if let intercept = places.intercept {
                gradient[intercept + k * places.interceptClass] = Scalar(shared)
            }
        }
    }
}

/// The buffers of one thread's pass over rows of bytes.
private final class ByteScratch<Scalar: MatrixScalar> {
    /// The most rows of a block: few enough that their list stays in the second cache.
    static var blockRows: Int { 64 }

    let values: UnsafeMutablePointer<Scalar>
    let places: UnsafeMutablePointer<UInt16>
    let starts: UnsafeMutablePointer<Int>
    let tile: UnsafeMutablePointer<Scalar>
    let logits: UnsafeMutablePointer<Scalar>
    let labels: UnsafeMutablePointer<Int32>
    let weights: UnsafeMutablePointer<Double>

    init(columns: Int, lanes: Int) {
        let room = Self.blockRows * columns * 2 / 5 + columns + 64
        values = .aligned(count: room)
        places = UnsafeMutableRawPointer.allocate(byteCount: 2 * room, alignment: 64)
            .bindMemory(to: UInt16.self, capacity: room)
        starts = .allocate(capacity: Self.blockRows + 1)
        tile = .aligned(count: 8 * columns)
        logits = .aligned(count: Self.blockRows * lanes)
        labels = .allocate(capacity: Self.blockRows)
        weights = .allocate(capacity: Self.blockRows)
    }

    deinit {
        for buffer in [values, tile, logits] { UnsafeMutableRawPointer(buffer).deallocate() }
        UnsafeMutableRawPointer(places).deallocate()
        starts.deallocate()
        labels.deallocate()
        weights.deallocate()
    }
}

/// The coefficients of one pass, and what its pieces add up to.
private final class ByteSums<Scalar: MatrixScalar> {
    let coefficients: UnsafeMutablePointer<Scalar>
    private(set) var losses = UnsafeMutablePointer<Double>.allocate(capacity: 0)
    private var gradients: [UnsafeMutablePointer<Scalar>] = []
    private let width: Int
    private var room = 0

    init(width: Int) {
        self.width = width
        coefficients = .aligned(count: width)
    }

    deinit {
        for buffer in gradients + [coefficients] { UnsafeMutableRawPointer(buffer).deallocate() }
        losses.deallocate()
    }

    func gradient(_ piece: Int) -> UnsafeMutablePointer<Scalar> { gradients[piece] }

    /// The gradient of a piece, at 0.
    func clearedGradient(_ piece: Int) -> UnsafeMutablePointer<Scalar> {
        // By bytes, which generic code sets as fast as any other.
        memset(gradients[piece], 0, width * MemoryLayout<Scalar>.stride)
        return gradients[piece]
    }

    /// Room for so many pieces.
    func reserve(_ pieces: Int, gradients needsGradients: Bool) {
        if room < pieces {
            losses.deallocate()
            losses = .allocate(capacity: pieces)
            room = pieces
        }
        guard needsGradients else { return }
        while gradients.count < pieces { gradients.append(.aligned(count: width)) }
    }

    /// Adds the gradients of the other pieces to that of the first, in order.
    func addUp(_ pieces: Int) {
        for piece in 1..<max(pieces, 1) { accumulateSums(gradients[piece], into: gradients[0], count: width) }
    }
}
