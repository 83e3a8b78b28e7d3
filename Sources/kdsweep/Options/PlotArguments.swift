import ArgumentParser
import Figures
import Sweep

extension Axis: ExpressibleByArgument {
    public init?(argument: String) {
        guard let axis = Axis(key: argument), Axis.drawn.contains(axis) else { return nil }
        self = axis
    }

    public static var allValueStrings: [String] { Axis.drawn.map(\.key) }
}

extension Wish.Choice: ExpressibleByArgument {
    public init?(argument: String) {
        if argument == "none" {
            self = .none
        } else if let axis = Axis(argument: argument) {
            self = .axis(axis)
        } else {
            return nil
        }
    }

    public static var allValueStrings: [String] { ["none"] + Axis.drawn.map(\.key) }
}

/// `svg,pdf`
struct FormatList: ExpressibleByArgument {
    let formats: [Style.Format]

    init?(argument: String) {
        let found = argument.split(separator: ",", omittingEmptySubsequences: false)
            .map { Style.Format(rawValue: String($0)) }
        guard !found.contains(nil), Set(found).count == found.count else { return nil }
        formats = found.compactMap { $0 }
    }

    static var allValueStrings: [String] { Style.Format.allCases.map(\.rawValue) }
}

/// `x`, `y`, `x,y` or `none`
extension Logarithms: ExpressibleByArgument {
    public init?(argument: String) {
        switch argument {
        case "none": self.init(x: false, y: false)
        case "x": self.init(x: true, y: false)
        case "y": self.init(x: false, y: true)
        case "x,y", "y,x": self.init(x: true, y: true)
        default: return nil
        }
    }

    public static var allValueStrings: [String] { ["x", "y", "x,y", "none"] }
}

/// `5.5in`, `14cm`, `140mm`
struct Length: ExpressibleByArgument {
    let inches: Double
    let text: String

    private static let units = [("in", 1), ("cm", 2.54), ("mm", 25.4)]

    init?(argument: String) {
        guard let unit = Self.units.first(where: { argument.hasSuffix($0.0) }),
            let count = Double(argument.dropLast(2)), count.isFinite, count > 0
        else { return nil }
        inches = count / unit.1
        text = argument
    }
}

/// `student_error,teacher_error`
struct MeasureList: ExpressibleByArgument {
    let measures: [Measure]

    init?(argument: String) {
        let found = argument.split(separator: ",", omittingEmptySubsequences: false)
            .map { Measure(name: String($0)) }
        guard !found.contains(nil), Set(found).count == found.count else { return nil }
        measures = found.compactMap { $0 }
    }

    static var allValueStrings: [String] { Measure.allCases.map(\.name) }
}

/// `width=64,inf`
struct AxisChoice: ExpressibleByArgument {
    let axis: Axis
    let values: [Double]

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let axis = Axis(argument: String(parts[0])) else { return nil }
        let values = parts[1].split(separator: ",", omittingEmptySubsequences: false).map { word in
            word == "infinite" && axis.mayBeInfinite ? Double.infinity : Double(word)
        }
        guard !values.contains(nil) else { return nil }
        self.axis = axis
        self.values = values.compactMap { $0 }
    }
}
