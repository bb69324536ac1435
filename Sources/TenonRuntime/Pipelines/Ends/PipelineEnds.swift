/// Where a pipeline reads and where it writes.
struct PipelineEnds {
    let source: PipelineEnd
    let target: PipelineEnd
}
