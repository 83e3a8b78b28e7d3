import CElementwise

/// A sequence of random numbers from which any can be drawn without those before: Philox4x64-10 (Salmon,
/// Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011) under the key (seed, id).
///
/// Word w is lane w mod 4 of the block with counter (w div 4, 0, 0, 0).
package struct Stream: Sendable {
    private let key: (UInt64, UInt64)

    init(seed: Int, _ id: StreamID) { self.init(key: (UInt64(seed), id.word)) }

    package init(key: (UInt64, UInt64)) { self.key = key }

    func word(_ index: Int) -> UInt64 {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 4) { words in
            fillWords(from: index & ~3, count: 4, into: words.baseAddress!)
            return words[index & 3]
        }
    }

    /// Uniform number `index`, in [0, 1).
    func uniform(_ index: Int) -> Double { Self.uniform(word(index)) }

    private static func uniform(_ word: UInt64) -> Double { Double(word >> 11) * 0x1p-53 }

    /// Writes normal numbers `first ..< first + count`; number e is member e mod 2 of the pair from
    /// words 2 (e div 2) and 2 (e div 2) + 1 (Box and Muller 1958).
    package func fillNormals(from first: Int, count: Int, into target: UnsafeMutablePointer<Double>)
    {
        let piece = 1024
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: piece) { words in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: piece) { numbers in
                // Whole blocks of four.
                for start in stride(from: first & ~3, to: first + count, by: piece) {
                    let end = min(start + piece, (first + count + 3) & ~3)
                    fillWords(from: start, count: end - start, into: words.baseAddress!)
                    elementwise_normals(words.baseAddress!, numbers.baseAddress!, (end - start) / 2)
                    let wanted = max(start, first)..<min(end, first + count)
                    (target + wanted.lowerBound - first).update(
                        from: numbers.baseAddress! + wanted.lowerBound - start, count: wanted.count)
                }
            }
        }
    }

    /// Words `first ..< first + count`, both multiples of four. Some 2 ns a word.
    func fillWords(from first: Int, count: Int, into target: UnsafeMutablePointer<UInt64>) {
        elementwise_philox(key.0, key.1, UInt64(first / 4), target, count / 4)
    }

    func normals(_ count: Int) -> [Double] {
        [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
            if count > 0 { fillNormals(from: 0, count: count, into: buffer.baseAddress!) }
            initialized = count
        }
    }
}

/// What a stream's numbers are used for. All words below are different, as a network has at most 250 hidden
/// layers, so no two streams of a seed are the same.
enum StreamID {
    /// Keyed by the task's seed; all other streams by the cell's seed.
    case centres
    case trainingSamples, testSamples
    /// Layer l = 1 ... L + 1.
    case weights(layer: Int)
    case biases(layer: Int)
    case noiseFrequencies, noisePhases, noiseAmplitudes
    case trainingNoise, testNoise
    case trainingLabels, testLabels
    case split

    var word: UInt64 {
        switch self {
        case .centres: 0x01
        case .trainingSamples: 0x02
        case .testSamples: 0x03
        case .weights(let layer): 0x100 + UInt64(layer)
        case .biases(let layer): 0x200 + UInt64(layer)
        case .noiseFrequencies: 0x300
        case .noisePhases: 0x301
        case .noiseAmplitudes: 0x302
        case .trainingNoise: 0x310
        case .testNoise: 0x311
        case .trainingLabels: 0x320
        case .testLabels: 0x321
        case .split: 0x400
        }
    }
}
