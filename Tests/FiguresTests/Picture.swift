import Foundation

@testable import Figures

/// Where a figure's numbers ought to be in its SVG, whose y grows downwards.
struct Chart {
    let layout: Layout
    let x: Scale
    let y: Scale
    let colours: [String]

    init(_ figure: Figure) {
        layout = figure.layout()
        (x, y) = figure.scales(in: layout)
        colours = figure.colours.sample(figure.panels[0].curves.count)
    }

    func place(_ x: Double, _ y: Double, panel: Int) -> (x: Double, y: Double) {
        let frame = layout.frames[panel]
        func share(_ value: Double, _ scale: Scale) -> Double {
            scale.isLogarithmic
                ? log(value / scale.low) / log(scale.high / scale.low)
                : (value - scale.low) / (scale.high - scale.low)
        }
        return (
            frame.left + share(x, self.x) * (frame.right - frame.left),
            layout.height - frame.bottom - share(y, self.y) * (frame.top - frame.bottom)
        )
    }

    func places(of reference: Figure.Reference, panel: Int) -> [(x: Double, y: Double)] {
        switch reference.course {
        case .level(let y): [x.low, x.high].map { place($0, y, panel: panel) }
        case .points(let points): points.map { place($0.x, $0.y, panel: panel) }
        }
    }

    /// The corners of the box from `low` to `high`.
    func box(
        _ low: (x: Double, y: Double), _ high: (x: Double, y: Double), panel: Int
    ) -> [(x: Double, y: Double)] {
        [place(low.x, low.y, panel: panel), place(high.x, high.y, panel: panel)]
    }
}

/// The lines, marks, boxes and words of an SVG that gnuplot made.
struct Picture {
    let texts: [String]
    private var lines: [(colour: String, points: [(x: Double, y: Double)])] = []
    private var marks: [(colour: String, x: Double, y: Double)] = []
    private var boxes: [[(x: Double, y: Double)]] = []
    private static let tolerance = 1.0

    init(_ svg: String) {
        texts = svg.matches(of: /<text>(?:<tspan[^>]*>)?([^<]*)/).map { match in
            String(match.1).replacing("&amp;", with: "&").replacing("&lt;", with: "<")
                .replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
                .replacing("&apos;", with: "'").trimmingCharacters(in: .whitespaces)
        }
        let paths = /<path stroke='rgb\(([^)]*)\)'[^>]*? d='([^']*)'/
        for match in svg.matches(of: paths) {
            lines.append((Self.colour(String(match.1)), Self.points(String(match.2))))
        }
        let uses = /translate\(([\d.]+),([\d.]+)\) scale\([\d.]+\)' color='rgb\(([^)]*)\)'/
        for match in svg.matches(of: uses) {
            marks.append((Self.colour(String(match.3)), Double(match.1)!, Double(match.2)!))
        }
        for match in svg.matches(of: /<polygon[^>]*points = '([^']*)'/) {
            boxes.append(Self.points(String(match.1)))
        }
    }

    func hasLine(_ points: [(x: Double, y: Double)], colour: String) -> Bool {
        lines.contains { line in
            line.colour == colour && line.points.count == points.count
                && zip(line.points, points).allSatisfy { Self.near($0, $1) }
        }
    }

    func hasMark(_ place: (x: Double, y: Double), colour: String) -> Bool {
        marks.contains { $0.colour == colour && Self.near(($0.x, $0.y), place) }
    }

    func hasBox(_ corners: [(x: Double, y: Double)]) -> Bool {
        boxes.contains { box in
            corners.allSatisfy { corner in box.contains { Self.near($0, corner) } }
        }
    }

    private static func near(_ a: (x: Double, y: Double), _ b: (x: Double, y: Double)) -> Bool {
        abs(a.x - b.x) < tolerance && abs(a.y - b.y) < tolerance
    }

    /// `68,   1,  84` as `#440154`
    private static func colour(_ text: String) -> String {
        "#"
            + text.split(separator: ",").map { part in
                let value = Int(part.trimmingCharacters(in: .whitespaces))!
                return (value < 16 ? "0" : "") + String(value, radix: 16)
            }.joined()
    }

    private static func points(_ text: String) -> [(x: Double, y: Double)] {
        text.matches(of: /([\d.]+),([\d.]+)/).map { (Double($0.1)!, Double($0.2)!) }
    }
}
