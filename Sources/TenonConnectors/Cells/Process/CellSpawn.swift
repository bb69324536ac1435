internal import CPlatform
internal import Glibc
internal import Synchronization
internal import TenonLoader
internal import TenonModel
internal import TenonTransport

/// A cell that was just started: the host's ends of everything.
struct CellSpawn {
    let pidfd: Int32
    let process: Int32
    let control: FrameSocket
    let lane: FrameSocket
    /// Reading ends of the log service's pipe and of stdout and stderr; they do not block.
    let log: Int32
    let output: Int32
    let directory: String

    private static let count = Atomic<UInt64>(0)
    private static let environment = [
        "LC_ALL=C.UTF-8", "TZ=UTC", "SWIFT_BACKTRACE=enable=no", "PATH=/usr/local/bin:/usr/bin:/bin",
    ]

    init(_ plan: LaunchPlan) throws(CallFailure) {
        var parts = Parts()
        defer { parts.closeAll() }
        let directory = try Self.makeDirectory(plan)
        self.directory = directory
        // What is left to undo where the cell does not start.
        var pipeEnds: [Int32] = []
        var isStarted = false
        defer {
            if !isStarted {
                for descriptor in pipeEnds { close(descriptor) }
                rmdir(directory)
            }
        }
        let library = parts.own(open(plan.libraryPath, O_RDONLY | O_CLOEXEC))
        guard library >= 0 else {
            throw Self.failed("The library \(plan.libraryPath) cannot be opened", errno)
        }
        let nothing = parts.own(open("/dev/null", O_RDWR | O_CLOEXEC))
        let (control, cellControl) = try parts.pair(tp_socket_pair)
        self.control = FrameSocket(descriptor: control)
        let (lane, cellLane) = try parts.pair(tp_socket_pair)
        self.lane = FrameSocket(descriptor: lane)
        let (log, cellLog) = try parts.pair(tp_pipe)
        pipeEnds.append(log)
        let (output, cellOutput) = try parts.pair(tp_pipe)
        pipeEnds.append(output)
        let descriptors = [nothing, cellOutput, cellOutput, cellControl, library, cellLog, cellLane]
        let process = Self.start(plan.cellPath, directory: directory, descriptors: descriptors)
        let pidfd = process < 0 ? -1 : tp_pidfd_open(process)
        guard pidfd >= 0 else {
            if process > 0 {
                // Not reaped yet, so that the number is still the cell's.
                kill(process, SIGKILL)
                waitpid(process, nil, 0)
            }
            throw Self.failed("The cell \(plan.cellPath) cannot be started", -min(process, pidfd))
        }
        self.log = log
        self.output = output
        self.process = process
        self.pidfd = pidfd
        isStarted = true
    }

    /// The reactor's thread spawns: the cell dies with the thread that started it, and that one never ends.
    private static func start(_ path: String, directory: String, descriptors: [Int32]) -> Int32 {
        let started = Latch<Int32>()
        Reactor.shared.perform {
            let result = withTexts([path]) { arguments in
                withTexts(environment) { environment in
                    descriptors.withUnsafeBufferPointer { numbers in
                        path.withCString { path in
                            directory.withCString { directory in
                                var plan = tp_spawn_plan(
                                    path: path, arguments: arguments, environment: environment,
                                    directory: directory, descriptors: numbers.baseAddress,
                                    descriptor_count: Int32(numbers.count))
                                return tp_spawn(&plan)
                            }
                        }
                    }
                }
            }
            started.set(result)
        }
        return started.wait()
    }

    private static func withTexts<T>(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> T
    ) -> T {
        let copies = texts.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        return copies.withUnsafeBufferPointer { body($0.baseAddress!) }
    }

    private static func makeDirectory(_ plan: LaunchPlan) throws(CallFailure) -> String {
        var path = ""
        for part in plan.runDirectory.split(separator: "/") {
            path += "/" + part
            mkdir(path, 0o700)
        }
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue
        let directory = "\(plan.runDirectory)/cell-\(getpid())-\(number)"
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw failed("The cell's directory \(directory) cannot be made", errno)
        }
        return directory
    }

    static func failed(_ what: String, _ error: Int32) -> CallFailure {
        let reason = String(cString: strerror(error))
        return CallFailure(.unavailable, code: .cellStart, "\(what): \(reason).", effect: .notApplied)
    }
}

/// Descriptors that belong to the cell: closed here once it has its own.
private struct Parts {
    private var descriptors: [Int32] = []

    mutating func own(_ descriptor: Int32) -> Int32 {
        if descriptor >= 0 { descriptors.append(descriptor) }
        return descriptor
    }

    /// Two connected descriptors: the first stays with the host, the second is the cell's.
    mutating func pair(
        _ make: (UnsafeMutablePointer<Int32>) -> Int32
    ) throws(CallFailure) -> (host: Int32, cell: Int32) {
        var both: [Int32] = [-1, -1]
        let result = make(&both)
        guard result >= 0 else { throw CellSpawn.failed("A socket or pipe cannot be made", -result) }
        return (both[0], own(both[1]))
    }

    mutating func closeAll() {
        for descriptor in descriptors { close(descriptor) }
        descriptors = []
    }
}
