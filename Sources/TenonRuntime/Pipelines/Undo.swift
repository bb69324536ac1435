extension TenonHost { func undoInterrupted(_ rows: [ExecutionRow]) {} }
internal import TenonStore
