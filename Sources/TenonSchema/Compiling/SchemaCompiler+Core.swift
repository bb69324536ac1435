internal import TenonJSON

extension SchemaCompiler {
    /// Reads the keywords that name schemas and refer to them.
    mutating func readCore(_ member: JSONObject.Member, _ context: SchemaContext) {
        let place = context.place.appending(member.key)
        switch member.key {
        case "$defs": _ = members(member.value, at: place, context)
        case "$vocabulary":
            if member.value.object?.allSatisfy({ $0.value.bool != nil }) != true {
                refuse(place, "must be an object of true and false")
            }
        case "$id", "$schema", "$anchor", "$dynamicAnchor", "$ref", "$dynamicRef", "$comment":
            guard let text = member.value.string else {
                refuse(place, "must be a string")
                return
            }
            readName(member.key, text, at: place, context)
        default: break
        }
    }

    private mutating func readName(
        _ keyword: String, _ text: String, at place: SchemaPlace, _ context: SchemaContext
    ) {
        switch keyword {
        case "$ref", "$dynamicRef":
            pending.append(
                PendingReference(
                    node: context.node, text: text, resource: context.resource, place: place,
                    isDynamic: keyword == "$dynamicRef"))
        case "$anchor", "$dynamicAnchor":
            readAnchor(text, at: place, context, isDynamic: keyword == "$dynamicAnchor")
        case "$id":
            if URIReference(text).fragment?.isEmpty == false {
                refuse(place, "must not have a fragment (\"#\(URIReference(text).fragment ?? "")\")")
            }
        case "$schema" where options.refusesUnknownKeywords:
            if resources[context.resource].root != context.node {
                refuse(place, "belongs at the root of a schema or beside an $id")
            }
        default: break
        }
    }

    private mutating func readAnchor(
        _ name: String, at place: SchemaPlace, _ context: SchemaContext, isDynamic: Bool
    ) {
        let isLegal =
            name.utf8.first.map { $0.isLetter || $0 == UInt8(ascii: "_") } == true
            && name.utf8.allSatisfy { $0.isLetter || $0.isDigit || "-._".utf8.contains($0) }
        guard isLegal else {
            refuse(place, "must begin with a letter and have only letters, digits, and - . _ after it")
            return
        }
        let other = resources[context.resource].anchors[name]
        guard other == nil || other == context.node else {
            refuse(place, "is the anchor of another schema already")
            return
        }
        resources[context.resource].anchors[name] = context.node
        if isDynamic { resources[context.resource].dynamicAnchors[name] = context.node }
    }
}

extension UInt8 {
    /// An ASCII letter.
    var isLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }
    /// An ASCII digit.
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
