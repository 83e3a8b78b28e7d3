import Figures
import Foundation
import Testing

@Suite struct FigureTests {
    @Test("A figure goes to a browser and back as JSON")
    func encoding() throws {
        let figure = Figure(
            name: "a", title: "A", caption: "c", x: .init(name: "x", title: "x"),
            y: .init(name: "y", title: "y", isLogarithmic: true), key: .init(name: "k", title: "k"),
            colours: .ordered,
            panels: [
                .init(
                    title: "curves",
                    content: .curves([
                        .init(
                            label: "1",
                            points: [.init(x: 0, y: 0.5), .init(x: 1, y: 2, error: 0.1)],
                            limit: .init(x: 0, y: 3), best: 1)
                    ])),
                .init(
                    title: "map", content: .map(.init(x: [0, 1], y: [2], values: [[0.5, nil]]))),
            ])
        let data = try JSONEncoder().encode(figure)
        #expect(try JSONDecoder().decode(Figure.self, from: data) == figure)
    }
}
