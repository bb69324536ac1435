internal import CTenon

enum ActionTable {
    static let shared = StaticTable(
        tenon_action_v1_t(
            invoke: { instance, call, name, input, output in
                serve(call) { call throws(ConnectorError) in
                    let box = try InstanceBox.of(instance)
                    let actions = try box.offered((any ActionConnector).self)
                    let answer = try actions.invoke(String(tenon: name), parse(input, "input"), call)
                    try write(answer, to: output)
                    return TENON_OK
                }
            }))
}
