package import Logging

/// Puts the lines of connectors into the host's log.
package enum ConnectorLog {
    package static func write(_ line: LogLine, to logger: Logger) {
        var metadata: Logger.Metadata = [
            "instance.name": "\(line.instanceName)", "connector.message": "\(line.message)",
        ]
        if !line.fieldsJSON.isEmpty { metadata["connector.fields"] = "\(line.fieldsJSON)" }
        if line.droppedBefore > 0 { metadata["connector.dropped"] = "\(line.droppedBefore)" }
        logger.log(level: level(of: line), "connector", metadata: metadata)
    }

    private static func level(of line: LogLine) -> Logger.Level {
        switch line.level {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error, .hostMisbehaved: .error
        }
    }
}
