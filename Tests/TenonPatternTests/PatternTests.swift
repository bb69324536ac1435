import TenonPattern
import Testing
