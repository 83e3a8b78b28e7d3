/// An axis of the grid, in grid order: the values of the first vary slowest, those of the last fastest.
///
/// All that is known of an axis is in its `definition`. The grid, blocks, the store, the CSVs, the sweep file
/// and figures iterate over `allCases`.
public enum Axis: Int, Hashable, Sendable, CaseIterable {
    case width, model, steps, sampleSize, softRatio, teacherNoise, temperature, depth, ridge, seed

    /// Which part of the computation its value fixes.
    public enum Role: Hashable, Sendable {
        /// The kernel, and which of its students there are: cells that share these values make a block.
        case kernel
        /// How the kernel's equations are solved, and how far a student is trained.
        case solver
        /// How many of the samples the student sees.
        case size
        /// What the student is asked for.
        case rightHandSide
    }

    /// The axes that make a family: `width, model and depth`.
    package static let familyWords = listed(
        all(of: .kernel).filter { $0 != .seed }.map(\.key), "and")

    /// Which value an axis has in a figure that doesn't draw it.
    public enum Usual: Hashable, Sendable {
        case largest, smallest
        case nearest(Double)
    }

    struct Definition: Sendable {
        /// Its name in the sweep file, in the CSVs and in the store.
        let key: String
        /// Its symbol in the theory.
        let symbol: String
        let role: Role
        /// How its values are read.
        let form: AxisForm
        /// The only value if a sweep file leaves the axis out, and that of cells which were computed before
        /// kdsweep had it; nil if a sweep file must give the axis, which every store then has.
        let absent: AxisValue?
        let usual: Usual
    }

    private var definition: Definition {
        switch self {
        case .width:
            Definition(
                key: "width", symbol: "m", role: .kernel, form: .extent(in: .size),
                absent: .infinite,
                usual: .largest)
        case .model:
            Definition(
                key: "model", symbol: "", role: .kernel, form: .model,
                absent: .model(.linearised), usual: .smallest)
        case .steps:
            Definition(
                key: "steps", symbol: "t", role: .solver, form: .extent(in: .steps),
                absent: .infinite, usual: .largest)
        case .sampleSize:
            Definition(
                key: "sample_size", symbol: "n", role: .size, form: .integer(in: .size),
                absent: nil, usual: .largest)
        case .softRatio:
            Definition(
                key: "soft_ratio", symbol: "ρ", role: .rightHandSide,
                form: .real(in: .unitInterval), absent: nil, usual: .largest)
        case .teacherNoise:
            Definition(
                key: "teacher_noise", symbol: "η", role: .rightHandSide,
                form: .real(in: .notNegative), absent: .real(0), usual: .smallest)
        case .temperature:
            Definition(
                key: "temperature", symbol: "T", role: .rightHandSide, form: .real(in: .positive),
                absent: .real(1), usual: .nearest(1))
        case .depth:
            Definition(
                key: "depth", symbol: "L", role: .kernel, form: .integer(in: .depth),
                absent: .integer(3), usual: .largest)
        case .ridge:
            Definition(
                key: "ridge", symbol: "λ", role: .solver, form: .real(in: .notNegative),
                absent: .real(0), usual: .smallest)
        case .seed:
            Definition(
                key: "seed", symbol: "s", role: .kernel, form: .seed,
                absent: .integer(0), usual: .smallest)
        }
    }

    private static let definitions = allCases.map(\.definition)

    var known: Definition { Self.definitions[rawValue] }
}

extension Axis {
    /// Its name in the sweep file, in the CSVs and in the store: `sample_size`.
    public var key: String { known.key }
    /// Its symbol in the theory: `n`.
    public var symbol: String { known.symbol }
    /// Its name in prose: `sample size`.
    public var words: String { key.replacing("_", with: " ") }
    public var role: Role { known.role }
    public var usual: Usual { known.usual }
    /// The only value if a sweep file leaves the axis out, and that of cells which were computed before kdsweep
    /// had it; nil if a sweep file must give the axis.
    public var absent: AxisValue? { known.absent }
    /// Whether the store has its values as integers (0 for an infinite one, a code for a name) and not as
    /// doubles.
    public var isIntegral: Bool { known.form.isIntegral }

    /// Whether infinity may be among its values.
    public var mayBeInfinite: Bool { known.form.mayBeInfinite }

    /// The names that its values have, in the order of the store's codes from 0 on; empty where its values are
    /// numbers.
    public var names: [String] { known.form.names }

    /// The axis with this key; nil if there is none.
    public init?(key: String) {
        guard let axis = Self.allCases.first(where: { $0.key == key }) else { return nil }
        self = axis
    }

    /// The axes of a role, in grid order.
    public static func all(of role: Role) -> [Axis] { allCases.filter { $0.role == role } }
}
