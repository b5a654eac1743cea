import CKernels

/// The instruction set of this processor.
let bestInstructions = descent_best_instructions()

/// An affine map of features, x ↦ (x − shift) · factor, in the precision in which it is computed.
enum Affine<Compute: BinaryFloatingPoint & Sendable>: Sendable {
    /// Values stay as they are.
    case identity
    /// The same map for every feature.
    case uniform(shift: Compute, factor: Compute)
    /// One map for each feature.
    case each(shift: [Compute], factor: [Compute])
}

/// The kernel that converts and scales one row.
///
/// The loops are plain so that the compiler turns them into vector instructions: one for each form of the map, with
/// the conversions given as closures that are inlined.
struct RowScaling<Compute: BinaryFloatingPoint & Sendable> {
    private let affine: Affine<Compute>
    private let limit: Compute?

    /// The first feature that the rows begin with.
    private let first: Int

    @inline(__always)
    init(_ affine: Affine<Compute>?, limit: Double?, first: Int = 0) {
        self.affine = affine ?? .identity
        self.limit = limit.map { Compute($0) }
        self.first = first
    }

    @inline(__always)
    func apply<Source, Target>(
        _ source: UnsafePointer<Source>, _ target: UnsafeMutablePointer<Target>, _ count: Int,
        _ widen: (Source) -> Compute, _ narrow: (Compute) -> Target
    ) {
        if let limit {
            applyLimited(source, target, count, limit, widen, narrow)
            return
        }
        switch affine {
        case .identity:
            for i in 0..<count { target[i] = narrow(widen(source[i])) }
        case .uniform(let shift, let factor):
            for i in 0..<count { target[i] = narrow((widen(source[i]) - shift) * factor) }
        case .each(let shift, let factor):
            shift.withUnsafeBufferPointer { shift in
                factor.withUnsafeBufferPointer { factor in
                    let (shift, factor) = (shift.baseAddress! + first, factor.baseAddress! + first)
                    for i in 0..<count { target[i] = narrow((widen(source[i]) - shift[i]) * factor[i]) }
                }
            }
        }
    }

    /// The same for bytes, with the processor's vectors where values are not limited.
    ///
    /// - Parameter next: The bytes of a row that will be asked for soon.
    func apply(
        bytes source: UnsafePointer<UInt8>, next: UnsafePointer<UInt8>?,
        _ target: UnsafeMutablePointer<Compute>, _ count: Int
    ) {
        guard limit == nil else {
            apply(source, target, count, { Compute($0) }, { $0 })
            return
        }
        func run(_ shift: UnsafePointer<Compute>, _ factor: UnsafePointer<Compute>, each: Bool) {
            var step = descent_scaled_bytes(
                is_double: Compute.self == Double.self, each_its_own: each, count: count, bytes: source,
                next: next,
                shift: shift, factor: factor, numbers: target)
            descent_scale_bytes(&step, bestInstructions)
        }
        switch affine {
        case .identity:
            withUnsafePointer(to: 0) { zero in withUnsafePointer(to: 1) { run(zero, $0, each: false) } }
        case .uniform(let shift, let factor):
            withUnsafePointer(to: shift) { shift in
                withUnsafePointer(to: factor) { run(shift, $0, each: false) }
            }
        case .each(let shift, let factor):
            shift.withUnsafeBufferPointer { shift in
                factor.withUnsafeBufferPointer { factor in
                    run(shift.baseAddress! + first, factor.baseAddress! + first, each: true)
                }
            }
        }
    }

    @inline(__always)
    private func applyLimited<Source, Target>(
        _ source: UnsafePointer<Source>, _ target: UnsafeMutablePointer<Target>, _ count: Int,
        _ limit: Compute,
        _ widen: (Source) -> Compute, _ narrow: (Compute) -> Target
    ) {
        func limited(_ z: Compute) -> Compute { z > limit ? limit : (z < -limit ? -limit : z) }
        switch affine {
        case .identity:
            for i in 0..<count { target[i] = narrow(limited(widen(source[i]))) }
        case .uniform(let shift, let factor):
            for i in 0..<count { target[i] = narrow(limited((widen(source[i]) - shift) * factor)) }
        case .each(let shift, let factor):
            shift.withUnsafeBufferPointer { shift in
                factor.withUnsafeBufferPointer { factor in
                    let (shift, factor) = (shift.baseAddress! + first, factor.baseAddress! + first)
                    for i in 0..<count {
                        target[i] = narrow(limited((widen(source[i]) - shift[i]) * factor[i]))
                    }
                }
            }
        }
    }
}
