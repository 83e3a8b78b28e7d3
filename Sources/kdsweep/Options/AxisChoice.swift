import ArgumentParser
import Figures
import Sweep

/// `width=64,inf`
struct AxisChoice: ExpressibleByArgument {
    let axis: Axis
    let values: [Double]

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let axis = Axis(argument: String(parts[0])) else { return nil }
        let values = parts[1].split(separator: ",", omittingEmptySubsequences: false).map {
            word -> Double? in
            if let code = axis.names.firstIndex(of: String(word)) { return Double(code) }
            return word == "infinite" && axis.mayBeInfinite
                ? Double.infinity : axis.isNumeric ? Double(word) : nil
        }
        guard !values.contains(nil) else { return nil }
        self.axis = axis
        self.values = values.compactMap { $0 }
    }
}
