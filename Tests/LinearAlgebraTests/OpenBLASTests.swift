import CBLAS
import Testing

@testable import DescentLinearAlgebra

@Suite(.serialized) struct OpenBLASTests {
    @Test func `the library's thread count is set and read back`() {
        let before = OpenBLAS.threadCount
        defer { OpenBLAS.threadCount = before }
        for count in [1, 2] {
            OpenBLAS.threadCount = count
            #expect(OpenBLAS.threadCount == count)
        }
    }

    @Test func `OpenBLAS has one thread while the team works, and its own number afterwards`() {
        let before = OpenBLAS.threadCount
        defer { OpenBLAS.threadCount = before }
        OpenBLAS.threadCount = 2
        OpenBLAS.withOneThread {
            #expect(openblas_get_num_threads() == 1)
            #expect(OpenBLAS.threadCount == 2)
            OpenBLAS.withOneThread {}
            #expect(openblas_get_num_threads() == 1)
        }
        #expect(OpenBLAS.threadCount == 2)
        OpenBLAS.withOneThread { OpenBLAS.threadCount = 1 }
        #expect(OpenBLAS.threadCount == 1)
    }

    @Test func `the library names itself`() {
        #expect(OpenBLAS.version.hasPrefix("OpenBLAS "))
        #expect(OpenBLAS.version.split(separator: " ").last?.first?.isNumber == true)
        #expect(OpenBLAS.configuration.hasPrefix(OpenBLAS.version))
        #expect(!OpenBLAS.core.isEmpty)
    }
}
