import CKernels
import Foundation
import Testing

@testable import DescentLinearAlgebra

/// The kernels for rows of bytes, and softmax between them, against sums taken in `Double`.
@Suite struct PackedBytesTests {
    /// What is multiplied: sizes around those of vectors, tiles and words, and which share of the bytes is not 0.
    struct Shape: Sendable {
        var rows: Int
        var columns: Int
        var classes: Int
        /// Of 256 bytes, so many are not 0.
        var density: Int
    }

    static let shapes: [Shape] = [
        Shape(rows: 0, columns: 5, classes: 2, density: 128),
        Shape(rows: 1, columns: 1, classes: 2, density: 256),
        Shape(rows: 3, columns: 7, classes: 3, density: 0),
        Shape(rows: 9, columns: 16, classes: 10, density: 50),
        Shape(rows: 8, columns: 63, classes: 4, density: 256),
        Shape(rows: 17, columns: 65, classes: 17, density: 40),
        Shape(rows: 11, columns: 100, classes: 33, density: 200),
        Shape(rows: 64, columns: 130, classes: 10, density: 30),
        Shape(rows: 13, columns: 48, classes: 64, density: 103),
        Shape(rows: 5, columns: 31, classes: 70, density: 250),
    ]

    @Test(arguments: Precision.allCases, shapes)
    func productsAgreeWithPlainSums(precision: Precision, shape: Shape) {
        for instructions in NarrowProductTests.instructionSets {
            for usesIndices in [false, true] {
                switch precision {
                case .single: check(shape, usesIndices, instructions, as: Float.self)
                case .double: check(shape, usesIndices, instructions, as: Double.self)
                }
            }
        }
    }

    private func check<Scalar: MatrixScalar>(
        _ shape: Shape, _ usesIndices: Bool, _ instructions: descent_instructions, as type: Scalar.Type
    ) {
        var noise = Noise(state: UInt64(shape.columns))
        let (rows, columns, classes) = (shape.rows, shape.columns, shape.classes)
        // Rows lie apart, with bytes between them that are not to be read.
        let (held, distance, first) = (rows + 3, columns + 2, usesIndices ? 0 : 3)
        var bytes = [UInt8](repeating: 99, count: held * distance)
        for row in 0..<held {
            for column in 0..<columns {
                let draw = Int((noise.next() as Double + 1) * 128)
                bytes[row * distance + column] =
                    draw < shape.density ? UInt8(1 + (draw * 37 + column * 11) % 255) : 0
            }
        }
        let indices = (0..<rows).map { Int32(($0 * 5 + 1) % held) }
        func x(_ row: Int, _ column: Int) -> Double {
            Double(bytes[(usesIndices ? Int(indices[row]) : first + row) * distance + column])
        }
        let packing = Packing<Scalar>(rows: rows, columns: columns, classes: classes, instructions)
        let w: [Scalar] = packing.matrix(columns + 1, classes, &noise)
        let start: [Scalar] = packing.matrix(columns + 1, classes, &noise)
        var d = [Scalar](repeating: 0, count: max(rows, 1) * packing.lanes)
        for row in 0..<rows { for k in 0..<classes { d[row * packing.lanes + k] = noise.next() } }
        var (z, g) = (d.map { _ in Scalar.nan }, start)
        bytes.withUnsafeBufferPointer { bytes in
            indices.withUnsafeBufferPointer { indices in
                packing.with(
                    bytes.baseAddress!, stride: distance, first: first,
                    indices: usesIndices ? indices.baseAddress : nil
                ) { packed in
                    descent_pack_bytes(&packed, instructions)
                    descent_packed_product(&packed, w, &z, instructions)
                    descent_packed_transposed_product(&packed, d, &g, instructions)
                }
            }
        }
        let ulp = Double(Scalar.ulpOfOne)
        for row in 0..<rows {
            for k in 0..<packing.lanes {
                var sum = k < classes ? Double(w[columns * packing.stride + k]) : 0
                var size = abs(sum)
                for j in 0..<columns where k < classes {
                    sum += x(row, j) * Double(w[j * packing.stride + k])
                    size += abs(x(row, j) * Double(w[j * packing.stride + k]))
                }
                #expect(abs(Double(z[row * packing.lanes + k]) - sum) <= Double(columns + 2) * ulp * size)
            }
        }
        for j in 0...columns {
            for k in 0..<packing.stride {
                var sum = Double(start[j * packing.stride + k])
                var size = abs(sum)
                for row in 0..<rows where k < classes {
                    let term = (j < columns ? x(row, j) : 1) * Double(d[row * packing.lanes + k])
                    sum += term
                    size += abs(term)
                }
                #expect(abs(Double(g[j * packing.stride + k]) - sum) <= Double(rows + 2) * ulp * size)
            }
        }
    }

    @Test(arguments: Precision.allCases, [2, 3, 10, 16, 17, 64, 65, 130])
    func softmaxIsThatOfItsDefinition(precision: Precision, classes: Int) {
        for instructions in NarrowProductTests.instructionSets {
            for rows in [0, 1, 7, 16, 37] {
                for isWeighted in [false, true] {
                    switch precision {
                    case .single: checkSoftmax(rows, classes, isWeighted, instructions, as: Float.self)
                    case .double: checkSoftmax(rows, classes, isWeighted, instructions, as: Double.self)
                    }
                }
            }
        }
    }

    private func checkSoftmax<Scalar: MatrixScalar>(
        _ rows: Int, _ classes: Int, _ isWeighted: Bool, _ instructions: descent_instructions,
        as type: Scalar.Type
    ) {
        var noise = Noise(state: UInt64(rows + 100 * classes))
        let lanes = Packing<Scalar>(rows: 1, columns: 1, classes: classes, instructions).lanes
        // What lies behind the classes stays.
        var z = [Scalar](repeating: 7, count: rows * lanes + 1)
        var labels: [Int32] = [0]
        var weights: [Double] = [1]
        for row in 0..<rows {
            // Some rows are nearly certain, right or wrong, and some far beyond the range of exp.
            let scale = [1, 30, 1000][row % 3] as Scalar
            for k in 0..<classes { z[row * lanes + k] = scale * noise.next() }
            labels.append(Int32(row % classes))
            weights.append(Double(row % 4) / 2)
        }
        labels.removeFirst()
        weights.removeFirst()
        let given = z
        let factor = 0.25
        func loss(_ differentiates: Bool) -> Double {
            z.withUnsafeMutableBufferPointer { z in
                labels.withUnsafeBufferPointer { labels in
                    weights.withUnsafeBufferPointer { weights in
                        let label: Int32 = 0
                        return withUnsafePointer(to: label) { none in
                            var rows = descent_softmax_rows(
                                is_double: Scalar.self == Double.self, differentiates: differentiates,
                                rows: rows, classes: classes, lanes: lanes, logits: z.baseAddress!,
                                labels: labels.baseAddress ?? none,
                                weights: isWeighted ? weights.baseAddress : nil, scale: factor)
                            return descent_softmax_loss(&rows, instructions)
                        }
                    }
                }
            }
        }
        let value = loss(false)
        #expect(zip(z, given).allSatisfy { $0 == $1 })
        #expect(loss(true) == value)
        let ulp = Double(Scalar.ulpOfOne)
        var (sum, size) = (0.0, 0.0)
        for row in 0..<rows {
            let logits = (0..<classes).map { Double(given[row * lanes + $0]) }
            let most = logits.max()!
            let total = logits.reduce(0) { $0 + exp($1 - most) }
            let weight = factor * (isWeighted ? weights[row] : 1)
            sum += weight * (log(total) + most - logits[Int(labels[row])])
            size += weight * (1 + abs(most - logits[Int(labels[row])]))
            for k in 0..<lanes {
                let found = Double(z[row * lanes + k])
                guard k < classes else {
                    #expect(found == 7)
                    continue
                }
                let share = exp(logits[k] - most) / total
                let expected = weight * (share - (k == Int(labels[row]) ? 1 : 0))
                // exp of a rounded difference: as many ulp as the difference is long.
                let bound = weight * ulp * (4 + Double(classes) / 4 + share * abs(logits[k] - most))
                #expect(abs(found - expected) <= bound)
            }
        }
        #expect(abs(value - sum) <= 8 * ulp * size)
    }

    @Test func notANumberShows() {
        for instructions in NarrowProductTests.instructionSets {
            for bad in [Double.nan, .infinity] {
                let lanes = Packing<Double>(rows: 1, columns: 1, classes: 3, instructions).lanes
                var z = [Double](repeating: 0, count: 2 * lanes)
                z[lanes + 1] = bad
                let value = z.withUnsafeMutableBufferPointer { z in
                    [Int32(0), 2].withUnsafeBufferPointer { labels in
                        var rows = descent_softmax_rows(
                            is_double: true, differentiates: true, rows: 2, classes: 3, lanes: lanes,
                            logits: z.baseAddress!, labels: labels.baseAddress!, weights: nil, scale: 1)
                        return descent_softmax_loss(&rows, instructions)
                    }
                }
                #expect(!value.isFinite)
            }
        }
    }
}

/// The buffers that the kernels ask for, exactly as large, and sizes.
private struct Packing<Scalar: MatrixScalar> {
    let (rows, columns, classes): (Int, Int, Int)
    let lanes: Int
    let stride: Int
    let shift: UInt32

    init(rows: Int, columns: Int, classes: Int, _ instructions: descent_instructions) {
        (self.rows, self.columns, self.classes) = (rows, columns, classes)
        let size = MemoryLayout<Scalar>.size
        let width = descent_vector_bytes(instructions) / size
        lanes = (classes + width - 1) / width * width
        var shift: UInt32 = 4
        while 1 << shift < lanes * size { shift += 1 }
        self.shift = shift
        stride = (1 << Int(shift)) / size
    }

    /// Noise in the first columns of padded rows; 0 behind them.
    func matrix(_ rows: Int, _ columns: Int, _ noise: inout Noise) -> [Scalar] {
        var elements = [Scalar](repeating: 0, count: rows * stride)
        for row in 0..<rows { for column in 0..<columns { elements[row * stride + column] = noise.next() } }
        return elements
    }

    func with(
        _ bytes: UnsafePointer<UInt8>, stride: Int, first: Int, indices: UnsafePointer<Int32>?,
        _ body: (inout descent_packed_bytes) -> Void
    ) {
        let room = rows * columns * 2 / 5 + columns + 64
        var values = [Scalar](repeating: .nan, count: room)
        var places = [UInt16](repeating: .max, count: room)
        var starts = [Int](repeating: -1, count: rows + 1)
        var tile = [Scalar](repeating: .nan, count: 8 * columns)
        values.withUnsafeMutableBufferPointer { values in
            places.withUnsafeMutableBufferPointer { places in
                starts.withUnsafeMutableBufferPointer { starts in
                    tile.withUnsafeMutableBufferPointer { tile in
                        var packed = descent_packed_bytes(
                            is_double: Scalar.self == Double.self, is_dense: false, rows: rows,
                            columns: columns, bytes: bytes, stride: stride, indices: indices, first: first,
                            lanes: lanes, shift: shift, is_kept: false,
                            values: values.baseAddress!, places: places.baseAddress!,
                            starts: starts.baseAddress!,
                            tile: tile.baseAddress!)
                        body(&packed)
                    }
                }
            }
        }
    }
}
