import TenonModel
import TenonTransport
import Testing

@Suite struct RingTests {
    @Test func `producer and consumer agree over many rounds of odd sizes`() throws {
        var producer = RingProducer(capacity: 1024)
        var consumer = RingConsumer(capacity: 1024)
        var size = 8
        for _ in 0..<500 {
            size = (size * 7 + 24) % 500 / 8 * 8 + 8
            let place = try #require(producer.room(for: size))
            producer.commit(position: place.position, byteCount: size)
            #expect(try consumer.take(position: place.position, byteCount: UInt64(size)) == place.range)
            try producer.free(upTo: consumer.free())
        }
    }

    @Test func `a full ring has no room`() {
        var producer = RingProducer(capacity: 64)
        producer.commit(position: 0, byteCount: 64)
        #expect(producer.room(for: 8) == nil)
    }

    @Test(arguments: [
        (UInt64(8), UInt64(8)), (0, 0), (0, 2000), (.max, 8), (0, .max), (.max - 7, 8),
    ])
    func `positions that the producer cannot mean are refused`(position: UInt64, byteCount: UInt64) {
        var consumer = RingConsumer(capacity: 1024)
        #expect(throws: ProtocolViolation.self) {
            try consumer.take(position: position, byteCount: byteCount)
        }
    }

    @Test func `what was not freed is not written over`() throws {
        var consumer = RingConsumer(capacity: 64)
        _ = try consumer.take(position: 0, byteCount: 64)
        #expect(throws: ProtocolViolation.ringLength) { try consumer.take(position: 64, byteCount: 8) }
    }
}

@Suite struct MessageTests {
    private func body(_ fill: (inout BodyWriter) -> Void) -> [UInt8] {
        var writer = BodyWriter()
        fill(&writer)
        return Array(writer.bytes.dropFirst(FrameHeader.byteCount))
    }

    @Test func `setup and ready come back as they were`() throws {
        var setup = Setup()
        setup.instanceName = "vault"
        setup.libraryPath = "/x/y.so"
        setup.memoryBytes = 7
        setup.writesLines = true
        let bytes = body { setup.write(to: &$0) }
        #expect(try bytes.withUnsafeBytes { try Setup(reading: $0) } == setup)
        var ready = Ready()
        ready.capabilities = ["tenon.instance/1"]
        ready.protections = ["landlock"]
        let answer = body { ready.write(to: &$0) }
        #expect(try answer.withUnsafeBytes { try Ready(reading: $0) } == ready)
    }

    @Test func `every cut of a message is refused`() {
        var setup = Setup()
        setup.instanceName = "vault"
        let bytes = body { setup.write(to: &$0) }
        for count in 0..<bytes.count {
            #expect(throws: ProtocolViolation.self) {
                try Array(bytes[..<count]).withUnsafeBytes { _ = try Setup(reading: $0) }
            }
        }
    }

    @Test func `a failure comes back as it was`() throws {
        var failure = CallFailure(.conflict, "taken", effect: .notApplied)
        failure.vendorCode = 409
        failure.fieldPath = "/id"
        let bytes = body { failure.write(to: &$0, kind: .failure, callID: 1) }
        #expect(try bytes.withUnsafeBytes { try CallFailure(reading: $0) } == failure)
    }

    @Test func `a log record comes back, also in pieces`() throws {
        let bytes = LogRecord.encode(level: 2, message: "m", fields: "{}", dropped: 3)
        for count in 0..<bytes.count {
            #expect(try Array(bytes[..<count]).withUnsafeBytes { try LogRecord.decode($0) } == nil)
        }
        let found = try #require(try bytes.withUnsafeBytes { try LogRecord.decode($0) })
        #expect(found.0.level == 2 && found.0.dropped == 3)
        #expect(found.0.message == "m" && found.0.fields == "{}")
    }
}
