package import TenonModel

/// What the host offers to running connectors.
package struct HostServices: Sendable {
    package var state: any StateStorage
    /// Takes a line that a connector wrote. Called from any thread; must be quick.
    package var log: @Sendable (LogLine) -> Void

    package init(state: any StateStorage, log: @escaping @Sendable (LogLine) -> Void) {
        self.state = state
        self.log = log
    }
}

/// Small durable values of instances (`tenon.state/1`). Called on threads that may block.
package protocol StateStorage: Sendable {
    /// The value, or nil where there is none.
    func get(instance: String, key: String) throws(CallFailure) -> [UInt8]?
    func put(instance: String, key: String, value: [UInt8]) throws(CallFailure)
    func remove(instance: String, key: String) throws(CallFailure)
}

/// A line from a connector: from its log service, or what it printed.
package struct LogLine: Sendable, Equatable {
    package enum Level: UInt32, Sendable {
        case debug = 0
        case info = 1
        case warning = 2
        case error = 3
        case hostMisbehaved = 4
    }
    package enum Origin: Sendable, Equatable {
        case service
        case standardOutput
    }

    package var instanceName: String
    package var level: Level
    package var origin: Origin
    package var message: String
    /// A JSON object as text, or empty.
    package var fieldsJSON: String
    /// How many lines were dropped before this one because they came too fast.
    package var droppedBefore: UInt64
    /// This goes on from the line before: what was printed had no end of line for too long.
    package var isContinued = false

    package init(
        instanceName: String, level: Level, origin: Origin, message: String, fieldsJSON: String,
        droppedBefore: UInt64
    ) {
        self.instanceName = instanceName
        self.level = level
        self.origin = origin
        self.message = message
        self.fieldsJSON = fieldsJSON
        self.droppedBefore = droppedBefore
    }
}
