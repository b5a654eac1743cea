import Testing

@testable import DescentModels
