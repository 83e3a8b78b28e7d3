import Foundation
import Testing

@testable import Distillation

struct StreamTests {
    @Test("Known answers of Philox4x64-10")
    func knownAnswers() {
        #expect(
            block(0, of: Stream(key: (0, 0))) == [
                0x1655_4d9e_ca36_314c, 0xdb20_fe9d_672d_0fdc, 0xd7e7_72ce_e186_176b,
                0x7e68_b68a_ec7b_a23b,
            ])
        #expect(
            block(1, of: Stream(key: (7, 0x102))) == [
                0x3d05_acba_b1f3_f712, 0xb357_ea78_7b80_23a5, 0x04fb_ac1c_eaad_9b01,
                0x92b1_b611_c8f1_e706,
            ])
    }

    private func block(_ counter: Int, of stream: Distillation.Stream) -> [UInt64] {
        (0..<4).map { stream.word(4 * counter + $0) }
    }

    @Test("Vectorised words are those that 128-bit products give", arguments: [1, 7, 8, 33])
    func words(blocks: Int) {
        let key: (UInt64, UInt64) = (0x1234_5678_9abc_def0, .max)
        var words = [UInt64](repeating: 0, count: 4 * blocks)
        Stream(key: key).fillWords(from: 1 << 40, count: 4 * blocks, into: &words)
        #expect(words == (0..<blocks).flatMap { philox(counter: 1 << 38 + UInt64($0), key) })
    }

    private func philox(counter: UInt64, _ key: (UInt64, UInt64)) -> [UInt64] {
        var (k0, k1) = key
        var x = [counter, 0, 0, 0]
        for _ in 0..<10 {
            let first = x[0].multipliedFullWidth(by: 0xD2E7_470E_E14C_6C93)
            let second = x[2].multipliedFullWidth(by: 0xCA5A_8263_9512_1157)
            x = [second.high ^ x[1] ^ k0, second.low, first.high ^ x[3] ^ k1, first.low]
            k0 &+= 0x9E37_79B9_7F4A_7C15
            k1 &+= 0xBB67_AE85_84CA_A73B
        }
        return x
    }

    @Test("Any stretch of a stream is that stretch of the whole", arguments: 0..<9, 0..<9)
    func stretches(first: Int, count: Int) {
        let stream = Stream(seed: 3, .trainingSamples)
        let whole = stream.normals(20)
        var part = [Double](repeating: .nan, count: 9)
        stream.fillNormals(from: first, count: count, into: &part)
        #expect(Array(part[..<count]) == Array(whole[first..<first + count]))
        #expect(part[count...].allSatisfy { $0.isNaN })
    }

    @Test("Normals and uniforms are made of the words that theory names")
    func definitions() {
        let stream = Stream(seed: 11, .weights(layer: 2))
        for e in 0..<12 {
            let (w0, w1) = (stream.word(2 * (e / 2)), stream.word(2 * (e / 2) + 1))
            let u1 = Double((w0 >> 11) + 1) / 9_007_199_254_740_992
            let u2 = Double(w1 >> 11) / 9_007_199_254_740_992
            let r = sqrt(-2 * log(u1))
            let expected = e % 2 == 0 ? r * cos(2 * .pi * u2) : r * sin(2 * .pi * u2)
            #expect(abs(stream.normals(12)[e] - expected) <= 4 * 0x1p-53 * r)
            #expect(stream.uniform(e) == Double(stream.word(e) >> 11) / 9_007_199_254_740_992)
        }
    }

    @Test("Normals have the moments of a normal distribution, to five standard errors")
    func moments() {
        let n = 200_000
        let values = Stream(seed: 5, .testNoise).normals(n)
        for (power, expected, deviation) in [(1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96)] {
            let mean = values.reduce(0) { $0 + pow($1, Double(power)) } / Double(n)
            #expect(
                abs(mean - expected) < 5 * sqrt(deviation / Double(n)), "moment \(power): \(mean)")
        }
    }
}
