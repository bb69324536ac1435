import ArgumentParser
import Yams
import ServiceLifecycle
print("x")
