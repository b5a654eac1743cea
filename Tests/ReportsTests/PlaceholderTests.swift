import Testing

@testable import DescentReports
