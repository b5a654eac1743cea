import Testing

@testable import DescentDatasets
