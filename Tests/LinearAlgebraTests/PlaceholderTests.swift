import Testing

@testable import DescentLinearAlgebra
