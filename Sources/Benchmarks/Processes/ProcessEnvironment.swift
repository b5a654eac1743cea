import Glibc

/// The environment variables that processes are started with.
enum ProcessEnvironment {
    /// Those of this process.
    static var own: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let line = String(cString: text)
            if let sign = line.firstIndex(of: "=") {
                variables[String(line[..<sign])] = String(line[line.index(after: sign)...])
            }
            entry += 1
        }
        return variables
    }

    /// Variables that choose kernels for the OpenBLAS of the system.
    ///
    /// NumPy's and SciPy's wheels have a newer one of their own, which reads them too and is slowed down by them.
    static let ofOpenBLAS = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"]

    /// For Python: the same without what is meant for our OpenBLAS.
    static var ofPeers: [String: String] { own.filter { !ofOpenBLAS.contains($0.key) } }

    /// What of it chooses our kernels, as `NAME=VALUE`, for the page.
    static var kernelChoice: [String] {
        let own = own
        return ofOpenBLAS.compactMap { name in own[name].map { "\(name)=\($0)" } }
    }
}
