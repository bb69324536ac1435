import TenonModel
import Testing

/// Bytes and texts in the forms of the network.
struct EncodingTests {
    @Test func `hexadecimal digits give back the bytes they were made of`() {
        let bytes = (0...255).map { UInt8($0) }
        let text = HexText.encode(bytes)
        #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
        #expect(HexText.decode(text) == bytes)
        #expect(HexText.decode(HexText.encode(bytes, isUppercase: true)) == bytes)
        #expect(HexText.encode([0xAB], isUppercase: true) == "AB")
        #expect(HexText.decode("") == [])
        for text in ["0", "0g", "é0", "0x", " 0"] { #expect(HexText.decode(text) == nil, "\(text)") }
    }

    @Test func `every text survives percent-encoding and only unreserved characters stay`() {
        let text = String(decoding: (0...127).map { UInt8($0) }, as: UTF8.self) + "é€😀"
        let encoded = PercentEncoding.encode(text)
        #expect(PercentEncoding.decode(encoded) == text)
        #expect(PercentEncoding.encode("aZ09-._~") == "aZ09-._~")
        #expect(PercentEncoding.encode("a/b c") == "a%2Fb%20c")
        #expect(PercentEncoding.encode("a/b c", keepsSlashes: true) == "a/b%20c")
    }

    @Test(arguments: ["%", "%4", "%4g", "%g4", "%FF", "%C3%28", "a%"])
    func `a broken escape is no text`(text: String) {
        #expect(PercentEncoding.decode(text) == nil)
    }

    @Test func `bytes that are no UTF-8 can be read as bytes`() {
        #expect(PercentEncoding.bytes(of: "%ff+%41") == [0xFF, 0x2B, 0x41])
        #expect(PercentEncoding.bytes(of: "%f") == nil)
    }

    @Test(arguments: [
        ("1.2.3.4", "1.2.3.4"), ("255.255.255.255", "255.255.255.255"), ("::", "::"), ("::1", "::1"),
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ("::ffff:a00:1", "::ffff:10.0.0.1"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ])
    func `an address has one canonical text`(text: String, canonical: String) {
        #expect(IPAddress(text)?.description == canonical)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.", "1.2.3.4 ", ":", ":::", "1::2::3",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "::g", "fe80::1%eth0",
        "::ffff:10.0.0.1",
    ])
    func `other texts are no address`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `the end of an address may be written as version 4 where that is allowed`() {
        func bytes(_ text: String) -> [UInt8]? { IPAddress(v6: Array(text.utf8)[...])?.bytes }
        #expect(bytes("::ffff:10.0.0.1")?.suffix(6) == [255, 255, 10, 0, 0, 1])
        #expect(bytes("1:2:3:4:5:6:10.0.0.1")?.count == 16)
        for text in ["10.0.0.1::", "1:2:3:4:5:6:7:10.0.0.1", "::10.0.0.1:1", "10.0.0.1"] {
            #expect(bytes(text) == nil, "\(text)")
        }
    }
}
