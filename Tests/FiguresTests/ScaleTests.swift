import Sweep
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

    @Test("The strips of a map end in the middle between two values, as the scale has it")
    func strips() {
        #expect(Scale.edges(of: [0, 0.5, 2], isLogarithmic: false) == [-0.25, 0.25, 1.25, 2.75])
        let even = Scale.edges(of: [1, 4, 16], isLogarithmic: true)
        for (edge, expected) in zip(even, [0.5, 2, 8, 32]) { #expect(abs(edge - expected) < 1e-12) }
        #expect(Scale.edges(of: [3], isLogarithmic: false) == [2.5, 3.5])
        let scale = Scale(stripsOf: [0, 0.05, 1], isLogarithmic: false)
        #expect(scale.low == -0.025 && scale.high == 1.475 && labels(scale) == ["0", "1"])
    }

    @Test("A narrow panel has fewer labels, which don't touch")
    func narrow() {
        let sizes = [16, 32, 64, 128, 256, 512, 1024].map(Double.init)
        #expect(labels(Scale(at: sizes, isLogarithmic: true, room: 250)).count == 7)
        #expect(
            labels(Scale(at: sizes, isLogarithmic: true, room: 120))
                == ["16", "64", "256", "1024"])
        #expect(
            labels(Scale(at: Array(sizes.dropLast()), isLogarithmic: true, room: 120))
                == ["16", "64", "256"])
    }

    @Test(
        "An axis is logarithmic where that spreads its values more evenly",
        arguments: [
            ([16, 32, 64, 128], Axis.sampleSize, true, nil),
            ([100, 200, 300, 400, 500, 600], .sampleSize, false, nil),
            ([64, 256, .infinity], .width, true, .infinity),
            ([1, 2, 3, 4, 6], .depth, false, nil), ([0.5, 1, 2, 4, 8], .temperature, true, nil),
            ([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1], .softRatio, false, nil),
            (
                [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1], .softRatio, false,
                nil
            ),
            ([0, 0.5, 1, 2], .teacherNoise, false, nil), ([0, 1e-4, 1e-2, 1], .ridge, true, 0),
        ] as [([Double], Axis, Bool, Double?)])
    func axes(values: [Double], axis: Axis, isLogarithmic: Bool, limit: Double?) {
        let scale = AxisScale(values, of: axis, chosen: nil)
        #expect(scale.isLogarithmic == isLogarithmic && scale.limit == limit)
        let chosen = AxisScale(values, of: axis, chosen: !isLogarithmic)
        #expect(chosen.isLogarithmic != isLogarithmic)
        #expect(
            chosen.limit
                == (chosen.isLogarithmic && values.contains(0)
                    ? 0 : values.first { $0 == .infinity }))
    }
}
