/// An axis of the grid, in grid order: the values of the first vary slowest, those of the last fastest.
///
/// All that is known of an axis stands in its `definition`. The grid, blocks, the store, the CSVs, the sweep
/// file and figures go through `allCases`.
public enum Axis: Int, Hashable, Sendable, CaseIterable {
    case width, sampleSize, softRatio, teacherNoise, temperature, depth, ridge, seed

    /// What of the computation its value fixes.
    public enum Role: Hashable, Sendable {
        /// The kernel: cells that share these values make a block.
        case kernel
        /// How the kernel's equations are solved.
        case solver
        /// How many of the samples the student sees.
        case size
        /// What the student is asked for.
        case rightHandSide
    }

    /// Where an axis stays in a figure that doesn't draw it.
    public enum Usual: Hashable, Sendable {
        case largest, smallest
        case nearest(Double)
    }

    struct Definition: Sendable {
        /// In the sweep file, in the CSVs and in the store.
        let key: String
        /// As in theory.
        let symbol: String
        let role: Role
        /// How its values are read.
        let form: AxisForm
        /// The values where a sweep file leaves it out.
        let defaults: AxisValues
        /// The only value of cells that were computed before there was this axis; nil where every store
        /// and every encoding has it.
        let absent: AxisValue?
        let usual: Usual
    }

    private var definition: Definition {
        switch self {
        case .width:
            // An encoding without it is of the limit that theory begins with.
            Definition(
                key: "width", symbol: "m", role: .kernel, form: .width,
                defaults: .widths([.finite(64), .finite(256), .finite(1024), .infinite]),
                absent: .infinite, usual: .largest)
        case .sampleSize:
            Definition(
                key: "sample_size", symbol: "n", role: .size, form: .integer(in: .size),
                defaults: .integers(AxisRange(from: 16, to: 1024, count: 13, scale: .log).integers),
                absent: nil, usual: .largest)
        case .softRatio:
            Definition(
                key: "soft_ratio", symbol: "ρ", role: .rightHandSide,
                form: .real(in: .unitInterval),
                defaults: .reals(AxisRange(from: 0, to: 1, count: 11, scale: .linear).values),
                absent: nil, usual: .largest)
        case .teacherNoise:
            Definition(
                key: "teacher_noise", symbol: "η", role: .rightHandSide,
                form: .real(in: .notNegative), defaults: .reals([0, 0.5, 1, 2]),
                absent: .real(0), usual: .smallest)
        case .temperature:
            Definition(
                key: "temperature", symbol: "T", role: .rightHandSide, form: .real(in: .positive),
                defaults: .reals([1]), absent: .real(1), usual: .nearest(1))
        case .depth:
            Definition(
                key: "depth", symbol: "L", role: .kernel, form: .integer(in: .depth),
                defaults: .integers([3]), absent: .integer(3), usual: .largest)
        case .ridge:
            Definition(
                key: "ridge", symbol: "λ", role: .solver, form: .real(in: .notNegative),
                defaults: .reals([0]), absent: .real(0), usual: .smallest)
        case .seed:
            Definition(
                key: "seed", symbol: "s", role: .kernel, form: .integer(in: .seed),
                defaults: .integers(Array(0...9)), absent: .integer(0), usual: .smallest)
        }
    }

    private static let definitions = allCases.map(\.definition)

    var known: Definition { Self.definitions[rawValue] }
}

extension Axis {
    /// In the sweep file, in the CSVs and in the store: `sample_size`.
    public var key: String { known.key }
    /// As in theory: `n`.
    public var symbol: String { known.symbol }
    /// In prose: `sample size`.
    public var words: String { key.replacing("_", with: " ") }
    public var role: Role { known.role }
    public var usual: Usual { known.usual }
    /// The only value of cells that were computed before there was this axis; nil where every store has it.
    public var absent: AxisValue? { known.absent }
    /// Whether its values are integers, with 0 for an infinite one, rather than doubles, in the store.
    public var isIntegral: Bool { known.form.isIntegral }

    /// Whether `infinite` may be among its values.
    public var mayBeInfinite: Bool { known.form.mayBeInfinite }

    /// The axis of this key; nil where there is none.
    public init?(key: String) {
        guard let axis = Self.allCases.first(where: { $0.key == key }) else { return nil }
        self = axis
    }

    /// Those of a role, in grid order.
    public static func all(of role: Role) -> [Axis] { allCases.filter { $0.role == role } }
}
