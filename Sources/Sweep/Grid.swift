/// The product of the axes, each resolved to its values in the order given.
///
/// Cells are numbered in grid order: the first axis (width) varies slowest, the last (seed) fastest.
public struct Grid: Hashable, Codable, Sendable {
    public var width: [Width]
    /// n, the samples that a student sees; >= 1
    public var sampleSize: [Int]
    /// rho in [0, 1]: the weight of the teacher's soft label against the hard one.
    public var softRatio: [Double]
    /// eta >= 0
    public var teacherNoise: [Double]
    /// T > 0
    public var temperature: [Double]
    /// L >= 1 hidden layers.
    public var depth: [Int]
    /// lambda >= 0
    public var ridge: [Double]
    /// The cell seed, 0 to 2^63 - 1.
    public var seed: [Int]

    public init(
        width: [Width], sampleSize: [Int], softRatio: [Double], teacherNoise: [Double],
        temperature: [Double], depth: [Int], ridge: [Double], seed: [Int]
    ) {
        self.width = width
        self.sampleSize = sampleSize
        self.softRatio = softRatio
        self.teacherNoise = teacherNoise
        self.temperature = temperature
        self.depth = depth
        self.ridge = ridge
        self.seed = seed
    }

    /// How many values each axis has, in grid order.
    public var shape: [Int] {
        [
            width.count, sampleSize.count, softRatio.count, teacherNoise.count,
            temperature.count, depth.count, ridge.count, seed.count,
        ]
    }

    /// How many cells the grid has.
    public var count: Int { shape.reduce(1, *) }

    /// Right-hand sides of a kernel: soft ratios x teacher noises x temperatures.
    var rightHandSideCount: Int { softRatio.count * teacherNoise.count * temperature.count }

    /// The cell of a number in `0 ..< count`.
    public subscript(number: Int) -> Cell {
        precondition(0 <= number && number < count, "cell \(number) of \(count)")
        var rest = number
        func next(_ size: Int) -> Int {
            defer { rest /= size }
            return rest % size
        }
        let s = next(seed.count)
        let r = next(ridge.count)
        let d = next(depth.count)
        let t = next(temperature.count)
        let e = next(teacherNoise.count)
        let p = next(softRatio.count)
        let n = next(sampleSize.count)
        let w = next(width.count)
        return Cell(
            width: width[w], sampleSize: sampleSize[n], softRatio: softRatio[p],
            teacherNoise: teacherNoise[e], temperature: temperature[t], depth: depth[d],
            ridge: ridge[r], seed: seed[s])
    }

    /// The number of the cell at these positions on the axes.
    func number(
        width w: Int, sampleSize n: Int, softRatio p: Int, teacherNoise e: Int, temperature t: Int,
        depth d: Int, ridge r: Int, seed s: Int
    ) -> Int {
        var number = w
        number = number * sampleSize.count + n
        number = number * softRatio.count + p
        number = number * teacherNoise.count + e
        number = number * temperature.count + t
        number = number * depth.count + d
        number = number * ridge.count + r
        return number * seed.count + s
    }
}

/// One point of the grid.
public struct Cell: Hashable, Sendable {
    public var width: Width
    public var sampleSize: Int
    public var softRatio: Double
    public var teacherNoise: Double
    public var temperature: Double
    public var depth: Int
    public var ridge: Double
    public var seed: Int

    public init(
        width: Width, sampleSize: Int, softRatio: Double, teacherNoise: Double,
        temperature: Double, depth: Int, ridge: Double, seed: Int
    ) {
        self.width = width
        self.sampleSize = sampleSize
        self.softRatio = softRatio
        self.teacherNoise = teacherNoise
        self.temperature = temperature
        self.depth = depth
        self.ridge = ridge
        self.seed = seed
    }
}

/// m, the units of each hidden layer.
public enum Width: Hashable, Sendable {
    case finite(Int)
    case infinite
}

extension Width: Codable, CustomStringConvertible {
    public var description: String {
        switch self {
        case .finite(let m): String(m)
        case .infinite: "infinite"
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .finite(let m): try container.encode(m)
        case .infinite: try container.encode("infinite")
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let m = try? container.decode(Int.self), m >= 1 {
            self = .finite(m)
        } else if try container.decode(String.self) == "infinite" {
            self = .infinite
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "a width is an integer >= 1 or \"infinite\"")
        }
    }
}
