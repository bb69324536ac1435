import TenonTime
import Testing
