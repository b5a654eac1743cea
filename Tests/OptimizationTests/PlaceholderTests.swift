import Testing

@testable import DescentOptimization
