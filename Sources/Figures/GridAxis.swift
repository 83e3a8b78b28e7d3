import Sweep

/// An axis of the grid that figures are drawn over: each but the seed, over which they average. In the
/// grid's order.
public enum GridAxis: String, Hashable, Sendable, CaseIterable {
    case width
    case sampleSize = "sample_size"
    case softRatio = "soft_ratio"
    case teacherNoise = "teacher_noise"
    case temperature
    case depth
    case ridge

    var words: String {
        switch self {
        case .width: "width"
        case .sampleSize: "sample size"
        case .softRatio: "soft ratio"
        case .teacherNoise: "teacher noise"
        case .temperature: "temperature"
        case .depth: "depth"
        case .ridge: "ridge"
        }
    }

    /// As in the paper.
    var symbol: String {
        switch self {
        case .width: "m"
        case .sampleSize: "n"
        case .softRatio: "ρ"
        case .teacherNoise: "η"
        case .temperature: "T"
        case .depth: "L"
        case .ridge: "λ"
        }
    }

    var title: String { "\(words) \(symbol)" }

    /// In the grid's order; an infinite width is infinity.
    func values(of grid: Grid) -> [Double] {
        switch self {
        case .width:
            grid.width.map {
                switch $0 {
                case .finite(let units): Double(units)
                case .infinite: .infinity
                }
            }
        case .sampleSize: grid.sampleSize.map(Double.init)
        case .softRatio: grid.softRatio
        case .teacherNoise: grid.teacherNoise
        case .temperature: grid.temperature
        case .depth: grid.depth.map(Double.init)
        case .ridge: grid.ridge
        }
    }

    /// Where the axis stays in a figure that doesn't draw it: the best student that the sweep has (the
    /// widest, of most samples), and the least departure from the paper in all else.
    func usualPosition(in grid: Grid) -> Int {
        let values = values(of: grid)
        let usual: Double? =
            switch self {
            case .width, .sampleSize, .softRatio, .depth: values.max()
            case .teacherNoise, .ridge: values.min()
            case .temperature: values.min { abs($0 - 1) < abs($1 - 1) }
            }
        return values.firstIndex(of: usual!)!
    }

    /// The positions of the axis' values, ascending.
    func ascending(in grid: Grid) -> [Int] {
        let values = values(of: grid)
        return values.indices.sorted { values[$0] < values[$1] }
    }
}

/// The shortest text of a value of an axis or a metric, `0.3`, `64`, `∞`.
func text(of value: Double) -> String {
    if value == .infinity { return "∞" }
    return value == value.rounded() && abs(value) < 1e15
        ? String(Int(value)) : value.description
}
