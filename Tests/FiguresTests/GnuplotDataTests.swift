import Testing

@testable import Figures

@Suite struct GnuplotDataTests {
    @Test("Blocks say what they are, and come in the order of their index")
    func blocks() {
        let figure = Figure(
            name: "a", title: "Title", caption: "Caption.",
            x: .init(name: "width", title: "width m", limit: "m = ∞"),
            y: .init(name: "student_error", title: "student error"),
            key: .init(name: "soft_ratio", title: "soft ratio ρ"), colours: .ordered,
            panels: [
                .init(
                    title: "teacher noise η = 0",
                    content: .curves([
                        .init(
                            label: "0",
                            points: [
                                .init(x: 64, y: 0.5, error: 0.25),
                                .init(x: 256, y: 0.125, isPartial: true),
                            ],
                            limit: .init(x: 0, y: 0.0625, error: 0.5), best: 1),
                        .init(label: "1"),
                    ]), references: [.init(label: "teacher", curve: 1, course: .level(0.25))]),
                .init(
                    title: "teacher noise η = 1",
                    content: .curves([
                        .init(label: "0"), .init(label: "1", points: [.init(x: 64, y: 1)]),
                    ]),
                    references: [
                        .init(label: "teacher", course: .points([.init(x: 64, y: 0.75)]))
                    ]),
            ])
        let x = Scale(at: [64, 256], isLogarithmic: false)
        let data = GnuplotData(figure, x: x)
        #expect(
            data.text == """
                # Title
                # Caption.

                # teacher noise η = 0, soft ratio ρ = 1, teacher:
                # width teacher
                \(x.low) 0.25
                \(x.high) 0.25


                # teacher noise η = 0, soft ratio ρ = 0:
                # width mean standard_error is_best is_partial
                64.0 0.5 0.25 0 0
                256.0 0.125 NaN 1 1


                # teacher noise η = 0, soft ratio ρ = 0, m = ∞:
                # width mean standard_error
                \(x.low) 0.0625 0.5
                \(x.high) 0.0625 0.5


                # teacher noise η = 1, teacher:
                # width teacher
                64.0 0.75


                # teacher noise η = 1, soft ratio ρ = 1:
                # width mean standard_error is_best is_partial
                64.0 1.0 NaN 0 0

                """)
        #expect(
            data.name(of: .init(panel: 0, curve: 0, part: .limit))
                == "teacher noise η = 0, soft ratio ρ = 0, m = ∞:")
        #expect(data.name(of: .init(panel: 0, curve: 1, part: .points)) == nil)
        #expect(
            data.name(of: .init(panel: 1, curve: 1, part: .points))
                == "teacher noise η = 1, soft ratio ρ = 1:")
    }

    @Test("A map has its values by cell, and the best of each row")
    func map() {
        let figure = Figure(
            name: "m", title: "Map", caption: "", x: .init(name: "soft_ratio", title: ""),
            y: .init(name: "teacher_noise", title: "", isLogarithmic: true),
            key: .init(name: "student_error", title: ""),
            colours: .ordered,
            panels: [
                .init(
                    title: "n = 1",
                    content: .map(
                        .init(
                            x: [0, 0.5], y: [1, 4], values: [[0.25, 0.125], [nil, 0.5]],
                            partial: [[1, 0]])))
            ])
        #expect(
            GnuplotData(figure, x: Scale(stripsOf: [0, 0.5], isLogarithmic: false)).text == """
                # Map
                # 

                # n = 1, cells:
                # soft_ratio teacher_noise left right bottom top student_error
                0.0 1.0 -0.25 0.25 0.5 2.0 0.25
                0.5 1.0 0.25 0.75 0.5 2.0 0.125
                0.5 4.0 0.25 0.75 2.0 8.0 0.5


                # n = 1, means over fewer seeds:
                # soft_ratio teacher_noise
                0.5 1.0


                # n = 1, the best of each row:
                # soft_ratio teacher_noise
                0.5 1.0
                0.5 4.0

                """)
    }
}
