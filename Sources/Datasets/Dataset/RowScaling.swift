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

    @inline(__always)
    init(_ affine: Affine<Compute>?, limit: Double?) {
        self.affine = affine ?? .identity
        self.limit = limit.map { Compute($0) }
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
                    let (shift, factor) = (shift.baseAddress!, factor.baseAddress!)
                    for i in 0..<count { target[i] = narrow((widen(source[i]) - shift[i]) * factor[i]) }
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
                    let (shift, factor) = (shift.baseAddress!, factor.baseAddress!)
                    for i in 0..<count {
                        target[i] = narrow(limited((widen(source[i]) - shift[i]) * factor[i]))
                    }
                }
            }
        }
    }
}
