import DescentLinearAlgebra
import Testing

@Suite struct NumberTextTests {
    @Test(arguments: [
        (0.957777, 4, "0.9578"), (0.9777777, 4, "0.9778"), (0.99996, 4, "1.0000"), (0.99994, 4, "0.9999"),
        (9.96, 1, "10.0"), (9.94, 1, "9.9"), (0.96, 0, "1"), (95.5001, 0, "96"), (-0.957777, 3, "-0.958"),
        (0.00096, 3, "0.001"), (0.00094, 4, "0.0009"), (0.0625, 2, "0.06"), (0, 2, "0.00"),
        (1234.5678, 2, "1234.57"),
    ])
    func fixedRoundsToTheNearest(value: Double, decimals: Int, text: String) {
        #expect(fixed(value, decimals) == text)
    }
}
