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
