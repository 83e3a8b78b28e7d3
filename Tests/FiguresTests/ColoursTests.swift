import Foundation
import Testing

@testable import Figures

@Suite struct ColoursTests {
    /// Relative luminance, as WCAG 2 has it.
    private func luminance(_ colour: String) -> Double {
        let number = Int(colour.dropFirst(), radix: 16)!
        let parts = [16, 8, 0].map { shift -> Double in
            let value = Double(number >> shift & 255) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    @Test(
        "Colours of an axis' values get lighter, which no kind of colour-blindness hides",
        arguments: 2...8)
    func ordered(count: Int) {
        let lights = Figure.Colours.ordered.sample(count).map(luminance)
        for (dark, light) in zip(lights, lights.dropFirst()) {
            #expect((light + 0.05) / (dark + 0.05) > 1.1)
        }
        #expect(1.05 / (lights.last! + 0.05) > 1.5, "the lightest is still seen on white")
    }

    @Test("Colours of kinds are all different, and seen on white")
    func distinct() {
        let colours = Figure.Colours.distinct.sample(6)
        #expect(Set(colours).count == 6)
        for colour in colours.prefix(4) { #expect(1.05 / (luminance(colour) + 0.05) > 2.4) }
    }

    @Test("Viridis begins and ends where it should")
    func viridis() {
        #expect(Viridis.colour(at: 0) == "#440154" && Viridis.colour(at: 1) == "#fde725")
        #expect(Viridis.colour(at: 0.5) == "#21918c")
    }
}
