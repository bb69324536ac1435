internal import CPlatform
internal import CTenon
internal import Glibc
internal import TenonLoader
internal import TenonModel
internal import TenonTransport

/// The main thread: sets the cell up, then takes what the host says on the control socket, so that a cancel
/// arrives while a lane is blocked in its connector.
enum CellProgram {
    /// The descriptors that the host gives a cell; 0 is /dev/null, 1 and 2 go to the log.
    enum Descriptor {
        static let control: Int32 = 3
        static let library: Int32 = 4
        static let log: Int32 = 5
        static let firstLane: Int32 = 6
    }

    static func run() -> Never {
        tp_parent_death_signal(SIGKILL)
        tp_ignore_sigpipe()
        for descriptor in Descriptor.control...Descriptor.firstLane {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        let control = FrameSocket(descriptor: Descriptor.control, takesDescriptors: true)
        do throws(FrameError) {
            let lanes = try setUp(control)
            try serve(control, lanes)
        } catch {
            _exit(error == .closed ? 0 : 3)
        }
    }

    private static func setUp(_ control: FrameSocket) throws(FrameError) -> LaneDirectory {
        var writer = BodyWriter()
        Hello().write(to: &writer)
        try control.send(writer.bytes)
        guard let frame = try control.receive(wait: true) else { throw .closed }
        guard frame.header.kind == .setup else { throw .violation(.frameUnexpected) }
        let setup: Setup
        do throws(ProtocolViolation) { setup = try Setup(reading: frame.body) } catch {
            throw .violation(error)
        }
        let protections = Confinement.apply(setup)
        let library: ConnectorLibrary
        do throws(TenonError) {
            try LibraryFile(descriptor: Descriptor.library, path: setup.libraryPath).check(
                digest: setup.libraryDigest)
            library = try ConnectorLibrary(path: setup.libraryPath)
        } catch {
            CallFailure(loading: error).write(to: &writer, kind: .refused, callID: 0)
            try control.send(writer.bytes)
            throw .closed
        }
        var ready = Ready()
        ready.abiMajor = library.entry.pointee.abi_major
        ready.abiMinor = library.entry.pointee.abi_minor
        ready.isSerial = library.isSerial
        ready.capabilities = library.capabilities
        ready.protections = protections
        ready.write(to: &writer)
        try control.send(writer.bytes)
        let log = LogPipe(descriptor: Descriptor.log)
        let host = HostTable.make(version: BuildIdentity.version) { level, message, fields in
            log.write(level: level, message: message, fields: fields)
        }
        let lanes = LaneDirectory(
            LaneContext(
                library: library, host: host, name: setup.instanceName, writesLines: setup.writesLines))
        lanes.start(FrameSocket(descriptor: Descriptor.firstLane), memory: nil)
        return lanes
    }

    private static func serve(_ control: FrameSocket, _ lanes: LaneDirectory) throws(FrameError) -> Never {
        while true {
            guard let frame = try control.receive(wait: true) else { continue }
            switch frame.header.kind {
            case .cancel: lanes.cancel(callID: frame.header.callID)
            case .lane:
                guard let descriptors = control.takeDescriptors(2),
                    let memory = SharedMemory(descriptor: descriptors[1])
                else { throw .violation(.frameDescriptors) }
                lanes.start(FrameSocket(descriptor: descriptors[0]), memory: memory)
            default: throw .violation(.frameUnexpected)
            }
        }
    }
}
