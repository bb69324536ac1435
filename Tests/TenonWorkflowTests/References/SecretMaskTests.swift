import TenonJSON
import TenonModel
import TenonTestKit
import TenonWorkflow
import Testing

@Suite struct SecretMaskTests {
    private static func base64(_ text: String) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var bits = Array(text.utf8).flatMap { byte in (0..<8).reversed().map { byte >> UInt8($0) & 1 } }
        while !bits.count.isMultiple(of: 6) { bits.append(0) }
        let digits = stride(from: 0, to: bits.count, by: 6).map { start in
            letters[Int(bits[start..<start + 6].reduce(0) { $0 << 1 | $1 })]
        }
        return String(decoding: digits, as: UTF8.self)
            + String(repeating: "=", count: (4 - digits.count % 4) % 4)
    }

    @Test func `a value is found as it is, percent-encoded and with the escapes of JSON`() {
        let mask = SecretMask(["p@ss \"word\"/1"])
        #expect(mask.masked("x p@ss \"word\"/1 y") == "x ******** y")
        #expect(mask.masked("GET /a?k=p%40ss%20%22word%22%2F1&b") == "GET /a?k=********&b")
        #expect(mask.masked(#"{"k":"p@ss \"word\"/1"}"#) == #"{"k":"********"}"#)
        #expect(mask.masked("p@ss word/1") == "p@ss word/1")
    }

    @Test(arguments: ["", "u", "us", "user:", "someone:"])
    func `no part of a value that tells it is left in Base64 text around it`(lead: String) {
        let value = "correct horse battery"
        for tail in ["", "!", "!!", "!!!"] {
            let text = Self.base64(lead + value + tail)
            let masked = SecretMask([value]).masked("Basic " + text)
            #expect(masked.contains("********"), "\(text)")
            // At most the characters that the value shares with its neighbours stay.
            #expect(
                masked.utf8.count <= "Basic ********".utf8.count + Self.base64(lead + tail).utf8.count + 4)
        }
    }

    @Test func `texts, keys and numbers in a value are masked, at any depth`() {
        let mask = SecretMask(["hunter22", "987654"])
        let value: JSON = ["a": ["k hunter22", ["hunter22": 987654, "b": 9_876_543]], "c": true]
        #expect(
            mask.masked(value) == [
                "a": ["k ********", ["********": "********", "b": 9_876_543]], "c": true,
            ])
    }

    @Test func `of secrets that hold each other the longer one is masked`() {
        let mask = SecretMask(["token", "token-of-mine"])
        #expect(mask.masked("a token-of-mine, a token") == "a ********, a ********")
    }

    @Test func `without secrets nothing changes`() {
        #expect(SecretMask.none.masked("a text") == "a text")
        #expect(SecretMask.none.isEmpty)
    }

    @Test(arguments: [
        "Zk8%2Fq%2BLw9%2Faa%3D%3D%20%21", "Zk8/q%2BLw9/aa%3D%3D%20!", "Zk8%2fq%2bLw9%2faa%3d%3d%20!",
        "Zk8%2Fq%2BLw9%2Faa%3D%3D+%21", #"Zk8\/q+Lw9\/aa== !"#, #"Zk8/q\u002BLw9/aa\u003d\u003d !"#,
        #"https:\/\/h\/?k=Zk8\/q%2BLw9\/aa%3D%3D%20!"#, "Zk8~1q+Lw9~1aa== !", #"Zk8\\\/q+Lw9\\\/aa== !"#,
        "Zk8%252Fq%252BLw9%252Faa%253D%253D%2520!", "%5A%6b8/q+Lw9/aa== !",
    ])
    func `a value is found whatever its encoder has escaped, and one encoding in another`(form: String) {
        let mask = SecretMask(["Zk8/q+Lw9/aa== !"])
        let masked = mask.masked("\(form)&b")
        #expect(masked.hasSuffix("********&b"))
        #expect(!masked.contains("Lw9"))
    }

    @Test func `characters of many bytes are found as escapes of JSON and of URLs`() {
        let mask = SecretMask(["pä\u{1F511}sswort"])
        #expect(mask.masked(#"a p\u00e4\uD83D\udd11sswort b"#) == "a ******** b")
        #expect(mask.masked("a p%C3%A4%f0%9f%94%91sswort b") == "a ******** b")
    }

    @Test func `what looks like escapes and is none stays`() {
        let mask = SecretMask(["never there"])
        for text in [#"50% of \u12, \x and \ud800 ~2 %"#, "100%", "\\", #"\u"#, "~", "%4", #"\ud83d\u0041"#] {
            #expect(mask.masked(text) == text)
        }
    }

    @Test func `a value from a file is found without the end of its line`() {
        let mask = SecretMask([" hunter22-token\n"])
        #expect(mask.masked("a hunter22-token, b") == "a ********, b")
        let text = Self.base64("u:hunter22-token")
        #expect(mask.masked(text).contains("********"))
        #expect(SecretMask([" ab\n"]).masked("ab ab\n") == "ab********")
    }

    @Test func `each line of a value is found, but not the frame of a key`() {
        let key = "-----BEGIN KEY-----\r\nMIIEvQIBADANBgkq\r\n  hkiG9w0BAQEFAASC  \nabc\n-----END KEY-----\n"
        let mask = SecretMask([key])
        #expect(mask.masked("MIIEvQIBADANBgkq") == "********")
        #expect(mask.masked("> hkiG9w0BAQEFAASC") == "> ********")
        #expect(mask.masked("-----BEGIN KEY-----") == "-----BEGIN KEY-----")
        #expect(mask.masked("abc") == "abc")
        #expect(mask.masked("the key: \(key).") == "the key: ********\n.")
    }

    @Test func `what is left of a value where a text was cut is found, and only there`() {
        let mask = SecretMask(["correct-horse-battery"])
        #expect(mask.masked("no such key correct-hor", .end) == "no such key ********")
        #expect(mask.masked(#"no key "correct-hor…", is there"#, .end) == #"no key "********…", is there"#)
        #expect(mask.masked("se-battery and more", .beginning) == "******** and more")
        #expect(mask.masked("correct-hor") == "correct-hor")
        #expect(mask.masked("se-battery", .end) == "se-battery")
        #expect(mask.masked("correct", .end) == "correct")
        let failure = CallFailure(.badData, "no such key correct-hor", effect: .notApplied)
        #expect(mask.masked(failure).message == "no such key ********")
    }

    @Test func `what is masked is what a naive search finds`() {
        var random = SeededGenerator(seed: 7)
        let letters = Array("abc".unicodeScalars)
        func text(_ count: Int) -> String {
            String(String.UnicodeScalarView((0..<count).map { _ in letters.randomElement(using: &random)! }))
        }
        for _ in 0..<2000 {
            let secrets = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                text(Int.random(in: 4...7, using: &random))
            }
            let whole = text(40)
            var expected = ""
            var rest = Substring(whole)
            let longestFirst = secrets.sorted { $0.count > $1.count }
            while let first = rest.first {
                if let found = longestFirst.first(where: { rest.hasPrefix($0) }) {
                    expected += "********"
                    rest = rest.dropFirst(found.count)
                } else {
                    expected.append(first)
                    rest = rest.dropFirst()
                }
            }
            #expect(SecretMask(secrets).masked(whole) == expected)
        }
    }
}
