internal import TenonModel
internal import TenonTransport

extension CellFrames {
    /// Frames as both sides write them, and their bodies alone.
    @Sendable
    static func seeds() -> [[UInt8]] {
        var writer = BodyWriter()
        var frames: [[UInt8]] = []
        func add(_ write: (inout BodyWriter) -> Void) {
            write(&writer)
            writer.finish()
            frames.append(writer.bytes)
        }
        add { Hello().write(to: &$0) }
        var setup = Setup()
        (setup.instanceName, setup.libraryPath, setup.memoryBytes) = ("vault", "/x/y.so", 1 << 30)
        add { setup.write(to: &$0) }
        var ready = Ready()
        (ready.abiMajor, ready.capabilities, ready.protections) = (
            1, ["tenon.instance/1"], ["landlock", "x"]
        )
        add { ready.write(to: &$0) }
        add { CallFailure(.conflict, "taken", effect: .notApplied).write(to: &$0, kind: .failure, callID: 3) }
        var call = OutgoingCall(.invoke)
        (call.name, call.second, call.idempotencyKey, call.attempt) = ("get", Array("{}".utf8), "k", 2)
        add { call.write(to: &$0, callID: 4) }
        add { writer in
            writer.begin(.rejected, callID: 5)
            writer.put([RejectedRecord(row: 3, reason: "no", record: "{}")])
        }
        add { writer in
            writer.begin(.batch, callID: 5)
            for number in [0, 64, 60] as [UInt64] { writer.put(number) }
        }
        add { writer in
            writer.begin(.state, callID: 6)
            writer.put(UInt8(1))
            writer.put(text: "key")
            writer.put(counted: [1, 2])
        }
        add { writer in
            writer.begin(.items, callID: 6)
            writer.put(UInt32(2))
            writer.put(text: "a")
            writer.put(text: "")
        }
        add { writer in
            writer.begin(.schema, callID: 6)
            writer.put(raw: Array(FuzzBatch.schema.utf8))
        }
        let log = LogRecord.encode(level: 2, message: "m", fields: "{}", dropped: 3)
        let bodies = frames.map { [$0[6]] + $0.dropFirst(FrameHeader.byteCount) }
        return frames + bodies + [Array(frames.joined()), [1] + log + log + [3]]
    }
}
