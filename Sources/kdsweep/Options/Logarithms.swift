import ArgumentParser
import Figures

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
