extension Figure.Colours {
    /// Hexadecimal colours for `count` curves, dark enough on white, that differ in lightness too.
    func sample(_ count: Int) -> [String] {
        switch self {
        case .ordered:
            // The light end of viridis can't be seen on white.
            return (0..<count).map { index in
                Viridis.colour(at: count == 1 ? 0.25 : 0.85 * Double(index) / Double(count - 1))
            }
        case .distinct:
            // Okabe and Ito, Color Universal Design (2008), without black and the light yellow.
            let palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
            return (0..<count).map { palette[$0 % palette.count] }
        }
    }
}

/// The colours of Smith and van der Walt's viridis (2015): even in lightness, also for the colour-blind.
enum Viridis {
    static let anchors: [(red: Double, green: Double, blue: Double)] = [
        (68, 1, 84), (71, 45, 123), (59, 82, 139), (44, 114, 142), (33, 145, 140),
        (40, 174, 128), (94, 201, 98), (173, 220, 48), (253, 231, 37),
    ]

    /// - Parameter place: 0 is dark, 1 light.
    static func colour(at place: Double) -> String {
        let position = min(max(place, 0), 1) * Double(anchors.count - 1)
        let index = min(Int(position), anchors.count - 2)
        let (a, b, part) = (anchors[index], anchors[index + 1], position - Double(index))
        return "#"
            + [(a.red, b.red), (a.green, b.green), (a.blue, b.blue)].map { low, high in
                let value = Int((low + part * (high - low)).rounded())
                return (value < 16 ? "0" : "") + String(value, radix: 16)
            }.joined()
    }
}
