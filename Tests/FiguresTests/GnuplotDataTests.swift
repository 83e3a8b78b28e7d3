import Testing

@testable import Figures

@Suite struct GnuplotDataTests {
    @Test("Blocks say what they are, and come in the order of their index")
    func blocks() {
        let figure = Figure(
            name: "a", title: "Title", caption: "Caption.",
            x: .init(name: "width", title: "width m"),
            y: .init(name: "student_error", title: "student error"),
            key: .init(name: "soft_ratio", title: "soft ratio ρ"), colours: .ordered,
            panels: [
                .init(
                    title: "teacher noise η = 0",
                    content: .curves([
                        .init(
                            label: "0",
                            points: [.init(x: 64, y: 0.5, error: 0.25), .init(x: 256, y: 0.125)],
                            limit: .init(x: 0, y: 0.0625, error: 0.5), best: 1),
                        .init(label: "1"),
                    ])),
                .init(
                    title: "teacher noise η = 1",
                    content: .curves([
                        .init(label: "0"), .init(label: "1", points: [.init(x: 64, y: 1)]),
                    ])),
            ])
        let x = Scale(at: [64, 256], isLogarithmic: false)
        let data = GnuplotData(figure, x: x)
        #expect(
            data.text == """
                # Title
                # Caption.

                # teacher noise η = 0, soft ratio ρ = 0
                # width mean standard_error is_best
                64.0 0.5 0.25 0
                256.0 0.125 NaN 1


                # teacher noise η = 0, soft ratio ρ = 0, infinite width
                # width mean standard_error
                \(x.low) 0.0625 0.5
                \(x.high) 0.0625 0.5


                # teacher noise η = 1, soft ratio ρ = 1
                # width mean standard_error is_best
                64.0 1.0 NaN 0

                """)
        #expect(data.index(of: .init(panel: 0, curve: 0, part: .points)) == 0)
        #expect(data.index(of: .init(panel: 0, curve: 0, part: .limit)) == 1)
        #expect(data.index(of: .init(panel: 0, curve: 1, part: .points)) == nil)
        #expect(data.index(of: .init(panel: 1, curve: 1, part: .points)) == 2)
    }

    @Test("A map has its values by cell, and the best of each row")
    func map() {
        let figure = Figure(
            name: "m", title: "Map", caption: "", x: .init(name: "soft_ratio", title: ""),
            y: .init(name: "teacher_noise", title: ""),
            key: .init(name: "student_error", title: ""),
            colours: .ordered,
            panels: [
                .init(
                    title: "n = 1",
                    content: .map(
                        .init(x: [0, 0.5], y: [0, 2], values: [[0.25, 0.125], [nil, 0.5]])))
            ])
        #expect(
            GnuplotData(figure, x: Scale(cells: [0, 0.5])).text == """
                # Map
                # 

                # n = 1
                # soft_ratio teacher_noise column row student_error
                0.0 0.0 0 0 0.25
                0.5 0.0 1 0 0.125
                0.5 2.0 1 1 0.5


                # n = 1, the best of each row
                # column row
                1 0
                1 1

                """)
    }
}
