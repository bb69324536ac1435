import TenonBatches
import Testing

@Suite struct UTF8CheckTests {
    private func isValid(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { UTF8Check.isValid($0) } }

    @Test func `every scalar is valid at every distance from the start`() {
        for scalar in [
            "a", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}", "\u{D7FF}",
        ] {
            for padding in [0, 1, 7, 8, 63, 127, 128, 200] {
                let text =
                    String(repeating: "x", count: padding) + scalar + String(repeating: "y", count: padding)
                #expect(isValid(Array(text.utf8)))
            }
        }
        #expect(isValid([]))
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xE2, 0x82],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xC2, 0x41], [0xE2, 0x28, 0xA1],
            [0xF0, 0x9F, 0x98],
        ] as [[UInt8]]) func `what is not UTF-8 is seen at every distance from the start`(_ bytes: [UInt8])
    {
        for padding in [0, 1, 7, 8, 63, 127, 128, 200] {
            let plain = [UInt8](repeating: UInt8(ascii: "x"), count: padding)
            #expect(!isValid(plain + bytes))
            #expect(!isValid(plain + bytes + plain + [0x20]))
        }
    }

    @Test func `the answer is the standard library's for all pairs of bytes after a lead`() {
        for lead in [UInt8(0x41), 0xC3, 0xE0, 0xE2, 0xED, 0xF0, 0xF4] {
            for second in UInt8.min...UInt8.max {
                for third in [UInt8(0x41), 0x80, 0xBF, 0xC2] {
                    let bytes = [lead, second, third, 0x80]
                    #expect(isValid(bytes) == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
                }
            }
        }
    }
}
