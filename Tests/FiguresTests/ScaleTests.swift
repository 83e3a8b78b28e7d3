import Testing

@testable import Figures

@Suite struct ScaleTests {
    private func labels(_ scale: Scale) -> [String] { scale.tics.map(\.label) }

    @Test("An axis of the grid is labelled at its own values, as far as they leave each other room")
    func grid() {
        let sizes = Scale(at: [800, 16, 28, 49, 86, 150, 262, 457], isLogarithmic: true)
        #expect(labels(sizes) == ["16", "28", "49", "86", "150", "262", "457", "800"])
        #expect(sizes.low < 16 && sizes.high > 800)
        let ratios = Scale(at: [0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1], isLogarithmic: false)
        #expect(labels(ratios) == ["0", "0.2", "0.4", "0.6", "0.8", "1"])
        #expect(labels(Scale(at: [64, 256], isLogarithmic: true)) == ["64", "256"])
        let many = (0...100).map { Double($0) / 100 }
        #expect(
            labels(Scale(at: many, isLogarithmic: false)) == [
                "0", "0.2", "0.4", "0.6", "0.8", "1.0",
            ])
    }

    @Test("One value has room around it", arguments: [true, false])
    func one(isLogarithmic: Bool) {
        let scale = Scale(at: [64], isLogarithmic: isLogarithmic)
        #expect(labels(scale) == ["64"] && scale.low < 64 && scale.high > 64)
    }

    @Test("What was measured is labelled at round numbers")
    func round() {
        #expect(
            labels(Scale(covering: [0.01, 0.042], isLogarithmic: false))
                == ["0", "0.01", "0.02", "0.03", "0.04"])
        let narrow = Scale(covering: [0.51, 0.53], isLogarithmic: false)
        #expect(labels(narrow) == ["0.510", "0.515", "0.520", "0.525", "0.530"])
        #expect(narrow.low < 0.51 && narrow.high > 0.53)
        #expect(
            labels(Scale(covering: [0.003, 0.14], isLogarithmic: true))
                == ["0.005", "0.01", "0.02", "0.05", "0.1"])
        #expect(
            labels(Scale(covering: [1e-4, 1], isLogarithmic: true))
                == ["10⁻⁴", "0.001", "0.01", "0.1", "1"])
        #expect(labels(Scale(covering: [3e4, 2e6], isLogarithmic: true)).first == "50000")
    }

    @Test("Any range has two labels at least, inside it and in order")
    func always() {
        for low in [-3.0, 0, 1e-9, 0.1, 1, 77, 1e6] {
            for span in [1e-7, 0.003, 0.04, 1.7, 9, 400, 1e5] {
                let scale = Scale(covering: [low, low + span], isLogarithmic: false)
                let values = scale.tics.map(\.value)
                #expect((2...9).contains(values.count), "\(low) + \(span): \(labels(scale))")
                #expect(values == values.sorted())
                #expect(values.allSatisfy { scale.low - span <= $0 && $0 <= scale.high + span })
                #expect(Set(labels(scale)).count == values.count, "\(labels(scale))")
            }
        }
        for factor in [1.5, 2, 7, 30, 1e3, 1e6, 1e12] {
            for low in [1e-12, 0.003, 0.5, 40] {
                let scale = Scale(covering: [low, low * factor], isLogarithmic: true)
                #expect((1...12).contains(scale.tics.count), "\(low), \(factor): \(labels(scale))")
            }
        }
    }

    @Test("A map's cells are a place each, whatever lies between their values")
    func cells() {
        let scale = Scale(cells: [0, 0.05, 1])
        #expect(scale.tics.map(\.value) == [0, 1, 2] && labels(scale) == ["0", "0.05", "1"])
        let many = (0...100).map { Double($0) / 100 }
        #expect(labels(Scale(cells: many)) == ["0", "0.2", "0.4", "0.6", "0.8", "1"])
        let uneven = [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
        #expect(labels(Scale(cells: uneven)) == ["0", "0.05", "0.2", "0.4", "0.6", "0.8", "1"])
        #expect(Scale(cells: many).tics.map(\.value) == (0...5).map { Double($0 * 20) })
    }
}
