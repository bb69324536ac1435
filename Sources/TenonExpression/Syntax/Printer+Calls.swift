extension Printer {
    mutating func write(_ name: String, _ arguments: [Node]) {
        text += name + "("
        for (index, node) in arguments.enumerated() {
            if index > 0 { text += ", " }
            write(node, .choice)
        }
        text += ")"
    }

    mutating func write(_ function: FunctionDefinition, _ nodes: [Node]) {
        let global = FunctionTable.find(function.name, .global, nodes.count)
        guard global !== function, let receiver = nodes.first else { return write(function.name, nodes) }
        writeOwner(receiver, false)
        text += "."
        write(function.name, Array(nodes.dropFirst()))
    }

    mutating func write(_ call: UnknownCall) {
        if let receiver = call.receiver {
            writeOwner(receiver, false)
            text += "."
        }
        write(call.name, call.arguments)
    }

    mutating func write(_ macro: Macro) {
        if macro.kind == .bind {
            text += "cel.bind(\(macro.variables.joined(separator: ", ")), "
            write(macro.range, .choice)
            text += ", "
        } else {
            writeOwner(macro.range, false)
            text += ".\(macro.kind.rawValue)(\(macro.variables.joined(separator: ", ")), "
        }
        let outer = variables
        variables = Array(variables.prefix(macro.slot)) + macro.variables
        if let filter = macro.filter {
            write(filter, .choice)
            text += ", "
        }
        write(macro.body, .choice)
        variables = outer
        text += ")"
    }

    // MARK: Lists and maps

    mutating func write(list nodes: [Node]) {
        text += "["
        for (index, node) in nodes.enumerated() {
            if index > 0 { text += ", " }
            write(node)
        }
        text += "]"
    }

    mutating func write(_ entries: [MapEntry]) {
        text += "{"
        for (index, entry) in entries.enumerated() {
            if index > 0 { text += ", " }
            if entry.isOptional { write(optional: entry.key) } else { write(entry.key, .choice) }
            text += ": "
            write(entry.value, .choice)
        }
        text += "}"
    }

    /// `?x`, where `?.x` would be another symbol.
    mutating func write(optional node: Node) {
        var printer = Printer(mode: mode)
        printer.variables = variables
        printer.write(node, .choice)
        text += (printer.text.hasPrefix(".") ? "? " : "?") + printer.text
    }
}
