import TenonSchedule
import Testing
