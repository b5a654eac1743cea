import DescentLinearAlgebra

/// A store of reusable values for passes that may run at the same time.
///
/// Takes as many values as there ever were passes at once, and makes no more.
final class Pool<Value: AnyObject>: Sendable {
    private let free: Locked<[Value]> = Locked([])
    private let make: @Sendable () -> Value

    init(_ make: @escaping @Sendable () -> Value) { self.make = make }

    func take() -> Value {
        free.withLock { $0.popLast() } ?? make()
    }

    func giveBack(_ value: Value) {
        free.withLock { $0.append(value) }
    }
}

/// Takes a value to where the compiler cannot see that it is used by one thread at a time, or only read.
struct UnsafeTransfer<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
