internal import CTenon
internal import TenonBatches

// Stand in until TenonBatches has them.
public struct BatchWriter {
    mutating func export(to: UnsafeMutablePointer<ArrowArray>) {}
}
public struct BatchView {
    init(_ array: UnsafePointer<ArrowArray>, schema: BatchSchema) {}
}
